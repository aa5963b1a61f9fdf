#include "templates/sections.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "json/number.h"
#include "templates/limits.h"

namespace pawl::templates {

namespace {

using json::Node;

constexpr std::string_view kResourceAttributes[] = {
    "Type",     "Properties",     "DependsOn",           "Condition",   "DeletionPolicy",
    "Metadata", "CreationPolicy", "UpdateReplacePolicy", "UpdatePolicy"};

Result<std::string, TemplateError> text_attribute(Node object, std::string_view name,
                                                  std::string_view path) {
  const Node* found = object.find(name);
  if (found == nullptr) return std::string();
  if (!found->is_string()) {
    return template_error(
        fmt::format("Template format error: [{}] {} must be a string", path, name));
  }
  return std::string(found->string());
}

Result<DeletionPolicy, TemplateError> read_policy(Node object, std::string_view name,
                                                  std::string_view resource) {
  const Node* found = object.find(name);
  if (found == nullptr) return DeletionPolicy::kDelete;
  const std::string text = scalar_text(*found).value_or("");
  if (text == "Delete") return DeletionPolicy::kDelete;
  if (text == "Retain") return DeletionPolicy::kRetain;
  if (text == "Snapshot") return DeletionPolicy::kSnapshot;
  if (text == "RetainExceptOnCreate" && name == "DeletionPolicy") {
    return DeletionPolicy::kRetainExceptOnCreate;
  }
  return template_error(fmt::format("Template format error: Unrecognized {} {} for resource {}",
                                    name, text, resource));
}

Result<std::vector<std::string>, TemplateError> read_depends_on(Node object,
                                                                std::string_view path) {
  std::vector<std::string> names;
  const Node* found = object.find("DependsOn");
  if (found == nullptr) return names;
  const auto malformed = [path] {
    return template_error(
        fmt::format("Template format error: [{}] Every DependsOn value must be a string.", path));
  };
  if (found->is_string()) return std::vector<std::string>{std::string(found->string())};
  if (!found->is_array()) return malformed();
  for (const Node& name : *found) {
    if (!name.is_string()) return malformed();
    names.emplace_back(name.string());
  }
  return names;
}

Node attribute(Node object, std::string_view name) {
  const Node* found = object.find(name);
  return found == nullptr ? Node::null() : *found;
}

Result<Resource, TemplateError> read_resource(std::string_view name, Node object) {
  const std::string path = fmt::format("/Resources/{}", name);
  if (!is_alphanumeric(name)) {
    return template_error(
        fmt::format("Template format error: Resource name {} is non alphanumeric.", name));
  }
  if (name.size() > kLogicalIdCharactersMax) {
    return template_error(
        fmt::format("Template format error: Resource name {} is longer than {} characters.", name,
                    kLogicalIdCharactersMax));
  }
  if (!object.is_object()) {
    return template_error(
        fmt::format("Template format error: [{}] resource definition is malformed", path));
  }
  for (const json::Member& member : object.members()) {
    if (std::find(std::begin(kResourceAttributes), std::end(kResourceAttributes),
                  member.key.string()) == std::end(kResourceAttributes)) {
      return template_error(
          fmt::format("Invalid template resource property '{}'", member.key.string()));
    }
  }
  Resource resource;
  resource.name = name;
  const Node* type = object.find("Type");
  if (type == nullptr || !type->is_string()) {
    return template_error(fmt::format(
        "Template format error: [{}] Every Resources object must contain a Type member.", path));
  }
  resource.type = type->string();
  resource.properties = attribute(object, "Properties");
  if (!resource.properties.is_null() && !resource.properties.is_object()) {
    return template_error(
        fmt::format("Template format error: [{}] Properties must be an object.", path));
  }
  resource.depends_on = TRY(read_depends_on(object, path));
  resource.condition = TRY(text_attribute(object, "Condition", path));
  resource.deletion_policy = TRY(read_policy(object, "DeletionPolicy", name));
  resource.update_replace_policy = TRY(read_policy(object, "UpdateReplacePolicy", name));
  resource.metadata = attribute(object, "Metadata");
  resource.creation_policy = attribute(object, "CreationPolicy");
  resource.update_policy = attribute(object, "UpdatePolicy");
  return resource;
}

Result<Output, TemplateError> read_output(std::string_view name, Node object) {
  if (!is_alphanumeric(name)) {
    return template_error(
        fmt::format("Template format error: Output name {} is non alphanumeric.", name));
  }
  const Node* value = object.find("Value");
  if (value == nullptr) {
    return template_error(fmt::format(
        "Template format error: Output {} is malformed. Every Outputs member must contain a Value "
        "object",
        name));
  }
  for (const json::Member& member : object.members()) {
    const std::string_view key = member.key.string();
    if (key == "Value" || key == "Description" || key == "Export" || key == "Condition") continue;
    return template_error(fmt::format("Invalid template output property '{}'", key));
  }
  const std::string path = fmt::format("/Outputs/{}", name);
  Output output;
  output.name = name;
  output.value = *value;
  if (output.value.is_array() || (output.value.is_object() && output.value.size() != 1)) {
    return template_error(fmt::format(
        "Template format error: The Value field of every Outputs member must evaluate to a String.",
        name));
  }
  output.description = TRY(text_attribute(object, "Description", path));
  output.condition = TRY(text_attribute(object, "Condition", path));
  const Node exported = attribute(object, "Export");
  if (exported.is_null()) return output;
  const Node* export_name = exported.find("Name");
  if (export_name == nullptr || exported.size() != 1) {
    return template_error(fmt::format(
        "Template format error: Output {} is malformed. The Export member must have a Name", name));
  }
  output.export_name = *export_name;
  return output;
}

}  // namespace

bool is_alphanumeric(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_letter_or_digit);
}

std::optional<std::string> scalar_text(Node node) {
  switch (node.kind()) {
    case json::Kind::kString:
      return std::string(node.string());
    case json::Kind::kNumber:
      return std::string(node.number_text());
    case json::Kind::kBoolean:
      return std::string(node.boolean() ? "true" : "false");
    case json::Kind::kNull:
    case json::Kind::kArray:
    case json::Kind::kObject:
      return std::nullopt;
  }
  return std::nullopt;
}

Result<std::vector<Resource>, TemplateError> read_resources(Node section) {
  std::vector<Resource> resources;
  for (const json::Member& member : section.members()) {
    resources.push_back(TRY(read_resource(member.key.string(), member.value)));
  }
  return resources;
}

Result<std::vector<Output>, TemplateError> read_outputs(Node section) {
  std::vector<Output> outputs;
  for (const json::Member& member : section.members()) {
    outputs.push_back(TRY(read_output(member.key.string(), member.value)));
  }
  return outputs;
}

Result<void, TemplateError> check_mappings(Node section) {
  for (const json::Member& mapping : section.members()) {
    if (!is_alphanumeric(mapping.key.string())) {
      return template_error(
          fmt::format("Template format error: Mappings element name '{}' must be "
                      "non-empty and can contain only alphanumeric characters.",
                      mapping.key.string()));
    }
    if (!mapping.value.is_object()) {
      return template_error("Template format error: Every Mappings member must be a map");
    }
    for (const json::Member& key : mapping.value.members()) {
      if (!key.value.is_object()) {
        return template_error(fmt::format(
            "Template format error: Every Mappings member {} must be a map", key.key.string()));
      }
      for (const json::Member& value : key.value.members()) {
        if (!value.value.is_object()) continue;
        return template_error(
            "Template format error: Every Mappings attribute must be a String or a List.");
      }
    }
  }
  return {};
}

}  // namespace pawl::templates
