#include "api/remote_protocol.h"

#include <cctype>

#include "api/url.h"
#include "base/ascii.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"
#include "runtime/http_metadata.h"

namespace pawl::api {

namespace {

constexpr int kErrorStatus = 300;

std::string text_of(json::Node node) {
  return node.is_string() ? std::string(node.string()) : json::print(node);
}

// "/functions/{FunctionName}/code"; {Name+} keeps its slashes.
Result<std::string, runtime::ServiceError> expand_path(std::string_view path, json::Node input) {
  std::string out;
  while (!path.empty()) {
    const std::size_t open = path.find('{');
    out += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = path.find('}', open);
    std::string_view name = path.substr(open + 1, close - open - 1);
    const bool keeps_slashes = name.ends_with('+');
    if (keeps_slashes) name.remove_suffix(1);
    const json::Node* value = input.find(name);
    const std::string text = value == nullptr ? "" : text_of(*value);
    if (text.empty()) {
      return Err{runtime::ServiceError{
          .code = "ValidationException",
          .message = "The parameter " + std::string(name) + " is missing or empty",
          .members = {}}};
    }
    out += percent_encode(text, keeps_slashes ? Slash::kKeep : Slash::kEncode);
    path.remove_prefix(close + 1);
  }
  return out;
}

void add_to_query(std::string& query, std::string_view name, json::Node value) {
  if (value.is_array()) {
    for (const json::Node& element : value) add_to_query(query, name, element);
    return;
  }
  query += (query.empty() ? "?" : "&") + percent_encode(name, Slash::kEncode) + "=" +
           percent_encode(text_of(value), Slash::kEncode);
}

// "com.amazonaws#ResourceNotFoundException:http://..." -> "ResourceNotFoundException".
std::string bare_code(std::string_view text) {
  text = text.substr(0, text.find(':'));
  const std::size_t hash = text.find('#');
  return std::string(hash == std::string_view::npos ? text : text.substr(hash + 1));
}

std::string first_text(json::Node object, std::initializer_list<std::string_view> names) {
  if (!object.is_object()) return {};
  for (const std::string_view name : names) {
    const json::Node* member = object.find(name);
    if (member != nullptr && member->is_string()) return std::string(member->string());
  }
  return {};
}

runtime::ServiceError unreadable(const outgoing::Answer& answer) {
  return {.code = "SdkClientException",
          .message = "Unable to unmarshall response: the answer is no JSON (status " +
                     std::to_string(answer.status) + ")",
          .http_status = 0,
          .members = {}};
}

}  // namespace

UnsignedRequest write_json_request(const Wire& wire, std::string_view operation,
                                   const json::Value& input) {
  UnsignedRequest request;
  request.headers = {
      {"content-type", wire.protocol == Protocol::kJson11 ? "application/x-amz-json-1.1"
                                                          : "application/x-amz-json-1.0"},
      {"x-amz-target", std::string(wire.target_prefix) + "." + std::string(operation)}};
  request.body = std::string(input.text());
  return request;
}

runtime::OperationResult read_json_answer(const outgoing::Answer& answer) {
  if (answer.status >= kErrorStatus) return Err{read_error(answer)};
  if (answer.body.empty()) return json::Value::trusted("{}");
  auto parsed = json::Value::parse(answer.body);
  if (!parsed.ok()) return Err{unreadable(answer)};
  return std::move(parsed).value();
}

Result<UnsignedRequest, runtime::ServiceError> write_rest_json_request(
    const OperationModel& operation, const json::Value& input) {
  const json::Node root = input.root();
  UnsignedRequest request;
  request.method = operation.http.method;
  request.target = TRY(expand_path(operation.http.path, root));
  std::string query;
  std::string object;
  json::Writer body(object);
  body.begin_object();
  for (const Member& member : operation.input->members) {
    const json::Node* value = root.find(member.name);
    if (value == nullptr) continue;
    const std::string_view wire_name = member.wire_name.empty() ? member.name : member.wire_name;
    switch (member.location) {
      case Location::kQuery:
        add_to_query(query, wire_name, *value);
        break;
      case Location::kHeader:
        request.headers.emplace_back(lower_case(wire_name), text_of(*value));
        break;
      case Location::kPayload:
        request.body = json::print(*value);
        break;
      case Location::kBody:
        body.key(member.name).node(*value);
        break;
      case Location::kPath:
      case Location::kStatus:
      case Location::kAttribute:
        break;
    }
  }
  body.end_object();
  request.target += query;
  if (request.body.empty() && object != "{}") request.body = std::move(object);
  if (!request.body.empty()) request.headers.emplace_back("content-type", "application/json");
  return request;
}

runtime::OperationResult read_rest_json_answer(const OperationModel& operation,
                                               const outgoing::Answer& answer) {
  if (operation.output == nullptr || answer.status >= kErrorStatus) return read_json_answer(answer);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const Member& member : operation.output->members) {
    if (member.location == Location::kStatus) {
      out.key(member.name).integer(answer.status);
    } else if (member.location == Location::kHeader) {
      const std::string_view value = answer.header(lower_case(member.wire_name));
      if (!value.empty() && is_valid_utf8(value)) out.key(member.name).string(value);
    } else if (member.location == Location::kPayload && !answer.body.empty()) {
      const auto parsed = json::Value::parse(answer.body);
      if (!parsed.ok()) return Err{unreadable(answer)};
      out.key(member.name).raw(parsed->text());
    }
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

runtime::ServiceError read_error(const outgoing::Answer& answer) {
  runtime::ServiceError error{.code = bare_code(answer.header("x-amzn-errortype")),
                              .message = {},
                              .http_status = answer.status,
                              .members = {},
                              .request_id = std::string(answer.header("x-amzn-requestid"))};
  if (const auto body = json::Value::parse(answer.body); body.ok()) {
    if (error.code.empty()) error.code = bare_code(first_text(body->root(), {"__type", "code"}));
    error.message = first_text(body->root(), {"message", "Message", "errorMessage"});
  }
  // "AWS.SimpleQueueService.NonExistentQueue;Sender".
  const std::string_view query = answer.header("x-amzn-query-error");
  if (!query.empty() && is_valid_utf8(query)) {
    std::string code;
    json::Writer(code).string(query.substr(0, query.find(';')));
    error.members.emplace_back(runtime::kQueryErrorCode, std::move(code));
  }
  if (!is_valid_utf8(error.code)) error.code = printable(error.code);
  if (!is_valid_utf8(error.request_id)) error.request_id = printable(error.request_id);
  return error;
}

json::Value with_http(const json::Value& output, const outgoing::Answer& answer) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const json::Member& member : output.root().members()) {
    out.key(member.key.string()).node(member.value);
  }
  out.key(runtime::kHttpMember).begin_object().key("status").integer(answer.status);
  const auto write = [&](std::string_view name, std::string_view header) {
    const std::string_view value = answer.header(header);
    if (!value.empty() && is_valid_utf8(value)) out.key(name).string(value);
  };
  write("contentType", "content-type");
  write("requestId", "x-amzn-requestid");
  out.key("contentLength").integer(static_cast<std::int64_t>(answer.body.size()));
  out.key("headers").begin_object();
  write("Server", "server");
  write("x-amz-crc32", "x-amz-crc32");
  out.end_object().end_object().end_object();
  return json::Value::trusted(std::move(text));
}

runtime::ServiceError read_failure(const outgoing::Failure& failure) {
  return {.code = "SdkClientException",
          .message = "Unable to execute HTTP request: " + failure.message,
          .http_status = 0,
          .members = {}};
}

}  // namespace pawl::api
