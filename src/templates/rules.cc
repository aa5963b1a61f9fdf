// The Rules block: assertions about parameters, checked before anything is made.
#include <fmt/format.h>

#include <algorithm>

#include "templates/sections.h"
#include "templates/truth.h"

namespace pawl::templates {

namespace {

using json::Node;
using Checked = Result<void, TemplateError>;

Node member_of(Node object, std::string_view name) {
  const Node* found = object.find(name);
  return found == nullptr ? Node::null() : *found;
}

Checked check_pair(Node argument, std::string_view function) {
  if (argument.is_array() && argument.size() == 2) return {};
  return template_error(
      fmt::format("Template error: every {} object requires two parameters.", function));
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Checked check_rule(std::string_view name, Node rule, Truths& truths) {
  const Node assertions = member_of(rule, "Assertions");
  if (!assertions.is_array() || assertions.size() == 0) {
    return template_error(fmt::format(
        "Template format error: Rule {} must have a list of Assertions with one at least.", name));
  }
  const Node condition = member_of(rule, "RuleCondition");
  if (!condition.is_null() && !TRY(truths.truth(condition))) return {};
  for (const Node& assertion : assertions) {
    if (TRY(truths.truth(member_of(assertion, "Assert")))) continue;
    const Node description = member_of(assertion, "AssertDescription");
    return template_error(description.is_string() ? std::string(description.string())
                                                  : fmt::format("Rule {} does not hold.", name));
  }
  return {};
}

}  // namespace

// The elements of a list, or a text alone, when parameters say them all.
Result<std::vector<std::string>, TemplateError> Truths::texts(Node node) {
  json::Arena arena;
  const Evaluated value = TRY(evaluate(arena, scope_, node));
  if (value.state == Evaluated::State::kPartial) {
    return template_error(
        "Template format error: Rules can only use parameters, mappings and pseudo parameters");
  }
  if (const auto text = scalar_text(value.node)) return std::vector<std::string>{*text};
  std::vector<std::string> elements;
  for (const Node& element : value.node) {
    elements.push_back(scalar_text(element).value_or(""));
  }
  return elements;
}

Truths::Truth Truths::contains(Node argument) {
  TRY(check_pair(argument, "Fn::Contains"));
  const auto list = TRY(texts(argument.at(0)));
  const auto value = TRY(texts(argument.at(1)));
  return value.size() == 1 && has(list, value[0]);
}

Truths::Truth Truths::each_member_equals(Node argument) {
  TRY(check_pair(argument, "Fn::EachMemberEquals"));
  const auto list = TRY(texts(argument.at(0)));
  const auto value = TRY(texts(argument.at(1)));
  return value.size() == 1 && std::all_of(list.begin(), list.end(), [&](const std::string& each) {
           return each == value[0];
         });
}

Truths::Truth Truths::each_member_in(Node argument) {
  TRY(check_pair(argument, "Fn::EachMemberIn"));
  const auto list = TRY(texts(argument.at(0)));
  const auto allowed = TRY(texts(argument.at(1)));
  return std::all_of(list.begin(), list.end(),
                     [&](const std::string& each) { return has(allowed, each); });
}

Result<void, TemplateError> check_rules(const Template& parsed, const ParameterValues& parameters,
                                        const Surroundings& surroundings) {
  Truths truths(parsed, parameters, surroundings, Block::kRules);
  for (const json::Member& rule : parsed.rules.members()) {
    TRY(check_rule(rule.key.string(), rule.value, truths));
  }
  return {};
}

}  // namespace pawl::templates
