// What is kept of roles, users, policies and instance profiles: records of the catalog.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "json/writer.h"
#include "services/iam/input.h"

namespace pawl::iam {

struct Tag {
  std::string key;
  std::string value;
};
using Tags = std::vector<Tag>;

// A role or a user: who can act.
struct Entity {
  std::string name;
  std::string path = "/";
  std::string id;  // AROA..., AIDA...
  std::string arn;
  std::string created;  // "2026-01-31T12:00:00Z"
  std::string description;
  std::string trust;  // of a role: who may assume it
  std::int64_t session_seconds = 3600;
  std::string boundary;                         // a policy's ARN
  std::map<std::string, std::string> policies;  // inline ones
  std::vector<std::string> attached;            // ARNs
  Tags tags;

  std::string record() const;
  static std::optional<Entity> parse(const std::string& record);
};

struct PolicyVersion {
  std::string id;  // "v1"
  std::string document;
  std::string created;
};

struct Policy {
  std::string name;
  std::string path = "/";
  std::string id;  // ANPA...
  std::string arn;
  std::string created;
  std::string updated;
  std::string description;
  std::vector<PolicyVersion> versions;
  std::string default_version = "v1";
  std::int64_t last_version = 1;
  Tags tags;

  const PolicyVersion* version(std::string_view version_id) const;
  std::string record() const;
  static std::optional<Policy> parse(const std::string& record);
};

struct Profile {
  std::string name;
  std::string path = "/";
  std::string id;  // AIPA...
  std::string arn;
  std::string created;
  std::string role;  // the name of the one that it may have
  Tags tags;

  std::string record() const;
  static std::optional<Profile> parse(const std::string& record);
};

void write_tags(json::Writer& out, const Tags& tags);
Tags read_tags(const json::Node* list);
// Adds or replaces.
Result<void, ServiceError> merge_tags(Tags& tags, const Tags& more);
void erase_tags(Tags& tags, const json::Node* keys);

// The policies of AWS's own that tools attach by name.
const std::vector<Policy>& managed_policies();
const Policy* find_managed_policy(std::string_view arn);

}  // namespace pawl::iam
