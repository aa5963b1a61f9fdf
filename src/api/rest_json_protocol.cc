// rest-json: members stand in the path, the query, header fields, and the body; or the whole body
// is one member (a payload).
#include <algorithm>

#include "api/errors.h"
#include "api/json_slice.h"
#include "api/protocols.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

using Input = Result<json::Value, runtime::ServiceError>;
using Written = Result<void, runtime::ServiceError>;

bool has_location(const Shape& shape, Location location) {
  return std::any_of(shape.members.begin(), shape.members.end(),
                     [&](const Member& member) { return member.location == location; });
}

// Text from outside the body, as JSON of the member's type.
Written write_text(json::Writer& writer, const Shape& shape, std::string_view text) {
  if (!is_valid_utf8(text)) return Err{serialization_error("The request is not valid UTF-8")};
  if (shape.type == ShapeType::kBoolean) {
    if (text != "true" && text != "false") {
      return Err{serialization_error("STRING_VALUE can not be converted to a Boolean")};
    }
    writer.boolean(text == "true");
  } else if (is_whole_number(shape.type)) {
    if (!json::is_integral_text(text)) {
      return Err{serialization_error("STRING_VALUE can not be converted to an Integer")};
    }
    writer.raw(text);
  } else {
    writer.string(text);
  }
  return {};
}

Written write_query_member(json::Writer& writer, const Member& member,
                           const std::vector<QueryParameter>& query) {
  const std::string_view name = member.wire_name.empty() ? member.name : member.wire_name;
  const std::string* first = find_parameter(query, name);
  if (first == nullptr) return {};
  writer.key(member.name);
  if (member.shape->type != ShapeType::kList) return write_text(writer, *member.shape, *first);
  writer.begin_array();
  for (const QueryParameter& parameter : query) {
    if (parameter.name != name) continue;
    TRY(write_text(writer, *member.shape->element, parameter.value));
  }
  writer.end_array();
  return {};
}

Written write_path_member(json::Writer& writer, const Member& member, const Route& route) {
  for (const PathParameter& parameter : route.path) {
    if (parameter.name != member.name) continue;
    writer.key(member.name);
    return write_text(writer, *member.shape, parameter.value);
  }
  return {};
}

Written write_header_member(json::Writer& writer, const Member& member,
                            const HttpRequest& request) {
  if (!request.headers.has(member.wire_name)) return {};
  writer.key(member.name);
  return write_text(writer, *member.shape, request.headers.value(member.wire_name));
}

// Jackson shows the beginning of what it could not read.
std::string source_excerpt(std::string_view source) {
  constexpr std::size_t kShownBytesMax = 500;
  std::string text = "\n at [Source: (byte[])\"" + std::string(source.substr(0, kShownBytesMax));
  text += '"';
  if (source.size() > kShownBytesMax) {
    text += "[truncated " + std::to_string(source.size() - kShownBytesMax) + " bytes]";
  }
  return text;
}

runtime::ServiceError unparseable(const json::ParseError& error, std::string_view source,
                                  const Shape& shape) {
  std::string message = "Could not parse request body into json: ";
  if (has_location(shape, Location::kPayload)) message += "Could not parse payload into json: ";
  message += error.message + source_excerpt(source) + "; line: " + std::to_string(error.line) +
             ", column: " + std::to_string(error.column) + "]";
  return {.code = "InvalidRequestContentException", .message = std::move(message), .members = {}};
}

// Everything that stands outside a JSON object in the body, as the inside of an object: path,
// query and header members, and the payload.
Result<std::string, runtime::ServiceError> members_outside_object(
    const Route& route, const HttpRequest& request, const std::vector<QueryParameter>& query,
    std::string_view payload) {
  std::string text;
  text.reserve(payload.size() + 256);
  json::Writer writer(text);
  writer.begin_object();
  for (const Member& member : route.operation->input->members) {
    switch (member.location) {
      case Location::kPath:
        TRY(write_path_member(writer, member, route));
        break;
      case Location::kQuery:
        TRY(write_query_member(writer, member, query));
        break;
      case Location::kHeader:
        TRY(write_header_member(writer, member, request));
        break;
      case Location::kPayload:
        if (!payload.empty()) writer.key(member.name).raw(payload);
        break;
      case Location::kBody:
      case Location::kStatus:
      case Location::kAttribute:
        break;
    }
  }
  writer.end_object();
  return text;
}

// One object of the body's members and the others, which stand behind and so win over the body's.
std::string joined(const json::Value& body, std::string_view outside) {
  const std::string_view object = body.text();
  std::string text;
  text.reserve(object.size() + outside.size());
  text += object.substr(0, object.rfind('}'));
  if (body.root().size() > 0 && outside != "{}") text += ",";
  text += outside.substr(1);
  return text;
}

std::string error_type(int status) { return status >= 500 ? "Service" : "User"; }

// Statuses of AWS's common errors where they differ from the JSON protocols' 400.
int common_status(const runtime::ServiceError& error) {
  for (const std::string_view code :
       {"MissingAuthenticationTokenException", "UnrecognizedClientException",
        "InvalidSignatureException", "IncompleteSignatureException"}) {
    if (error.code == code) return 403;
  }
  return error.code == "ThrottlingException" ? 429 : error.http_status;
}

}  // namespace

Input read_rest_json_input(const Route& route, HttpRequest& request,
                           const std::vector<QueryParameter>& query) {
  const Shape& shape = *route.operation->input;
  const bool has_payload = has_location(shape, Location::kPayload);
  const bool has_object = has_location(shape, Location::kBody);
  if ((!has_payload && !has_object) || request.body.empty()) {
    return json::Value::trusted(TRY(members_outside_object(route, request, query, "")));
  }
  auto body = json::Value::parse(request.body);
  if (!body.ok()) return Err{unparseable(body.error(), request.body, shape)};
  // Uploads are large: the same bytes need not be there twice.
  request.body = std::string();
  if (has_payload) {
    return json::Value::trusted(TRY(members_outside_object(route, request, query, body->text())));
  }
  if (!body->root().is_object()) {
    return Err{serialization_error("Unexpected value type in payload")};
  }
  const std::string outside = TRY(members_outside_object(route, request, query, ""));
  return json::Value::trusted(joined(*body, outside));
}

HttpResponse write_rest_json_output(const Route& route, json::Value output) {
  HttpResponse response;
  response.status = route.operation->http.status;
  if (route.operation->output == nullptr) {
    if (response.status != 204) response.set_body(std::move(output));
    return response;
  }
  const json::Node root = output.root();
  for (const Member& member : route.operation->output->members) {
    const json::Node* value = root.find(member.name);
    if (value == nullptr) continue;
    if (member.location == Location::kStatus && value->is_number()) {
      response.status = static_cast<int>(json::to_int64(value->number_text()).value_or(200));
    } else if (member.location == Location::kHeader && value->is_string()) {
      response.headers.emplace_back(member.wire_name, value->string());
    } else if (member.location == Location::kPayload) {
      if (const auto text = member_text(output.text(), member.name)) {
        response.body = HttpResponse::Slice{output, *text};
      }
    }
  }
  return response;
}

HttpResponse write_rest_json_error(const ServiceModel* service,
                                   const runtime::ServiceError& error) {
  HttpResponse response;
  response.status = common_status(error);
  std::string_view code = error.code;
  if (service != nullptr && code == "ThrottlingException") code = "TooManyRequestsException";
  const ErrorModel* model = service == nullptr ? nullptr : service->find_error(code);
  if (model != nullptr && response.status == 400) response.status = model->status;

  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  writer.key("Type").string(error_type(response.status));
  writer.key(model == nullptr ? "message" : model->message_member).string(error.message);
  for (const auto& [name, value] : error.members) writer.key(name).raw(value);
  writer.end_object();
  response.headers.emplace_back("x-amzn-ErrorType", code);
  response.body = std::move(body);
  return response;
}

}  // namespace pawl::api
