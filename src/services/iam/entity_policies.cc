// Policies of roles and users: inline ones, and those attached.
#include <algorithm>

#include "base/percent.h"
#include "services/iam/service.h"

namespace pawl::iam {

namespace {

constexpr std::size_t kAttachedMax = 20;

ServiceError no_inline(const EntityKind& kind, const std::string& name) {
  return no_such_entity("The " + std::string(kind.lower) + " policy with name " + name +
                        " cannot be found.");
}

bool policy_exists(const runtime::Catalog::View& view, const std::string& arn) {
  return find_managed_policy(arn) != nullptr || view.find("iam-policies", arn) != nullptr;
}

std::string policy_name(std::string_view arn) {
  return std::string(arn.substr(arn.rfind('/') + 1));
}

}  // namespace

void Service::add_entity_policies(runtime::Operations& operations, const EntityKind& kind) {
  const std::string word(kind.word);
  const auto change = [&](const std::string& name, auto run) {
    operations.add("iam", name, [this, &kind, run](const Call& call, const Reply& reply) {
      change_entity(
          kind, call,
          [input = call.input, run](Entity& entity,
                                    const View& view) -> Result<std::string, ServiceError> {
            TRY(run(entity, Input(input.root()), view));
            return std::string("{}");
          },
          reply);
    });
  };
  using Changed = Result<void, ServiceError>;
  change("Put" + word + "Policy", [](Entity& entity, const Input& input, const View&) -> Changed {
    const std::string name = TRY(input.name("PolicyName", 128));
    entity.policies[name] = TRY(input.document("PolicyDocument"));
    return {};
  });
  change("Delete" + word + "Policy",
         [&kind](Entity& entity, const Input& input, const View&) -> Changed {
           const std::string name = TRY(input.name("PolicyName", 128));
           if (entity.policies.erase(name) == 0) return Err{no_inline(kind, name)};
           return {};
         });
  change(
      "Attach" + word + "Policy",
      [&kind](Entity& entity, const Input& input, const View& view) -> Changed {
        const std::string arn = TRY(input.required("PolicyArn"));
        if (!policy_exists(view, arn)) {
          return Err{no_such_entity("Policy " + arn + " does not exist or is not attachable.")};
        }
        auto& attached = entity.attached;
        if (std::find(attached.begin(), attached.end(), arn) != attached.end()) return {};
        if (attached.size() == kAttachedMax) {
          return Err{limit_exceeded("Cannot exceed quota for PoliciesPer" + std::string(kind.word) +
                                    ": " + std::to_string(kAttachedMax))};
        }
        attached.push_back(arn);
        return {};
      });
  change("Detach" + word + "Policy",
         [](Entity& entity, const Input& input, const View&) -> Changed {
           const std::string arn = TRY(input.required("PolicyArn"));
           if (std::erase(entity.attached, arn) == 0) {
             return Err{no_such_entity("Policy " + arn + " was not found.")};
           }
           return {};
         });
  add_entity_policy_reads(operations, kind);
}

void Service::add_entity_policy_reads(runtime::Operations& operations, const EntityKind& kind) {
  const std::string word(kind.word);
  const auto read = [&](const std::string& name, auto answer) {
    operations.add("iam", name, [this, &kind, answer](const Call& call, const Reply& reply) {
      const auto entity = find_entity(kind, call);
      if (!entity.ok()) return reply(Err{entity.error()});
      reply(answer(*entity, Input(call.input.root())));
    });
  };
  read("Get" + word + "Policy",
       [&kind](const Entity& entity, const Input& input) -> OperationResult {
         const std::string name = TRY(input.name("PolicyName", 128));
         const auto policy = entity.policies.find(name);
         if (policy == entity.policies.end()) return Err{no_inline(kind, name)};
         std::string text;
         json::Writer out(text);
         out.begin_object().key(std::string(kind.word) + "Name").string(entity.name);
         out.key("PolicyName").string(name);
         out.key("PolicyDocument")
             .string(percent_encode(policy->second, Slash::kEncode))
             .end_object();
         return json::Value::trusted(std::move(text));
       });
  read("List" + word + "Policies", [](const Entity& entity, const Input& input) -> OperationResult {
    Page page(input, "PolicyNames");
    for (const auto& [name, document] : entity.policies) {
      if (!page.add(name, "\"" + name + "\"")) break;
    }
    return page.finish();
  });
  read("ListAttached" + word + "Policies",
       [](const Entity& entity, const Input& input) -> OperationResult {
         Page page(input, "AttachedPolicies");
         std::vector<std::string> arns = entity.attached;
         std::sort(arns.begin(), arns.end());
         for (const std::string& arn : arns) {
           std::string text;
           json::Writer(text)
               .begin_object()
               .key("PolicyName")
               .string(policy_name(arn))
               .key("PolicyArn")
               .string(arn)
               .end_object();
           if (!page.add(arn, text)) break;
         }
         return page.finish();
       });
}

}  // namespace pawl::iam
