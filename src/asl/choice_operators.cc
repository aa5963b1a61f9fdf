// The operators: 16 compare with a literal or a path; StringMatches and the Is... have no path
// form.
#include "asl/choice_operators.h"

#include <array>

namespace pawl::asl {
namespace {

using enum Comparison;
using enum OperandType;
using Form = ChoiceOperator::Form;

struct Row {
  std::string_view name;
  std::string_view path_name;  // of the form that compares with a path's value; empty: none
  Comparison comparison;
  OperandType operand;
};

constexpr Row kRows[] = {
    {"StringEquals", "StringEqualsPath", kStringEquals, kString},
    {"StringLessThan", "StringLessThanPath", kStringLessThan, kString},
    {"StringGreaterThan", "StringGreaterThanPath", kStringGreaterThan, kString},
    {"StringLessThanEquals", "StringLessThanEqualsPath", kStringLessThanEquals, kString},
    {"StringGreaterThanEquals", "StringGreaterThanEqualsPath", kStringGreaterThanEquals, kString},
    {"StringMatches", "", kStringMatches, kString},
    {"NumericEquals", "NumericEqualsPath", kNumericEquals, kNumber},
    {"NumericLessThan", "NumericLessThanPath", kNumericLessThan, kNumber},
    {"NumericGreaterThan", "NumericGreaterThanPath", kNumericGreaterThan, kNumber},
    {"NumericLessThanEquals", "NumericLessThanEqualsPath", kNumericLessThanEquals, kNumber},
    {"NumericGreaterThanEquals", "NumericGreaterThanEqualsPath", kNumericGreaterThanEquals,
     kNumber},
    {"BooleanEquals", "BooleanEqualsPath", kBooleanEquals, kBoolean},
    {"TimestampEquals", "TimestampEqualsPath", kTimestampEquals, kTimestamp},
    {"TimestampLessThan", "TimestampLessThanPath", kTimestampLessThan, kTimestamp},
    {"TimestampGreaterThan", "TimestampGreaterThanPath", kTimestampGreaterThan, kTimestamp},
    {"TimestampLessThanEquals", "TimestampLessThanEqualsPath", kTimestampLessThanEquals,
     kTimestamp},
    {"TimestampGreaterThanEquals", "TimestampGreaterThanEqualsPath", kTimestampGreaterThanEquals,
     kTimestamp},
    {"IsNull", "", kIsNull, kBoolean},
    {"IsPresent", "", kIsPresent, kBoolean},
    {"IsNumeric", "", kIsNumeric, kBoolean},
    {"IsString", "", kIsString, kBoolean},
    {"IsBoolean", "", kIsBoolean, kBoolean},
    {"IsTimestamp", "", kIsTimestamp, kBoolean},
};

constexpr FieldRule kCombinations[] = {{"Variable", Languages::kJsonPath},
                                       {"And", Languages::kJsonPath},
                                       {"Or", Languages::kJsonPath},
                                       {"Not", Languages::kJsonPath},
                                       {"Comment"}};
constexpr FieldRule kTopOnly[] = {
    {"Next"}, {"Assign"}, {"Condition", Languages::kJsonata}, {"Output", Languages::kJsonata}};

constexpr std::size_t kPathForms = 16;
constexpr std::size_t kNestedCount = std::size(kCombinations) + std::size(kRows) + kPathForms;

// The fields of nested rules first, those of top-level ones only at the end.
constexpr auto kRuleFields = [] {
  std::array<FieldRule, kNestedCount + std::size(kTopOnly)> fields;
  std::size_t next = 0;
  for (const FieldRule& field : kCombinations) fields[next++] = field;
  for (const Row& row : kRows) {
    fields[next++] = {row.name, Languages::kJsonPath};
    if (!row.path_name.empty()) fields[next++] = {row.path_name, Languages::kJsonPath};
  }
  for (const FieldRule& field : kTopOnly) fields[next++] = field;
  return fields;
}();

}  // namespace

std::optional<ChoiceOperator> choice_operator_named(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return ChoiceOperator{row.comparison, row.operand, Form::kLiteral};
    if (!name.empty() && row.path_name == name) {
      return ChoiceOperator{row.comparison, row.operand, Form::kPath};
    }
  }
  return std::nullopt;
}

std::span<const FieldRule> choice_rule_fields() { return kRuleFields; }
std::span<const FieldRule> nested_choice_rule_fields() {
  return std::span(kRuleFields).first(kNestedCount);
}

}  // namespace pawl::asl
