// Runs the tasks of executions: Lambda functions, and services behind runtime::Operations, in the
// forms that AWS calls optimized (`arn:aws:states:::lambda:invoke`) and SDK (`...:aws-sdk:sfn:...`)
// integrations (step-functions.md C). Outcomes go back to the engine as Inputs.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"
#include "runtime/engine.h"
#include "runtime/functions.h"
#include "runtime/operations.h"
#include "runtime/tasks.h"
#include "runtime/workflows.h"

namespace pawl::states {

class TaskRunner final : public runtime::TaskRunner {
 public:
  // All outlive the runner. The engine is made after its task runner: bind() comes before run().
  TaskRunner(const runtime::Operations& operations, const Clock& clock)
      : operations_(operations), clock_(clock) {}
  void bind(runtime::Engine& engine, runtime::FunctionInvoker& functions) {
    engine_ = &engine;
    functions_ = &functions;
  }

  // Whose internal tasks it runs, for machines of their account alone.
  void bind(const runtime::Workflows& workflows) { workflows_ = &workflows; }

  void run(runtime::TaskRequest request) override;
  void cancel(const runtime::ExecutionId& execution, machine::EventId task) override;

 private:
  // lambda_task.cc
  void run_function(const runtime::TaskRequest& request);
  void run_lambda_invoke(const runtime::TaskRequest& request);
  void run_lambda_event(const runtime::TaskRequest& request);
  // child_execution_task.cc
  void run_start_execution(const runtime::TaskRequest& request);
  void await_child(const runtime::TaskRequest& request, const std::string& child_arn);
  void run_internal(const runtime::TaskRequest& request);
  // sdk_task.cc
  void run_sdk_call(const runtime::TaskRequest& request);
  // http_task.cc
  void run_http_invoke(const runtime::TaskRequest& request);
  // optimized_task.cc
  void run_optimized_call(const runtime::TaskRequest& request);

  void call(const runtime::TaskRequest& request, std::string_view service,
            std::string_view operation, json::Value input, runtime::Reply reply);
  // The task's end, or for `.sync` and `.waitForTaskToken` the answer of the accepting service.
  void succeed(const runtime::TaskRequest& request, json::Value output);
  void fail(const runtime::TaskRequest& request, machine::Fault fault);

  void observe(const runtime::TaskRequest& request);

  const runtime::Operations& operations_;
  const Clock& clock_;
  runtime::Engine* engine_ = nullptr;
  runtime::FunctionInvoker* functions_ = nullptr;
  const runtime::Workflows* workflows_ = nullptr;
  std::mutex mutex_;
  std::map<std::pair<runtime::ExecutionId, machine::EventId>, std::string> children_;
};

// Member names of structures, whose first letters change; below Java's SDK v1 and v2 alike.
enum class Case { kPascal, kCamel };
json::Value renamed(const json::Value& value, Case wanted);

// The signing name of the service behind an optimized integration ("sqs", "dynamodb") that Pawl
// can only call elsewhere; empty: there is none.
std::string_view optimized_service(std::string_view resource_type);
// What the service is sent for a task's parameters: text instead of JSON where it takes text
// (MessageBody, Message, Detail), no nulls, and in events who sends them.
json::Value optimized_input(const runtime::TaskRequest& request);

// Whether tasks with this resource type ("lambda", "aws-sdk:sfn") can be run here.
bool has_integration(const runtime::Operations& operations, std::string_view resource_type);

enum class PutChecksum { kAdded, kAsGiven };
// S3's PutObject as a task's SDK sends it: the body is JSON text, a text in quotes, and has a
// CRC-32 unless the task names a checksum itself.
json::Value put_object_sent(const json::Value& given, PutChecksum checksum);

// An SDK task's result as the service shows it: members by name, a streamed Body behind them
// (conformance cases, services_aws_sdk). What stands inside members keeps its order: it may be a
// map of the caller's.
json::Value sdk_result(const json::Value& answer);

// The same for every delivery of the same task (decision D16), in UUID form.
std::string request_id_of(const runtime::TaskRequest& request);

enum class TaskSuffix { kNone, kSync, kSync2, kWaitForTaskToken };
// Of a resource name such as "startExecution.sync:2".
TaskSuffix suffix_of(std::string_view resource);
// "startExecution.sync:2" -> "startExecution".
std::string_view action_of(std::string_view resource);

// The fault of a function that failed by itself: errorType names it, and the error as the function
// sent it is the cause. Where nothing names it, the cause says so and shows what was sent.
machine::Fault function_fault(const json::Value& payload, std::string cause);

// What an SDK of the first generation reports beside an answer: SdkHttpMetadata,
// SdkResponseMetadata.
struct HttpAnswer {
  std::string content_type;
  std::size_t content_length = 0;
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // more of them
};
void write_sdk_metadata(json::Writer& out, const HttpAnswer& answer, std::string_view request_id,
                        WallMillis now);

// `<message> (Service: AWSLambda; Status Code: 404; Error Code: X; Request ID: id; Proxy: null)`.
std::string first_generation_cause(const runtime::ServiceError& error, std::string_view service,
                                   std::string_view request_id);

}  // namespace pawl::states
