// Java's toString of modelled values.
#include "api/java_text.h"

#include <charconv>

#include "json/number.h"

namespace pawl::api {

namespace {

// Float.toString prints as many digits as tell this float from its neighbours.
std::string float_text(std::string_view number) {
  const auto value = static_cast<float>(json::to_double(number));
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  return json::java_double_text(
      json::to_double({digits, static_cast<std::size_t>(end.ptr - digits)}));
}

void print_number_to(std::string_view number, ShapeType type, std::string& out) {
  if (type == ShapeType::kFloat) {
    out += float_text(number);
  } else if (type == ShapeType::kDouble) {
    out += json::java_double_text(json::to_double(number));
  } else {
    out += number;
  }
}

void print_structure_to(json::Node node, const Shape& shape, std::string& out) {
  out.append(shape.name).append("(");
  bool first = true;
  for (const Member& member : shape.members) {
    if (!first) out += ", ";
    first = false;
    out.append(member.name).append("=");
    const json::Node* value = node.find(member.name);
    if (value == nullptr) {
      out += "null";
    } else {
      print_java_to(*value, *member.shape, out);
    }
  }
  out += ")";
}

void print_list_to(json::Node node, const Shape& shape, std::string& out) {
  out += "[";
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (i > 0) out += ", ";
    print_java_to(node.at(i), *shape.element, out);
  }
  out += "]";
}

void print_map_to(json::Node node, const Shape& shape, std::string& out) {
  out += "{";
  bool first = true;
  for (const json::Member& member : node.members()) {
    if (!first) out += ", ";
    first = false;
    out.append(member.key.string()).append("=");
    print_java_to(member.value, *shape.element, out);
  }
  out += "}";
}

}  // namespace

void print_java_to(json::Node node, const Shape& shape, std::string& out) {
  if (shape.privacy == Privacy::kSensitive) {
    out += "*** Sensitive Data Redacted ***";
    return;
  }
  switch (node.kind()) {
    case json::Kind::kNull:
      out += "null";
      return;
    case json::Kind::kBoolean:
      out += node.boolean() ? "true" : "false";
      return;
    case json::Kind::kNumber:
      print_number_to(node.number_text(), shape.type, out);
      return;
    case json::Kind::kString:
      out += node.string();
      return;
    case json::Kind::kArray:
      if (shape.type == ShapeType::kList) return print_list_to(node, shape, out);
      return json::print_to(node, out);
    case json::Kind::kObject:
      if (shape.type == ShapeType::kStructure) return print_structure_to(node, shape, out);
      if (shape.type == ShapeType::kMap) return print_map_to(node, shape, out);
      return json::print_to(node, out);
  }
}

std::size_t java_length(std::string_view utf8) {
  std::size_t units = 0;
  for (const char byte : utf8) {
    const auto code = static_cast<unsigned char>(byte);
    // One unit for each character's first byte; two where it lies beyond the first plane.
    if ((code & 0xc0) != 0x80) units += code >= 0xf0 ? 2 : 1;
  }
  return units;
}

}  // namespace pawl::api
