// `arn:aws:states:::states:startExecution`, alone and with `.sync`, `.sync:2`, `.waitForTaskToken`
// (step-functions.md C1.6). A child started by a task knows its task, so that a redelivered start
// is the same start (decision D16).
#include <utility>

#include "services/states/fields.h"
#include "services/states/task_runner.h"

namespace pawl::states {

namespace {

using runtime::OperationResult;

// Parameters are PascalCase here; the operation's input is camelCase. Input may be any JSON.
enum class Engine { kOwn, kElsewhere };

json::Value start_input(const runtime::TaskRequest& request, Engine engine) {
  const Fields parameters(request.scheduled.parameters);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("stateMachineArn").string(parameters.text_or("StateMachineArn", ""));
  out.key("name").string(parameters.text_or("Name", request_id_of(request)));
  if (const json::Node* input = parameters.node("Input")) {
    out.key("input").string(input->is_string() ? std::string(input->string())
                                               : json::print(*input));
  }
  if (const auto trace = parameters.text("TraceHeader")) out.key("traceHeader").string(*trace);
  // Elsewhere the name alone makes a start that comes again the same start.
  if (engine == Engine::kOwn) out.key("pawl:startedBy").string(request_id_of(request));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// Seconds in the service's answer, milliseconds in an SDK's of the first generation.
void write_millis(json::Writer& out, const json::Node* seconds) {
  std::string digits(seconds && seconds->is_number() ? seconds->number_text() : "0.000");
  std::erase(digits, '.');
  out.raw(digits);
}

json::Value start_output(const runtime::TaskRequest& request, const json::Value& answer,
                         WallMillis now) {
  const json::Node root = answer.root();
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("ExecutionArn").node(*root.find("executionArn"));
  write_sdk_metadata(out,
                     {.content_type = "application/x-amz-json-1.0",
                      .content_length = answer.bytes(),
                      .headers = {{"connection", "keep-alive"}}},
                     request_id_of(request), now);
  out.key("StartDate");
  write_millis(out, root.find("startDate"));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

enum class Payloads { kText, kJson };

void write_payload(json::Writer& out, std::string_view name, const json::Value& payload,
                   Payloads form) {
  out.key(name);
  if (form == Payloads::kText) {
    out.string(payload.text());
  } else {
    out.raw(json::print(payload.root()));
  }
  out.key(std::string(name) + "Details").begin_object().key("Included").boolean(true).end_object();
}

std::string_view name_of(machine::Status status) {
  switch (status) {
    case machine::Status::kNotStarted:
    case machine::Status::kRunning:
      return "RUNNING";
    case machine::Status::kSucceeded:
      return "SUCCEEDED";
    case machine::Status::kFailed:
      return "FAILED";
    case machine::Status::kTimedOut:
      return "TIMED_OUT";
    case machine::Status::kAborted:
      return "ABORTED";
  }
  return "";
}

// DescribeExecution in PascalCase: the result of a child that succeeded, the cause of one that did
// not.
std::string describe_child(const runtime::ExecutionView& child, Payloads form) {
  const runtime::Summary& summary = child.summary;
  const bool succeeded = summary.status == machine::Status::kSucceeded;
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (child.fault.cause) out.key("Cause").string(*child.fault.cause);
  if (child.fault.error) out.key("Error").string(*child.fault.error);
  out.key("ExecutionArn").string(summary.names.execution_arn());
  write_payload(out, "Input", child.input, form);
  out.key("Name").string(summary.names.execution);
  if (succeeded) {
    write_payload(out, "Output", child.output, form);
    out.key("RedriveCount").integer(summary.redrive_count);
    out.key("RedriveStatus").string("NOT_REDRIVABLE");
    out.key("RedriveStatusReason").string("Execution is SUCCEEDED and cannot be redriven");
  }
  out.key("StartDate").integer(summary.start_time);
  out.key("StateMachineArn").string(summary.names.machine_arn());
  out.key("Status").string(name_of(summary.status));
  out.key("StopDate").integer(summary.stop_time);
  out.end_object();
  return text;
}

}  // namespace

void TaskRunner::run_start_execution(const runtime::TaskRequest& request) {
  const TaskSuffix suffix = suffix_of(request.scheduled.resource);
  if (request.submitted && suffix == TaskSuffix::kWaitForTaskToken) return;
  const bool waits = suffix == TaskSuffix::kSync || suffix == TaskSuffix::kSync2;
  const Engine engine = operations_.find_any("states") ? Engine::kElsewhere : Engine::kOwn;
  if (waits && engine == Engine::kElsewhere) {
    return fail(request, {"States.Runtime",
                          "Pawl cannot wait for the end of an execution behind --service-endpoint: "
                          "use startExecution or startExecution.waitForTaskToken"});
  }
  call(request, "states", "StartExecution", start_input(request, engine),
       [this, request, waits](const OperationResult& answer) {
         if (!answer.ok()) {
           const std::string code = answer.error().code;
           const std::string name = code.empty()
                                        ? "AWSStepFunctionsException"
                                        : (code.ends_with("Exception") ? code : code + "Exception");
           return fail(request, {"StepFunctions." + name,
                                 first_generation_cause(answer.error(), "AWSStepFunctions",
                                                        request_id_of(request))});
         }
         if (!request.submitted)
           succeed(request, start_output(request, *answer, clock_.wall_now()));
         if (waits) {
           await_child(request, std::string(answer->root().find("executionArn")->string()));
         }
       });
}

void TaskRunner::await_child(const runtime::TaskRequest& request, const std::string& child_arn) {
  {
    const std::lock_guard lock(mutex_);
    children_[{request.execution, request.task}] = child_arn;
  }
  engine_->watch_end(
      runtime::id_of_execution(child_arn),
      [this, request](const std::optional<runtime::ExecutionView>& child) {
        {
          const std::lock_guard lock(mutex_);
          children_.erase({request.execution, request.task});
        }
        if (!child) return;
        const Payloads form = suffix_of(request.scheduled.resource) == TaskSuffix::kSync2
                                  ? Payloads::kJson
                                  : Payloads::kText;
        if (child->summary.status != machine::Status::kSucceeded) {
          return fail(request, {"States.TaskFailed", describe_child(*child, Payloads::kText)});
        }
        engine_->deliver(
            request.execution,
            machine::TaskReturned{request.task, json::Value::trusted(describe_child(*child, form))},
            nullptr);
      });
}

}  // namespace pawl::states
