// Conditions and what they are made of.
#include <fmt/format.h>

#include "templates/intrinsic.h"
#include "templates/sections.h"
#include "templates/truth.h"

namespace pawl::templates {

namespace {

using json::Node;

constexpr std::size_t kOperandsMin = 2;
constexpr std::size_t kOperandsMax = 10;

Err<TemplateError> not_boolean() {
  return template_error(
      "Template format error: Conditions can only be boolean operations on parameters and other "
      "conditions");
}

Result<void, TemplateError> check_operands(Node argument, std::string_view function) {
  if (argument.is_array() && argument.size() >= kOperandsMin && argument.size() <= kOperandsMax) {
    return {};
  }
  return template_error(fmt::format(
      "Template error: every {} object requires a list of at least 2 and at most 10 boolean "
      "parameters.",
      function));
}

}  // namespace

Result<ConditionValues, TemplateError> Truths::all_conditions() {
  for (const Condition& condition : template_.conditions) TRY(value_of(condition));
  return std::move(values_);
}

Truths::Truth Truths::value_of(const Condition& condition) {
  if (const auto known = values_.find(condition.name); known != values_.end()) {
    return known->second;
  }
  const bool value = TRY(truth(condition.expression));
  values_.emplace(condition.name, value);
  return value;
}

Truths::Truth Truths::truth(Node node) {
  if (node.is_boolean()) return node.boolean();
  if (node.is_string() && (node.string() == "true" || node.string() == "false")) {
    return node.string() == "true";
  }
  if (!node.is_object() || node.size() != 1) return not_boolean();
  const json::Member& member = node.member(0);
  const std::string_view key = member.key.string();
  if (key == "Condition" && member.value.is_string()) return named(member.value.string());
  if (key == "Fn::If" && member.value.is_array() && member.value.size() == 3) {
    const Node condition = member.value.at(0);
    const bool holds = condition.is_string() && TRY(named(condition.string()));
    return truth(member.value.at(holds ? 1 : 2));
  }
  return truth_of_call(key, member.value);
}

Truths::Truth Truths::truth_of_call(std::string_view key, Node argument) {
  if (key == "Fn::Equals") return equals(argument);
  if (key == "Fn::And") return all(argument);
  if (key == "Fn::Or") return any(argument);
  if (key == "Fn::Not") return negated(argument);
  if (block_ == Block::kRules) {
    if (key == "Fn::Contains") return contains(argument);
    if (key == "Fn::EachMemberEquals") return each_member_equals(argument);
    if (key == "Fn::EachMemberIn") return each_member_in(argument);
  }
  json::Arena arena;
  const Node call = arena.object({{arena.string(key), argument}});
  return intrinsic_of(call) ? truth_of_value(call) : not_boolean();
}

Truths::Truth Truths::truth_of_value(Node node) {
  json::Arena arena;
  const Evaluated value = TRY(evaluate(arena, scope_, node));
  const auto word = scalar_text(value.node);
  if (word == "true" || word == "false") return word == "true";
  return not_boolean();
}

Truths::Truth Truths::named(std::string_view name) {
  const Condition* condition = template_.condition(name);
  if (condition == nullptr) {
    return template_error(fmt::format(
        "Template format error: Unresolved condition dependency {} in the {} block of the template",
        name, block_ == Block::kRules ? "Rules" : "Conditions"));
  }
  return value_of(*condition);
}

Truths::Truth Truths::equals(Node argument) {
  if (!argument.is_array() || argument.size() != 2) {
    return template_error(
        "Template error: every Fn::Equals object requires a list of 2 string parameters.");
  }
  json::Arena arena;
  const Evaluated left = TRY(evaluate(arena, scope_, argument.at(0)));
  const Evaluated right = TRY(evaluate(arena, scope_, argument.at(1)));
  const auto left_text = scalar_text(left.node);
  const auto right_text = scalar_text(right.node);
  if (left_text && right_text) return *left_text == *right_text;
  return json::equal(left.node, right.node);
}

Truths::Truth Truths::all(Node argument) {
  TRY(check_operands(argument, "Fn::And"));
  bool value = true;
  for (const Node& operand : argument) value = TRY(truth(operand)) && value;
  return value;
}

Truths::Truth Truths::any(Node argument) {
  TRY(check_operands(argument, "Fn::Or"));
  bool value = false;
  for (const Node& operand : argument) value = TRY(truth(operand)) || value;
  return value;
}

Truths::Truth Truths::negated(Node argument) {
  if (!argument.is_array() || argument.size() != 1) {
    return template_error("Template error: every Fn::Not object requires one boolean parameter.");
  }
  return !TRY(truth(argument.at(0)));
}

Result<ConditionValues, TemplateError> evaluate_conditions(const Template& parsed,
                                                           const ParameterValues& parameters,
                                                           const Surroundings& surroundings) {
  return Truths(parsed, parameters, surroundings, Block::kConditions).all_conditions();
}

}  // namespace pawl::templates
