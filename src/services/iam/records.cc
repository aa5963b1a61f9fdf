#include "services/iam/records.h"

#include <algorithm>

#include "json/record.h"

namespace pawl::iam {

template <class Fields>
void describe(Fields& fields, Tag& tag) {
  fields("Key", tag.key);
  fields("Value", tag.value);
}

template <class Fields>
void describe(Fields& fields, Entity& entity) {
  fields("name", entity.name);
  fields("path", entity.path);
  fields("id", entity.id);
  fields("arn", entity.arn);
  fields("created", entity.created);
  fields("description", entity.description);
  fields("trust", entity.trust);
  fields("sessionSeconds", entity.session_seconds);
  fields("boundary", entity.boundary);
  fields("policies", entity.policies);
  fields("attached", entity.attached);
  fields("tags", entity.tags);
}

template <class Fields>
void describe(Fields& fields, PolicyVersion& version) {
  fields("id", version.id);
  fields("document", version.document);
  fields("created", version.created);
}

template <class Fields>
void describe(Fields& fields, Policy& policy) {
  fields("name", policy.name);
  fields("path", policy.path);
  fields("id", policy.id);
  fields("arn", policy.arn);
  fields("created", policy.created);
  fields("updated", policy.updated);
  fields("description", policy.description);
  fields("default", policy.default_version);
  fields("lastVersion", policy.last_version);
  fields("versions", policy.versions);
  fields("tags", policy.tags);
}

template <class Fields>
void describe(Fields& fields, Profile& profile) {
  fields("name", profile.name);
  fields("path", profile.path);
  fields("id", profile.id);
  fields("arn", profile.arn);
  fields("created", profile.created);
  fields("role", profile.role);
  fields("tags", profile.tags);
}

namespace {

constexpr std::size_t kTagsMax = 50;

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
    tags.push_back({fields.text("Key"), fields.text("Value")});
  }
  return tags;
}

Result<void, ServiceError> merge_tags(Tags& tags, const Tags& more) {
  for (const auto& [key, value] : more) {
    const auto same =
        std::find_if(tags.begin(), tags.end(), [&](const auto& tag) { return tag.key == key; });
    if (same != tags.end()) {
      same->value = value;
    } else {
      tags.push_back({key, value});
    }
  }
  if (tags.size() <= kTagsMax) return {};
  return Err{limit_exceeded("The number of tags has reached the maximum limit.")};
}

void erase_tags(Tags& tags, const json::Node* keys) {
  if (keys == nullptr) return;
  for (const json::Node& key : *keys) {
    if (!key.is_string()) continue;
    std::erase_if(tags, [&](const auto& tag) { return tag.key == key.string(); });
  }
}

std::string Entity::record() const { return json::record_text(*this); }
std::optional<Entity> Entity::parse(const std::string& record) {
  return json::read_record<Entity>(record);
}

const PolicyVersion* Policy::version(std::string_view version_id) const {
  for (const PolicyVersion& one : versions) {
    if (one.id == version_id) return &one;
  }
  return nullptr;
}

std::string Policy::record() const { return json::record_text(*this); }
std::optional<Policy> Policy::parse(const std::string& record) {
  return json::read_record<Policy>(record);
}

std::string Profile::record() const { return json::record_text(*this); }
std::optional<Profile> Profile::parse(const std::string& record) {
  return json::read_record<Profile>(record);
}

}  // namespace pawl::iam
