// Roles and users: whole ones.
#include <algorithm>

#include "base/percent.h"
#include "services/iam/service.h"

namespace pawl::iam {

namespace {

std::string named(const EntityKind& kind, std::string_view suffix) {
  return std::string(kind.word) + std::string(suffix);
}

ServiceError absent(const EntityKind& kind, std::string_view name) {
  return no_such_entity("The " + std::string(kind.lower) + " with name " + std::string(name) +
                        " cannot be found.");
}

json::Value empty_answer() { return json::Value::trusted("{}"); }

}  // namespace

std::string entity_json(const EntityKind& kind, const Entity& entity) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Path").string(entity.path);
  out.key(named(kind, "Name")).string(entity.name);
  out.key(named(kind, "Id")).string(entity.id);
  out.key("Arn").string(entity.arn);
  out.key("CreateDate").string(entity.created);
  if (!entity.trust.empty()) {
    out.key("AssumeRolePolicyDocument").string(percent_encode(entity.trust, Slash::kEncode));
    out.key("MaxSessionDuration").integer(entity.session_seconds);
  }
  if (!entity.description.empty()) out.key("Description").string(entity.description);
  if (!entity.boundary.empty()) {
    out.key("PermissionsBoundary").begin_object();
    out.key("PermissionsBoundaryType").string("Policy");
    out.key("PermissionsBoundaryArn").string(entity.boundary).end_object();
  }
  if (!entity.tags.empty()) {
    out.key("Tags");
    write_tags(out, entity.tags);
  }
  out.end_object();
  return text;
}

Result<Entity, ServiceError> Service::find_entity(const EntityKind& kind, const Call& call) const {
  const Input input(call.input.root());
  const std::string name = TRY(input.name(named(kind, "Name"), kind.name_size_max));
  const auto record = catalog_.get(kind.table, record_key(call.principal.account, name));
  auto entity = record ? Entity::parse(*record) : std::nullopt;
  if (!entity) return Err{absent(kind, name)};
  return std::move(*entity);
}

void Service::change_entity(const EntityKind& kind, const Call& call, EntityChange change,
                            const Reply& reply) {
  const Input input(call.input.root());
  const auto name = input.name(named(kind, "Name"), kind.name_size_max);
  if (!name.ok()) return reply(Err{name.error()});
  write(
      [&kind, name = *name, key = record_key(call.principal.account, *name),
       change = std::move(change)](const View& view,
                                   Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string* record = view.find(kind.table, key);
        auto entity = record == nullptr ? std::nullopt : Entity::parse(*record);
        if (!entity) return Err{absent(kind, name)};
        std::string answer = TRY(change(*entity, view));
        changes.push_back({std::string(kind.table), key, entity->record()});
        return json::Value::trusted(std::move(answer));
      },
      reply);
}

void Service::create_entity(const EntityKind& kind, const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto made = [&]() -> Result<Entity, ServiceError> {
    Entity entity;
    entity.name = TRY(input.name(named(kind, "Name"), kind.name_size_max));
    entity.path = TRY(input.path());
    if (kind.word == kRole.word) entity.trust = TRY(input.document("AssumeRolePolicyDocument"));
    entity.description = input.text("Description");
    entity.session_seconds = input.integer("MaxSessionDuration", 3600);
    entity.boundary = input.text("PermissionsBoundary");
    TRY(merge_tags(entity.tags, read_tags(input.node("Tags"))));
    entity.id = make_id(kind.id_prefix);
    entity.arn = arn_of(call.principal, kind.lower, entity.path, entity.name);
    entity.created = now();
    return entity;
  }();
  if (!made.ok()) return reply(Err{made.error()});
  write(
      [&kind, entity = *made, key = record_key(call.principal.account, made->name)](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        if (view.find(kind.table, key) != nullptr) {
          return Err{already_exists(named(kind, " with name ") + entity.name + " already exists.")};
        }
        changes.push_back({std::string(kind.table), key, entity.record()});
        return json::Value::trusted("{\"" + std::string(kind.word) +
                                    "\":" + entity_json(kind, entity) + "}");
      },
      reply);
}

namespace {

// What must go before a role or a user can.
Result<void, ServiceError> check_free(const EntityKind& kind, const Entity& entity,
                                      const std::string& account,
                                      const runtime::Catalog::View& view) {
  if (!entity.attached.empty()) {
    return Err{delete_conflict("Cannot delete entity, must detach all policies first.")};
  }
  if (!entity.policies.empty()) {
    return Err{delete_conflict("Cannot delete entity, must delete policies first.")};
  }
  const std::string prefix = account + "/";
  if (kind.word == kRole.word) {
    for (const auto& [key, record] : view.table("iam-instance-profiles")) {
      const auto profile = Profile::parse(record);
      if (key.starts_with(prefix) && profile && profile->role == entity.name) {
        return Err{delete_conflict(
            "Cannot delete entity, must remove roles from instance profile first.")};
      }
    }
    return {};
  }
  for (const auto& [key, record] : view.table("iam-access-keys")) {
    const auto parsed = json::Value::parse(record);
    if (!parsed.ok()) continue;
    const Input fields(parsed->root());
    if (fields.text("account") == account && fields.text("user") == entity.name) {
      return Err{delete_conflict("Cannot delete entity, must delete access keys first.")};
    }
  }
  return {};
}

}  // namespace

void Service::delete_entity(const EntityKind& kind, const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto name = input.name(named(kind, "Name"), kind.name_size_max);
  if (!name.ok()) return reply(Err{name.error()});
  write(
      [&kind, name = *name, account = call.principal.account](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string key = record_key(account, name);
        const std::string* record = view.find(kind.table, key);
        const auto entity = record == nullptr ? std::nullopt : Entity::parse(*record);
        if (!entity) return Err{absent(kind, name)};
        TRY(check_free(kind, *entity, account, view));
        changes.push_back({std::string(kind.table), key, std::nullopt});
        return empty_answer();
      },
      reply);
}

OperationResult Service::get_entity(const EntityKind& kind, const Call& call) const {
  const Entity entity = TRY(find_entity(kind, call));
  return json::Value::trusted("{\"" + std::string(kind.word) + "\":" + entity_json(kind, entity) +
                              "}");
}

OperationResult Service::list_entities(const EntityKind& kind, const Call& call) const {
  const Input input(call.input.root());
  const std::string path_prefix = input.text("PathPrefix");
  const std::string mine = call.principal.account + "/";
  Page page(input, named(kind, "s"));
  bool open = true;
  catalog_.for_each(kind.table, [&](const std::string& key, const std::string& record) {
    if (!open || !key.starts_with(mine)) return;
    auto entity = Entity::parse(record);
    if (!entity || !entity->path.starts_with(path_prefix)) return;
    entity->tags.clear();  // lists leave them out
    open = page.add(key, entity_json(kind, *entity));
  });
  return page.finish();
}

void Service::add_entity_operations(runtime::Operations& operations, const EntityKind& kind) {
  const std::string word(kind.word);
  operations.add("iam", "Create" + word, [this, &kind](const Call& call, const Reply& reply) {
    create_entity(kind, call, reply);
  });
  operations.add("iam", "Delete" + word, [this, &kind](const Call& call, const Reply& reply) {
    delete_entity(kind, call, reply);
  });
  operations.add("iam", "Get" + word, [this, &kind](const Call& call, const Reply& reply) {
    // Without a name: who asks.
    const bool self = kind.word == kUser.word && !Input(call.input.root()).has("UserName");
    if (!self) return reply(get_entity(kind, call));
    Entity root;
    root.name = call.principal.account;
    root.id = call.principal.account;
    root.arn = "arn:aws:iam::" + call.principal.account + ":root";
    root.created = "2026-01-01T00:00:00Z";
    reply(json::Value::trusted("{\"User\":" + entity_json(kind, root) + "}"));
  });
  operations.add("iam", "List" + word + "s", [this, &kind](const Call& call, const Reply& reply) {
    reply(list_entities(kind, call));
  });
  add_entity_policies(operations, kind);
  add_entity_details(operations, kind);
}

// What is changed of one that is there.
void Service::add_entity_details(runtime::Operations& operations, const EntityKind& kind) {
  const std::string word(kind.word);
  const auto add = [&](const std::string& name, auto change) {
    operations.add("iam", name, [this, &kind, change](const Call& call, const Reply& reply) {
      change_entity(
          kind, call,
          [input = call.input, change](Entity& entity,
                                       const View&) -> Result<std::string, ServiceError> {
            TRY(change(entity, Input(input.root())));
            return std::string("{}");
          },
          reply);
    });
  };
  using Changed = Result<void, ServiceError>;
  add("Tag" + word, [](Entity& entity, const Input& input) -> Changed {
    return merge_tags(entity.tags, read_tags(input.node("Tags")));
  });
  add("Untag" + word, [](Entity& entity, const Input& input) -> Changed {
    erase_tags(entity.tags, input.node("TagKeys"));
    return {};
  });
  add("Put" + word + "PermissionsBoundary", [](Entity& entity, const Input& input) -> Changed {
    entity.boundary = TRY(input.required("PermissionsBoundary"));
    return {};
  });
  add("Delete" + word + "PermissionsBoundary", [](Entity& entity, const Input&) -> Changed {
    entity.boundary.clear();
    return {};
  });
  operations.add("iam", "List" + word + "Tags",
                 [this, &kind](const Call& call, const Reply& reply) {
                   const auto entity = find_entity(kind, call);
                   if (!entity.ok()) return reply(Err{entity.error()});
                   std::string text;
                   json::Writer out(text);
                   out.begin_object().key("Tags");
                   write_tags(out, entity->tags);
                   out.key("IsTruncated").boolean(false).end_object();
                   reply(json::Value::trusted(std::move(text)));
                 });
  if (kind.word != kRole.word) return;
  add("UpdateRole", [](Entity& entity, const Input& input) -> Changed {
    if (input.has("Description")) entity.description = input.text("Description");
    entity.session_seconds = input.integer("MaxSessionDuration", entity.session_seconds);
    return {};
  });
  operations.add("iam", "UpdateRoleDescription", [this](const Call& call, const Reply& reply) {
    change_entity(
        kRole, call,
        [input = call.input](Entity& entity, const View&) -> Result<std::string, ServiceError> {
          entity.description = Input(input.root()).text("Description");
          return "{\"Role\":" + entity_json(kRole, entity) + "}";
        },
        reply);
  });
  add("UpdateAssumeRolePolicy", [](Entity& entity, const Input& input) -> Changed {
    entity.trust = TRY(input.document("PolicyDocument"));
    return {};
  });
}

}  // namespace pawl::iam
