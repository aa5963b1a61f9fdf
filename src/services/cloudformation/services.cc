#include "services/cloudformation/services.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <future>

#include "base/ascii.h"

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

namespace {

constexpr std::size_t kObjectBytesMax = 16u << 20;
constexpr std::size_t kPieceBytes = 256u << 10;

using Bytes = Result<std::string, runtime::ServiceError>;

Err<runtime::ServiceError> unreadable(std::string_view why) {
  return Err{runtime::ServiceError{.code = "InternalError",
                                   .message = fmt::format("The object cannot be read: {}", why),
                                   .members = {}}};
}

Bytes all_of(runtime::AnswerBody body) {
  if (body.source == nullptr) return std::move(body.bytes);
  const std::uint64_t size = body.source->size();
  if (size > kObjectBytesMax) return unreadable("it is too large");
  std::string bytes;
  while (bytes.size() < size) {
    std::promise<Result<std::string, runtime::BodyError>> answered;
    body.source->read(kPieceBytes, [&answered](Result<std::string, runtime::BodyError> piece) {
      answered.set_value(std::move(piece));
    });
    auto piece = answered.get_future().get();
    if (!piece.ok()) return unreadable(piece.error().message);
    bytes += *piece;
  }
  return bytes;
}

}  // namespace

Bytes Services::read(const runtime::Principal& principal, std::string_view bucket,
                     std::string_view key, std::string_view request_id) const {
  const runtime::StreamedOperation* get = operations_.find_streamed("s3", "GetObject");
  if (get == nullptr) return unreadable("there is no object service");
  std::string input;
  json::Writer(input)
      .begin_object()
      .key("Bucket")
      .string(bucket)
      .key("Key")
      .string(key)
      .end_object();
  const runtime::Call made{principal, json::Value::trusted(std::move(input)),
                           std::string(request_id)};
  const auto answered =
      std::make_shared<std::promise<Result<runtime::StreamedOutput, runtime::ServiceError>>>();
  auto answer = answered->get_future();
  (*get)(made, {}, [answered](Result<runtime::StreamedOutput, runtime::ServiceError> result) {
    answered->set_value(std::move(result));
  });
  auto result = answer.get();
  if (!result.ok()) return Err{result.error()};
  return all_of(std::move(result->body));
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
    out.key(lower_first(member.key.string()));
    write_camel_case(out, member.value);
  }
  out.end_object();
}

}  // namespace pawl::cloudformation
