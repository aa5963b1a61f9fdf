#include "templates/references.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "templates/intrinsic.h"
#include "templates/sections.h"

namespace pawl::templates {

namespace {

using json::Node;
using Checked = Result<void, TemplateError>;

std::string listed(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Walks one block and collects what it names that is not there.
class Checker {
 public:
  Checker(const Template& parsed, std::set<std::string>& unresolved)
      : template_(parsed), unresolved_(unresolved) {}

  Checked check(Node node) {
    const auto call = intrinsic_of(node);
    if (call) return check_call(*call);
    if (node.is_object() && node.size() == 1 && node.member(0).key.string().starts_with("Fn::")) {
      return template_error(fmt::format(
          "Template error: Encountered unsupported function: {} Supported functions are: "
          "[Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, "
          "Fn::FindInMap, Fn::Select, Ref, Fn::If, Fn::Sub, Fn::Cidr, Fn::Length, "
          "Fn::ToJsonString]",
          node.member(0).key.string()));
    }
    for (const Node& element : node) TRY(check(element));
    for (const json::Member& member : node.members()) TRY(check(member.value));
    return {};
  }

 private:
  bool is_known(std::string_view name) const {
    return is_pseudo_parameter(name) || template_.parameter(name) != nullptr ||
           template_.resource(name) != nullptr;
  }

  Checked check_call(const Intrinsic& call) {
    TRY(check_shape(call));
    switch (call.function) {
      case Function::kRef:
        return check_ref(call.argument);
      case Function::kGetAtt:
        return check_attribute(call.argument);
      case Function::kSub:
        return check_sub(call.argument);
      case Function::kIf:
        return check_if(call.argument);
      case Function::kFindInMap:
        return check_find(call.argument);
      case Function::kJoin:
      case Function::kSplit:
        return check(call.argument.at(1));
      case Function::kEquals:
      case Function::kAnd:
      case Function::kOr:
      case Function::kNot:
      case Function::kCondition:
        return template_error(
            "Template error: Fn::Equals, Fn::And, Fn::Or and Fn::Not can only be used in the "
            "Conditions block of the template");
      case Function::kSelect:
      case Function::kBase64:
      case Function::kImportValue:
      case Function::kCidr:
      case Function::kGetAZs:
      case Function::kTransform:
      case Function::kLength:
      case Function::kToJsonString:
        return check_inside(call.argument);
    }
    return {};
  }

  Checked check_inside(Node argument) {
    if (argument.is_array()) {
      for (const Node& element : argument) TRY(check(element));
      return {};
    }
    return check(argument);
  }

  Checked check_ref(Node argument) {
    if (!is_known(argument.string())) unresolved_.emplace(argument.string());
    return {};
  }

  Checked check_attribute(Node argument) {
    const AttributeReference reference = TRY(attribute_reference(argument));
    if (template_.resource(reference.resource) == nullptr) {
      return template_error(
          fmt::format("Template error: instance of Fn::GetAtt references undefined resource {}",
                      reference.resource));
    }
    return check(reference.attribute);
  }

  Checked check_sub(Node argument) {
    const SubArgument sub = TRY(sub_argument(argument));
    for (const json::Member& member : sub.names.members()) TRY(check(member.value));
    for (const SubPiece& piece : TRY(split_sub(sub.text))) {
      if (piece.kind == SubPiece::Kind::kText || sub.names.find(piece.text) != nullptr) continue;
      const std::string_view name = std::string_view(piece.text).substr(0, piece.text.find('.'));
      const bool pseudo = is_pseudo_parameter(piece.text);
      const bool attribute = name.size() != piece.text.size();
      if (pseudo || template_.resource(name) != nullptr) continue;
      if (!attribute && is_known(name)) continue;
      unresolved_.emplace(name);
    }
    return {};
  }

  Checked check_if(Node argument) {
    if (template_.condition(argument.at(0).string()) == nullptr) {
      return template_error(fmt::format(
          "Template error: unresolved condition dependency {} in Fn::If", argument.at(0).string()));
    }
    TRY(check(argument.at(1)));
    return check(argument.at(2));
  }

  Checked check_find(Node argument) {
    const Node name = argument.at(0);
    if (name.is_string() && template_.mappings.find(name.string()) == nullptr) {
      return template_error(fmt::format(
          "Template validation error: Template error: Mapping named '{}' is not present in the "
          "'Mappings' section of template.",
          name.string()));
    }
    return check_inside(argument);
  }

  const Template& template_;
  std::set<std::string>& unresolved_;
};

// Conditions may use parameters, mappings and each other.
class ConditionChecker {
 public:
  explicit ConditionChecker(const Template& parsed) : template_(parsed) {}

  Checked check_all() {
    for (const Condition& condition : template_.conditions) {
      current_ = condition.name;
      TRY(check(condition.expression));
    }
    if (!unresolved_.empty()) {
      return template_error(
          fmt::format("Template format error: Unresolved dependencies [{}]. Cannot reference "
                      "resources in the Conditions block of the template",
                      listed(unresolved_)));
    }
    return check_cycles();
  }

 private:
  Checked check(Node node) {
    if (const auto call = intrinsic_of(node)) TRY(check_shape(*call));
    if (node.is_object() && node.size() == 1) {
      const json::Member& member = node.member(0);
      const std::string_view key = member.key.string();
      if (key == "Condition" && member.value.is_string()) return use(member.value.string());
      if (key == "Ref") {
        const std::string_view name = member.value.string();
        if (!is_pseudo_parameter(name) && template_.parameter(name) == nullptr) {
          unresolved_.emplace(name);
        }
        return {};
      }
      if (key == "Fn::GetAtt") {
        const AttributeReference reference = TRY(attribute_reference(member.value));
        unresolved_.emplace(reference.resource);
        return {};
      }
      if (key == "Fn::If") TRY(use(member.value.at(0).string()));
    }
    for (const Node& element : node) TRY(check(element));
    for (const json::Member& member : node.members()) TRY(check(member.value));
    return {};
  }

  Checked use(std::string_view name) {
    if (template_.condition(name) == nullptr) {
      return template_error(fmt::format(
          "Template format error: Unresolved condition dependency {} in the Conditions block of "
          "the template",
          name));
    }
    uses_[current_].emplace(name);
    return {};
  }

  Checked check_cycles() {
    // Takes away conditions that use none that is left; what stays uses itself in a circle.
    std::map<std::string, std::set<std::string>> left = uses_;
    for (bool taken = true; taken;) {
      taken = false;
      for (auto next = left.begin(); next != left.end();) {
        const bool free =
            std::none_of(next->second.begin(), next->second.end(),
                         [&left](const std::string& name) { return left.contains(name); });
        next = free ? left.erase(next) : std::next(next);
        taken = taken || free;
      }
    }
    if (left.empty()) return {};
    std::set<std::string> names;
    for (const auto& [name, uses] : left) names.insert(name);
    return template_error(fmt::format(
        "Template error: Found circular condition dependency between [{}]", listed(names)));
  }

  const Template& template_;
  std::string current_;
  std::set<std::string> unresolved_;
  std::map<std::string, std::set<std::string>> uses_;
};

Checked check_condition_name(const Template& parsed, const std::string& name,
                             std::string_view block) {
  if (name.empty() || parsed.condition(name) != nullptr) return {};
  return template_error(fmt::format(
      "Template format error: Unresolved condition dependency {} in the {} block of the template",
      name, block));
}

Checked check_outputs(const Template& parsed) {
  std::set<std::string> unresolved;
  Checker checker(parsed, unresolved);
  for (const Output& output : parsed.outputs) {
    TRY(checker.check(output.value));
    TRY(checker.check(output.export_name));
    TRY(check_condition_name(parsed, output.condition, "Outputs"));
    if (output.value.is_object() && !intrinsic_of(output.value)) {
      return template_error(
          "Template format error: The Value field of every Outputs member must evaluate to a "
          "String.");
    }
  }
  if (unresolved.empty()) return {};
  return template_error(fmt::format(
      "Template format error: Unresolved resource dependencies [{}] in the Outputs block of the "
      "template",
      listed(unresolved)));
}

// The strongly connected part that `start` can reach and is reached from, as sorted names.
std::set<std::string> names_of_cycles(const std::map<std::string, std::set<std::string>>& needs) {
  const auto reach = [&needs](const std::string& start) {
    std::set<std::string> seen;
    std::vector<std::string> open{start};
    while (!open.empty()) {
      const std::string name = std::move(open.back());
      open.pop_back();
      for (const std::string& next : needs.at(name)) {
        if (needs.contains(next) && seen.insert(next).second) open.push_back(next);
      }
    }
    return seen;
  };
  std::set<std::string> cyclic;
  for (const auto& [name, uses] : needs) {
    if (reach(name).contains(name)) cyclic.insert(name);
  }
  return cyclic;
}

}  // namespace

void for_each_use(const Template& parsed, Node node, const std::function<void(const Use&)>& found) {
  const auto call = intrinsic_of(node);
  if (!call) {
    for (const Node& element : node) for_each_use(parsed, element, found);
    for (const json::Member& member : node.members()) for_each_use(parsed, member.value, found);
    return;
  }
  if (call->function == Function::kRef && call->argument.is_string()) {
    const std::string name(call->argument.string());
    if (parsed.resource(name) != nullptr) found({name, ""});
    return;
  }
  if (call->function == Function::kGetAtt) {
    const auto reference = attribute_reference(call->argument);
    if (!reference.ok()) return;
    const bool named = reference->attribute.is_string();
    found({std::string(reference->resource),
           named ? std::string(reference->attribute.string()) : std::string("*")});
    return for_each_use(parsed, reference->attribute, found);
  }
  if (call->function == Function::kSub) {
    const auto sub = sub_argument(call->argument);
    const auto pieces = sub.ok() ? split_sub(sub->text) : template_error("");
    if (!pieces.ok()) return;
    for (const SubPiece& piece : *pieces) {
      if (piece.kind == SubPiece::Kind::kText || sub->names.find(piece.text)) continue;
      const std::size_t dot = piece.text.find('.');
      const std::string name = piece.text.substr(0, dot);
      if (parsed.resource(name) == nullptr) continue;
      found({name, dot == std::string::npos ? "" : piece.text.substr(dot + 1)});
    }
    return for_each_use(parsed, sub->names, found);
  }
  for_each_use(parsed, call->argument, found);
}

std::vector<std::string> dependencies_of(const Template& parsed, const Resource& resource) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for_each_use(parsed, resource.properties, [&](const Use& use) { add(use.resource); });
  for_each_use(parsed, resource.metadata, [&](const Use& use) { add(use.resource); });
  for (const std::string& name : resource.depends_on) add(name);
  return names;
}

Result<std::vector<std::string>, TemplateError> creation_order(const Template& parsed) {
  std::map<std::string, std::set<std::string>> needs;
  std::map<std::string, std::vector<std::string>> needed_by;
  for (const Resource& resource : parsed.resources) {
    auto& mine = needs[resource.name];
    for (const std::string& name : dependencies_of(parsed, resource)) {
      mine.insert(name);
      needed_by[name].push_back(resource.name);
    }
  }
  std::vector<std::string> order;
  for (const Resource& resource : parsed.resources) {
    if (needs.at(resource.name).empty()) order.push_back(resource.name);
  }
  auto left = needs;
  for (std::size_t next = 0; next < order.size(); ++next) {
    const std::string name = order[next];
    left.erase(name);
    for (const std::string& dependent : needed_by[name]) {
      const auto found = left.find(dependent);
      if (found == left.end()) continue;
      found->second.erase(name);
      if (found->second.empty()) order.push_back(dependent);
    }
  }
  if (left.empty()) return order;
  return template_error(
      fmt::format("Circular dependency between resources: [{}]", listed(names_of_cycles(left))));
}

Result<void, TemplateError> check_references(const Template& parsed) {
  TRY(ConditionChecker(parsed).check_all());
  std::set<std::string> unresolved;
  Checker checker(parsed, unresolved);
  for (const Resource& resource : parsed.resources) {
    TRY(checker.check(resource.properties));
    TRY(checker.check(resource.metadata));
    TRY(check_condition_name(parsed, resource.condition, "Resources"));
    for (const std::string& name : resource.depends_on) {
      if (parsed.resource(name) == nullptr) unresolved.insert(name);
    }
  }
  if (!unresolved.empty()) {
    return template_error(fmt::format(
        "Template format error: Unresolved resource dependencies [{}] in the Resources block of "
        "the template",
        listed(unresolved)));
  }
  TRY(check_outputs(parsed));
  TRY(creation_order(parsed));
  return {};
}

}  // namespace pawl::templates
