// rest-xml: members stand in the path, the query, header fields, and in an XML document that is the
// body; or the body is one member as it is. S3 speaks it, and its errors are S3's.
#include <algorithm>
#include <charconv>
#include <ctime>

#include "api/errors.h"
#include "api/protocols.h"
#include "api/xml.h"
#include "api/xml_reader.h"
#include "base/base64.h"
#include "base/checksum.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/utc_text.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

using Written = Result<void, runtime::ServiceError>;

runtime::ServiceError s3_error(std::string code, std::string message, int status = 400) {
  return {
      .code = std::move(code), .message = std::move(message), .http_status = status, .members = {}};
}

std::string_view wire_name_of(const Member& member) {
  return member.wire_name.empty() ? member.name : member.wire_name;
}

void write_list_text(json::Writer& out, std::string_view text) {
  out.begin_array();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, end);
    while (word.starts_with(' ')) word.remove_prefix(1);
    if (!word.empty()) out.string(utf8_or_latin1(word));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out.end_array();
}

Written write_text(json::Writer& out, const Member& member, std::string_view text) {
  const ShapeType type = member.shape->type;
  if (is_whole_number(type)) {
    const auto number = json::is_integral_text(text) ? json::to_int64(text) : std::nullopt;
    if (!number || (type == ShapeType::kInteger && *number > INT32_MAX)) {
      return Err{s3_error("InvalidArgument", "Provided " + std::string(wire_name_of(member)) +
                                                 " not an integer or within integer range")};
    }
    out.integer(*number);
  } else if (type == ShapeType::kBoolean) {
    out.boolean(text == "true" || text == "True" || text == "TRUE");
  } else if (type == ShapeType::kList) {
    write_list_text(out, text);
  } else {
    out.string(utf8_or_latin1(text));
  }
  return {};
}

void write_header_map(json::Writer& out, const Member& member, const HeaderList& headers) {
  std::map<std::string, std::string> fields;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto [name, value] = headers.at(i);
    if (name.substr(0, member.wire_name.size()) != member.wire_name) continue;
    std::string& field = fields[utf8_or_latin1(name.substr(member.wire_name.size()))];
    if (!field.empty()) field += ",";  // given twice: one field (RFC 9110 section 5.3)
    field += utf8_or_latin1(value);
  }
  if (fields.empty()) return;
  out.key(member.name).begin_object();
  for (const auto& [name, value] : fields) out.key(name).string(value);
  out.end_object();
}

// What clients say of a document's bytes must be true of them (RFC 1864; x-amz-checksum-*).
Written check_document(const HttpRequest& request) {
  const std::string_view md5 = request.headers.value("content-md5");
  if (!md5.empty() && encode_base64(checksum_of(ChecksumKind::kMd5, request.body)) != md5) {
    return Err{
        s3_error("BadDigest", "The Content-MD5 you specified did not match what we received.")};
  }
  constexpr std::string_view kPrefix = "x-amz-checksum-";
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const auto [name, value] = request.headers.at(i);
    if (name.substr(0, kPrefix.size()) != kPrefix) continue;
    std::string algorithm(name.substr(kPrefix.size()));
    for (char& byte : algorithm) {
      if (byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - ('a' - 'A'));
    }
    const auto kind = checksum_kind(algorithm);
    if (kind && encode_base64(checksum_of(*kind, request.body)) != value) {
      return Err{
          s3_error("BadDigest",
                   "The " + algorithm + " you specified did not match the calculated checksum.")};
    }
  }
  const std::string_view sha256_hex = request.headers.value("x-amz-content-sha256");
  if (sha256_hex.size() == 64 && encode_hex(sha256(request.body)) != sha256_hex) {
    return Err{s3_error("XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was "
                        "computed.")};
  }
  return {};
}

Written write_payload(json::Writer& out, const Member& member, const HttpRequest& request) {
  if (member.shape->type == ShapeType::kBlob) return {};  // goes another way: runtime/body.h
  TRY(check_document(request));
  if (request.body.empty()) {
    if (member.presence == Presence::kOptional) return {};
    return Err{s3_error("MissingRequestBodyError", "Request Body is empty")};
  }
  if (member.shape->type == ShapeType::kString) {
    if (!is_valid_utf8(request.body)) {
      return Err{s3_error("MalformedPolicy", "Policies must be valid UTF-8")};
    }
    out.key(member.name).string(request.body);
    return {};
  }
  const auto document = read_xml(request.body, wire_name_of(member), *member.shape);
  if (!document.ok()) {
    return Err{s3_error("MalformedXML",
                        "The XML you provided was not well-formed or did not validate against our "
                        "published schema")};
  }
  out.key(member.name).raw(*document);
  return {};
}

Written write_member(json::Writer& out, const Member& member, const Route& route,
                     const HttpRequest& request, const std::vector<QueryParameter>& query) {
  switch (member.location) {
    case Location::kPath:
      for (const PathParameter& parameter : route.path) {
        if (parameter.name == member.name) out.key(member.name).string(parameter.value);
      }
      return {};
    case Location::kQuery: {
      const std::string* value = find_parameter(query, wire_name_of(member));
      if (value == nullptr) return {};
      if (!is_valid_utf8(*value)) {
        return Err{s3_error("InvalidURI", "Couldn't parse the specified URI.")};
      }
      out.key(member.name);
      return write_text(out, member, *value);
    }
    case Location::kHeader:
      if (member.shape->type == ShapeType::kMap) {
        write_header_map(out, member, request.headers);
        return {};
      }
      if (!request.headers.has(member.wire_name)) return {};
      out.key(member.name);
      return write_text(out, member, request.headers.value(member.wire_name));
    case Location::kPayload:
      return write_payload(out, member, request);
    case Location::kBody:
    case Location::kStatus:
    case Location::kAttribute:
      return {};
  }
  return {};
}

// "content-type" -> "Content-Type", as S3 writes it; its own fields stay in lower case.
std::string field_name(std::string_view wire_name) {
  std::string name(wire_name);
  if (name == "etag") return "ETag";
  if (name.substr(0, 6) == "x-amz-") return name;
  bool first = true;
  for (char& byte : name) {
    if (first && byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - ('a' - 'A'));
    first = byte == '-';
  }
  return name;
}

// "2026-01-31T12:00:00Z" as header fields have it.
std::string header_time(std::string_view iso) {
  std::tm time{};
  const std::string text(iso);
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time) == nullptr) return text;
  return http_time(timegm(&time) * 1000);
}

std::string header_text(json::Node value, const Shape& shape) {
  if (value.is_boolean()) return value.boolean() ? "true" : "false";
  if (value.is_number()) return std::string(value.number_text());
  if (!value.is_string()) return {};
  return shape.type == ShapeType::kTimestamp ? header_time(value.string())
                                             : std::string(value.string());
}

void write_header(HttpResponse& response, const Member& member, json::Node value) {
  if (member.shape->type == ShapeType::kMap) {
    for (const json::Member& field : value.members()) {
      response.headers.emplace_back(std::string(member.wire_name) + std::string(field.key.string()),
                                    field.value.string());
    }
    return;
  }
  if (member.wire_name == "content-length") {
    if (value.is_number()) {
      response.announced_bytes =
          static_cast<std::uint64_t>(json::to_int64(value.number_text()).value_or(0));
    }
    return;
  }
  response.headers.emplace_back(field_name(member.wire_name), header_text(value, *member.shape));
}

constexpr std::string_view kProlog = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string document_of(const ServiceModel& service, std::string_view name, json::Node value,
                        const Shape& shape) {
  std::string body(kProlog);
  body.append("<").append(name);
  body.append(" xmlns=\"").append(service.wire().xml_namespace).append("\">");
  const json::Node* only =
      shape.members.size() == 1 && shape.members[0].name == name ? value.find(name) : nullptr;
  if (only != nullptr && only->is_string()) {
    append_xml_text(body, only->string());
  } else {
    append_xml_members(body, value, shape);
  }
  body.append("</").append(name).append(">");
  return body;
}

void set_document(HttpResponse& response, std::string document) {
  response.content_type = "application/xml";
  response.body = std::move(document);
}

void write_payload_output(HttpResponse& response, const Route& route, const Member& member,
                          json::Node value) {
  if (member.shape->type == ShapeType::kStructure) {
    const std::string_view name = member.wire_name.empty() ? member.name : member.wire_name;
    set_document(response, document_of(*route.service, name, value, *member.shape));
  } else if (value.is_string()) {
    response.content_type = "application/json";  // the one text that there is: a bucket's policy
    response.body = std::string(value.string());
  }
}

void add_request_id(HttpResponse& response, std::string_view request_id) {
  response.headers.emplace_back("x-amz-request-id", request_id);
  response.headers.emplace_back("x-amz-id-2", encode_base64(sha256(request_id)));
}

// The common errors' names in S3.
struct S3Name {
  std::string_view json_code;
  std::string_view code;
  int status;
  std::string_view message;  // empty: the error's own
};
constexpr S3Name kS3Names[] = {
    {"MissingAuthenticationTokenException", "AccessDenied", 403, "Access Denied"},
    {"AccessDeniedException", "AccessDenied", 403, ""},
    {"UnrecognizedClientException", "InvalidAccessKeyId", 403,
     "The AWS Access Key Id you provided does not exist in our records."},
    {"InvalidSignatureException", "SignatureDoesNotMatch", 403,
     "The request signature we calculated does not match the signature you provided. Check your "
     "key and signing method."},
    {"IncompleteSignatureException", "AuthorizationHeaderMalformed", 400, ""},
    {"ThrottlingException", "SlowDown", 503, "Please reduce your request rate."},
    {"UnknownOperationException", "MethodNotAllowed", 405,
     "The specified method is not allowed against this resource."},
    {"RequestEntityTooLargeException", "EntityTooLarge", 400,
     "Your proposed upload exceeds the maximum allowed size"},
    {"RequestTimeoutException", "RequestTimeout", 400,
     "Your socket connection to the server was not read from or written to within the timeout "
     "period. Idle connections will be closed."},
    {"RequestHeaderTooLargeException", "RequestHeaderSectionTooLarge", 400, ""},
    {"MalformedHttpRequestException", "InvalidRequest", 400, ""},
    {"InvalidRequestException", "InvalidURI", 400, "Couldn't parse the specified URI."},
    {"InternalFailure", "InternalError", 500,
     "We encountered an internal error. Please try again."},
};

// Of the signature's errors S3 tells apart those that are about time.
runtime::ServiceError named_by_s3(runtime::ServiceError error) {
  if (error.code == "InvalidSignatureException") {
    const bool expired = error.message.starts_with("Signature expired");
    if (expired && !error.message.ends_with(" - 15 min.)")) {
      return s3_error("AccessDenied", "Request has expired", 403);
    }
    if (expired || error.message.starts_with("Signature not yet current")) {
      return s3_error("RequestTimeTooSkewed",
                      "The difference between the request time and the current time is too large.",
                      403);
    }
  }
  for (const S3Name& name : kS3Names) {
    if (name.json_code != error.code) continue;
    error.code = name.code;
    error.http_status = name.status;
    if (!name.message.empty()) error.message = name.message;
    break;
  }
  return error;
}

}  // namespace

Result<json::Value, runtime::ServiceError> read_rest_xml_input(
    const Route& route, const HttpRequest& request, const std::vector<QueryParameter>& query) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const Member& member : route.operation->input->members) {
    TRY(write_member(out, member, route, request, query));
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

HttpResponse write_rest_xml_output(const Route& route, const json::Value& output,
                                   runtime::AnswerBody body, std::string_view request_id) {
  HttpResponse response;
  response.content_type = {};
  response.status = route.operation->http.status;
  add_request_id(response, request_id);
  const Shape* shape = route.operation->output;
  if (shape == nullptr) return response;
  const json::Node root = output.root();
  if (!shape->name.empty()) {
    set_document(response, document_of(*route.service, shape->name, root, *shape));
  }
  for (const Member& member : shape->members) {
    const json::Node* value = root.find(member.name);
    if (value == nullptr || value->is_null()) continue;
    if (member.location == Location::kHeader) {
      write_header(response, member, *value);
    } else if (member.location == Location::kStatus && value->is_number()) {
      response.status = static_cast<int>(json::to_int64(value->number_text()).value_or(200));
    } else if (member.location == Location::kPayload) {
      write_payload_output(response, route, member, *value);
    }
  }
  if (body.source != nullptr) {
    response.body = std::move(body.source);
  } else if (!body.bytes.empty()) {
    response.body = std::move(body.bytes);
  }
  return response;
}

HttpResponse write_rest_xml_error(runtime::ServiceError given, std::string_view request_id) {
  const runtime::ServiceError error = named_by_s3(std::move(given));
  HttpResponse response;
  response.status = error.http_status;
  response.content_type = {};
  add_request_id(response, request_id);
  std::string body(kProlog);
  body += "<Error><Code>";
  append_xml_text(body, error.code);
  body += "</Code><Message>";
  append_xml_text(body, error.message);
  body += "</Message>";
  for (const auto& [name, value] : error.members) {
    const auto parsed = json::Value::parse(value);
    if (!parsed.ok()) continue;
    // Fields of the answer rather than elements of the document.
    if (name.starts_with("x-amz-") || name == "ETag" || name == "Last-Modified") {
      response.headers.emplace_back(name, header_text(parsed->root(), {}));
    } else {
      append_xml_element(body, name, parsed->root(), nullptr);
    }
  }
  body += "<RequestId>";
  append_xml_text(body, request_id);
  body += "</RequestId><HostId>" + encode_base64(sha256(request_id)) + "</HostId></Error>";
  if (response.status != 304) set_document(response, std::move(body));
  return response;
}

}  // namespace pawl::api
