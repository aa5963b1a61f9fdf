#include "templates/evaluate.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/number.h"
#include "templates/functions.h"
#include "templates/intrinsic.h"
#include "templates/limits.h"
#include "templates/sections.h"

namespace pawl::templates {

using json::Node;
using State = Evaluated::State;

Evaluator::Answer Evaluator::evaluate(Node node) {
  if (const auto call = intrinsic_of(node)) return evaluate_call(*call);
  if (node.is_array()) return evaluate_array(node);
  if (node.is_object()) return evaluate_object(node);
  if (node.is_string() && node.string().find("{{resolve:") != std::string_view::npos) {
    return resolve_dynamic(node.string());
  }
  return Evaluated{State::kKnown, node};
}

Evaluator::Answer Evaluator::evaluate_array(Node node) {
  std::vector<Node> elements;
  State state = State::kKnown;
  for (const Node& element : node) {
    const Evaluated value = TRY(evaluate(element));
    if (value.state == State::kNoValue) continue;
    if (value.state == State::kPartial) state = State::kPartial;
    elements.push_back(value.node);
  }
  return Evaluated{state, arena_.array(elements)};
}

Evaluator::Answer Evaluator::evaluate_object(Node node) {
  std::vector<json::Member> members;
  State state = State::kKnown;
  for (const json::Member& member : node.members()) {
    const Evaluated value = TRY(evaluate(member.value));
    if (value.state == State::kNoValue) continue;
    if (value.state == State::kPartial) state = State::kPartial;
    members.push_back({member.key, value.node});
  }
  return Evaluated{state, arena_.object(members)};
}

Evaluator::Answer Evaluator::evaluate_call(const Intrinsic& call) {
  TRY(check_shape(call));
  switch (call.function) {
    case Function::kRef:
      return ref(call.argument);
    case Function::kGetAtt:
      return get_attribute(call.argument);
    case Function::kSub:
      return sub(call.argument);
    case Function::kJoin:
      return join(call.argument);
    case Function::kSplit:
      return split(call.argument);
    case Function::kSelect:
      return select(call.argument);
    case Function::kIf:
      return choose(call.argument);
    case Function::kBase64:
      return base64(call.argument);
    case Function::kFindInMap:
      return find_in_map(call.argument);
    case Function::kImportValue:
      return import_value(call.argument);
    case Function::kCidr:
      return cidr(call.argument);
    case Function::kGetAZs:
      return zones(call.argument);
    case Function::kLength:
      return length(call.argument);
    case Function::kToJsonString:
      return to_json_string(call.argument);
    case Function::kTransform:
      return template_error(
          "Template error: Fn::Transform names a macro that this server does not have");
    case Function::kEquals:
    case Function::kAnd:
    case Function::kOr:
    case Function::kNot:
    case Function::kCondition:
      break;
  }
  return template_error(
      "Template error: condition functions can only be used in the Conditions block");
}

Evaluated Evaluator::pending(std::string_view key, Node argument) {
  return {State::kPartial, arena_.object({{arena_.string(key), argument}})};
}

Evaluated Evaluator::text(std::string_view value) { return {State::kKnown, arena_.string(value)}; }

std::optional<Evaluated> Evaluator::pseudo_parameter(std::string_view name) {
  const Surroundings& here = scope_.surroundings;
  if (name == "AWS::NoValue") return Evaluated{State::kNoValue, Node::null()};
  if (name == "AWS::Region") return text(here.region);
  if (name == "AWS::AccountId") return text(here.account);
  if (name == "AWS::Partition") return text(here.partition);
  if (name == "AWS::StackName") return text(here.stack_name);
  if (name == "AWS::StackId") return text(here.stack_id);
  if (name == "AWS::URLSuffix") return text(here.url_suffix);
  if (name == "AWS::NotificationARNs") {
    std::vector<Node> arns;
    for (const std::string& arn : here.notification_arns) arns.push_back(arena_.string(arn));
    return Evaluated{State::kKnown, arena_.array(arns)};
  }
  return std::nullopt;
}

// The value of a name: a pseudo parameter, a parameter or a resource. Nothing: not known yet.
Result<std::optional<Evaluated>, TemplateError> Evaluator::value_of(const std::string& name) {
  if (auto value = pseudo_parameter(name)) return value;
  if (const Parameter* parameter = scope_.parsed.parameter(name)) {
    const auto bound = scope_.parameters.find(name);
    const std::string_view given =
        bound == scope_.parameters.end() ? std::string_view() : bound->second.value;
    return std::optional(Evaluated{State::kKnown, parameter_node(arena_, *parameter, given)});
  }
  return attribute_of(name, "");
}

Result<std::optional<Evaluated>, TemplateError> Evaluator::attribute_of(
    const std::string& resource, const std::string& attribute) {
  if (!scope_.knowledge.resource) return std::optional<Evaluated>();
  const auto value = TRY(scope_.knowledge.resource(resource, attribute));
  if (!value) return std::optional<Evaluated>();
  return std::optional(Evaluated{State::kKnown, copy(value->root())});
}

// A node that lives in the arena.
Node Evaluator::copy(Node node) {
  if (node.is_string()) return arena_.string(node.string());
  if (node.is_number()) return arena_.number(node.number_text());
  std::vector<Node> elements;
  std::vector<json::Member> members;
  for (const Node& element : node) elements.push_back(copy(element));
  for (const json::Member& member : node.members()) {
    members.push_back({arena_.string(member.key.string()), copy(member.value)});
  }
  if (node.is_array()) return arena_.array(elements);
  if (node.is_object()) return arena_.object(members);
  return node;
}

Evaluator::Answer Evaluator::ref(Node argument) {
  const auto value = TRY(value_of(std::string(argument.string())));
  return value ? *value : pending("Ref", argument);
}

Evaluator::Answer Evaluator::get_attribute(Node argument) {
  const AttributeReference reference = TRY(attribute_reference(argument));
  const Evaluated attribute = TRY(evaluate(reference.attribute));
  const Node pair = arena_.array({arena_.string(reference.resource), attribute.node});
  if (attribute.state != State::kKnown || !attribute.node.is_string()) {
    return pending("Fn::GetAtt", pair);
  }
  const auto value =
      TRY(attribute_of(std::string(reference.resource), std::string(attribute.node.string())));
  return value ? *value : pending("Fn::GetAtt", pair);
}

Evaluator::Answer Evaluator::sub(Node argument) {
  const SubArgument given = TRY(sub_argument(argument));
  const Evaluated names = given.names.is_null() ? Evaluated{} : TRY(evaluate(given.names));
  std::string out;
  bool known = names.state == State::kKnown;
  // What is not known stays as a name, so that two texts with the same gaps compare equal.
  for (const SubPiece& piece : TRY(split_sub(given.text))) {
    if (piece.kind == SubPiece::Kind::kText) {
      out += piece.text;
      continue;
    }
    const auto value = TRY(sub_value(piece.text, names.node));
    known = known && value.has_value();
    out += value ? *value : "${" + piece.text + "}";
    if (out.size() > kValueBytesMax) return too_large();
  }
  if (known) return text(out);
  const Node written = arena_.string(out);
  return pending("Fn::Sub", given.names.is_null() ? written : arena_.array({written, names.node}));
}

Result<std::optional<std::string>, TemplateError> Evaluator::sub_value(const std::string& name,
                                                                       Node names) {
  std::optional<Evaluated> value;
  if (const Node* own = names.find(name)) {
    if (own->is_object()) return std::optional<std::string>();
    value = Evaluated{State::kKnown, *own};
  } else if (const std::size_t dot = name.find('.'); dot != std::string::npos) {
    value = TRY(attribute_of(name.substr(0, dot), name.substr(dot + 1)));
  } else {
    value = TRY(value_of(name));
  }
  if (!value) return std::optional<std::string>();
  if (auto scalar = scalar_text(value->node)) return scalar;
  if (value->node.is_null()) return std::optional<std::string>("");
  return template_error(fmt::format(
      "Template error: variable {} in Fn::Sub expression does not resolve to a string", name));
}

Evaluator::Answer Evaluator::choose(Node argument) {
  const auto condition = scope_.conditions.find(argument.at(0).string());
  const bool holds = condition != scope_.conditions.end() && condition->second;
  return evaluate(argument.at(holds ? 1 : 2));
}

Err<TemplateError> Evaluator::too_large() {
  return template_error("Template error: a value exceeds the maximum size");
}

Result<Evaluated, TemplateError> evaluate(json::Arena& arena, const Scope& scope, Node node) {
  return Evaluator(arena, scope).evaluate(node);
}

}  // namespace pawl::templates
