#include "templates/template.h"

#include <fmt/format.h>

#include <algorithm>

#include "templates/limits.h"
#include "templates/references.h"
#include "templates/sections.h"

namespace pawl::templates {

namespace {

using json::Node;

constexpr std::string_view kSections[] = {"AWSTemplateFormatVersion",
                                          "Description",
                                          "Metadata",
                                          "Parameters",
                                          "Rules",
                                          "Mappings",
                                          "Conditions",
                                          "Transform",
                                          "Resources",
                                          "Outputs"};
constexpr std::string_view kObjectSections[] = {"Metadata",   "Parameters", "Rules",  "Mappings",
                                                "Conditions", "Resources",  "Outputs"};

Node section_of(Node document, std::string_view name) {
  const Node* found = document.find(name);
  return found == nullptr ? Node::null() : *found;
}

Result<void, TemplateError> check_section_names(Node document) {
  std::string unknown;
  for (const json::Member& member : document.members()) {
    const std::string_view name = member.key.string();
    if (std::find(std::begin(kSections), std::end(kSections), name) != std::end(kSections))
      continue;
    if (!unknown.empty()) unknown += ", ";
    unknown += name;
  }
  if (!unknown.empty()) {
    return template_error(fmt::format("Invalid template property or properties [{}]", unknown));
  }
  for (const std::string_view name : kObjectSections) {
    const Node section = section_of(document, name);
    if (section.is_null() || section.is_object()) continue;
    return template_error(fmt::format("Template format error: {} must be an object.", name));
  }
  return {};
}

Result<void, TemplateError> check_head(Node document) {
  TRY(check_section_names(document));
  const Node version = section_of(document, "AWSTemplateFormatVersion");
  if (!version.is_null() && scalar_text(version) != "2010-09-09") {
    return template_error(fmt::format(
        "Template format error: unsupported value for AWSTemplateFormatVersion. (Supported values "
        "include: 2010-09-09)"));
  }
  const Node description = section_of(document, "Description");
  if (!description.is_null() && !description.is_string()) {
    return template_error("Template format error: Description must be a string.");
  }
  if (description.is_string() && description.string().size() > kDescriptionBytesMax) {
    return template_error(fmt::format(
        "Template format error: 'Description' length is greater than {}.", kDescriptionBytesMax));
  }
  const Node resources = section_of(document, "Resources");
  if (resources.size() == 0) {
    return template_error("Template format error: At least one Resources member must be defined.");
  }
  return {};
}

template <class Item>
const Item* find_named(const std::vector<Item>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [name](const Item& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

Result<void, TemplateError> check_count(std::string_view what, std::size_t count, std::size_t max) {
  if (count <= max) return {};
  return template_error(
      fmt::format("Template format error: Number of {}, {}, is greater than maximum allowed, {}",
                  what, count, max));
}

}  // namespace

const Parameter* Template::parameter(std::string_view name) const {
  return find_named(parameters, name);
}
const Condition* Template::condition(std::string_view name) const {
  return find_named(conditions, name);
}
const Resource* Template::resource(std::string_view name) const {
  return find_named(resources, name);
}

std::vector<std::string> transforms_of(Node document) {
  std::vector<std::string> names;
  const Node section = section_of(document, "Transform");
  if (section.is_string()) names.emplace_back(section.string());
  for (const Node& element : section) {
    if (element.is_string()) names.emplace_back(element.string());
  }
  return names;
}

Result<Template, TemplateError> parse_head(json::Value document) {
  Template parsed;
  parsed.document = std::move(document);
  const Node root = parsed.document.root();
  TRY(check_count("parameters", section_of(root, "Parameters").size(), kParametersMax));
  const Node description = section_of(root, "Description");
  if (description.is_string()) parsed.description = description.string();
  parsed.transforms = transforms_of(root);
  parsed.metadata = section_of(root, "Metadata");
  parsed.parameters = TRY(read_parameters(section_of(root, "Parameters")));
  return parsed;
}

Result<Template, TemplateError> parse_template(json::Value document) {
  TRY(check_head(document.root()));
  Template parsed = TRY(parse_head(std::move(document)));
  const Node root = parsed.document.root();
  TRY(check_count("resources", section_of(root, "Resources").size(), kResourcesMax));
  TRY(check_count("mappings", section_of(root, "Mappings").size(), kMappingsMax));
  TRY(check_count("outputs", section_of(root, "Outputs").size(), kOutputsMax));
  TRY(check_count("conditions", section_of(root, "Conditions").size(), kConditionsMax));
  parsed.rules = section_of(root, "Rules");
  parsed.mappings = section_of(root, "Mappings");
  TRY(check_mappings(parsed.mappings));
  const Node conditions = section_of(root, "Conditions");
  for (const json::Member& member : conditions.members()) {
    if (!is_alphanumeric(member.key.string())) {
      return template_error(fmt::format(
          "Template format error: Condition name {} is non alphanumeric.", member.key.string()));
    }
    parsed.conditions.push_back({std::string(member.key.string()), member.value});
  }
  parsed.resources = TRY(read_resources(section_of(root, "Resources")));
  parsed.outputs = TRY(read_outputs(section_of(root, "Outputs")));
  TRY(check_references(parsed));
  return parsed;
}

}  // namespace pawl::templates
