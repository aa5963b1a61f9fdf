// Requests to function URLs: who may call, what its pages' sites may see (Cors), and the
// invocation between.
#include <fmt/format.h>

#include <algorithm>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"
#include "services/lambda/url_event.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr std::size_t kBodyBytesMax = 6'291'456;

Err<ServiceError> refused(int status, std::string message) {
  return Err{ServiceError{"FunctionUrlRequestRefused", std::move(message), status, {}}};
}

Err<ServiceError> forbidden() {
  return refused(403,
                 "Forbidden. For troubleshooting Function URL authorization issues, see: "
                 "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html");
}

bool lists(const Node* values, std::string_view wanted) {
  if (values == nullptr) return false;
  return std::any_of(values->begin(), values->end(), [wanted](const Node& value) {
    return value.is_string() && (value.string() == "*" || value.string() == wanted);
  });
}

std::string comma_joined(const Node* values) {
  std::string text;
  if (values == nullptr) return text;
  for (const Node& value : *values) {
    if (value.is_string()) text.append(text.empty() ? "" : ",").append(value.string());
  }
  return text;
}

// The fields that let a page of the request's origin see the answer; none where it may not.
UrlFields cors_fields(Node cors, const std::string& origin) {
  UrlFields fields;
  const Node* origins = member(cors, "AllowOrigins");
  if (origin.empty() || !lists(origins, origin)) return fields;
  const bool credentials = true_member(cors, "AllowCredentials");
  fields.emplace_back("access-control-allow-origin",
                      lists(origins, "*") && !credentials ? "*" : origin);
  fields.emplace_back("vary", "Origin");
  if (credentials) fields.emplace_back("access-control-allow-credentials", "true");
  const std::string exposed = comma_joined(member(cors, "ExposeHeaders"));
  if (!exposed.empty()) fields.emplace_back("access-control-expose-headers", exposed);
  return fields;
}

// Where Cors is set, a preflight is answered here; the function never sees it.
UrlAnswer preflight(Node cors, const std::string& origin) {
  UrlAnswer answer{200, cors_fields(cors, origin), {}};
  if (answer.headers.empty()) return answer;
  const std::string methods = comma_joined(member(cors, "AllowMethods"));
  const std::string headers = comma_joined(member(cors, "AllowHeaders"));
  if (!methods.empty()) answer.headers.emplace_back("access-control-allow-methods", methods);
  if (!headers.empty()) answer.headers.emplace_back("access-control-allow-headers", headers);
  if (const auto seconds = integer_member(cors, "MaxAge")) {
    answer.headers.emplace_back("access-control-max-age", std::to_string(*seconds));
  }
  return answer;
}

runtime::StreamedOutput output_of(UrlAnswer answer) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("StatusCode").integer(answer.status).key("Headers").begin_array();
  for (const auto& [name, value] : answer.headers) {
    out.begin_array().string(name).string(value).end_array();
  }
  out.end_array().end_object();
  return {Value::trusted(std::move(text)), {std::move(answer.body), nullptr}};
}

// The configuration's word on origins goes before the function's own.
void add_cors(UrlAnswer& answer, UrlFields fields) {
  if (fields.empty()) return;
  std::erase_if(answer.headers,
                [](const auto& field) { return field.first.starts_with("access-control-"); });
  answer.headers.insert(answer.headers.end(), fields.begin(), fields.end());
}

UrlAnswer bad_gateway() {
  return {502, {{"content-type", "application/json"}}, "Internal Server Error"};
}

UrlAnswer answer_of(const Result<runtime::FunctionOutcome, ServiceError>& outcome) {
  const bool good = outcome.ok() && outcome->kind == runtime::FunctionOutcome::Kind::kSucceeded;
  if (!good) return bad_gateway();
  return url_answer(outcome->payload.root()).value_or(bad_gateway());
}

}  // namespace

UrlRequest Service::url_request(const Call& call, std::string_view body,
                                const FunctionName& name) const {
  UrlRequest request{.request = call.input.root(),
                     .body = body,
                     .domain = header_in(call.input.root(), "host"),
                     .request_id = call.request_id,
                     .now = clock_.wall_now()};
  {
    const std::lock_guard lock(endpoint_mutex_);
    const bool secure = endpoint_.starts_with("https:");
    request.scheme = secure ? "https" : "http";
    request.port = endpoint_.substr(std::min(endpoint_.rfind(':') + 1, endpoint_.size()));
  }
  request.domain =
      request.domain.substr(0, std::min(request.domain.find(':'), request.domain.size()));
  const std::string id = text_member(call.input.root(), "UrlId").value_or("");
  if (!request.domain.starts_with(id)) {
    request.domain = fmt::format("{}.lambda-url.{}.localhost", id, name.region);
  }
  return request;
}

void Service::answer_url_request(const Call& call, const runtime::RequestBody& body,
                                 const runtime::StreamedReply& reply) {
  const Node input = call.input.root();
  const Reader reader(catalog_.catalog());
  const auto key = reader.get(kUrlIdTable, text_member(input, "UrlId").value_or(""));
  const auto record = key ? reader.get(kUrlTable, *key) : std::nullopt;
  if (!record) return reply(forbidden());
  const Value url = Value::trusted(*record);
  const std::string origin = header_in(input, "origin");
  const Node* cors = member(url.root(), "Cors");
  const bool asks_first = text_member(input, "Method") == "OPTIONS" && !origin.empty() &&
                          !header_in(input, "access-control-request-method").empty();
  if (cors != nullptr && asks_first) return reply(output_of(preflight(*cors, origin)));
  const bool by_iam = text_member(url.root(), "AuthType") == "AWS_IAM";
  if (by_iam && member(input, "Caller") == nullptr) {
    const auto why = text_member(input, "Refusal");
    return why ? reply(refused(403, *why)) : reply(forbidden());
  }
  if (body.bytes.size() > kBodyBytesMax) return reply(refused(413, "Request Too Long"));
  const auto name =
      parse_function_name(call.principal, text_member(url.root(), "FunctionArn").value_or(""));
  if (!name.ok()) return reply(forbidden());
  UrlRequest request = url_request(call, body.bytes, *name);
  if (by_iam) request.authorizer = UrlRequest::Authorizer::kIam;
  runtime::FunctionCall wanted;
  wanted.principal = {name->account, name->region, {}};
  wanted.function = name->qualified_arn();
  wanted.payload = url_event(request);
  wanted.request_id = call.request_id;
  UrlFields shown = cors != nullptr ? cors_fields(*cors, origin) : UrlFields();
  invoke(std::move(wanted),
         [reply, shown = std::move(shown)](Result<runtime::FunctionOutcome, ServiceError> outcome) {
           const std::string code = outcome.ok() ? "" : outcome.error().code;
           if (code == "TooManyRequestsException") return reply(refused(429, "Rate Exceeded."));
           if (code == "RequestTooLargeException") return reply(refused(413, "Request Too Long"));
           UrlAnswer answer = answer_of(outcome);
           add_cors(answer, shown);
           reply(output_of(std::move(answer)));
         });
}

}  // namespace pawl::lambda
