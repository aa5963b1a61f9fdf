// The Conditions block: each condition once, others on demand. References and cycles have been
// checked with the template.
#include <fmt/format.h>

#include "templates/evaluate.h"
#include "templates/intrinsic.h"
#include "templates/sections.h"

namespace pawl::templates {

namespace {

using json::Node;

constexpr std::size_t kOperandsMin = 2;
constexpr std::size_t kOperandsMax = 10;

class Conditions {
 public:
  Conditions(const Template& parsed, const ParameterValues& parameters,
             const Surroundings& surroundings)
      : template_(parsed), scope_{parsed, parameters, surroundings, values_, nothing_} {}

  Result<ConditionValues, TemplateError> evaluate_all() {
    for (const Condition& condition : template_.conditions) TRY(value_of(condition));
    return std::move(values_);
  }

 private:
  using Truth = Result<bool, TemplateError>;

  Truth value_of(const Condition& condition) {
    if (const auto known = values_.find(condition.name); known != values_.end()) {
      return known->second;
    }
    const bool value = TRY(truth(condition.expression));
    values_.emplace(condition.name, value);
    return value;
  }

  Truth truth(Node node) {
    if (node.is_boolean()) return node.boolean();
    if (node.is_string() && (node.string() == "true" || node.string() == "false")) {
      return node.string() == "true";
    }
    if (node.is_object() && node.size() == 1) {
      const json::Member& member = node.member(0);
      const std::string_view key = member.key.string();
      if (key == "Condition" && member.value.is_string()) return named(member.value.string());
      if (key == "Fn::Equals") return equals(member.value);
      if (key == "Fn::And") return all(member.value);
      if (key == "Fn::Or") return any(member.value);
      if (key == "Fn::Not") return negated(member.value);
      if (key == "Fn::If" && member.value.size() == 3) {
        return truth(member.value.at(TRY(truth_of_choice(member.value)) ? 1 : 2));
      }
      if (intrinsic_of(node)) return truth_of_value(node);
    }
    return template_error(
        "Template format error: Conditions can only be boolean operations on parameters and other "
        "conditions");
  }

  Truth truth_of_choice(Node argument) {
    return argument.at(0).is_string() ? named(argument.at(0).string()) : Truth(false);
  }

  Truth truth_of_value(Node node) {
    json::Arena arena;
    const Evaluated value = TRY(evaluate(arena, scope_, node));
    const auto word = scalar_text(value.node);
    if (word == "true" || word == "false") return word == "true";
    return template_error(
        "Template format error: Conditions can only be boolean operations on parameters and other "
        "conditions");
  }

  Truth named(std::string_view name) {
    const Condition* condition = template_.condition(name);
    if (condition == nullptr) {
      return template_error(fmt::format(
          "Template format error: Unresolved condition dependency {} in the Conditions block of "
          "the template",
          name));
    }
    return value_of(*condition);
  }

  Truth equals(Node argument) {
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

  static Result<void, TemplateError> check_operands(Node argument, std::string_view function) {
    if (argument.is_array() && argument.size() >= kOperandsMin && argument.size() <= kOperandsMax) {
      return {};
    }
    return template_error(fmt::format(
        "Template error: every {} object requires a list of at least 2 and at most 10 boolean "
        "parameters.",
        function));
  }

  Truth all(Node argument) {
    TRY(check_operands(argument, "Fn::And"));
    bool value = true;
    for (const Node& operand : argument) value = TRY(truth(operand)) && value;
    return value;
  }

  Truth any(Node argument) {
    TRY(check_operands(argument, "Fn::Or"));
    bool value = false;
    for (const Node& operand : argument) value = TRY(truth(operand)) || value;
    return value;
  }

  Truth negated(Node argument) {
    if (!argument.is_array() || argument.size() != 1) {
      return template_error("Template error: every Fn::Not object requires one boolean parameter.");
    }
    return !TRY(truth(argument.at(0)));
  }

  const Template& template_;
  ConditionValues values_;
  const Knowledge nothing_;
  Scope scope_;
};

}  // namespace

Result<ConditionValues, TemplateError> evaluate_conditions(const Template& parsed,
                                                           const ParameterValues& parameters,
                                                           const Surroundings& surroundings) {
  return Conditions(parsed, parameters, surroundings).evaluate_all();
}

}  // namespace pawl::templates
