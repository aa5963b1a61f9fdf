// What is told of templates.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "services/cloudformation/service.h"
#include "templates/document.h"
#include "templates/transform.h"

namespace pawl::cloudformation {

namespace {

using json::Writer;

void write_capabilities(Writer& out, const templates::Template& parsed) {
  const std::vector<std::string> capabilities = needed_capabilities(parsed);
  if (capabilities.empty()) return;
  out.key("Capabilities").begin_array();
  std::string types;
  std::set<std::string> named;
  for (const std::string& capability : capabilities) out.string(capability);
  for (const templates::Resource& resource : parsed.resources) {
    if (resource.type.starts_with("AWS::IAM::")) named.insert(resource.type);
  }
  for (const std::string& type : named) types += (types.empty() ? "" : ", ") + type;
  out.end_array().key("CapabilitiesReason");
  out.string(fmt::format("The following resource(s) require capabilities: [{}]", types));
}

void write_transforms(Writer& out, const std::vector<std::string>& transforms) {
  if (transforms.empty()) return;
  out.key("DeclaredTransforms").begin_array();
  for (const std::string& name : transforms) out.string(name);
  out.end_array();
}

bool are_known(const std::vector<std::string>& transforms) {
  return std::all_of(transforms.begin(), transforms.end(), [](const std::string& name) {
    return name == "AWS::LanguageExtensions" || name == "AWS::Serverless-2016-10-31";
  });
}

enum class Shape { kValidation, kSummary };

void write_parameters(Writer& out, const templates::Template& parsed, Shape shape) {
  out.key("Parameters").begin_array();
  for (const templates::Parameter& parameter : parsed.parameters) {
    out.begin_object().key("ParameterKey").string(parameter.name);
    if (parameter.default_value) out.key("DefaultValue").string(*parameter.default_value);
    if (shape == Shape::kSummary) out.key("ParameterType").string(parameter.type);
    out.key("NoEcho").boolean(parameter.no_echo);
    if (parameter.description) out.key("Description").string(*parameter.description);
    if (shape == Shape::kSummary) {
      out.key("ParameterConstraints").begin_object();
      if (!parameter.allowed_values.empty()) {
        out.key("AllowedValues").begin_array();
        for (const std::string& value : parameter.allowed_values) out.string(value);
        out.end_array();
      }
      out.end_object();
    }
    out.end_object();
  }
  out.end_array();
}

}  // namespace

Service::Result Service::get_template(const Call& call) {
  const Fields fields(call.input);
  StackContent content;
  if (fields.has("ChangeSetName")) {
    content = TRY(change_set_named(call)).content;
  } else {
    content = TRY(stack_of(call, StackWords::kWithId)).content;
  }
  const bool processed = fields.text("TemplateStage") == "Processed";
  std::string text;
  Writer out(text);
  out.begin_object().key("TemplateBody");
  out.string(template_of(processed ? content.processed_hash : content.template_hash));
  out.key("StagesAvailable").begin_array().string("Original").string("Processed");
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

// A template as its author wrote it. One that has a transform need not be ready for it (a
// function's code may still be a folder): then its own sections are all that is told.
Service::Checked<Service::Described> Service::described(const std::string& text) const {
  auto document = templates::read_document(text);
  if (!document.ok()) return Err{from_template(document.error())};
  Described found{*document, {}, templates::transforms_of(document->root())};
  auto expanded = templates::apply_transforms(*document, {});
  auto parsed = expanded.ok() ? templates::parse_template(std::move(*expanded))
                              : ::pawl::Result<templates::Template, templates::TemplateError>(
                                    Err{std::move(expanded).error()});
  if (!parsed.ok() && !found.transforms.empty() && are_known(found.transforms)) {
    parsed = templates::parse_head(*document);
  }
  if (!parsed.ok()) return Err{from_template(parsed.error())};
  found.parsed = std::move(*parsed);
  return found;
}

Service::Result Service::validate_template(const Call& call) {
  const Described found = TRY(described(TRY(template_text(call, nullptr))));
  std::string text;
  Writer out(text);
  out.begin_object();
  write_parameters(out, found.parsed, Shape::kValidation);
  if (!found.parsed.description.empty()) out.key("Description").string(found.parsed.description);
  write_capabilities(out, found.parsed);
  write_transforms(out, found.transforms);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Result Service::get_summary(const Call& call) {
  const Fields fields(call.input);
  const std::string name = fields.text("StackName");
  const std::string given = name.empty()
                                ? TRY(template_text(call, nullptr))
                                : template_of(TRY(stack_named(call, name)).content.template_hash);
  const Described found = TRY(described(given));
  std::set<std::string> types;
  const json::Node* resources = found.original.root().find("Resources");
  for (const json::Member& resource : resources ? resources->members() : json::Node().members()) {
    const json::Node* type = resource.value.find("Type");
    if (type != nullptr && type->is_string()) types.emplace(type->string());
  }
  std::string text;
  Writer out(text);
  out.begin_object();
  write_parameters(out, found.parsed, Shape::kSummary);
  if (!found.parsed.description.empty()) out.key("Description").string(found.parsed.description);
  write_capabilities(out, found.parsed);
  out.key("ResourceTypes").begin_array();
  for (const std::string& type : types) out.string(type);
  out.end_array().key("Version").string("2010-09-09");
  if (!found.parsed.metadata.is_null()) {
    out.key("Metadata").string(json::print(found.parsed.metadata));
  }
  write_transforms(out, found.transforms);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::cloudformation
