#include "services/codepipeline/stack_template.h"

#include <fmt/format.h>

#include "services/codepipeline/archive.h"
#include "services/codepipeline/client.h"

namespace pawl::codepipeline {

namespace {

using json::Node;

// "Artifact::path/in/it"
Result<std::string, std::string> read_path(const Work& work, const std::string& place) {
  const std::size_t colons = place.find("::");
  const std::string name = place.substr(0, colons);
  const Artifact* artifact = colons == std::string::npos ? nullptr : work.input(name);
  if (artifact == nullptr) {
    return Err{fmt::format("'{}' is no file of an input artifact (ArtifactName::FileName)", place)};
  }
  const auto bytes = work.client.read_object(artifact->bucket, artifact->object_key);
  if (!bytes.ok()) return Err{bytes.error().message};
  return read_file(bytes->bytes, place.substr(colons + 2));
}

std::string scalar_text(Node node) {
  return node.is_string() ? std::string(node.string()) : json::print(node);
}

Result<json::Value, std::string> parse_object(std::string text, std::string_view what) {
  auto parsed = json::Value::parse(std::move(text));
  if (!parsed.ok() || !parsed->root().is_object()) {
    return Err{fmt::format("{} is not a valid JSON object", what)};
  }
  return std::move(*parsed);
}

Result<std::string, std::string> artifact_attribute(const Work& work, Node arguments) {
  if (arguments.size() != 2 || !arguments.at(0).is_string() || !arguments.at(1).is_string()) {
    return Err{std::string("Fn::GetArtifactAtt needs the artifact's name and an attribute's")};
  }
  const std::string name(arguments.at(0).string());
  const std::string_view attribute = arguments.at(1).string();
  const Artifact* artifact = work.input(name);
  if (artifact == nullptr) return Err{fmt::format("There is no input artifact {}", name)};
  if (attribute == "BucketName") return artifact->bucket;
  if (attribute == "ObjectKey") return artifact->object_key;
  if (attribute == "URL") {
    return fmt::format("https://s3.amazonaws.com/{}/{}", artifact->bucket, artifact->object_key);
  }
  return Err{fmt::format("Fn::GetArtifactAtt has no attribute {}", attribute)};
}

Result<std::string, std::string> file_parameter(const Work& work, Node arguments) {
  if (arguments.size() != 3 || !arguments.at(0).is_string() || !arguments.at(1).is_string() ||
      !arguments.at(2).is_string()) {
    return Err{std::string("Fn::GetParam needs the names of an artifact, a file and a key")};
  }
  const std::string place =
      fmt::format("{}::{}", arguments.at(0).string(), arguments.at(1).string());
  const json::Value file = TRY(parse_object(TRY(read_path(work, place)), place));
  const Node* value = file.root().find(arguments.at(2).string());
  if (value == nullptr) {
    return Err{fmt::format("{} has no key {}", place, arguments.at(2).string())};
  }
  return scalar_text(*value);
}

Result<void, std::string> override_parameters(const Work& work, TextMap& parameters) {
  const std::string text = work.text("ParameterOverrides");
  if (text.empty()) return {};
  const json::Value overrides = TRY(parse_object(text, "ParameterOverrides"));
  for (const json::Member& member : overrides.root().members()) {
    std::string& value = parameters[std::string(member.key.string())];
    const Node* attribute = member.value.find("Fn::GetArtifactAtt");
    const Node* parameter = member.value.find("Fn::GetParam");
    if (attribute != nullptr && attribute->is_array()) {
      value = TRY(artifact_attribute(work, *attribute));
    } else if (parameter != nullptr && parameter->is_array()) {
      value = TRY(file_parameter(work, *parameter));
    } else {
      value = scalar_text(member.value);
    }
  }
  return {};
}

}  // namespace

Result<StackTemplate, std::string> read_stack_template(const Work& work) {
  StackTemplate source;
  source.body = TRY(read_path(work, work.text("TemplatePath")));
  if (const std::string place = work.text("TemplateConfiguration"); !place.empty()) {
    const json::Value file = TRY(parse_object(TRY(read_path(work, place)), place));
    const auto take = [&file](std::string_view member, TextMap& map) {
      const Node* found = node_in(file.root(), member);
      if (found == nullptr) return;
      for (const json::Member& each : found->members()) {
        map[std::string(each.key.string())] = scalar_text(each.value);
      }
    };
    take("Parameters", source.parameters);
    take("Tags", source.tags);
    if (const Node* policy = node_in(file.root(), "StackPolicy")) {
      source.policy = json::print(*policy);
    }
  }
  TRY(override_parameters(work, source.parameters));
  return source;
}

Result<void, std::string> write_outputs(const Work& work, const TextMap& outputs) {
  const std::string name = work.text("OutputFileName");
  if (name.empty() || work.run.outputs.empty()) return {};
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [key, value] : outputs) out.key(key).string(value);
  out.end_object();
  return work.put_output(name, text);
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view part = list.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    list.remove_prefix(std::min(list.size(), comma + 1));
  }
  return parts;
}

}  // namespace pawl::codepipeline
