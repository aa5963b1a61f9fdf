// Instance profiles: records that carry a role.
#include "services/iam/service.h"

namespace pawl::iam {

namespace {

constexpr std::string_view kTable = "iam-instance-profiles";

ServiceError absent(const std::string& name) {
  return no_such_entity("Instance Profile " + name + " cannot be found.");
}

Result<Profile, ServiceError> stored(const runtime::Catalog::View& view, const std::string& key,
                                     const std::string& name) {
  const std::string* record = view.find(kTable, key);
  auto profile = record == nullptr ? std::nullopt : Profile::parse(*record);
  if (!profile) return Err{absent(name)};
  return std::move(*profile);
}

}  // namespace

std::string Service::profile_json(const std::string& account, const Profile& profile) const {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Path").string(profile.path);
  out.key("InstanceProfileName").string(profile.name);
  out.key("InstanceProfileId").string(profile.id).key("Arn").string(profile.arn);
  out.key("CreateDate").string(profile.created).key("Roles").begin_array();
  if (!profile.role.empty()) {
    const auto record = catalog_.get(kRole.table, record_key(account, profile.role));
    if (const auto role = record ? Entity::parse(*record) : std::nullopt) {
      out.raw(entity_json(kRole, *role));
    }
  }
  out.end_array();
  if (!profile.tags.empty()) {
    out.key("Tags");
    write_tags(out, profile.tags);
  }
  out.end_object();
  return text;
}

void Service::create_profile(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto made = [&]() -> Result<Profile, ServiceError> {
    Profile profile;
    profile.name = TRY(input.name("InstanceProfileName", 128));
    profile.path = TRY(input.path());
    profile.id = make_id("AIPA");
    profile.arn = arn_of(call.principal, "instance-profile", profile.path, profile.name);
    profile.created = now();
    profile.tags = read_tags(input.node("Tags"));
    return profile;
  }();
  if (!made.ok()) return reply(Err{made.error()});
  write(
      [this, profile = *made, account = call.principal.account](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string key = record_key(account, profile.name);
        if (view.find(kTable, key) != nullptr) {
          return Err{already_exists("Instance Profile " + profile.name + " already exists.")};
        }
        changes.push_back({std::string(kTable), key, profile.record()});
        return json::Value::trusted("{\"InstanceProfile\":" + profile_json(account, profile) + "}");
      },
      reply);
}

void Service::delete_profile(const Call& call, const Reply& reply) {
  const auto name = Input(call.input.root()).name("InstanceProfileName", 128);
  if (!name.ok()) return reply(Err{name.error()});
  write(
      [name = *name, key = record_key(call.principal.account, *name)](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        const Profile profile = TRY(stored(view, key, name));
        if (!profile.role.empty()) {
          return Err{delete_conflict(
              "Cannot delete entity, must remove roles from instance profile first.")};
        }
        changes.push_back({std::string(kTable), key, std::nullopt});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::add_role_to_profile(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto name = input.name("InstanceProfileName", 128);
  if (!name.ok()) return reply(Err{name.error()});
  const auto role = input.name("RoleName", 64);
  if (!role.ok()) return reply(Err{role.error()});
  write(
      [name = *name, role = *role, account = call.principal.account](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string key = record_key(account, name);
        Profile profile = TRY(stored(view, key, name));
        const std::string* record = view.find(kRole.table, record_key(account, role));
        const auto entity = record == nullptr ? std::nullopt : Entity::parse(*record);
        if (!entity) return Err{no_such_entity("The role with name " + role + " cannot be found.")};
        if (!profile.role.empty()) {
          return Err{
              limit_exceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")};
        }
        profile.role = entity->name;
        changes.push_back({std::string(kTable), key, profile.record()});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::remove_role_from_profile(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto name = input.name("InstanceProfileName", 128);
  if (!name.ok()) return reply(Err{name.error()});
  write(
      [name = *name, role = input.text("RoleName"),
       key = record_key(call.principal.account, *name)](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        Profile profile = TRY(stored(view, key, name));
        if (profile.role != role) {
          return Err{no_such_entity("The role with name " + role + " cannot be found.")};
        }
        profile.role.clear();
        changes.push_back({std::string(kTable), key, profile.record()});
        return json::Value::trusted("{}");
      },
      reply);
}

OperationResult Service::get_profile(const Call& call) const {
  const std::string name = TRY(Input(call.input.root()).name("InstanceProfileName", 128));
  const auto record = catalog_.get(kTable, record_key(call.principal.account, name));
  const auto profile = record ? Profile::parse(*record) : std::nullopt;
  if (!profile) return Err{absent(name)};
  return json::Value::trusted(
      "{\"InstanceProfile\":" + profile_json(call.principal.account, *profile) + "}");
}

namespace {

std::vector<std::pair<std::string, Profile>> profiles_of(const runtime::Catalog& catalog,
                                                         const std::string& account) {
  std::vector<std::pair<std::string, Profile>> profiles;
  catalog.for_each(kTable, [&](const std::string& key, const std::string& record) {
    auto profile = Profile::parse(record);
    if (profile && key.starts_with(account + "/")) profiles.emplace_back(key, std::move(*profile));
  });
  return profiles;
}

}  // namespace

OperationResult Service::list_profiles(const Call& call) const {
  const Input input(call.input.root());
  Page page(input, "InstanceProfiles");
  for (const auto& [key, profile] : profiles_of(catalog_, call.principal.account)) {
    if (!profile.path.starts_with(input.text("PathPrefix"))) continue;
    if (!page.add(key, profile_json(call.principal.account, profile))) break;
  }
  return page.finish();
}

OperationResult Service::list_profiles_for_role(const Call& call) const {
  const Entity role = TRY(find_entity(kRole, call));
  const Input input(call.input.root());
  Page page(input, "InstanceProfiles");
  for (const auto& [key, profile] : profiles_of(catalog_, call.principal.account)) {
    if (profile.role != role.name) continue;
    if (!page.add(key, profile_json(call.principal.account, profile))) break;
  }
  return page.finish();
}

void Service::add_profile_operations(runtime::Operations& operations) {
  add_write(operations, "CreateInstanceProfile", &Service::create_profile);
  add_write(operations, "DeleteInstanceProfile", &Service::delete_profile);
  add_write(operations, "AddRoleToInstanceProfile", &Service::add_role_to_profile);
  add_write(operations, "RemoveRoleFromInstanceProfile", &Service::remove_role_from_profile);
  add_read(operations, "GetInstanceProfile", &Service::get_profile);
  add_read(operations, "ListInstanceProfiles", &Service::list_profiles);
  add_read(operations, "ListInstanceProfilesForRole", &Service::list_profiles_for_role);
}

}  // namespace pawl::iam
