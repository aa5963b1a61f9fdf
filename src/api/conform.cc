// Types of members, in the words of AWS's deserializer.
#include "api/conform.h"

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "json/number.h"

namespace pawl::api {

namespace {

// What a checked value needs before services see it.
enum class Fit { kAsItIs, kRewrite };
using Checked = Result<Fit, std::string>;

std::string_view token_name(json::Node node) {
  switch (node.kind()) {
    case json::Kind::kNull:
      return "NULL_VALUE";
    case json::Kind::kBoolean:
      return node.boolean() ? "TRUE_VALUE" : "FALSE_VALUE";
    case json::Kind::kNumber:
      return json::is_integral_text(node.number_text()) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
    case json::Kind::kString:
      return "STRING_VALUE";
    case json::Kind::kArray:
      return "START_ARRAY";
    case json::Kind::kObject:
      return "START_OBJECT";
  }
  return "";
}

std::string_view java_name(ShapeType type) {
  switch (type) {
    case ShapeType::kString:
      return "a String";
    case ShapeType::kInteger:
      return "an Integer";
    case ShapeType::kLong:
      return "a Long";
    case ShapeType::kFloat:
      return "a Float";
    case ShapeType::kDouble:
      return "a Double";
    case ShapeType::kBoolean:
      return "a Boolean";
    case ShapeType::kTimestamp:
      return "a Timestamp";
    case ShapeType::kBlob:
      return "a Blob";
    case ShapeType::kJson:
      return "a Document";
    case ShapeType::kStructure:
      return "a Structure";
    case ShapeType::kList:
      return "a List";
    case ShapeType::kMap:
      return "a Map";
  }
  return "";
}

std::string mismatch(json::Node node, ShapeType wanted) {
  if (node.is_object()) return "Start of structure or map found where not expected.";
  if (node.is_array()) return "Start of list found where not expected";
  if (wanted == ShapeType::kStructure) return "Unexpected value type in payload";
  if (wanted == ShapeType::kList) return "Expected list or null";
  if (wanted == ShapeType::kMap) return "Expected map or null";
  return std::string(token_name(node)) + " can not be converted to " +
         std::string(java_name(wanted));
}

// The whole number that Java's BigDecimal.intValueExact-less conversion keeps: the fraction is cut
// off. Nothing when it does not fit.
std::optional<std::int64_t> whole_number(std::string_view text, ShapeType type) {
  std::optional<std::int64_t> whole = json::to_int64(text);
  if (!whole) {
    if (json::is_integral_text(text)) return std::nullopt;
    const double value = std::trunc(json::to_double(text));
    if (!(std::fabs(value) < 9.2e18)) return std::nullopt;
    whole = static_cast<std::int64_t>(value);
  }
  if (type == ShapeType::kInteger && (*whole > std::numeric_limits<std::int32_t>::max() ||
                                      *whole < std::numeric_limits<std::int32_t>::min())) {
    return std::nullopt;
  }
  return whole;
}

bool is_integer(ShapeType type) { return type == ShapeType::kInteger || type == ShapeType::kLong; }

Checked check(json::Node node, const Shape& shape);

Checked check_structure(json::Node node, const Shape& shape) {
  Fit fit = Fit::kAsItIs;
  for (const json::Member& given : node.members()) {
    const Member* member = shape.find(given.key.string());
    if (member == nullptr) continue;
    if (given.value.is_null()) {
      fit = Fit::kRewrite;
    } else if (TRY(check(given.value, *member->shape)) == Fit::kRewrite) {
      fit = Fit::kRewrite;
    }
  }
  return fit;
}

Checked check_elements(json::Node node, const Shape& shape) {
  Fit fit = Fit::kAsItIs;
  for (const json::Node& element : node) {
    if (element.is_null()) continue;
    if (TRY(check(element, *shape.element)) == Fit::kRewrite) fit = Fit::kRewrite;
  }
  for (const json::Member& member : node.members()) {
    if (member.value.is_null()) continue;
    if (TRY(check(member.value, *shape.element)) == Fit::kRewrite) fit = Fit::kRewrite;
  }
  return fit;
}

Checked check_number(json::Node node, const Shape& shape) {
  if (!node.is_number()) return Err{mismatch(node, shape.type)};
  if (!is_integer(shape.type)) return Fit::kAsItIs;
  if (!whole_number(node.number_text(), shape.type)) return Err{mismatch(node, shape.type)};
  return json::is_integral_text(node.number_text()) ? Fit::kAsItIs : Fit::kRewrite;
}

Checked check_kind(json::Node node, const Shape& shape, json::Kind wanted) {
  if (node.kind() != wanted) return Err{mismatch(node, shape.type)};
  return Fit::kAsItIs;
}

Checked check(json::Node node, const Shape& shape) {
  switch (shape.type) {
    case ShapeType::kString:
    case ShapeType::kBlob:
      return check_kind(node, shape, json::Kind::kString);
    case ShapeType::kBoolean:
      return check_kind(node, shape, json::Kind::kBoolean);
    case ShapeType::kInteger:
    case ShapeType::kLong:
    case ShapeType::kFloat:
    case ShapeType::kDouble:
      return check_number(node, shape);
    case ShapeType::kTimestamp:
      if (node.is_number() || node.is_string()) return Fit::kAsItIs;
      return Err{mismatch(node, shape.type)};
    case ShapeType::kJson:
      return Fit::kAsItIs;
    case ShapeType::kStructure:
      if (!node.is_object()) return Err{mismatch(node, shape.type)};
      return check_structure(node, shape);
    case ShapeType::kList:
      if (!node.is_array()) return Err{mismatch(node, shape.type)};
      return check_elements(node, shape);
    case ShapeType::kMap:
      if (!node.is_object()) return Err{mismatch(node, shape.type)};
      return check_elements(node, shape);
  }
  return Fit::kAsItIs;
}

json::Node rewritten(json::Node node, const Shape& shape, json::Arena& arena) {
  if (node.is_number() && is_integer(shape.type)) {
    const auto whole = whole_number(node.number_text(), shape.type);
    return json::is_integral_text(node.number_text()) ? node : arena.integer(whole.value_or(0));
  }
  if (node.is_array() && shape.element != nullptr) {
    std::vector<json::Node> elements;
    for (const json::Node& element : node) {
      elements.push_back(rewritten(element, *shape.element, arena));
    }
    return arena.array(elements);
  }
  if (!node.is_object() || shape.type == ShapeType::kJson) return node;
  std::vector<json::Member> members;
  for (const json::Member& given : node.members()) {
    const Member* member = shape.find(given.key.string());
    const Shape* value_shape = member != nullptr ? member->shape : shape.element;
    if (value_shape == nullptr) {
      members.push_back(given);
    } else if (member == nullptr || !given.value.is_null()) {
      members.push_back({given.key, rewritten(given.value, *value_shape, arena)});
    }
  }
  return arena.object(members);
}

}  // namespace

Result<json::Value, std::string> conform(json::Value input, const Shape& structure) {
  const json::Node root = input.root();
  if (TRY(check(root, structure)) == Fit::kAsItIs) return input;
  json::Arena arena;
  return json::Value::of(rewritten(root, structure, arena));
}

}  // namespace pawl::api
