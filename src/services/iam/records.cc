#include "services/iam/records.h"

#include <algorithm>

namespace pawl::iam {

namespace {

constexpr std::size_t kTagsMax = 50;

std::optional<json::Value> parsed(const std::string& record) {
  auto value = json::Value::parse(record);
  if (!value.ok()) return std::nullopt;
  return std::move(*value);
}

}  // namespace

void write_tags(json::Writer& out, const Tags& tags) {
  out.begin_array();
  for (const auto& [key, value] : tags) {
    out.begin_object().key("Key").string(key).key("Value").string(value).end_object();
  }
  out.end_array();
}

Tags read_tags(const json::Node* list) {
  Tags tags;
  if (list == nullptr) return tags;
  for (const json::Node& tag : *list) {
    const Input fields(tag);
    tags.emplace_back(fields.text("Key"), fields.text("Value"));
  }
  return tags;
}

Result<void, ServiceError> merge_tags(Tags& tags, const Tags& more) {
  for (const auto& [key, value] : more) {
    const auto same =
        std::find_if(tags.begin(), tags.end(), [&](const auto& tag) { return tag.first == key; });
    if (same != tags.end()) {
      same->second = value;
    } else {
      tags.emplace_back(key, value);
    }
  }
  if (tags.size() <= kTagsMax) return {};
  return Err{limit_exceeded("The number of tags has reached the maximum limit.")};
}

void erase_tags(Tags& tags, const json::Node* keys) {
  if (keys == nullptr) return;
  for (const json::Node& key : *keys) {
    if (!key.is_string()) continue;
    std::erase_if(tags, [&](const auto& tag) { return tag.first == key.string(); });
  }
}

std::string Entity::record() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("name").string(name).key("path").string(path).key("id").string(id);
  out.key("arn").string(arn).key("created").string(created);
  out.key("description").string(description).key("trust").string(trust);
  out.key("sessionSeconds").integer(session_seconds).key("boundary").string(boundary);
  out.key("policies").begin_object();
  for (const auto& [policy, document] : policies) out.key(policy).string(document);
  out.end_object().key("attached").begin_array();
  for (const std::string& policy : attached) out.string(policy);
  out.end_array().key("tags");
  write_tags(out, tags);
  out.end_object();
  return text;
}

std::optional<Entity> Entity::parse(const std::string& record) {
  const auto value = parsed(record);
  if (!value) return std::nullopt;
  const Input fields(value->root());
  Entity entity;
  entity.name = fields.text("name");
  entity.path = fields.text("path");
  entity.id = fields.text("id");
  entity.arn = fields.text("arn");
  entity.created = fields.text("created");
  entity.description = fields.text("description");
  entity.trust = fields.text("trust");
  entity.session_seconds = fields.integer("sessionSeconds", 3600);
  entity.boundary = fields.text("boundary");
  if (const json::Node* policies = fields.node("policies")) {
    for (const json::Member& policy : policies->members()) {
      entity.policies.emplace(policy.key.string(), policy.value.string());
    }
  }
  if (const json::Node* attached = fields.node("attached")) {
    for (const json::Node& policy : *attached) entity.attached.emplace_back(policy.string());
  }
  entity.tags = read_tags(fields.node("tags"));
  return entity;
}

const PolicyVersion* Policy::version(std::string_view version_id) const {
  for (const PolicyVersion& one : versions) {
    if (one.id == version_id) return &one;
  }
  return nullptr;
}

std::string Policy::record() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("name").string(name).key("path").string(path).key("id").string(id);
  out.key("arn").string(arn).key("created").string(created).key("updated").string(updated);
  out.key("description").string(description);
  out.key("default").string(default_version).key("lastVersion").integer(last_version);
  out.key("versions").begin_array();
  for (const PolicyVersion& one : versions) {
    out.begin_object().key("id").string(one.id).key("document").string(one.document);
    out.key("created").string(one.created).end_object();
  }
  out.end_array().key("tags");
  write_tags(out, tags);
  out.end_object();
  return text;
}

std::optional<Policy> Policy::parse(const std::string& record) {
  const auto value = parsed(record);
  if (!value) return std::nullopt;
  const Input fields(value->root());
  Policy policy;
  policy.name = fields.text("name");
  policy.path = fields.text("path");
  policy.id = fields.text("id");
  policy.arn = fields.text("arn");
  policy.created = fields.text("created");
  policy.updated = fields.text("updated");
  policy.description = fields.text("description");
  policy.default_version = fields.text("default");
  policy.last_version = fields.integer("lastVersion", 1);
  if (const json::Node* versions = fields.node("versions")) {
    for (const json::Node& node : *versions) {
      const Input one(node);
      policy.versions.push_back({one.text("id"), one.text("document"), one.text("created")});
    }
  }
  policy.tags = read_tags(fields.node("tags"));
  return policy;
}

std::string Profile::record() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("name").string(name).key("path").string(path).key("id").string(id);
  out.key("arn").string(arn).key("created").string(created).key("role").string(role).key("tags");
  write_tags(out, tags);
  out.end_object();
  return text;
}

std::optional<Profile> Profile::parse(const std::string& record) {
  const auto value = parsed(record);
  if (!value) return std::nullopt;
  const Input fields(value->root());
  return Profile{.name = fields.text("name"),
                 .path = fields.text("path"),
                 .id = fields.text("id"),
                 .arn = fields.text("arn"),
                 .created = fields.text("created"),
                 .role = fields.text("role"),
                 .tags = read_tags(fields.node("tags"))};
}

}  // namespace pawl::iam
