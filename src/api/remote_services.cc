#include "api/remote_services.h"

#include <openssl/evp.h>

#include <future>

#include "api/remote_protocol.h"
#include "api/url.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "json/writer.h"
#include "runtime/http_metadata.h"

namespace pawl::api {

namespace {

using runtime::FunctionOutcome;

// A function may run for fifteen minutes; all else answers soon or not at all.
constexpr std::chrono::seconds kInvokeTimeout{930};
constexpr std::chrono::seconds kCallTimeout{60};

// Services that speak JSON with the operation in a header: nothing else need be known of them.
constexpr Wire kJsonServices[] = {
    {"athena", Protocol::kJson11, "AmazonAthena"},
    {"codebuild", Protocol::kJson11, "CodeBuild_20161006"},
    {"codepipeline", Protocol::kJson11, "CodePipeline_20150709"},
    {"dynamodb", Protocol::kJson10, "DynamoDB_20120810"},
    {"ecr", Protocol::kJson11, "AmazonEC2ContainerRegistry_V20150921"},
    {"ecs", Protocol::kJson11, "AmazonEC2ContainerServiceV20141113"},
    {"events", Protocol::kJson11, "AWSEvents"},
    {"firehose", Protocol::kJson11, "Firehose_20150804"},
    {"glue", Protocol::kJson11, "AWSGlue"},
    {"kinesis", Protocol::kJson11, "Kinesis_20131202"},
    {"kms", Protocol::kJson11, "TrentService"},
    {"logs", Protocol::kJson11, "Logs_20140328"},
    {"sagemaker", Protocol::kJson11, "SageMaker"},
    {"secretsmanager", Protocol::kJson11, "secretsmanager"},
    {"sqs", Protocol::kJson10, "AmazonSQS"},
    {"ssm", Protocol::kJson11, "AmazonSSM"},
    {"states", Protocol::kJson10, "AWSStepFunctions"},
};

UnsignedRequest invoke_request(const runtime::FunctionCall& call) {
  UnsignedRequest request;
  request.target =
      "/2015-03-31/functions/" + percent_encode(call.function, Slash::kEncode) + "/invocations";
  if (!call.qualifier.empty()) {
    request.target += "?Qualifier=" + percent_encode(call.qualifier, Slash::kEncode);
  }
  request.headers = {{"content-type", "application/json"},
                     {"x-amz-invocation-type", "RequestResponse"}};
  if (call.log_tail == runtime::FunctionCall::LogTail::kWanted) {
    request.headers.emplace_back("x-amz-log-type", "Tail");
  }
  if (!call.client_context.empty()) {
    request.headers.emplace_back("x-amz-client-context", encode_base64(call.client_context));
  }
  request.body = std::string(call.payload.text());
  return request;
}

// What the function answered is JSON, or nothing at all; anything else is passed on as a text.
json::Value payload_of(const outgoing::Answer& answer) {
  if (answer.body.empty()) return json::Value();
  auto parsed = json::Value::parse(answer.body);
  if (parsed.ok()) return std::move(parsed).value();
  std::string text;
  json::Writer(text).string(is_valid_utf8(answer.body) ? answer.body : printable(answer.body));
  return json::Value::trusted(std::move(text));
}

Result<FunctionOutcome, runtime::ServiceError> read_outcome(
    const outgoing::HttpClient::Outcome& outcome) {
  if (!outcome.ok()) return Err{read_failure(outcome.error())};
  const outgoing::Answer& answer = *outcome;
  if (answer.status >= 300) return Err{read_error(answer)};
  const std::string_view version = answer.header("x-amz-executed-version");
  const bool failed = !answer.header("x-amz-function-error").empty();
  return FunctionOutcome{
      .kind = failed ? FunctionOutcome::Kind::kFunctionError : FunctionOutcome::Kind::kSucceeded,
      .payload = payload_of(answer),
      .executed_version = version.empty() ? "$LATEST" : printable(version),
      .log_tail = decode_base64(answer.header("x-amz-log-result")).value_or("")};
}

enum class Shows { kOutput, kHttpToo };

template <class Read>
outgoing::HttpClient::Reply replying(runtime::Reply reply, Read read, Shows shows) {
  return [reply = std::move(reply), read, shows](const outgoing::HttpClient::Outcome& outcome) {
    if (!outcome.ok()) return reply(Err{read_failure(outcome.error())});
    runtime::OperationResult answer = read(*outcome);
    if (answer.ok() && shows == Shows::kHttpToo) return reply(with_http(*answer, *outcome));
    reply(std::move(answer));
  };
}

}  // namespace

std::vector<std::string_view> callable_services() {
  std::vector<std::string_view> names;
  for (const Wire& wire : kJsonServices) names.push_back(wire.signing_name);
  names.push_back("lambda");
  names.push_back("s3");
  names.push_back("sns");
  return names;
}

std::optional<std::string> endpoint_problem(std::string_view service, std::string_view url) {
  bool known = false;
  std::string names;
  for (const std::string_view name : callable_services()) {
    known = known || name == service;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  if (!known) return "there is no service '" + std::string(service) + "'; known are " + names;
  const std::size_t scheme = url.find("://");
  const bool http = url.starts_with("http://") || url.starts_with("https://");
  if (!http || url.size() == scheme + 3 || url.find_first_of(" ?#@\"<>\\^`{|}") != url.npos) {
    return "'" + std::string(url) + "' is no http:// or https:// address";
  }
  return std::nullopt;
}

RemoteServices::RemoteServices(RemoteOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      lambda_(lambda_model()),
      s3_(s3_model()),
      client_(options_.limits, options_.ca_bundle) {}

bool RemoteServices::has(std::string_view service) const {
  return options_.endpoints.contains(std::string(service));
}

void RemoteServices::send(std::string_view service, const runtime::Principal& principal,
                          UnsignedRequest request, std::chrono::milliseconds timeout,
                          outgoing::HttpClient::Reply reply) {
  request.endpoint = options_.endpoints.at(std::string(service));
  while (request.endpoint.ends_with('/')) request.endpoint.pop_back();
  const std::string& region = options_.region.empty() ? principal.region : options_.region;
  outgoing::Request made =
      sign_request(std::move(request), options_.keys, region, service, clock_.wall_now());
  made.timeout = timeout;
  client_.send(std::move(made), std::move(reply));
}

void RemoteServices::add_to(runtime::Operations& operations) {
  for (const Wire& wire : kJsonServices) {
    if (!has(wire.signing_name)) continue;
    const auto call_by = [this, &wire](Shows shows) {
      return [this, &wire, shows](std::string_view operation, const runtime::Call& call,
                                  runtime::Reply reply) {
        send(wire.signing_name, call.principal, write_json_request(wire, operation, call.input),
             kCallTimeout, replying(std::move(reply), read_json_answer, shows));
      };
    };
    operations.add_any(wire.signing_name, call_by(Shows::kOutput));
    operations.add_any(std::string(wire.signing_name).append(runtime::kWithHttp),
                       call_by(Shows::kHttpToo));
  }
  if (has("sns")) add_publish(operations);
  if (has("lambda")) add_rest_json(operations, lambda_);
  if (has("s3")) add_rest_xml(operations, s3_);
}

void RemoteServices::add_publish(runtime::Operations& operations) {
  for (const Shows shows : {Shows::kOutput, Shows::kHttpToo}) {
    std::string service = "sns";
    if (shows == Shows::kHttpToo) service += runtime::kWithHttp;
    operations.add(
        service, "Publish", [this, shows](const runtime::Call& call, runtime::Reply reply) {
          send("sns", call.principal, write_query_request("2010-03-31", "Publish", call.input),
               kCallTimeout, replying(std::move(reply), read_publish_answer, shows));
        });
  }
}

void RemoteServices::add_rest_xml(runtime::Operations& operations, const ServiceModel& model) {
  const std::string_view service = model.wire().signing_name;
  for (const OperationModel& row : model.operations()) {
    operations.add(
        service, row.name, [this, service, &row](const runtime::Call& call, runtime::Reply reply) {
          send(service, call.principal, write_rest_xml_request(row, call.input), kCallTimeout,
               [reply = std::move(reply), &row](const outgoing::HttpClient::Outcome& outcome) {
                 if (!outcome.ok()) return reply(Err{read_failure(outcome.error())});
                 if (outcome->status >= 300) return reply(Err{read_xml_error(*outcome)});
                 reply(read_rest_xml_answer(row, *outcome));
               });
        });
  }
}

const OperationModel& RemoteServices::s3_operation(std::string_view name) const {
  const OperationModel* found = s3_.find(name);
  ENSURE(found != nullptr, name);
  return *found;
}

outgoing::HttpClient::Outcome RemoteServices::call_s3(std::string_view operation,
                                                      const json::Value& input, std::string body) {
  const auto answered = std::make_shared<std::promise<outgoing::HttpClient::Outcome>>();
  auto answer = answered->get_future();
  send("s3", runtime::Principal(),
       write_rest_xml_request(s3_operation(operation), input, std::move(body)), kCallTimeout,
       [answered](outgoing::HttpClient::Outcome outcome) {
         answered->set_value(std::move(outcome));
       });
  return answer.get();
}

void RemoteServices::add_rest_json(runtime::Operations& operations, const ServiceModel& model) {
  const std::string_view service = model.wire().signing_name;
  for (const OperationModel& row : model.operations()) {
    operations.add(
        service, row.name, [this, service, &row](const runtime::Call& call, runtime::Reply reply) {
          auto request = write_rest_json_request(row, call.input);
          if (!request.ok()) return reply(Err{std::move(request).error()});
          send(service, call.principal, std::move(request).value(),
               row.name == "Invoke" ? kInvokeTimeout : kCallTimeout,
               [reply = std::move(reply), &row](const outgoing::HttpClient::Outcome& outcome) {
                 if (!outcome.ok()) return reply(Err{read_failure(outcome.error())});
                 reply(read_rest_json_answer(row, *outcome));
               });
        });
  }
}

void RemoteServices::invoke(runtime::FunctionCall call, Reply reply) {
  send("lambda", call.principal, invoke_request(call), kInvokeTimeout,
       [reply = std::move(reply)](const outgoing::HttpClient::Outcome& outcome) {
         reply(read_outcome(outcome));
       });
}

}  // namespace pawl::api
