// The readers that every part of the walk shares, with the service's words for what they refuse.
#include "asl/fields.h"

#include <charconv>

#include "json/number.h"

namespace pawl::asl {
namespace {

std::string list(std::initializer_list<std::string_view> names) {
  std::string text = "[";
  for (const std::string_view name : names) {
    if (text.size() > 1) text += ", ";
    text += name;
  }
  return text + "]";
}

std::string quoted(QueryLanguage language) {
  return language == QueryLanguage::kJsonPath ? "'JSONPath'" : "'JSONata'";
}

// "The QueryLanguage is set to 'JSONata', but field 'InputPath' ...", and the mirror (B1.4).
std::string wrong_language(std::string_view field, QueryLanguage language) {
  const QueryLanguage other =
      language == QueryLanguage::kJsonPath ? QueryLanguage::kJsonata : QueryLanguage::kJsonPath;
  return "The QueryLanguage is set to " + quoted(language) + ", but field '" + std::string(field) +
         "' is only supported for the " + quoted(other) + " QueryLanguage";
}

// As Java prints a bound: "100.0".
std::string bound(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  std::string shown(text, end);
  return shown.find('.') == std::string::npos ? shown + ".0" : shown;
}
std::string bound(std::int64_t value) { return std::to_string(value); }

// A number out of range could still run: lenient parsing takes it as it is.
template <class Number, class Range>
void check_range(Diagnostics& diagnostics, const Place& place, Number value, Range range) {
  if (value < range.min) diagnostics.rule(place, "Minimum value is " + bound(range.min));
  if (value > range.max) diagnostics.rule(place, "Maximum value is " + bound(range.max));
}

}  // namespace

void report_wrong_type(Diagnostics& diagnostics, const Place& place, std::string_view type) {
  diagnostics.broken(place, "Expected value of type " + std::string(type));
}

Fields::Fields(Diagnostics& diagnostics, json::Node object, const Place& place, const Shape& shape,
               const Place& state)
    : diagnostics_(diagnostics), object_(object), place_(place), language_(shape.language) {
  for (const json::Member& member : object.members()) {
    const std::string_view name = member.key.string();
    switch (shape.verdict(name)) {
      case Shape::Verdict::kAllowed:
        allowed_.push_back(member);
        break;
      case Shape::Verdict::kOtherLanguage:
        if (shape.other_language == Shape::OtherLanguage::kPassedOver) break;
        diagnostics.rule_of_field(state, place.member(name), wrong_language(name, language_));
        break;
      case Shape::Verdict::kUnknown:
        diagnostics.rule_of_field(place, place.member(name),
                                  "Field '" + std::string(name) + "' is not supported");
        break;
    }
  }
}

const json::Node* Fields::find(std::string_view name) const {
  for (const json::Member& member : allowed_) {
    if (member.key.string() == name) return &member.value;
  }
  return nullptr;
}

void Fields::require(std::initializer_list<std::string_view> names) const {
  std::string missing;
  for (const std::string_view name : names) {
    if (written(name)) continue;
    missing += missing.empty() ? "" : ", ";
    missing += name;
  }
  if (missing.empty()) return;
  diagnostics_.broken(place_, "These fields are required: [" + missing + "]");
}

void Fields::at_most_one_of(std::initializer_list<std::string_view> names) const {
  std::size_t count = 0;
  for (const std::string_view name : names) count += written(name) ? 1 : 0;
  if (count > 1) {
    diagnostics_.rule(place_, "There should only be one of the following fields: " + list(names));
  }
}

void Fields::exactly_one_of(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    if (written(name)) return at_most_one_of(names);
  }
  diagnostics_.broken(place_,
                      "This object should have only one of the following fields: " + list(names));
}

// An explicit null is a value of another type, not an absent field.
const json::Node* Fields::of_kind(std::string_view name, json::Kind kind,
                                  std::string_view type) const {
  const json::Node* value = find(name);
  if (value == nullptr || value->kind() == kind) return value;
  report_wrong_type(diagnostics_, place_of(name), type);
  return nullptr;
}

std::optional<std::string> Fields::string(std::string_view name) const {
  const json::Node* value = of_kind(name, json::Kind::kString, "[STRING]");
  if (value == nullptr) return std::nullopt;
  return std::string(value->string());
}

std::optional<bool> Fields::boolean(std::string_view name) const {
  const json::Node* value = of_kind(name, json::Kind::kBoolean, "[BOOLEAN]");
  if (value == nullptr) return std::nullopt;
  return value->boolean();
}

std::optional<std::int64_t> Fields::integer(std::string_view name, IntegerRange range) const {
  const json::Node* value = of_kind(name, json::Kind::kNumber, "Integer");
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value->number_text();
  if (!json::is_integral_text(text)) {
    report_wrong_type(diagnostics_, place_of(name), "Integer");
    return std::nullopt;
  }
  // Beyond 64 bits there is no field whose meaning a larger number would change.
  const std::int64_t clamped = text.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                                     : std::numeric_limits<std::int64_t>::max();
  const std::int64_t number = json::to_int64(text).value_or(clamped);
  check_range(diagnostics_, place_of(name), number, range);
  return number;
}

std::optional<double> Fields::real(std::string_view name, RealRange range) const {
  const json::Node* value = of_kind(name, json::Kind::kNumber, "Double");
  if (value == nullptr) return std::nullopt;
  const double number = json::to_double(value->number_text());
  check_range(diagnostics_, place_of(name), number, range);
  return number;
}

const json::Node* Fields::object(std::string_view name) const {
  return of_kind(name, json::Kind::kObject, "[OBJECT]");
}

const json::Node* Fields::array(std::string_view name) const {
  return of_kind(name, json::Kind::kArray, "[ARRAY]");
}

// An empty list has nothing to run, so that it is broken in lenient parsing too.
const json::Node* Fields::filled_array(std::string_view name) const {
  const json::Node* value = array(name);
  if (value != nullptr && value->size() == 0) {
    diagnostics_.broken(place_of(name), "Value cannot be empty");
    return nullptr;
  }
  return value;
}

std::optional<std::size_t> Fields::one_of(std::string_view name,
                                          std::initializer_list<std::string_view> values) const {
  const json::Node* value = find(name);
  if (value == nullptr) return std::nullopt;
  std::size_t index = 0;
  for (const std::string_view allowed : values) {
    if (value->is_string() && value->string() == allowed) return index;
    ++index;
  }
  diagnostics_.broken(place_of(name), "Value should be one of the following: " + list(values));
  return std::nullopt;
}

}  // namespace pawl::asl
