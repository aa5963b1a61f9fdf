#include "services/cloudformation/change_set_diff.h"

#include <algorithm>
#include <set>

#include "templates/references.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;

// One detail of a resource's change.
struct Detail {
  std::string attribute = "Properties";
  std::string property;  // of the attribute Properties
  Replaces replaces = Replaces::kNever;
  bool is_static = true;
  std::string_view source;  // ChangeSource
  std::string cause;        // CausingEntity
};

struct ResourceChange {
  std::string action, logical_id, physical_id, type, replacement, policy_action;
  std::vector<Detail> details;
};

std::string_view recreation_name(Replaces replaces) {
  switch (replaces) {
    case Replaces::kNever:
      return "Never";
    case Replaces::kConditionally:
      return "Conditionally";
    case Replaces::kAlways:
      return "Always";
  }
  return "Never";
}

void write_detail(Writer& out, const Detail& detail) {
  out.begin_object().key("Target").begin_object().key("Attribute").string(detail.attribute);
  if (!detail.property.empty()) out.key("Name").string(detail.property);
  out.key("RequiresRecreation").string(recreation_name(detail.replaces)).end_object();
  out.key("Evaluation").string(detail.is_static ? "Static" : "Dynamic");
  out.key("ChangeSource").string(detail.source);
  if (!detail.cause.empty()) out.key("CausingEntity").string(detail.cause);
  out.end_object();
}

void write_change(Writer& out, const ResourceChange& change) {
  std::set<std::string> scope;
  for (const Detail& detail : change.details) scope.insert(detail.attribute);
  out.begin_object().key("Type").string("Resource").key("ResourceChange").begin_object();
  if (!change.policy_action.empty()) out.key("PolicyAction").string(change.policy_action);
  out.key("Action").string(change.action);
  out.key("LogicalResourceId").string(change.logical_id);
  if (!change.physical_id.empty()) out.key("PhysicalResourceId").string(change.physical_id);
  out.key("ResourceType").string(change.type);
  if (!change.replacement.empty()) out.key("Replacement").string(change.replacement);
  out.key("Scope").begin_array();
  for (const std::string& attribute : scope) out.string(attribute);
  out.end_array().key("Details").begin_array();
  for (const Detail& detail : change.details) write_detail(out, detail);
  out.end_array().end_object().end_object();
}

Node member_of(Node object, std::string_view name) {
  const Node* found = object.find(name);
  return found != nullptr ? *found : Node();
}

// Parameters that the node names.
void collect_parameters(const templates::Template& parsed, Node node,
                        std::set<std::string>& names) {
  const auto add = [&](std::string_view name) {
    if (parsed.parameter(name) != nullptr) names.emplace(name);
  };
  if (node.is_object() && node.size() == 1) {
    const json::Member& member = node.member(0);
    if (member.key.string() == "Ref" && member.value.is_string()) add(member.value.string());
    if (member.key.string() == "Fn::Sub") {
      const Node text = member.value.is_array() ? member.value.at(0) : member.value;
      std::string_view rest = text.is_string() ? text.string() : std::string_view();
      for (std::size_t start = rest.find("${"); start != std::string_view::npos;
           start = rest.find("${")) {
        rest.remove_prefix(start + 2);
        add(rest.substr(0, rest.find('}')));
      }
    }
  }
  for (const Node& element : node) collect_parameters(parsed, element, names);
  for (const json::Member& member : node.members()) {
    collect_parameters(parsed, member.value, names);
  }
}

class Differ {
 public:
  Differ(const ResourceTypes& types, const DiffSide& before, const DiffSide& after,
         const std::map<std::string, ResourceRecord>& resources)
      : types_(types), before_(before), after_(after), resources_(resources) {}

  std::string run() {
    // Each resource behind those it uses: whether those change is known by then.
    for (const std::string& name : templates::creation_order(*after_.parsed).value()) {
      const templates::Resource& resource = *after_.parsed->resource(name);
      if (!after_.wants(resource)) continue;
      const auto existing = resources_.find(name);
      if (existing == resources_.end()) {
        changes_[name] = {"Add", name, "", resource.type, "", "", {}};
      } else {
        compare(resource, existing->second);
      }
    }
    for (const auto& [name, record] : resources_) {
      const templates::Resource* resource = after_.parsed->resource(name);
      if (resource != nullptr && after_.wants(*resource)) continue;
      const bool retained =
          record.deletion_policy == "Retain" || record.deletion_policy == "RetainExceptOnCreate";
      changes_[name] = {
          "Remove", name, record.physical_id, record.type, "", retained ? "Retain" : "Delete", {}};
    }
    std::string text;
    Writer out(text);
    out.begin_array();
    for (const auto& [name, change] : changes_) write_change(out, change);
    out.end_array();
    return text;
  }

 private:
  // The properties of a resource with everything known but other resources.
  json::Value evaluated(const DiffSide& side, const templates::Resource& resource) {
    const templates::Knowledge nothing;
    const templates::Scope scope{*side.parsed, side.parameters, side.surroundings, side.conditions,
                                 nothing};
    json::Arena arena;
    const auto properties = templates::evaluate(arena, scope, resource.properties);
    if (!properties.ok() || properties->node.is_null()) return json::Value::trusted("{}");
    return json::Value::of(properties->node);
  }

  void compare(const templates::Resource& resource, const ResourceRecord& record) {
    const templates::Resource* old =
        before_.parsed ? before_.parsed->resource(resource.name) : nullptr;
    if (old == nullptr) return;
    ResourceChange change{"Modify", resource.name, record.physical_id, resource.type, "False", "",
                          {}};
    const ResourceType& type = *types_.find(resource.type);
    const json::Value from = evaluated(before_, *old);
    const json::Value to = evaluated(after_, resource);
    // Values are compared as the resource would have them: "60" is 60.
    const json::Value from_conformed = conformed(before_, type, resource.name, from);
    const json::Value to_conformed = conformed(after_, type, resource.name, to);
    for (const std::string& name : changed_properties(from_conformed.root(), to_conformed.root())) {
      add_static(change, type, name, *old, resource);
    }
    for (const json::Member& member : to.root().members()) add_dynamic(change, type, member);
    if (!json::equal(old->metadata, resource.metadata)) {
      change.details.push_back(
          {.attribute = "Metadata", .property = {}, .source = "DirectModification", .cause = {}});
    }
    if (old->deletion_policy != resource.deletion_policy) {
      change.details.push_back({.attribute = "DeletionPolicy",
                                .property = {},
                                .source = "DirectModification",
                                .cause = {}});
    }
    if (old->update_replace_policy != resource.update_replace_policy) {
      change.details.push_back({.attribute = "UpdateReplacePolicy",
                                .property = {},
                                .source = "DirectModification",
                                .cause = {}});
    }
    if (resource.type != record.type) change.replacement = "True";
    if (change.details.empty() && change.replacement == "False") return;
    for (const Detail& detail : change.details) {
      if (detail.replaces == Replaces::kNever || change.replacement == "True") continue;
      const bool surely = detail.is_static && detail.replaces == Replaces::kAlways;
      change.replacement = surely ? "True" : "Conditional";
    }
    if (change.replacement == "True") {
      const bool retained = resource.update_replace_policy == templates::DeletionPolicy::kRetain;
      change.policy_action = retained ? "ReplaceAndRetain" : "ReplaceAndDelete";
    }
    changes_[resource.name] = std::move(change);
  }

  static json::Value conformed(const DiffSide& side, const ResourceType& type,
                               const std::string& name, const json::Value& properties) {
    auto value = conform_properties(type, name, properties.root());
    return with_stack_tags(type, value.ok() ? std::move(value).value() : properties, side.tags);
  }

  static Detail detail_of(const ResourceType& type, const std::string& name) {
    const Property* property = type.find(name);
    Detail detail;
    detail.property = name;
    if (name == "Tags") {
      detail.attribute = "Tags";
      detail.property.clear();
    }
    if (property != nullptr) detail.replaces = property->replaces;
    return detail;
  }

  // The property's value is another one: by the template's own text, or by a parameter's value.
  void add_static(ResourceChange& change, const ResourceType& type, const std::string& name,
                  const templates::Resource& old, const templates::Resource& now) {
    Detail detail = detail_of(type, name);
    const Node from = member_of(old.properties, name);
    const Node to = member_of(now.properties, name);
    detail.source = "DirectModification";
    if (!json::equal(from, to)) {
      change.details.push_back(detail);
      return;
    }
    std::set<std::string> names;
    collect_parameters(*after_.parsed, to, names);
    bool by_parameter = false;
    for (const std::string& parameter : names) {
      const auto then = before_.parameters.find(parameter);
      const auto value = after_.parameters.find(parameter);
      const bool same = then != before_.parameters.end() && value != after_.parameters.end() &&
                        then->second == value->second;
      if (same) continue;
      Detail caused = detail;
      caused.source = "ParameterReference";
      caused.cause = parameter;
      change.details.push_back(caused);
      by_parameter = true;
    }
    detail.is_static = !by_parameter;
    change.details.push_back(detail);
  }

  // The property uses a resource that changes too: its value may be another one then.
  void add_dynamic(ResourceChange& change, const ResourceType& type, const json::Member& property) {
    const std::string name(property.key.string());
    std::set<std::string> told;
    templates::for_each_use(*after_.parsed, property.value, [&](const templates::Use& use) {
      const auto used = changes_.find(use.resource);
      if (used == changes_.end() || used->second.action != "Modify") return;
      // A name changes with the resource alone.
      if (use.attribute.empty() && used->second.replacement == "False") return;
      Detail detail = detail_of(type, name);
      detail.is_static = false;
      detail.source = use.attribute.empty() ? "ResourceReference" : "ResourceAttribute";
      detail.cause = use.attribute.empty() ? use.resource : use.resource + "." + use.attribute;
      if (told.insert(detail.cause).second) change.details.push_back(detail);
    });
  }

  const ResourceTypes& types_;
  const DiffSide& before_;
  const DiffSide& after_;
  const std::map<std::string, ResourceRecord>& resources_;
  std::map<std::string, ResourceChange> changes_;
};

}  // namespace

bool DiffSide::wants(const templates::Resource& resource) const {
  if (resource.condition.empty()) return true;
  const auto condition = conditions.find(resource.condition);
  return condition != conditions.end() && condition->second;
}

std::string diff_stacks(const ResourceTypes& types, const DiffSide& before, const DiffSide& after,
                        const std::map<std::string, ResourceRecord>& resources) {
  return Differ(types, before, after, resources).run();
}

}  // namespace pawl::cloudformation
