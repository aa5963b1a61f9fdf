// query: a form in, XML out. Lists are Name.member.N (or Name.N when flattened), maps
// Name.entry.N.key and .value, structures Name.Member (Smithy's awsQuery).
#include <functional>
#include <map>

#include "api/errors.h"
#include "api/protocols.h"
#include "api/xml.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

using Form = std::map<std::string, std::string, std::less<>>;
using Written = Result<void, runtime::ServiceError>;

// Sparse or endless numbering is cut here; real lists are shorter.
constexpr std::size_t kElementsMax = 10'000;

const std::string* find_value(const Form& form, std::string_view name) {
  const auto found = form.find(name);
  return found == form.end() ? nullptr : &found->second;
}

// Whether the form says anything of the member: its value, or something inside it.
bool mentions(const Form& form, const std::string& name) {
  if (find_value(form, name) != nullptr) return true;
  const std::string inside = name + ".";
  const auto found = form.lower_bound(inside);
  return found != form.end() && found->first.compare(0, inside.size(), inside) == 0;
}

Written write_member(json::Writer& writer, const Form& form, const std::string& name,
                     const Shape& shape);

Written write_scalar(json::Writer& writer, const Shape& shape, const std::string& text) {
  if (!is_valid_utf8(text)) return Err{serialization_error("The request is not valid UTF-8")};
  const bool number = is_whole_number(shape.type) || shape.type == ShapeType::kFloat ||
                      shape.type == ShapeType::kDouble;
  if (number) {
    const auto parsed = json::Value::parse(text);
    if (!parsed.ok() || !parsed->root().is_number()) {
      return Err{serialization_error("'" + text + "' is not a number")};
    }
    writer.raw(parsed->root().number_text());
  } else if (shape.type == ShapeType::kBoolean) {
    if (text != "true" && text != "false") {
      return Err{serialization_error("'" + text + "' is neither true nor false")};
    }
    writer.boolean(text == "true");
  } else {
    writer.string(text);
  }
  return {};
}

Written write_structure(json::Writer& writer, const Form& form, const std::string& prefix,
                        const Shape& shape) {
  writer.begin_object();
  for (const Member& member : shape.members) {
    std::string name = prefix.empty() ? std::string() : prefix + ".";
    name += member.wire_name.empty() ? member.name : member.wire_name;
    if (!mentions(form, name)) continue;
    writer.key(member.name);
    TRY(write_member(writer, form, name, *member.shape));
  }
  writer.end_object();
  return {};
}

Written write_list(json::Writer& writer, const Form& form, const std::string& prefix,
                   const Shape& shape) {
  const std::string numbered =
      shape.form == ListForm::kFlattened ? prefix + "." : prefix + ".member.";
  writer.begin_array();
  for (std::size_t i = 1; i <= kElementsMax; ++i) {
    const std::string name = numbered + std::to_string(i);
    if (!mentions(form, name)) break;
    TRY(write_member(writer, form, name, *shape.element));
  }
  writer.end_array();
  return {};
}

Written write_map(json::Writer& writer, const Form& form, const std::string& prefix,
                  const Shape& shape) {
  writer.begin_object();
  for (std::size_t i = 1; i <= kElementsMax; ++i) {
    const std::string entry = prefix + ".entry." + std::to_string(i);
    const std::string* key = find_value(form, entry + ".key");
    if (key == nullptr) break;
    if (!is_valid_utf8(*key)) return Err{serialization_error("The request is not valid UTF-8")};
    writer.key(*key);
    TRY(write_member(writer, form, entry + ".value", *shape.element));
  }
  writer.end_object();
  return {};
}

Written write_member(json::Writer& writer, const Form& form, const std::string& name,
                     const Shape& shape) {
  if (shape.type == ShapeType::kStructure) return write_structure(writer, form, name, shape);
  if (shape.type == ShapeType::kList) return write_list(writer, form, name, shape);
  if (shape.type == ShapeType::kMap) return write_map(writer, form, name, shape);
  const std::string* text = find_value(form, name);
  return write_scalar(writer, shape, text == nullptr ? std::string() : *text);
}

// The common errors' names in this protocol.
struct QueryName {
  std::string_view json_code;
  std::string_view code;
  int status;
};
constexpr QueryName kQueryNames[] = {
    {"MissingAuthenticationTokenException", "MissingAuthenticationToken", 403},
    {"UnrecognizedClientException", "InvalidClientTokenId", 403},
    {"InvalidSignatureException", "SignatureDoesNotMatch", 403},
    {"IncompleteSignatureException", "IncompleteSignature", 400},
    {"AccessDeniedException", "AccessDenied", 403},
    {"ValidationException", "ValidationError", 400},
    {"SerializationException", "MalformedInput", 400},
    {"UnknownOperationException", "InvalidAction", 400},
    {"ThrottlingException", "Throttling", 400},
};

void append_namespace(std::string& body, const ServiceModel* service) {
  if (service == nullptr || service->wire().xml_namespace.empty()) return;
  body.append(" xmlns=\"").append(service->wire().xml_namespace).append("\"");
}

}  // namespace

Result<json::Value, runtime::ServiceError> read_query_input(const Route& route) {
  std::string text;
  json::Writer writer(text);
  Form form;
  for (const QueryParameter& parameter : route.form) form.emplace(parameter.name, parameter.value);
  TRY(write_structure(writer, form, "", *route.operation->input));
  return json::Value::trusted(std::move(text));
}

HttpResponse write_query_output(const Route& route, json::Value output,
                                std::string_view request_id) {
  const std::string name(route.operation->name);
  std::string body = "<" + name + "Response";
  append_namespace(body, route.service.get());
  body += ">";
  append_xml_element(body, name + "Result", output.root(), route.operation->output);
  body += "<ResponseMetadata><RequestId>";
  append_xml_text(body, request_id);
  body += "</RequestId></ResponseMetadata></" + name + "Response>\n";
  HttpResponse response;
  response.content_type = "text/xml";
  response.body = std::move(body);
  return response;
}

HttpResponse write_query_error(const ServiceModel* service, const runtime::ServiceError& error,
                               std::string_view request_id) {
  HttpResponse response;
  response.content_type = "text/xml";
  response.status = error.http_status;
  std::string_view code = error.code;
  for (const QueryName& name : kQueryNames) {
    if (name.json_code != error.code) continue;
    code = name.code;
    if (response.status == 400) response.status = name.status;
  }
  std::string body = "<ErrorResponse";
  append_namespace(body, service);
  body += "><Error><Type>";
  body += response.status >= 500 ? "Receiver" : "Sender";
  body += "</Type><Code>";
  append_xml_text(body, code);
  body += "</Code><Message>";
  append_xml_text(body, error.message);
  body += "</Message></Error><RequestId>";
  append_xml_text(body, request_id);
  body += "</RequestId></ErrorResponse>\n";
  response.body = std::move(body);
  return response;
}

}  // namespace pawl::api
