#include "services/ssm/records.h"

#include "json/number.h"

namespace pawl::ssm {

namespace {

using json::Node;

void write_version(json::Writer& out, const Version& version) {
  out.begin_object().key("number").integer(version.number).key("value").string(version.value);
  out.key("type").string(version.type).key("description").string(version.description);
  out.key("keyId").string(version.key_id).key("allowedPattern").string(version.allowed_pattern);
  out.key("tier").string(version.tier).key("dataType").string(version.data_type);
  out.key("user").string(version.user).key("modified").integer(version.modified);
  out.key("labels").begin_array();
  for (const std::string& label : version.labels) out.string(label);
  out.end_array().end_object();
}

Version read_version(Node node) {
  Version version{.number = integer_of(node, "number", 0),
                  .value = text_of(node, "value"),
                  .type = text_of(node, "type"),
                  .description = text_of(node, "description"),
                  .key_id = text_of(node, "keyId"),
                  .allowed_pattern = text_of(node, "allowedPattern"),
                  .tier = text_of(node, "tier"),
                  .data_type = text_of(node, "dataType"),
                  .user = text_of(node, "user"),
                  .modified = integer_of(node, "modified", 0)};
  for (std::string& label : texts_of(node, "labels")) version.labels.insert(std::move(label));
  return version;
}

}  // namespace

const Version* Parameter::find(std::string_view selector) const {
  const auto number = json::to_int64(selector);
  for (const Version& version : versions) {
    if (number ? version.number == *number : version.labels.contains(std::string(selector))) {
      return &version;
    }
  }
  return nullptr;
}

std::string Parameter::arn() const { return parameter_arn(region, account, name); }

std::string Parameter::to_json() const {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("account").string(account).key("region").string(region);
  out.key("name").string(name).key("versions").begin_array();
  for (const Version& version : versions) write_version(out, version);
  out.end_array().key("tags").begin_object();
  for (const auto& [key, value] : tags) out.key(key).string(value);
  out.end_object().end_object();
  return text;
}

std::optional<Parameter> Parameter::from_json(const std::string& record) {
  const auto parsed = json::Value::parse(record);
  if (!parsed.ok()) return std::nullopt;
  const Node root = parsed->root();
  Parameter parameter{.account = text_of(root, "account"),
                      .region = text_of(root, "region"),
                      .name = text_of(root, "name"),
                      .versions = {}};
  if (const Node* versions = root.find("versions")) {
    for (const Node& version : *versions) parameter.versions.push_back(read_version(version));
  }
  if (const Node* tags = root.find("tags")) {
    for (const json::Member& tag : tags->members()) {
      parameter.tags[std::string(tag.key.string())] = tag.value.string();
    }
  }
  if (parameter.versions.empty()) return std::nullopt;
  return parameter;
}

std::string parameter_key(const runtime::Principal& principal, std::string_view name) {
  return principal.account + "/" + principal.region + "/" + std::string(name);
}

std::string parameter_arn(std::string_view region, std::string_view account,
                          std::string_view name) {
  return "arn:aws:ssm:" + std::string(region) + ":" + std::string(account) + ":parameter" +
         (name.starts_with('/') ? "" : "/") + std::string(name);
}

ServiceError error(std::string code, std::string message) {
  return {.code = std::move(code), .message = std::move(message), .members = {}};
}

std::string text_of(Node object, std::string_view member, std::string_view fallback) {
  const Node* found = object.find(member);
  return std::string(found != nullptr && found->is_string() ? found->string() : fallback);
}

bool flag_of(Node object, std::string_view member) {
  const Node* found = object.find(member);
  return found != nullptr && found->is_boolean() && found->boolean();
}

std::int64_t integer_of(Node object, std::string_view member, std::int64_t fallback) {
  const Node* found = object.find(member);
  if (found == nullptr || !found->is_number()) return fallback;
  return json::to_int64(found->number_text()).value_or(fallback);
}

std::vector<std::string> texts_of(Node object, std::string_view member) {
  std::vector<std::string> texts;
  const Node* found = object.find(member);
  if (found == nullptr || !found->is_array()) return texts;
  for (const Node& each : *found) {
    if (each.is_string()) texts.emplace_back(each.string());
  }
  return texts;
}

}  // namespace pawl::ssm
