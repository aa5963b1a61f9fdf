// Managed policies: a customer's own, and AWS's.
#include <algorithm>

#include "base/percent.h"
#include "services/iam/service.h"

namespace pawl::iam {

namespace {

constexpr std::string_view kTable = "iam-policies";
constexpr std::size_t kVersionsMax = 5;

ServiceError absent(const std::string& arn) {
  return no_such_entity("Policy " + arn + " was not found.");
}

ServiceError no_version(const std::string& arn, const std::string& version) {
  return no_such_entity("Policy " + arn + " version " + version +
                        " does not exist or is not attachable.");
}

std::string policy_json(const Policy& policy, std::size_t attachments) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("PolicyName").string(policy.name).key("PolicyId").string(policy.id);
  out.key("Arn").string(policy.arn).key("Path").string(policy.path);
  out.key("DefaultVersionId").string(policy.default_version);
  out.key("AttachmentCount").integer(static_cast<std::int64_t>(attachments));
  out.key("PermissionsBoundaryUsageCount").integer(0);
  out.key("IsAttachable").boolean(true);
  if (!policy.description.empty()) out.key("Description").string(policy.description);
  out.key("CreateDate").string(policy.created).key("UpdateDate").string(policy.updated);
  if (!policy.tags.empty()) {
    out.key("Tags");
    write_tags(out, policy.tags);
  }
  out.end_object();
  return text;
}

void write_version(json::Writer& out, const Policy& policy, const PolicyVersion& version,
                   bool with_document) {
  out.begin_object();
  if (with_document) out.key("Document").string(percent_encode(version.document, Slash::kEncode));
  out.key("VersionId").string(version.id);
  out.key("IsDefaultVersion").boolean(version.id == policy.default_version);
  out.key("CreateDate").string(version.created);
  out.end_object();
}

json::Value version_answer(const Policy& policy, const PolicyVersion& version, bool with_document) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("PolicyVersion");
  write_version(out, policy, version, with_document);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Result<Policy, ServiceError> stored(const runtime::Catalog::View& view, const std::string& arn) {
  const std::string* record = view.find(kTable, arn);
  auto policy = record == nullptr ? std::nullopt : Policy::parse(*record);
  if (policy) return std::move(*policy);
  if (find_managed_policy(arn) != nullptr) {
    return Err{ServiceError{.code = "AccessDenied",
                            .message = "Policies of AWS cannot be changed: " + arn,
                            .http_status = 403,
                            .members = {}}};
  }
  return Err{absent(arn)};
}

// A policy's name is its account's alone, whatever path it has.
bool is_taken(const runtime::Catalog::View& view, const Policy& policy) {
  const std::string account = policy.arn.substr(0, policy.arn.find(":policy/") + 1);
  for (const auto& [arn, record] : view.table(kTable)) {
    if (arn.starts_with(account) && arn.substr(arn.rfind('/') + 1) == policy.name) return true;
  }
  return false;
}

// Of roles and users, by account.
bool is_attached(const runtime::Catalog::View& view, const std::string& arn) {
  for (const EntityKind& kind : {kRole, kUser}) {
    for (const auto& [key, record] : view.table(kind.table)) {
      const auto entity = Entity::parse(record);
      if (!entity) continue;
      const auto& attached = entity->attached;
      if (std::find(attached.begin(), attached.end(), arn) != attached.end()) return true;
    }
  }
  return false;
}

}  // namespace

std::size_t Service::attachments(const std::string& account, const std::string& arn) const {
  std::size_t count = 0;
  for (const EntityKind& kind : {kRole, kUser}) {
    catalog_.for_each(kind.table, [&](const std::string& key, const std::string& record) {
      if (!key.starts_with(account + "/")) return;
      const auto entity = Entity::parse(record);
      if (!entity) return;
      count += static_cast<std::size_t>(
          std::count(entity->attached.begin(), entity->attached.end(), arn));
    });
  }
  return count;
}

Result<Policy, ServiceError> Service::find_policy(const Call& call) const {
  const std::string arn = TRY(Input(call.input.root()).required("PolicyArn"));
  if (const Policy* managed = find_managed_policy(arn)) return *managed;
  const auto record = catalog_.get(kTable, arn);
  auto policy = record ? Policy::parse(*record) : std::nullopt;
  if (!policy) return Err{absent(arn)};
  return std::move(*policy);
}

void Service::create_policy(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto made = [&]() -> Result<Policy, ServiceError> {
    Policy policy;
    policy.name = TRY(input.name("PolicyName", 128));
    policy.path = TRY(input.path());
    policy.id = make_id("ANPA");
    policy.arn = arn_of(call.principal, "policy", policy.path, policy.name);
    policy.created = policy.updated = now();
    policy.description = input.text("Description");
    policy.versions.push_back({"v1", TRY(input.document("PolicyDocument")), policy.created});
    TRY(merge_tags(policy.tags, read_tags(input.node("Tags"))));
    return policy;
  }();
  if (!made.ok()) return reply(Err{made.error()});
  write(
      [policy = *made](const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        if (is_taken(view, policy)) {
          return Err{already_exists("A policy called " + policy.name +
                                    " already exists. Duplicate names are not allowed.")};
        }
        changes.push_back({std::string(kTable), policy.arn, policy.record()});
        return json::Value::trusted("{\"Policy\":" + policy_json(policy, 0) + "}");
      },
      reply);
}

void Service::delete_policy(const Call& call, const Reply& reply) {
  const auto arn = Input(call.input.root()).required("PolicyArn");
  if (!arn.ok()) return reply(Err{arn.error()});
  write(
      [arn = *arn](const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        const Policy policy = TRY(stored(view, arn));
        if (is_attached(view, arn)) {
          return Err{delete_conflict("Cannot delete a policy attached to entities.")};
        }
        if (policy.versions.size() > 1) {
          return Err{delete_conflict(
              "This policy has more than one version. Before you delete a policy, you must delete "
              "the policy's versions. The default version is deleted with the policy.")};
        }
        changes.push_back({std::string(kTable), arn, std::nullopt});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::create_version(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto arn = input.required("PolicyArn");
  if (!arn.ok()) return reply(Err{arn.error()});
  const auto document = input.document("PolicyDocument");
  if (!document.ok()) return reply(Err{document.error()});
  const json::Node* flag = input.node("SetAsDefault");
  const bool as_default = flag != nullptr && flag->is_boolean() && flag->boolean();
  write(
      [arn = *arn, document = *document, as_default, time = now()](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        Policy policy = TRY(stored(view, arn));
        if (policy.versions.size() == kVersionsMax) {
          return Err{limit_exceeded(
              "A managed policy can have up to 5 versions. Before you create a new version, you "
              "must delete an existing version.")};
        }
        const PolicyVersion version{"v" + std::to_string(++policy.last_version), document, time};
        policy.versions.push_back(version);
        policy.updated = time;
        if (as_default) policy.default_version = version.id;
        changes.push_back({std::string(kTable), arn, policy.record()});
        return version_answer(policy, version, false);
      },
      reply);
}

void Service::delete_version(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto arn = input.required("PolicyArn");
  if (!arn.ok()) return reply(Err{arn.error()});
  write(
      [arn = *arn, version = input.text("VersionId")](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        Policy policy = TRY(stored(view, arn));
        if (policy.version(version) == nullptr) return Err{no_version(arn, version)};
        if (policy.default_version == version) {
          return Err{delete_conflict("Cannot delete the default version of a policy.")};
        }
        std::erase_if(policy.versions, [&](const PolicyVersion& one) { return one.id == version; });
        changes.push_back({std::string(kTable), arn, policy.record()});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::set_default_version(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto arn = input.required("PolicyArn");
  if (!arn.ok()) return reply(Err{arn.error()});
  write(
      [arn = *arn, version = input.text("VersionId"), time = now()](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        Policy policy = TRY(stored(view, arn));
        if (policy.version(version) == nullptr) return Err{no_version(arn, version)};
        policy.default_version = version;
        policy.updated = time;
        changes.push_back({std::string(kTable), arn, policy.record()});
        return json::Value::trusted("{}");
      },
      reply);
}

OperationResult Service::get_policy(const Call& call) const {
  const Policy policy = TRY(find_policy(call));
  return json::Value::trusted(
      "{\"Policy\":" + policy_json(policy, attachments(call.principal.account, policy.arn)) + "}");
}

OperationResult Service::get_version(const Call& call) const {
  const Policy policy = TRY(find_policy(call));
  const std::string id = Input(call.input.root()).text("VersionId");
  const PolicyVersion* version = policy.version(id);
  if (version == nullptr) return Err{no_version(policy.arn, id)};
  return version_answer(policy, *version, true);
}

OperationResult Service::list_versions(const Call& call) const {
  const Policy policy = TRY(find_policy(call));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Versions").begin_array();
  for (auto version = policy.versions.rbegin(); version != policy.versions.rend(); ++version) {
    write_version(out, policy, *version, false);
  }
  out.end_array().key("IsTruncated").boolean(false).end_object();
  return json::Value::trusted(std::move(text));
}

OperationResult Service::list_policies(const Call& call) const {
  const Input input(call.input.root());
  const std::string scope = input.text("Scope");
  const std::string prefix = input.text("PathPrefix");
  const bool attached_only = input.text("OnlyAttached") == "true";
  const std::string account = call.principal.account;
  Page page(input, "Policies");
  bool open = true;
  const auto add = [&](const Policy& policy) {
    if (!open || !policy.path.starts_with(prefix)) return;
    const std::size_t count = attachments(account, policy.arn);
    if (attached_only && count == 0) return;
    open = page.add(policy.arn, policy_json(policy, count));
  };
  // ARNs of AWS's own ("arn:aws:iam::aws:") come behind those of accounts, which are numbers.
  if (scope != "AWS") {
    catalog_.for_each(kTable, [&](const std::string& arn, const std::string& record) {
      const auto policy = Policy::parse(record);
      if (policy && arn.find("::" + account + ":") != std::string::npos) add(*policy);
    });
  }
  if (scope != "Local") {
    for (const Policy& policy : managed_policies()) add(policy);
  }
  return page.finish();
}

OperationResult Service::list_policy_entities(const Call& call) const {
  const Policy policy = TRY(find_policy(call));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("PolicyGroups").begin_array().end_array();
  for (const EntityKind* kind : {&kUser, &kRole}) {
    const std::string word(kind->word);
    out.key("Policy" + word + "s").begin_array();
    catalog_.for_each(kind->table, [&](const std::string& key, const std::string& record) {
      const auto entity = Entity::parse(record);
      if (!entity || !key.starts_with(call.principal.account + "/")) return;
      const auto& attached = entity->attached;
      if (std::find(attached.begin(), attached.end(), policy.arn) == attached.end()) return;
      out.begin_object().key(word + "Name").string(entity->name);
      out.key(word + "Id").string(entity->id).end_object();
    });
    out.end_array();
  }
  out.key("IsTruncated").boolean(false).end_object();
  return json::Value::trusted(std::move(text));
}

OperationResult Service::list_policy_tags(const Call& call) const {
  const Policy policy = TRY(find_policy(call));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Tags");
  write_tags(out, policy.tags);
  out.key("IsTruncated").boolean(false).end_object();
  return json::Value::trusted(std::move(text));
}

void Service::tag_policy(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto arn = input.required("PolicyArn");
  if (!arn.ok()) return reply(Err{arn.error()});
  write(
      [arn = *arn, tags = read_tags(input.node("Tags"))](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        Policy policy = TRY(stored(view, arn));
        TRY(merge_tags(policy.tags, tags));
        changes.push_back({std::string(kTable), arn, policy.record()});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::untag_policy(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto arn = input.required("PolicyArn");
  if (!arn.ok()) return reply(Err{arn.error()});
  write(
      [arn = *arn, given = call.input](const View& view,
                                       Changes& changes) -> Result<json::Value, ServiceError> {
        Policy policy = TRY(stored(view, arn));
        erase_tags(policy.tags, Input(given.root()).node("TagKeys"));
        changes.push_back({std::string(kTable), arn, policy.record()});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::add_policy_operations(runtime::Operations& operations) {
  add_write(operations, "CreatePolicy", &Service::create_policy);
  add_write(operations, "DeletePolicy", &Service::delete_policy);
  add_write(operations, "CreatePolicyVersion", &Service::create_version);
  add_write(operations, "DeletePolicyVersion", &Service::delete_version);
  add_write(operations, "SetDefaultPolicyVersion", &Service::set_default_version);
  add_write(operations, "TagPolicy", &Service::tag_policy);
  add_write(operations, "UntagPolicy", &Service::untag_policy);
  add_read(operations, "GetPolicy", &Service::get_policy);
  add_read(operations, "GetPolicyVersion", &Service::get_version);
  add_read(operations, "ListPolicyVersions", &Service::list_versions);
  add_read(operations, "ListPolicies", &Service::list_policies);
  add_read(operations, "ListEntitiesForPolicy", &Service::list_policy_entities);
  add_read(operations, "ListPolicyTags", &Service::list_policy_tags);
}

}  // namespace pawl::iam
