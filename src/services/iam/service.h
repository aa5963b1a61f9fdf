// AWS Identity and Access Management (API version 2010-05-08), as a store: roles, users, policies,
// instance profiles, access keys. What policies say is kept and not yet acted upon.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "runtime/access_key.h"
#include "runtime/catalog.h"
#include "runtime/operations.h"
#include "services/iam/records.h"

namespace pawl::iam {

using runtime::Call;
using runtime::OperationResult;
using runtime::Reply;

// Which of the two an operation is of; the operations of both are the same but for their names.
struct EntityKind {
  std::string_view table;
  std::string_view word;       // "Role": in names of operations and members
  std::string_view lower;      // "role": in messages and ARNs
  std::string_view id_prefix;  // "AROA"
  std::size_t name_size_max = 64;
};
inline constexpr EntityKind kRole{"iam-roles", "Role", "role", "AROA", 64};
inline constexpr EntityKind kUser{"iam-users", "User", "user", "AIDA", 64};

class Service {
 public:
  // Both outlive the service.
  Service(runtime::Catalog& catalog, const Clock& clock) : catalog_(catalog), clock_(clock) {}

  // Adds every operation to the table, under the signing name "iam".
  void add_to(runtime::Operations& operations);

  // Keys of users. Thread-safe.
  std::optional<runtime::AccessKey> find_key(std::string_view access_key) const;

 private:
  using Changes = std::vector<runtime::Catalog::Change>;
  using View = runtime::Catalog::View;
  // Sees the records as they are, leaves its changes and answers the output.
  using Write = std::function<Result<json::Value, ServiceError>(const View&, Changes&)>;
  void write(Write run, const Reply& reply);

  using Read = OperationResult (Service::*)(const Call&) const;
  using Run = void (Service::*)(const Call&, const Reply&);
  void add_read(runtime::Operations& operations, std::string_view name, Read run) const;
  void add_write(runtime::Operations& operations, std::string_view name, Run run);

  // entities.cc: what roles and users have in common
  void add_entity_operations(runtime::Operations& operations, const EntityKind& kind);
  void create_entity(const EntityKind& kind, const Call& call, const Reply& reply);
  void delete_entity(const EntityKind& kind, const Call& call, const Reply& reply);
  OperationResult get_entity(const EntityKind& kind, const Call& call) const;
  OperationResult list_entities(const EntityKind& kind, const Call& call) const;
  // Changes one and answers nothing, or what `change` does.
  using EntityChange = std::function<Result<std::string, ServiceError>(Entity&, const View&)>;
  void change_entity(const EntityKind& kind, const Call& call, EntityChange change,
                     const Reply& reply);
  void add_entity_policies(runtime::Operations& operations, const EntityKind& kind);
  void add_entity_policy_reads(runtime::Operations& operations, const EntityKind& kind);
  void add_entity_details(runtime::Operations& operations, const EntityKind& kind);
  Result<Entity, ServiceError> find_entity(const EntityKind& kind, const Call& call) const;

  // policies.cc
  void add_policy_operations(runtime::Operations& operations);
  void create_policy(const Call& call, const Reply& reply);
  void delete_policy(const Call& call, const Reply& reply);
  void create_version(const Call& call, const Reply& reply);
  void delete_version(const Call& call, const Reply& reply);
  void set_default_version(const Call& call, const Reply& reply);
  OperationResult get_policy(const Call& call) const;
  OperationResult get_version(const Call& call) const;
  OperationResult list_versions(const Call& call) const;
  OperationResult list_policies(const Call& call) const;
  OperationResult list_policy_entities(const Call& call) const;
  OperationResult list_policy_tags(const Call& call) const;
  void tag_policy(const Call& call, const Reply& reply);
  void untag_policy(const Call& call, const Reply& reply);
  Result<Policy, ServiceError> find_policy(const Call& call) const;
  std::size_t attachments(const std::string& account, const std::string& arn) const;

  // profiles.cc
  void add_profile_operations(runtime::Operations& operations);
  void create_profile(const Call& call, const Reply& reply);
  void delete_profile(const Call& call, const Reply& reply);
  void add_role_to_profile(const Call& call, const Reply& reply);
  void remove_role_from_profile(const Call& call, const Reply& reply);
  OperationResult get_profile(const Call& call) const;
  OperationResult list_profiles(const Call& call) const;
  OperationResult list_profiles_for_role(const Call& call) const;
  std::string profile_json(const std::string& account, const Profile& profile) const;

  // keys.cc
  void add_key_operations(runtime::Operations& operations);
  void create_key(const Call& call, const Reply& reply);
  void update_key(const Call& call, const Reply& reply);
  void delete_key(const Call& call, const Reply& reply);
  OperationResult list_keys(const Call& call) const;
  OperationResult key_last_used(const Call& call) const;
  void create_credential(const Call& call, const Reply& reply);
  void update_credential(const Call& call, const Reply& reply);
  void delete_credential(const Call& call, const Reply& reply);
  void reset_credential(const Call& call, const Reply& reply);
  OperationResult list_credentials(const Call& call) const;

  std::string now() const;

  runtime::Catalog& catalog_;
  const Clock& clock_;
};

// "AROA" and 17 letters and digits.
std::string make_id(std::string_view prefix);
std::string make_secret(std::size_t letters);
std::string arn_of(const runtime::Principal& principal, std::string_view kind,
                   std::string_view path, std::string_view name);
// Names are the same in capitals and small letters.
std::string record_key(std::string_view account, std::string_view name);

std::string entity_json(const EntityKind& kind, const Entity& entity);

// A page of what a list has: Marker, MaxItems, IsTruncated.
class Page {
 public:
  Page(const Input& input, std::string_view member);
  // Items in the order of their names, which markers are. False: the page is full.
  bool add(const std::string& name, const std::string& json);
  json::Value finish();

 private:
  const std::string member_;
  const std::string marker_;
  const std::size_t limit_;
  std::string items_;
  std::size_t count_ = 0;
  std::string last_;
  bool truncated_ = false;
};

}  // namespace pawl::iam
