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

// S3 writes milliseconds, always.
std::string with_milliseconds(std::string_view time) {
  constexpr std::size_t kWholeSeconds = std::string_view("2026-01-31T12:00:00Z").size();
  std::string text(time);
  if (text.size() == kWholeSeconds && text.back() == 'Z') text.insert(text.size() - 1, ".000");
  return text;
}

// <name attribute="value">
void append_opening(std::string& out, std::string_view name, json::Node value, const Shape* shape) {
  out.append("<").append(name);
  if (shape != nullptr && value.is_object()) {
    for (const Member& member : shape->members) {
      if (member.location != Location::kAttribute) continue;
      const json::Node* attribute = value.find(member.name);
      if (attribute == nullptr) continue;
      // The one attribute that there is: of the schema's own name space.
      out.append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ");
      out.append(member.wire_name).append("=\"");
      append_xml_text(out, scalar_text(*attribute));
      out.append("\"");
    }
  }
  out.append(">");
}

void append_members(std::string& out, json::Node value, const Shape* shape) {
  for (const json::Member& member : value.members()) {
    if (member.value.is_null()) continue;
    const Member* known = shape == nullptr ? nullptr : shape->find(member.key.string());
    if (known != nullptr && known->location != Location::kBody) continue;
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

void append_xml_members(std::string& out, json::Node value, const Shape& shape) {
  append_members(out, value, &shape);
}

void append_xml_element(std::string& out, std::string_view name, json::Node value,
                        const Shape* shape) {
  if (value.is_array() && shape != nullptr && shape->form == ListForm::kFlattened) {
    for (const json::Node& element : value) append_xml_element(out, name, element, shape->element);
    return;
  }
  append_opening(out, name, value, shape);
  if (value.is_array()) {
    const Shape* element_shape = shape == nullptr ? nullptr : shape->element;
    const std::string_view element_name = shape == nullptr ? "member" : shape->element_name;
    for (const json::Node& element : value) {
      append_xml_element(out, element_name, element, element_shape);
    }
  } else if (value.is_object() && shape != nullptr && shape->type == ShapeType::kMap) {
    append_entries(out, value, *shape);
  } else if (value.is_object()) {
    append_members(out, value, shape);
  } else if (value.is_string() && shape != nullptr && shape->type == ShapeType::kTimestamp) {
    append_xml_text(out, with_milliseconds(value.string()));
  } else {
    append_xml_text(out, scalar_text(value));
  }
  out.append("</").append(name).append(">");
}

}  // namespace pawl::api
