// JSON values as XML elements, in the query protocol's way (Smithy's awsQuery).
#include "api/xml.h"

namespace pawl::api {

namespace {

std::string scalar_text(json::Node value) {
  switch (value.kind()) {
    case json::Kind::kBoolean:
      return value.boolean() ? "true" : "false";
    case json::Kind::kNumber:
      return std::string(value.number_text());
    case json::Kind::kString:
      return std::string(value.string());
    case json::Kind::kNull:
    case json::Kind::kArray:
    case json::Kind::kObject:
      return {};
  }
  return {};
}

void append_members(std::string& out, json::Node value, const Shape* shape) {
  for (const json::Member& member : value.members()) {
    if (member.value.is_null()) continue;
    const Member* known = shape == nullptr ? nullptr : shape->find(member.key.string());
    const bool renamed = known != nullptr && !known->wire_name.empty();
    append_xml_element(out, renamed ? known->wire_name : member.key.string(), member.value,
                       known == nullptr ? nullptr : known->shape);
  }
}

void append_entries(std::string& out, json::Node value, const Shape& shape) {
  for (const json::Member& member : value.members()) {
    out += "<entry>";
    append_xml_element(out, "key", member.key, shape.key);
    append_xml_element(out, "value", member.value, shape.element);
    out += "</entry>";
  }
}

}  // namespace

void append_xml_text(std::string& out, std::string_view text) {
  for (const char byte : text) {
    switch (byte) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default: {
        const auto code = static_cast<unsigned char>(byte);
        out.push_back(code < 0x20 && byte != '\t' && byte != '\n' ? '?' : byte);
      }
    }
  }
}

void append_xml_element(std::string& out, std::string_view name, json::Node value,
                        const Shape* shape) {
  if (value.is_array() && shape != nullptr && shape->form == ListForm::kFlattened) {
    for (const json::Node& element : value) append_xml_element(out, name, element, shape->element);
    return;
  }
  out.append("<").append(name).append(">");
  if (value.is_array()) {
    const Shape* element_shape = shape == nullptr ? nullptr : shape->element;
    for (const json::Node& element : value) {
      append_xml_element(out, "member", element, element_shape);
    }
  } else if (value.is_object() && shape != nullptr && shape->type == ShapeType::kMap) {
    append_entries(out, value, *shape);
  } else if (value.is_object()) {
    append_members(out, value, shape);
  } else {
    append_xml_text(out, scalar_text(value));
  }
  out.append("</").append(name).append(">");
}

}  // namespace pawl::api
