// The comparison operators of Choice rules (spec, "Data-test expression").
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "asl/field_table.h"
#include "asl/model.h"

namespace pawl::asl {

enum class OperandType { kString, kNumber, kBoolean, kTimestamp };

struct ChoiceOperator {
  Comparison comparison;
  OperandType operand;
  enum class Form { kLiteral, kPath } form;  // `...Path` operators compare with a path's value
};

// "NumericLessThanPath"; nothing when there is no such operator.
std::optional<ChoiceOperator> choice_operator_named(std::string_view name);

// The fields of a rule: of one in Choices, or of one inside And, Or and Not.
std::span<const FieldRule> choice_rule_fields();
std::span<const FieldRule> nested_choice_rule_fields();

}  // namespace pawl::asl
