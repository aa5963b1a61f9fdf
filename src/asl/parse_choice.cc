// Choice states and their rules (spec, "Choice State").
#include <algorithm>

#include "asl/choice_operators.h"
#include "asl/query_fields.h"
#include "asl/template.h"
#include "asl/timestamp.h"
#include "asl/walk.h"
#include "asl/warnings.h"

namespace pawl::asl {
namespace {

// Stands in for a condition that was refused.
Condition never() { return {false}; }

// The service calls these Reference Paths, but takes any path here.
std::optional<jsonpath::Query> rule_path(const Fields& rule, std::string_view name) {
  const std::optional<std::string> text = rule.string(name);
  if (!text) return std::nullopt;
  if (!text->starts_with('$')) {
    rule.diagnostics().broken(
        rule.place_of(name), "Value is not a Reference Path: Reference path didn't start with '$'");
    return std::nullopt;
  }
  auto path = jsonpath::Query::compile(*text);
  if (path.ok()) return std::move(path).value();
  rule.diagnostics().broken(rule.place_of(name), "Value is not a Reference Path");
  return std::nullopt;
}

// At run time a value of another type just compares false; a literal of another type is refused.
void check_literal(const Fields& rule, std::string_view name, OperandType type) {
  switch (type) {
    case OperandType::kString:
      rule.string(name);
      break;
    case OperandType::kNumber:
      if (!rule.find(name)->is_number()) {
        report_wrong_type(rule.diagnostics(), rule.place_of(name), "[NUMBER]");
      }
      break;
    case OperandType::kBoolean:
      rule.boolean(name);
      break;
    case OperandType::kTimestamp:
      if (const auto text = rule.string(name); text && !is_timestamp(*text)) {
        rule.diagnostics().broken(rule.place_of(name), "String does not match RFC3339 timestamp");
      }
      break;
  }
  warn_if_no_path(rule.diagnostics(), *rule.find(name), rule.place_of(name));
}

// All operators, as the service lists them when a rule has none or several.
std::string operator_list() {
  std::string list;
  for (const FieldRule& field : nested_choice_rule_fields()) {
    if (!choice_operator_named(field.name)) continue;
    list += list.empty() ? "" : ", ";
    list += field.name;
  }
  return "[" + list + "]";
}

// The name of the rule's one operator.
std::optional<std::string_view> operator_of(const Fields& rule) {
  std::optional<std::string_view> found;
  for (const json::Member& member : rule.members()) {
    if (!choice_operator_named(member.key.string())) continue;
    if (found) {
      rule.diagnostics().broken(
          rule.place(), "There should only be one of the following fields: " + operator_list());
      return std::nullopt;
    }
    found = member.key.string();
  }
  if (!found) {
    rule.diagnostics().broken(
        rule.place(),
        "This object should have only one of the following fields: " + operator_list());
  }
  return found;
}

Condition parse_data_test(const Fields& rule) {
  const std::optional<std::string_view> name = operator_of(rule);
  if (!name) return never();
  auto variable = rule_path(rule, "Variable");
  const ChoiceOperator comparison = *choice_operator_named(*name);
  if (comparison.form == ChoiceOperator::Form::kPath) {
    auto operand = rule_path(rule, *name);
    if (!variable || !operand) return never();
    return {DataTest{*std::move(variable), comparison.comparison, *std::move(operand)}};
  }
  check_literal(rule, *name, comparison.operand);
  if (!variable) return never();
  return {DataTest{*std::move(variable), comparison.comparison, *rule.find(*name)}};
}

// A string, or a literal true or false.
Condition parse_jsonata_condition(const Fields& rule) {
  const json::Node* value = rule.find("Condition");
  if (value == nullptr) return never();
  if (value->is_boolean()) return {value->boolean()};
  const std::optional<std::string> text = rule.string("Condition");
  if (!text) return never();
  const Place place = rule.place_of("Condition");
  auto jsonata = compile_jsonata(rule.diagnostics(), *text, place);
  if (jsonata) return {*std::move(jsonata)};
  if (!text->starts_with("{%")) {
    rule.diagnostics().broken(place, "JSONata string must start with {% and end with %}");
  }
  return never();
}

Condition parse_condition(const Fields& rule);

// A rule inside And, Or or Not says nothing about where to go.
Condition parse_nested(const Fields& rule, json::Node node, const Place& place) {
  if (!node.is_object()) {
    report_wrong_type(rule.diagnostics(), place, "[OBJECT]");
    return never();
  }
  const Fields nested(rule.diagnostics(), node, place,
                      {nested_choice_rule_fields(), rule.language()});
  return parse_condition(nested);
}

std::vector<Condition> parse_operands(const Fields& rule, std::string_view name) {
  std::vector<Condition> operands;
  const json::Node* list = rule.filled_array(name);
  if (list == nullptr) return operands;
  const Place place = rule.place_of(name);
  for (std::size_t i = 0; i < list->size(); ++i) {
    operands.push_back(parse_nested(rule, list->at(i), place.element(i)));
  }
  return operands;
}

// Exactly one of the forms of a rule; which of them go is the query language's.
Condition parse_condition(const Fields& rule) {
  constexpr std::string_view kForms[] = {"And", "Or", "Not", "Variable", "Condition"};
  if (std::count_if(std::begin(kForms), std::end(kForms),
                    [&rule](std::string_view form) { return rule.written(form); }) != 1) {
    rule.diagnostics().broken(rule.place(),
                              "The object must have only one of the following fields, [And, Or, "
                              "Not, Variable, Condition]");
    return never();
  }
  if (rule.has("And")) return {AndCondition{parse_operands(rule, "And")}};
  if (rule.has("Or")) return {OrCondition{parse_operands(rule, "Or")}};
  if (const json::Node* operand = rule.find("Not")) {
    Condition inner = parse_nested(rule, *operand, rule.place_of("Not"));
    return {NotCondition{std::make_unique<Condition>(std::move(inner))}};
  }
  if (rule.has("Variable")) return parse_data_test(rule);
  return parse_jsonata_condition(rule);
}

ChoiceRule parse_rule(const Fields& fields) {
  fields.require({"Next"});
  fields.string("Comment");
  Condition condition = parse_condition(fields);
  return {std::move(condition), fields.string("Next").value_or(""), assign_field(fields),
          template_field(fields, "Output")};
}

}  // namespace

ChoiceState parse_choice(const Walk& walk, const Fields& fields) {
  ChoiceState choice;
  fields.require({"Choices"});
  choice.default_next = fields.string("Default");
  const json::Node* rules = fields.filled_array("Choices");
  if (rules == nullptr) return choice;
  const Place place = fields.place_of("Choices");
  for (std::size_t i = 0; i < rules->size(); ++i) {
    const Place rule_place = place.element(i);
    if (!rules->at(i).is_object()) {
      report_wrong_type(walk.diagnostics, rule_place, "[OBJECT]");
      continue;
    }
    choice.choices.push_back(parse_rule(Fields(walk.diagnostics, rules->at(i), rule_place,
                                               {choice_rule_fields(), fields.language()})));
  }
  return choice;
}

}  // namespace pawl::asl
