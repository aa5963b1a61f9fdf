#include "services/states/task_runner.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "asl/java_hash.h"
#include "base/ascii.h"
#include "base/bytes.h"
#include "base/hex.h"
#include "base/utc_text.h"

namespace pawl::states {

void TaskRunner::run(runtime::TaskRequest request) {
  if (request.scheduled.kind == machine::TaskKind::kLambdaFunction) return run_function(request);
  const std::string_view type = request.scheduled.resource_type;
  const std::string_view action = action_of(request.scheduled.resource);
  if (type == "lambda" && action == "invoke") return run_lambda_invoke(request);
  if (type == "states" && action == "startExecution") return run_start_execution(request);
  if (type.starts_with("aws-sdk:")) return run_sdk_call(request);
  if (type == "http" && action == "invoke") return run_http_invoke(request);
  if (!optimized_service(type).empty()) return run_optimized_call(request);
  const bool internal = type == runtime::Workflows::kResourceType &&
                        request.names.account == runtime::Workflows::kAccount;
  if (internal) return run_internal(request);
  fail(request, {"States.Runtime", "Pawl does not have the service integration '" +
                                       request.scheduled.resource_type + ":" +
                                       request.scheduled.resource + "'"});
}

void TaskRunner::run_internal(const runtime::TaskRequest& request) {
  const runtime::Workflows::Task* task =
      workflows_ ? workflows_->find_task(request.scheduled.resource) : nullptr;
  ENSURE(task != nullptr, request.scheduled.resource);
  (*task)({request.scheduled.parameters, request.names.execution},
          [this, request](Result<json::Value, machine::Fault> answer) {
            if (!answer.ok()) return fail(request, std::move(answer).error());
            succeed(request, std::move(answer).value());
          });
}

void TaskRunner::cancel(const runtime::ExecutionId& execution, machine::EventId task) {
  std::string child;
  {
    const std::lock_guard lock(mutex_);
    const auto found = children_.find({execution, task});
    if (found == children_.end()) return;
    child = std::move(found->second);
    children_.erase(found);
  }
  // `.sync`: the job is stopped with its task, best effort (C1.5).
  engine_->deliver(runtime::id_of_execution(child), machine::Stop{}, nullptr);
}

void TaskRunner::call(const runtime::TaskRequest& request, std::string_view service,
                      std::string_view operation, json::Value input, runtime::Reply reply) {
  const runtime::Operation* found = operations_.find(service, operation);
  const runtime::AnyOperation* any = operations_.find_any(service);
  if (!found && !any) {
    reply(Err{runtime::ServiceError{.code = "UnknownOperationException",
                                    .message = "Pawl does not have the operation " +
                                               std::string(service) + ":" + std::string(operation),
                                    .members = {}}});
    return;
  }
  const runtime::Call made{.principal = {.account = request.names.account,
                                         .region = request.names.region,
                                         .access_key = {}},
                           .input = std::move(input),
                           .request_id = request_id_of(request)};
  if (found) return (*found)(made, std::move(reply));
  (*any)(operation, made, std::move(reply));
}

void TaskRunner::observe(const runtime::TaskRequest& request) {
  runtime::EngineMetrics& metrics = engine_->metrics();
  const bool function = request.scheduled.kind == machine::TaskKind::kLambdaFunction ||
                        request.scheduled.resource_type == "lambda";
  (function ? metrics.function_tasks : metrics.service_tasks)
      .observe(monotonic_now() - request.handed_out);
}

void TaskRunner::succeed(const runtime::TaskRequest& request, json::Value output) {
  observe(request);
  const bool accepted_only = request.scheduled.kind == machine::TaskKind::kService &&
                             suffix_of(request.scheduled.resource) != TaskSuffix::kNone;
  if (accepted_only) {
    engine_->deliver(request.execution, machine::TaskAccepted{request.task, std::move(output)},
                     nullptr);
  } else {
    engine_->deliver(request.execution, machine::TaskReturned{request.task, std::move(output)},
                     nullptr);
  }
}

void TaskRunner::fail(const runtime::TaskRequest& request, machine::Fault fault) {
  observe(request);
  engine_->deliver(
      request.execution,
      machine::TaskFaulted{request.task, machine::TaskFailure::kFailed, std::move(fault)}, nullptr);
}

std::string request_id_of(const runtime::TaskRequest& request) {
  std::string bytes(request.execution.view().substr(0, 8));
  put_big_endian_64(bytes, static_cast<std::uint64_t>(request.task));
  return uuid_text(bytes);
}

TaskSuffix suffix_of(std::string_view resource) {
  if (resource.ends_with(".waitForTaskToken")) return TaskSuffix::kWaitForTaskToken;
  if (resource.ends_with(".sync:2")) return TaskSuffix::kSync2;
  if (resource.ends_with(".sync")) return TaskSuffix::kSync;
  return TaskSuffix::kNone;
}

std::string_view action_of(std::string_view resource) {
  return resource.substr(0, resource.find('.'));
}

namespace {

bool comes_before_ignoring_case(std::string_view left, std::string_view right) {
  return std::lexicographical_compare(
      left.begin(), left.end(), right.begin(), right.end(),
      [](char one, char other) { return lower_case(one) < lower_case(other); });
}

}  // namespace

// The SDK keeps all headers in a HashMap, and one of each name in a TreeMap that ignores case.
void write_sdk_metadata(json::Writer& out, const HttpAnswer& answer, std::string_view request_id,
                        WallMillis now) {
  std::vector<std::pair<std::string, std::string>> headers = answer.headers;
  headers.emplace_back("Content-Length", std::to_string(answer.content_length));
  headers.emplace_back("Content-Type", answer.content_type);
  headers.emplace_back("Date", http_time(now));
  headers.emplace_back("x-amzn-RequestId", request_id);
  std::sort(headers.begin(), headers.end(), [](const auto& left, const auto& right) {
    return comes_before_ignoring_case(left.first, right.first);
  });
  std::vector<std::string_view> names;
  for (const auto& [name, value] : headers) names.push_back(name);
  out.key("SdkHttpMetadata").begin_object().key("AllHttpHeaders").begin_object();
  for (const std::size_t index : asl::java_hash_order(names)) {
    out.key(names[index]).begin_array().string(headers[index].second).end_array();
  }
  out.end_object().key("HttpHeaders").begin_object();
  for (const auto& [name, value] : headers) out.key(name).string(value);
  out.end_object().key("HttpStatusCode").integer(answer.status).end_object();
  out.key("SdkResponseMetadata").begin_object().key("RequestId").string(request_id).end_object();
}

std::string first_generation_cause(const runtime::ServiceError& error, std::string_view service,
                                   std::string_view request_id) {
  std::string cause = error.message;
  if (error.http_status == 0) return cause;  // no service has answered
  cause.append(" (Service: ").append(service);
  cause.append("; Status Code: ").append(std::to_string(error.http_status));
  cause.append("; Error Code: ").append(error.code.empty() ? "null" : error.code);
  cause.append("; Request ID: ").append(error.request_id.empty() ? request_id : error.request_id);
  cause.append("; Proxy: null)");
  return cause;
}

}  // namespace pawl::states
