// rest-xml from the client's side: S3 elsewhere, over the same table. Buckets stand in the path,
// which every endpoint understands.
#include "api/remote_protocol.h"
#include "api/url.h"
#include "api/xml.h"
#include "api/xml_reader.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

std::string_view wire_name_of(const Member& member) {
  return member.wire_name.empty() ? member.name : member.wire_name;
}

std::string text_of(json::Node node) {
  return node.is_string() ? std::string(node.string()) : json::print(node);
}

void add_query(std::string& query, std::string_view name, std::string_view value) {
  query += query.empty() ? "?" : "&";
  query += percent_encode(name, Slash::kEncode) + "=" + percent_encode(value, Slash::kEncode);
}

// "/{Bucket}/{Key+}?tagging" -> "/photos/a/b", and the query that the operation is told by.
std::string path_of(std::string_view pattern, json::Node input, std::string& query) {
  const std::size_t question = pattern.find('?');
  if (question != std::string_view::npos) {
    const std::string_view literal = pattern.substr(question + 1);
    const std::size_t equals = std::min(literal.find('='), literal.size());
    add_query(query, literal.substr(0, equals),
              literal.substr(std::min(equals + 1, literal.size())));
    pattern = pattern.substr(0, question);
  }
  std::string path;
  for (const std::string_view name : {"Bucket", "Key"}) {
    const json::Node* value = input.find(name);
    if (pattern.find("{" + std::string(name)) == std::string_view::npos || value == nullptr) break;
    path += "/" + percent_encode(text_of(*value), Slash::kKeep);
  }
  return path.empty() ? "/" : path;
}

void write_payload(UnsignedRequest& request, const Member& member, json::Node value) {
  if (member.shape->type != ShapeType::kStructure) {
    request.body = text_of(value);
    return;
  }
  append_xml_element(request.body, wire_name_of(member), value, member.shape);
  request.headers.emplace_back("content-type", "application/xml");
  // DeleteObjects and the like need one of the checks.
  request.headers.emplace_back("x-amz-checksum-sha256", encode_base64(sha256(request.body)));
}

void write_header(UnsignedRequest& request, const Member& member, json::Node value) {
  if (member.shape->type == ShapeType::kMap) {
    for (const json::Member& field : value.members()) {
      request.headers.emplace_back(std::string(member.wire_name) + std::string(field.key.string()),
                                   text_of(field.value));
    }
  } else if (member.wire_name != "content-length") {
    request.headers.emplace_back(member.wire_name, text_of(value));
  }
}

void read_header(json::Writer& out, const Member& member, const outgoing::Answer& answer) {
  if (member.shape->type == ShapeType::kMap) {
    out.key(member.name).begin_object();
    for (const auto& [name, value] : answer.headers) {
      if (!name.starts_with(member.wire_name) || !is_valid_utf8(value)) continue;
      out.key(name.substr(member.wire_name.size())).string(value);
    }
    out.end_object();
    return;
  }
  const std::string_view value = answer.header(member.wire_name);
  if (value.empty() || !is_valid_utf8(value)) return;
  const bool number =
      member.shape->type == ShapeType::kInteger || member.shape->type == ShapeType::kLong;
  if (number && !json::to_int64(value)) return;
  out.key(member.name);
  if (number) {
    out.raw(value);
  } else if (member.shape->type == ShapeType::kBoolean) {
    out.boolean(value == "true");
  } else {
    out.string(value);
  }
}

}  // namespace

UnsignedRequest write_rest_xml_request(const OperationModel& operation, const json::Value& input,
                                       std::string body) {
  const json::Node root = input.root();
  UnsignedRequest request;
  request.method = operation.http.method;
  request.body = std::move(body);
  std::string query;
  const std::string path = path_of(operation.http.path, root, query);
  for (const Member& member : operation.input->members) {
    const json::Node* value = root.find(member.name);
    if (value == nullptr || value->is_null()) continue;
    if (member.location == Location::kQuery) {
      add_query(query, wire_name_of(member), text_of(*value));
    } else if (member.location == Location::kHeader) {
      write_header(request, member, *value);
    } else if (member.location == Location::kPayload) {
      write_payload(request, member, *value);
    }
  }
  request.target = path + query;
  request.headers.emplace_back("x-amz-content-sha256", encode_hex(sha256(request.body)));
  return request;
}

runtime::OperationResult read_rest_xml_answer(const OperationModel& operation,
                                              const outgoing::Answer& answer) {
  if (operation.output == nullptr) return json::Value::trusted("{}");
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const Member& member : operation.output->members) {
    if (member.location == Location::kHeader) {
      read_header(out, member, answer);
    } else if (member.location == Location::kPayload && !answer.body.empty()) {
      if (member.shape->type != ShapeType::kStructure) {
        out.key(member.name)
            .string(is_valid_utf8(answer.body) ? answer.body : encode_base64(answer.body));
      } else if (const auto read = read_xml(answer.body, wire_name_of(member), *member.shape);
                 read.ok()) {
        out.key(member.name).raw(*read);
      }
    }
  }
  out.end_object();
  if (operation.output->name.empty() || answer.body.empty()) {
    return json::Value::trusted(std::move(text));
  }
  const auto document = read_xml(answer.body, operation.output->name, *operation.output);
  if (!document.ok()) {
    return Err{
        runtime::ServiceError{.code = "SdkClientException",
                              .message = "Unable to unmarshall response: " + document.error(),
                              .http_status = 0,
                              .members = {}}};
  }
  // Header members first, then those of the document.
  text.pop_back();
  if (text.size() > 1 && document->size() > 2) text += ",";
  return json::Value::trusted(text + document->substr(1));
}

runtime::ServiceError read_xml_error(const outgoing::Answer& answer) {
  static const Shape kText{.type = ShapeType::kString, .bounds = {}};
  static const Shape kError{.type = ShapeType::kStructure,
                            .bounds = {},
                            .members = {{"Code", &kText}, {"Message", &kText}}};
  runtime::ServiceError error{.code = answer.status == 404 ? "NoSuchKey" : "",
                              .message = {},
                              .http_status = answer.status,
                              .members = {},
                              .request_id = printable(answer.header("x-amz-request-id"))};
  const auto read = read_xml(answer.body, "Error", kError);
  const auto parsed = read.ok() ? json::Value::parse(*read) : json::Value::parse("{}");
  if (!parsed.ok()) return error;
  const json::Node* code = parsed->root().find("Code");
  const json::Node* message = parsed->root().find("Message");
  if (code != nullptr) error.code = code->string();
  if (message != nullptr) error.message = message->string();
  return error;
}

}  // namespace pawl::api
