// AWS query from the client's side: a form out, XML in. Only SNS's Publish, the one operation that
// tasks have of such a service.
#include "api/remote_protocol.h"
#include "api/url.h"
#include "api/xml_reader.h"
#include "base/percent.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

std::string text_of(json::Node node) {
  return node.is_string() ? std::string(node.string()) : json::print(node);
}

void add_field(std::string& form, std::string_view name, std::string_view value) {
  form += "&" + percent_encode(name, Slash::kEncode) + "=" + percent_encode(value, Slash::kEncode);
}

// Lists are Name.member.N, maps Name.entry.N.Name and .Value, structures Name.Member. The only map
// is MessageAttributes.
void add_fields(std::string& form, const std::string& name, json::Node value) {
  if (value.is_null()) return;
  std::size_t number = 0;
  if (value.is_array()) {
    for (const json::Node& element : value) {
      add_fields(form, name + ".member." + std::to_string(++number), element);
    }
    return;
  }
  if (!value.is_object()) return add_field(form, name, text_of(value));
  for (const json::Member& member : value.members()) {
    const std::string key(member.key.string());
    if (name != "MessageAttributes") {
      add_fields(form, name + "." + key, member.value);
      continue;
    }
    const std::string entry = name + ".entry." + std::to_string(++number);
    add_field(form, entry + ".Name", key);
    add_fields(form, entry + ".Value", member.value);
  }
}

const Shape kText{.type = ShapeType::kString, .bounds = {}};

std::optional<json::Value> read(const outgoing::Answer& answer, std::string_view root,
                                const Shape& shape) {
  const auto text = read_xml(answer.body, root, shape);
  if (!text.ok()) return std::nullopt;
  return json::Value::trusted(*text);
}

std::string text_at(json::Node object, std::string_view name) {
  const json::Node* found = object.find(name);
  return found != nullptr && found->is_string() ? std::string(found->string()) : std::string();
}

runtime::ServiceError read_query_error(const outgoing::Answer& answer) {
  static const Shape kError{.type = ShapeType::kStructure,
                            .bounds = {},
                            .members = {{"Code", &kText}, {"Message", &kText}}};
  static const Shape kResponse{.type = ShapeType::kStructure,
                               .bounds = {},
                               .members = {{"Error", &kError}, {"RequestId", &kText}}};
  runtime::ServiceError error{
      .code = {}, .message = {}, .http_status = answer.status, .members = {}};
  const auto document = read(answer, "ErrorResponse", kResponse);
  if (!document) return error;
  error.request_id = text_at(document->root(), "RequestId");
  if (const json::Node* inner = document->root().find("Error")) {
    error.code = text_at(*inner, "Code");
    error.message = text_at(*inner, "Message");
  }
  return error;
}

}  // namespace

UnsignedRequest write_query_request(std::string_view version, std::string_view operation,
                                    const json::Value& input) {
  UnsignedRequest request;
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = "Action=" + percent_encode(operation, Slash::kEncode);
  add_field(request.body, "Version", version);
  for (const json::Member& member : input.root().members()) {
    add_fields(request.body, std::string(member.key.string()), member.value);
  }
  return request;
}

runtime::OperationResult read_publish_answer(const outgoing::Answer& answer) {
  static const Shape kResult{.type = ShapeType::kStructure,
                             .bounds = {},
                             .members = {{"MessageId", &kText}, {"SequenceNumber", &kText}}};
  static const Shape kResponse{
      .type = ShapeType::kStructure, .bounds = {}, .members = {{"PublishResult", &kResult}}};
  if (answer.status >= 300) return Err{read_query_error(answer)};
  const auto document = read(answer, "PublishResponse", kResponse);
  const json::Node* result = document ? document->root().find("PublishResult") : nullptr;
  if (result != nullptr) return json::Value::of(*result);
  return Err{runtime::ServiceError{
      .code = "SdkClientException",
      .message = "Unable to unmarshall response: the answer is no PublishResponse",
      .http_status = 0,
      .members = {}}};
}

}  // namespace pawl::api
