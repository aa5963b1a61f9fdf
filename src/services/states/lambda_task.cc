// Tasks on Lambda functions: the bare function ARN, and `arn:aws:states:::lambda:invoke`.
#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "services/states/fields.h"
#include "services/states/task_runner.h"

namespace pawl::states {

namespace {

using runtime::FunctionCall;
using runtime::FunctionOutcome;
using FunctionAnswer = Result<FunctionOutcome, runtime::ServiceError>;

// Errors that an SDK of the first generation has no class for share one name.
bool has_class(std::string_view code) {
  static constexpr std::string_view kNames[] = {"CodeStorageExceededException",
                                                "InvalidParameterValueException",
                                                "InvalidRequestContentException",
                                                "InvalidRuntimeException",
                                                "InvalidZipFileException",
                                                "RecursiveInvocationException",
                                                "RequestTooLargeException",
                                                "ResourceConflictException",
                                                "ResourceNotFoundException",
                                                "ResourceNotReadyException",
                                                "SdkClientException",
                                                "ServiceException",
                                                "TooManyRequestsException",
                                                "UnsupportedMediaTypeException"};
  static constexpr std::string_view kFamilies[] = {"EC2", "EFS",       "ENI",   "InvalidS",
                                                   "KMS", "SnapStart", "Subnet"};
  const auto is_code = [code](std::string_view name) { return name == code; };
  const auto begins_code = [code](std::string_view family) { return code.starts_with(family); };
  return std::ranges::any_of(kNames, is_code) || std::ranges::any_of(kFamilies, begins_code);
}

machine::Fault service_fault(const runtime::ServiceError& error, std::string_view request_id) {
  return {"Lambda." + (has_class(error.code) ? error.code : "AWSLambdaException"),
          first_generation_cause(error, "AWSLambda", request_id)};
}

runtime::Principal principal_of(const runtime::TaskRequest& request) {
  return {.account = request.names.account, .region = request.names.region, .access_key = {}};
}

// A text is the payload's bytes; any other JSON is printed; none at all is the empty event.
Result<json::Value, json::ParseError> payload_of(const Fields& parameters) {
  const json::Node* payload = parameters.node("Payload");
  if (!payload) return json::Value::trusted("{}");
  if (payload->is_string()) return json::Value::parse(std::string(payload->string()));
  return json::Value::of(*payload);
}

// ClientContext is base64 in the API; the function sees the JSON in it.
std::string decoded(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  bytes.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  while (!bytes.empty() && bytes.back() == '\0') bytes.pop_back();
  return bytes;
}

// The integration's result, members in AWS's order (FACTS, "Task events").
json::Value invoke_result(const FunctionOutcome& outcome, const std::string& request_id,
                          WallMillis now) {
  const std::string payload = json::print(outcome.payload.root());
  std::string text;
  json::Writer out(text);
  out.begin_object().key("ExecutedVersion").string(outcome.executed_version);
  HttpAnswer http{.content_type = "application/json",
                  .content_length = payload.size(),
                  .headers = {{"Connection", "keep-alive"},
                              {"X-Amz-Executed-Version", outcome.executed_version},
                              {"x-amzn-Remapped-Content-Length", "0"}}};
  if (!outcome.log_tail.empty()) {
    const std::string tail = encode_base64(outcome.log_tail);
    out.key("LogResult").string(tail);
    http.headers.emplace_back("X-Amz-Log-Result", tail);
  }
  out.key("Payload").raw(payload);
  write_sdk_metadata(out, http, request_id, now);
  out.key("StatusCode").integer(200).end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

machine::Fault function_fault(const json::Value& payload, std::string cause) {
  const json::Node* type = payload.root().find("errorType");
  if (type && type->is_string()) return {std::string(type->string()), std::move(cause)};
  return {"Lambda.Unknown",
          "The cause could not be determined because Lambda did not return an error type. "
          "Returned payload: " +
              cause};
}

void TaskRunner::run_function(const runtime::TaskRequest& request) {
  functions_->invoke(
      {.principal = principal_of(request),
       .function = request.scheduled.resource,
       .qualifier = {},
       .payload = request.scheduled.parameters,
       .client_context = {},
       .request_id = request_id_of(request)},
      [this, request](const FunctionAnswer& answer) {
        if (!answer.ok()) {
          return fail(request, service_fault(answer.error(), request_id_of(request)));
        }
        if (answer->kind == FunctionOutcome::Kind::kFunctionError) {
          // As the function's runtime wrote it, blanks and all.
          return fail(request,
                      function_fault(answer->payload, std::string(answer->payload.text())));
        }
        succeed(request, answer->payload);
      });
}

void TaskRunner::run_lambda_invoke(const runtime::TaskRequest& request) {
  if (request.submitted) return;  // only SendTask* can end it now
  const Fields parameters(request.scheduled.parameters);
  if (parameters.text_or("InvocationType", "RequestResponse") != "RequestResponse") {
    return run_lambda_event(request);
  }
  auto payload = payload_of(parameters);
  if (!payload.ok()) {
    const runtime::ServiceError error{
        .code = "InvalidRequestContentException",
        .message = "Could not parse request body into json: " + payload.error().message,
        .members = {}};
    return fail(request, service_fault(error, request_id_of(request)));
  }
  const bool tail = parameters.text_or("LogType", "None") == "Tail";
  functions_->invoke(
      {.principal = principal_of(request),
       .function = std::string(parameters.text_or("FunctionName", "")),
       .qualifier = std::string(parameters.text_or("Qualifier", "")),
       .payload = std::move(payload).value(),
       .client_context = decoded(parameters.text_or("ClientContext", "")),
       .request_id = request_id_of(request),
       .log_tail = tail ? FunctionCall::LogTail::kWanted : FunctionCall::LogTail::kNone},
      [this, request](const FunctionAnswer& answer) {
        const std::string request_id = request_id_of(request);
        if (!answer.ok()) return fail(request, service_fault(answer.error(), request_id));
        if (answer->kind == FunctionOutcome::Kind::kFunctionError) {
          return fail(request,
                      function_fault(answer->payload, json::print(answer->payload.root())));
        }
        succeed(request, invoke_result(*answer, request_id, clock_.wall_now()));
      });
}

// InvocationType Event or DryRun: the service answers that it took the call, and nothing else.
void TaskRunner::run_lambda_event(const runtime::TaskRequest& request) {
  call(request, "lambda", "Invoke", request.scheduled.parameters,
       [this, request](const runtime::OperationResult& answer) {
         const std::string request_id = request_id_of(request);
         if (!answer.ok()) return fail(request, service_fault(answer.error(), request_id));
         const Fields fields(*answer);
         const std::int64_t status = fields.integer("StatusCode").value_or(202);
         std::string text;
         json::Writer out(text);
         out.begin_object().key("Payload").begin_object().end_object();
         write_sdk_metadata(out,
                            {.content_type = "application/json",
                             .content_length = 0,
                             .status = static_cast<int>(status),
                             .headers = {{"Connection", "keep-alive"}}},
                            request_id, clock_.wall_now());
         out.key("StatusCode").integer(status).end_object();
         succeed(request, json::Value::trusted(std::move(text)));
       });
}

}  // namespace pawl::states
