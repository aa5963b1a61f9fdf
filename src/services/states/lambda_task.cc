// Tasks on Lambda functions: the bare function ARN, and `arn:aws:states:::lambda:invoke`.
#include <utility>

#include "services/states/task_runner.h"

namespace pawl::states {

namespace {

using runtime::OperationResult;

// The function's own error: errorType names it, the whole payload is its cause (C3).
machine::Fault function_fault(const json::Node& payload) {
  const json::Node* type = payload.find("errorType");
  return {type && type->is_string() ? std::string(type->string()) : "Lambda.Unknown",
          json::print(payload)};
}

machine::Fault service_fault(const runtime::ServiceError& error, std::string_view request_id) {
  return {"Lambda." + error.code, first_generation_cause(error, "AWSLambda", request_id)};
}

const json::Node kNull;

const json::Node& payload_of(const json::Value& answer) {
  const json::Node* payload = answer.root().find("Payload");
  return payload ? *payload : kNull;
}

json::Value invocation(std::string_view function, const json::Value& payload) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("FunctionName").string(function)
      .key("Payload").raw(payload.text())
      .end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

void TaskRunner::run_function(const runtime::TaskRequest& request) {
  call(request, "lambda", "Invoke",
       invocation(request.scheduled.resource, request.scheduled.parameters),
       [this, request](const OperationResult& answer) {
         if (!answer.ok()) {
           return fail(request, service_fault(answer.error(), request_id_of(request)));
         }
         const json::Node& payload = payload_of(*answer);
         if (answer->root().find("FunctionError")) return fail(request, function_fault(payload));
         succeed(request, json::Value::of(payload));
       });
}

void TaskRunner::run_lambda_invoke(const runtime::TaskRequest& request) {
  if (request.submitted) return;  // only SendTask* can end it now
  call(request, "lambda", "Invoke", request.scheduled.parameters,
       [this, request](const OperationResult& answer) {
         const std::string request_id = request_id_of(request);
         if (!answer.ok()) return fail(request, service_fault(answer.error(), request_id));
         const json::Node root = answer->root();
         const json::Node& payload = payload_of(*answer);
         if (root.find("FunctionError")) return fail(request, function_fault(payload));
         const json::Node* version = root.find("ExecutedVersion");
         const std::string executed(version && version->is_string() ? version->string()
                                                                    : "$LATEST");
         const std::string payload_text = json::print(payload);
         std::string text;
         json::Writer out(text);
         out.begin_object().key("ExecutedVersion").string(executed);
         if (const json::Node* log = root.find("LogResult")) out.key("LogResult").node(*log);
         out.key("Payload").raw(payload_text);
         const HttpAnswer http{.content_type = "application/json",
                               .content_length = payload_text.size(),
                               .headers = {{"X-Amz-Executed-Version", executed},
                                           {"x-amzn-Remapped-Content-Length", "0"}}};
         write_sdk_metadata(out, http, request_id, clock_.wall_now());
         const json::Node* status = root.find("StatusCode");
         out.key("StatusCode").raw(status ? json::print(*status) : "200").end_object();
         succeed(request, json::Value::trusted(std::move(text)));
       });
}

}  // namespace pawl::states
