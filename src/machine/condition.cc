#include "machine/condition.h"

#include "json/number.h"
#include "machine/timestamps.h"

namespace pawl::machine {
namespace {

using asl::Comparison;

Fault invalid_reference(const Evaluation& evaluation, const jsonpath::Query& query) {
  return runtime_fault(evaluation.work(),
                       "Invalid path '" + query.text +
                           "': The choice state's condition path references an invalid value.");
}

Result<json::Node, Failure> operand_of(const asl::DataTest& test, Evaluation& evaluation,
                                       json::Node input) {
  if (const auto* literal = std::get_if<json::Node>(&test.operand)) return *literal;
  const auto& query = std::get<jsonpath::Query>(test.operand);
  auto found = evaluation.query(query, input);
  if (!found.ok()) return Err{invalid_reference(evaluation, query)};
  return *found;
}

Result<bool, Failure> data_test(const asl::DataTest& test, Evaluation& evaluation,
                                json::Node input) {
  const auto value = evaluation.query(test.variable, input);
  if (!value.ok() && test.comparison != Comparison::kIsPresent) {
    return Err{invalid_reference(evaluation, test.variable)};
  }
  const json::Node operand = TRY(operand_of(test, evaluation, input));
  if (!value.ok()) return operand.is_boolean() && !operand.boolean();
  return compares(test.comparison, *value, operand);
}

Result<bool, Failure> holds_form(const asl::DataTest& test, Evaluation& evaluation,
                                 json::Node input) {
  return data_test(test, evaluation, input);
}

Result<bool, Failure> holds_form(const asl::AndCondition& all, Evaluation& evaluation,
                                 json::Node input) {
  for (const asl::Condition& operand : all.operands) {
    if (!TRY(holds(operand, evaluation, input))) return false;
  }
  return true;
}

Result<bool, Failure> holds_form(const asl::OrCondition& any, Evaluation& evaluation,
                                 json::Node input) {
  for (const asl::Condition& operand : any.operands) {
    if (TRY(holds(operand, evaluation, input))) return true;
  }
  return false;
}

Result<bool, Failure> holds_form(const asl::NotCondition& negation, Evaluation& evaluation,
                                 json::Node input) {
  return !TRY(holds(*negation.operand, evaluation, input));
}

Result<bool, Failure> holds_form(const asl::TemplateJsonata& jsonata, Evaluation& evaluation,
                                 json::Node) {
  return TRY(evaluation.jsonata(jsonata, json::Kind::kBoolean)).boolean();
}

Result<bool, Failure> holds_form(const bool& literal, Evaluation&, json::Node) { return literal; }

// What kind of values an operator compares, and which orders make it true.
enum class Family { kString, kNumeric, kBoolean, kTimestamp };
struct Relation {
  Family family;
  bool less;
  bool equal;
  bool greater;

  bool holds(int order) const { return order < 0 ? less : order > 0 ? greater : equal; }
};

std::optional<Relation> relation_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::kStringEquals:
      return Relation{Family::kString, false, true, false};
    case Comparison::kStringLessThan:
      return Relation{Family::kString, true, false, false};
    case Comparison::kStringGreaterThan:
      return Relation{Family::kString, false, false, true};
    case Comparison::kStringLessThanEquals:
      return Relation{Family::kString, true, true, false};
    case Comparison::kStringGreaterThanEquals:
      return Relation{Family::kString, false, true, true};
    case Comparison::kNumericEquals:
      return Relation{Family::kNumeric, false, true, false};
    case Comparison::kNumericLessThan:
      return Relation{Family::kNumeric, true, false, false};
    case Comparison::kNumericGreaterThan:
      return Relation{Family::kNumeric, false, false, true};
    case Comparison::kNumericLessThanEquals:
      return Relation{Family::kNumeric, true, true, false};
    case Comparison::kNumericGreaterThanEquals:
      return Relation{Family::kNumeric, false, true, true};
    case Comparison::kBooleanEquals:
      return Relation{Family::kBoolean, false, true, false};
    case Comparison::kTimestampEquals:
      return Relation{Family::kTimestamp, false, true, false};
    case Comparison::kTimestampLessThan:
      return Relation{Family::kTimestamp, true, false, false};
    case Comparison::kTimestampGreaterThan:
      return Relation{Family::kTimestamp, false, false, true};
    case Comparison::kTimestampLessThanEquals:
      return Relation{Family::kTimestamp, true, true, false};
    case Comparison::kTimestampGreaterThanEquals:
      return Relation{Family::kTimestamp, false, true, true};
    case Comparison::kStringMatches:
    case Comparison::kIsNull:
    case Comparison::kIsPresent:
    case Comparison::kIsNumeric:
    case Comparison::kIsString:
    case Comparison::kIsBoolean:
    case Comparison::kIsTimestamp:
      break;
  }
  return std::nullopt;
}

// How `value` stands to `operand`; nothing when one of them is not of the family.
std::optional<int> order_of(Family family, json::Node value, json::Node operand) {
  switch (family) {
    case Family::kString:
      if (!value.is_string() || !operand.is_string()) return std::nullopt;
      return compare_utf16(value.string(), operand.string());
    case Family::kNumeric:
      if (!value.is_number() || !operand.is_number()) return std::nullopt;
      return json::compare_numbers(value.number_text(), operand.number_text());
    case Family::kBoolean:
      if (!value.is_boolean() || !operand.is_boolean()) return std::nullopt;
      return static_cast<int>(value.boolean()) - static_cast<int>(operand.boolean());
    case Family::kTimestamp: {
      if (!value.is_string() || !operand.is_string()) return std::nullopt;
      const auto left = parse_timestamp(value.string());
      const auto right = parse_timestamp(operand.string());
      if (!left || !right) return std::nullopt;
      return *left < *right ? -1 : *left > *right ? 1 : 0;
    }
  }
  return std::nullopt;
}

// The Is... tests; a value that is there is present.
bool is_of_type(Comparison comparison, json::Node value) {
  if (comparison == Comparison::kIsNull) return value.is_null();
  if (comparison == Comparison::kIsNumeric) return value.is_number();
  if (comparison == Comparison::kIsString) return value.is_string();
  if (comparison == Comparison::kIsBoolean) return value.is_boolean();
  if (comparison == Comparison::kIsTimestamp) {
    return value.is_string() && parse_timestamp(value.string()).has_value();
  }
  return comparison == Comparison::kIsPresent;
}

}  // namespace

Result<bool, Failure> holds(const asl::Condition& condition, Evaluation& evaluation,
                            json::Node input) {
  return std::visit([&](const auto& form) { return holds_form(form, evaluation, input); },
                    condition.form);
}

bool compares(Comparison comparison, json::Node value, json::Node operand) {
  if (const std::optional<Relation> relation = relation_of(comparison)) {
    const std::optional<int> order = order_of(relation->family, value, operand);
    return order && relation->holds(*order);
  }
  if (comparison == Comparison::kStringMatches) {
    return value.is_string() && operand.is_string() &&
           matches_wildcards(value.string(), operand.string());
  }
  return operand.is_boolean() && is_of_type(comparison, value) == operand.boolean();
}

bool matches_wildcards(std::string_view text, std::string_view pattern) {
  // Backtracks to the last star only: linear in text times pattern, no recursion.
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t after_star = std::string_view::npos;
  std::size_t star_at = 0;
  for (;;) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      after_star = ++in_pattern;
      star_at = at;
      continue;
    }
    if (at == text.size()) return in_pattern == pattern.size();
    const bool escaped = in_pattern + 1 < pattern.size() && pattern[in_pattern] == '\\' &&
                         (pattern[in_pattern + 1] == '*' || pattern[in_pattern + 1] == '\\');
    const std::size_t literal = in_pattern + (escaped ? 1 : 0);
    if (literal < pattern.size() && pattern[literal] == text[at]) {
      ++at;
      in_pattern = literal + 1;
    } else if (after_star != std::string_view::npos) {
      at = ++star_at;
      in_pattern = after_star;
    } else {
      return false;
    }
  }
}

int compare_utf16(std::string_view left, std::string_view right) {
  const std::size_t shorter = std::min(left.size(), right.size());
  for (std::size_t at = 0; at < shorter; ++at) {
    auto one = static_cast<std::uint8_t>(left[at]);
    auto other = static_cast<std::uint8_t>(right[at]);
    if (one == other) continue;
    // Four-byte sequences (lead 0xf0..) are surrogates in UTF-16, which sort before U+E000..U+FFFF
    // (leads 0xee and 0xef).
    const auto weight = [](std::uint8_t byte) {
      return byte == 0xee || byte == 0xef ? 0x100 + byte : byte;
    };
    return weight(one) < weight(other) ? -1 : 1;
  }
  return left.size() < right.size() ? -1 : left.size() > right.size() ? 1 : 0;
}

}  // namespace pawl::machine
