#include "services/cloudformation/services.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <future>

#include "base/base64.h"

namespace pawl::cloudformation {

using json::Node;

Answer Services::call(const runtime::Principal& principal, std::string_view service,
                      std::string_view operation, std::string input,
                      std::string_view request_id) const {
  const runtime::Operation* found = operations_.find(service, operation);
  const runtime::AnyOperation* any = operations_.find_any(service);
  if (found == nullptr && any == nullptr) {
    return Err{runtime::ServiceError{
        .code = "UnknownOperationException",
        .message = fmt::format("Pawl does not have the operation {}:{}", service, operation),
        .members = {}}};
  }
  const runtime::Call made{principal, json::Value::trusted(std::move(input)),
                           std::string(request_id)};
  const auto answered = std::make_shared<std::promise<Answer>>();
  auto answer = answered->get_future();
  runtime::Reply reply = [answered](runtime::OperationResult result) {
    answered->set_value(std::move(result));
  };
  if (found != nullptr) {
    (*found)(made, std::move(reply));
  } else {
    (*any)(operation, made, std::move(reply));
  }
  return answer.get();
}

Answer Services::call(const Request& request, std::string_view service, std::string_view operation,
                      std::string input) const {
  return call(request.principal(), service, operation, std::move(input), request.token);
}

Result<std::string, runtime::ServiceError> read_object(const Services& services,
                                                       const runtime::Principal& principal,
                                                       std::string_view bucket,
                                                       std::string_view key,
                                                       std::string_view request_id) {
  std::string input;
  json::Writer(input)
      .begin_object()
      .key("Bucket")
      .string(bucket)
      .key("Key")
      .string(key)
      .end_object();
  const json::Value answer =
      TRY(services.call(principal, "s3", "GetObject", std::move(input), request_id));
  auto bytes = decode_base64(text_in(answer, "Body"));
  if (bytes) return std::move(*bytes);
  return Err{runtime::ServiceError{
      .code = "InternalError", .message = "The object cannot be read", .members = {}}};
}

Failure failure_of(const Request& request, std::string_view service,
                   const runtime::ServiceError& error) {
  std::string_view code = "GeneralServiceException";
  if (error.http_status == 409 || error.code.find("Exist") != std::string::npos) {
    code = "AlreadyExists";
  }
  if (error.http_status == 404) code = "NotFound";
  if (error.code.find("Validation") != std::string::npos || error.code.starts_with("Invalid")) {
    code = "InvalidRequest";
  }
  return {fmt::format(
      "Resource handler returned message: \"{} (Service: {}, Status Code: {}, Request ID: {})\" "
      "(RequestToken: {}, HandlerErrorCode: {})",
      error.message, service, error.http_status, request.token, request.token, code)};
}

std::string text_in(const json::Value& answer, std::string_view member) {
  const Node* found = answer.root().find(member);
  return found != nullptr && found->is_string() ? std::string(found->string()) : std::string();
}

std::string properties_with(Node properties, std::initializer_list<std::string_view> without,
                            const std::function<void(json::Writer&)>& add) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  add(out);
  for (const json::Member& member : properties.members()) {
    if (std::find(without.begin(), without.end(), member.key.string()) != without.end()) continue;
    out.key(member.key.string()).node(member.value);
  }
  out.end_object();
  return text;
}

namespace {

std::string_view member_text(Node tag, std::string_view name) {
  const Node* found = tag.find(name);
  return found != nullptr && found->is_string() ? found->string() : std::string_view();
}

}  // namespace

std::string tag_map(Node tags) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const Node& tag : tags) out.key(member_text(tag, "Key")).string(member_text(tag, "Value"));
  // Serverless types and some others give a map already.
  for (const json::Member& tag : tags.members()) out.key(tag.key.string()).node(tag.value);
  out.end_object();
  return text;
}

std::string tag_list(Node tags, std::string_view key_name, std::string_view value_name) {
  std::string text;
  json::Writer out(text);
  out.begin_array();
  for (const Node& tag : tags) {
    out.begin_object().key(key_name).string(member_text(tag, "Key"));
    out.key(value_name).string(member_text(tag, "Value")).end_object();
  }
  out.end_array();
  return text;
}

void write_camel_case(json::Writer& out, Node node) {
  if (node.is_array()) {
    out.begin_array();
    for (const Node& element : node) write_camel_case(out, element);
    out.end_array();
    return;
  }
  if (!node.is_object()) {
    const bool truth = node.is_string() && (node.string() == "true" || node.string() == "false");
    truth ? out.boolean(node.string() == "true") : out.node(node);
    return;
  }
  out.begin_object();
  for (const json::Member& member : node.members()) {
    std::string name(member.key.string());
    if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') {
      name[0] = static_cast<char>(name[0] - 'A' + 'a');
    }
    out.key(name);
    write_camel_case(out, member.value);
  }
  out.end_object();
}

}  // namespace pawl::cloudformation
