// The conditions of Choice rules.
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "asl/payload.h"
#include "json/value.h"
#include "jsonpath/query.h"

namespace pawl::asl {

// Choice rules (spec, "Choice State", "Data-test expression").
enum class Comparison {
  kStringEquals,
  kStringLessThan,
  kStringGreaterThan,
  kStringLessThanEquals,
  kStringGreaterThanEquals,
  kStringMatches,
  kNumericEquals,
  kNumericLessThan,
  kNumericGreaterThan,
  kNumericLessThanEquals,
  kNumericGreaterThanEquals,
  kBooleanEquals,
  kTimestampEquals,
  kTimestampLessThan,
  kTimestampGreaterThan,
  kTimestampLessThanEquals,
  kTimestampGreaterThanEquals,
  kIsNull,
  kIsPresent,
  kIsNumeric,
  kIsString,
  kIsBoolean,
  kIsTimestamp,
};
struct Condition;
struct DataTest {
  jsonpath::Query variable;
  Comparison comparison;
  // The operand: a literal, or the path of an `...EqualsPath` operator.
  std::variant<json::Node, jsonpath::Query> operand;
};
struct AndCondition {
  std::vector<Condition> operands;
};
struct OrCondition {
  std::vector<Condition> operands;
};
struct NotCondition {
  std::unique_ptr<Condition> operand;
};
struct Condition {
  std::variant<DataTest, AndCondition, OrCondition, NotCondition, TemplateJsonata, bool> form;
};
}  // namespace pawl::asl
