#include "services/codepipeline/action_types.h"

#include "services/codepipeline/client.h"
#include "zip/writer.h"

namespace pawl::codepipeline {

namespace {

Count read_count(json::Node type, std::string_view member) {
  const json::Node* found = node_in(type, member);
  if (found == nullptr) return {};
  return {static_cast<std::size_t>(integer_in(*found, "minimumCount")),
          static_cast<std::size_t>(integer_in(*found, "maximumCount"))};
}

void write_count(json::Writer& out, std::string_view member, const Count& count) {
  out.key(member).begin_object();
  out.key("minimumCount").integer(static_cast<std::int64_t>(count.min));
  out.key("maximumCount").integer(static_cast<std::int64_t>(count.max)).end_object();
}

}  // namespace

std::string Work::text(std::string_view name) const {
  const auto found = run.configuration.find(std::string(name));
  return found == run.configuration.end() ? std::string() : found->second;
}

const Artifact* Work::input() const { return run.inputs.empty() ? nullptr : &run.inputs.front(); }

const Artifact* Work::input(std::string_view name) const {
  for (const Artifact& artifact : run.inputs) {
    if (artifact.name == name) return &artifact;
  }
  return nullptr;
}

Result<void, std::string> Work::put_output(std::string_view path, std::string_view content) const {
  const Artifact& output = run.outputs.front();
  const auto kept =
      client.put_object(output.bucket, output.object_key, zip::archive_of({{path, content}}));
  if (!kept.ok()) return Err{kept.error().message};
  return {};
}

const std::vector<ActionTypeInfo>& builtin_types() {
  static const std::vector<ActionTypeInfo> types = {
      codecommit_source(),     s3_source(), lambda_invoke(),   stepfunctions_invoke(),
      cloudformation_deploy(), s3_deploy(), manual_approval(),
  };
  return types;
}

const ActionTypeInfo* find_builtin(const ActionTypeId& id) {
  for (const ActionTypeInfo& type : builtin_types()) {
    if (type.id == id) return &type;
  }
  return nullptr;
}

ActionTypeInfo custom_type(json::Node declared) {
  ActionTypeInfo info;
  info.id = {text_in(declared, "category"), "Custom", text_in(declared, "provider"),
             text_in(declared, "version")};
  info.inputs = read_count(declared, "inputArtifactDetails");
  info.outputs = read_count(declared, "outputArtifactDetails");
  if (const json::Node* properties = node_in(declared, "configurationProperties")) {
    for (const json::Node& each : *properties) {
      info.configuration.push_back({.name = text_in(each, "name"),
                                    .is_required = flag_in(each, "required"),
                                    .is_key = flag_in(each, "key"),
                                    .is_secret = flag_in(each, "secret"),
                                    .is_queryable = flag_in(each, "queryable"),
                                    .type = text_in(each, "type"),
                                    .description = text_in(each, "description")});
    }
  }
  info.perform = perform_custom;
  return info;
}

void write_type_info(json::Writer& out, const ActionTypeInfo& info, json::Node settings) {
  out.begin_object();
  write_type(out, "id", info.id);
  if (settings.is_object()) out.key("settings").node(settings);
  out.key("actionConfigurationProperties").begin_array();
  for (const Configuration& each : info.configuration) {
    out.begin_object().key("name").string(each.name);
    out.key("required").boolean(each.is_required).key("key").boolean(each.is_key);
    out.key("secret").boolean(each.is_secret).key("queryable").boolean(each.is_queryable);
    write_text(out, "type", each.type);
    write_text(out, "description", each.description);
    out.end_object();
  }
  out.end_array();
  write_count(out, "inputArtifactDetails", info.inputs);
  write_count(out, "outputArtifactDetails", info.outputs);
  out.end_object();
}

}  // namespace pawl::codepipeline
