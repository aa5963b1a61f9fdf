// AWS::IAM::Role, Policy, ManagedPolicy.
#include <fmt/format.h>

#include <set>

#include "services/cloudformation/types/tags.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "Iam";

// A policy document as the API takes it: text.
std::string document_text(const Node* document) {
  if (document == nullptr) return "{}";
  return document->is_string() ? std::string(document->string()) : json::print(*document);
}

std::string string_of(Node node, std::string_view name) {
  const Node* found = node.find(name);
  return found && found->is_string() ? std::string(found->string()) : std::string();
}

// A call whose error, but for the given one, is a failure.
std::optional<Failure> called(const Request& request, std::string_view operation,
                              const std::vector<std::pair<std::string_view, std::string>>& members,
                              std::string_view accepted_error = {}) {
  std::string input;
  Writer out(input);
  out.begin_object();
  for (const auto& [name, value] : members) out.key(name).string(value);
  out.end_object();
  const auto answer = request.services.call(request, "iam", operation, std::move(input));
  if (answer.ok() || answer.error().code == accepted_error) return std::nullopt;
  return failure_of(request, kService, answer.error());
}

constexpr std::string_view kNoSuchEntity = "NoSuchEntity";
constexpr std::string_view kAlreadyExists = "EntityAlreadyExists";

std::set<std::string> policy_names(Node properties) {
  std::set<std::string> names;
  if (const Node* policies = properties.find("Policies")) {
    for (const Node& policy : *policies) names.insert(string_of(policy, "PolicyName"));
  }
  return names;
}

std::set<std::string> managed_arns(Node properties) {
  std::set<std::string> arns;
  if (const Node* managed = properties.find("ManagedPolicyArns")) {
    for (const Node& arn : *managed) {
      if (arn.is_string()) arns.emplace(arn.string());
    }
  }
  return arns;
}

// Puts the role's policies as they are wanted; those of before that are wanted no more go.
std::optional<Failure> set_policies(const Request& request) {
  const std::string& role = request.physical_id;
  if (const Node* policies = request.properties.find("Policies")) {
    for (const Node& policy : *policies) {
      if (auto failure =
              called(request, "PutRolePolicy",
                     {{"RoleName", role},
                      {"PolicyName", string_of(policy, "PolicyName")},
                      {"PolicyDocument", document_text(policy.find("PolicyDocument"))}})) {
        return failure;
      }
    }
  }
  const std::set<std::string> names = policy_names(request.properties);
  for (const std::string& name : policy_names(request.previous)) {
    if (names.contains(name)) continue;
    if (auto failure = called(request, "DeleteRolePolicy",
                              {{"RoleName", role}, {"PolicyName", name}}, kNoSuchEntity)) {
      return failure;
    }
  }
  const std::set<std::string> arns = managed_arns(request.properties);
  const std::set<std::string> old_arns = managed_arns(request.previous);
  for (const std::string& arn : arns) {
    if (auto failure =
            called(request, "AttachRolePolicy", {{"RoleName", role}, {"PolicyArn", arn}})) {
      return failure;
    }
  }
  for (const std::string& arn : old_arns) {
    if (arns.contains(arn)) continue;
    if (auto failure = called(request, "DetachRolePolicy", {{"RoleName", role}, {"PolicyArn", arn}},
                              kNoSuchEntity)) {
      return failure;
    }
  }
  return std::nullopt;
}

Outcome remove_role(const Request& request) {
  const std::string& role = request.physical_id;
  for (const std::string& name : policy_names(request.properties)) {
    if (auto failure = called(request, "DeleteRolePolicy",
                              {{"RoleName", role}, {"PolicyName", name}}, kNoSuchEntity)) {
      return *failure;
    }
  }
  for (const std::string& arn : managed_arns(request.properties)) {
    if (auto failure = called(request, "DetachRolePolicy", {{"RoleName", role}, {"PolicyArn", arn}},
                              kNoSuchEntity)) {
      return *failure;
    }
  }
  if (auto failure = called(request, "DeleteRole", {{"RoleName", role}}, kNoSuchEntity)) {
    return *failure;
  }
  return Made{role};
}

Result<Made, Failure> described_role(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("RoleName").string(request.physical_id).end_object();
  const auto answer = request.services.call(request, "iam", "GetRole", std::move(input));
  if (!answer.ok()) return Err{failure_of(request, kService, answer.error())};
  const Node* role = answer->root().find("Role");
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Arn")
      .string(role ? string_of(*role, "Arn") : "")
      .key("RoleId")
      .string(role ? string_of(*role, "RoleId") : "")
      .end_object();
  return Made{request.physical_id, attributes};
}

Outcome create_role(const Request& request) {
  std::string input = properties_with(
      request.properties, {"RoleName", "AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns"},
      [&request](Writer& out) {
        out.key("RoleName").string(request.physical_id).key("AssumeRolePolicyDocument");
        out.string(document_text(request.properties.find("AssumeRolePolicyDocument")));
      });
  const auto answer = request.services.call(request, "iam", "CreateRole", std::move(input));
  const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                       answer.error().code.starts_with(kAlreadyExists);
  if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
  // A role whose policies are refused does not stay.
  if (auto failure = set_policies(request)) {
    static_cast<void>(remove_role(request));
    return *failure;
  }
  auto made = described_role(request);
  if (!made.ok()) return std::move(made).error();
  return std::move(made).value();
}

// What a role has beside its policies: what the template says no more is as IAM has it by itself.
std::optional<Failure> set_role_details(const Request& request) {
  const std::string seconds = request.text("MaxSessionDuration");
  if (auto failure = called(request, "UpdateRole",
                            {{"RoleName", request.physical_id},
                             {"Description", request.text("Description")},
                             {"MaxSessionDuration", seconds.empty() ? "3600" : seconds}})) {
    return failure;
  }
  const std::string boundary = request.text("PermissionsBoundary");
  if (boundary != string_of(request.previous, "PermissionsBoundary")) {
    auto failure =
        boundary.empty()
            ? called(request, "DeleteRolePermissionsBoundary", {{"RoleName", request.physical_id}})
            : called(request, "PutRolePermissionsBoundary",
                     {{"RoleName", request.physical_id}, {"PermissionsBoundary", boundary}});
    if (failure) return failure;
  }
  constexpr TagCalls kTagCalls{"iam",  kService,  "TagRole",       "UntagRole",
                               "Tags", "TagKeys", TagShape::kPairs};
  return update_tags(request, kTagCalls,
                     [&](Writer& out) { out.key("RoleName").string(request.physical_id); });
}

Outcome update_role(const Request& request) {
  if (auto failure =
          called(request, "UpdateAssumeRolePolicy",
                 {{"RoleName", request.physical_id},
                  {"PolicyDocument",
                   document_text(request.properties.find("AssumeRolePolicyDocument"))}})) {
    return *failure;
  }
  if (auto failure = set_policies(request)) return *failure;
  if (auto failure = set_role_details(request)) return *failure;
  auto made = described_role(request);
  if (!made.ok()) return std::move(made).error();
  return std::move(made).value();
}

bool role_exists(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("RoleName").string(request.physical_id).end_object();
  return request.services.call(request, "iam", "GetRole", std::move(input)).ok();
}

ResourceType role_type() {
  return {.name = "AWS::IAM::Role",
          .properties = {{"RoleName", Kind::kText, Replaces::kAlways},
                         {"Path", Kind::kText, Replaces::kAlways},
                         {"AssumeRolePolicyDocument", Kind::kDocument, Replaces::kNever,
                          Need::kRequired},
                         {"Policies"},
                         {"ManagedPolicyArns", Kind::kTexts},
                         {"Description", Kind::kText},
                         {"MaxSessionDuration", Kind::kInteger},
                         {"PermissionsBoundary", Kind::kText},
                         {"Tags"}},
          .attributes = {"Arn", "RoleId"},
          .name_property = "RoleName",
          .choose_id =
              [](const Request& request) {
                const std::string given = request.text("RoleName");
                return given.empty() ? generated_name(request, 64) : given;
              },
          .exists = role_exists,
          .create = create_role,
          .update = update_role,
          .remove = remove_role};
}

std::set<std::string> names_in(Node properties, std::string_view list) {
  std::set<std::string> names;
  if (const Node* found = properties.find(list)) {
    for (const Node& name : *found) {
      if (name.is_string()) names.emplace(name.string());
    }
  }
  return names;
}

// Puts the inline policy on each of its roles.
Outcome put_policy(const Request& request) {
  const std::string name = request.text("PolicyName");
  const std::string document = document_text(request.properties.find("PolicyDocument"));
  const std::set<std::string> roles = names_in(request.properties, "Roles");
  for (const std::string& role : roles) {
    if (auto failure =
            called(request, "PutRolePolicy",
                   {{"RoleName", role}, {"PolicyName", name}, {"PolicyDocument", document}})) {
      return *failure;
    }
  }
  const std::string old_name = string_of(request.previous, "PolicyName");
  for (const std::string& role : names_in(request.previous, "Roles")) {
    if (roles.contains(role) && old_name == name) continue;
    if (auto failure = called(request, "DeleteRolePolicy",
                              {{"RoleName", role}, {"PolicyName", old_name}}, kNoSuchEntity)) {
      return *failure;
    }
  }
  return Made{request.physical_id, R"({"Id":")" + request.physical_id + R"("})"};
}

ResourceType policy_type() {
  return {.name = "AWS::IAM::Policy",
          .properties = {{"PolicyName", Kind::kText, Replaces::kNever, Need::kRequired},
                         {"PolicyDocument", Kind::kDocument, Replaces::kNever, Need::kRequired},
                         {"Roles", Kind::kTexts},
                         {"Users", Kind::kTexts},
                         {"Groups", Kind::kTexts}},
          .attributes = {"Id"},
          .choose_id = [](const Request& request) { return generated_name(request, 128); },
          .create = put_policy,
          .update = put_policy,
          .remove = [](const Request& request) -> Outcome {
            for (const std::string& role : names_in(request.properties, "Roles")) {
              if (auto failure =
                      called(request, "DeleteRolePolicy",
                             {{"RoleName", role}, {"PolicyName", request.text("PolicyName")}},
                             kNoSuchEntity)) {
                return *failure;
              }
            }
            return Made{request.physical_id};
          }};
}

std::string managed_arn(const Request& request, const std::string& name) {
  const std::string path = request.text("Path");
  return fmt::format("arn:aws:iam::{}:policy{}{}", request.stack.account, path.empty() ? "/" : path,
                     name);
}

std::optional<Failure> attach_managed(const Request& request) {
  const std::set<std::string> roles = names_in(request.properties, "Roles");
  for (const std::string& role : roles) {
    if (auto failure = called(request, "AttachRolePolicy",
                              {{"RoleName", role}, {"PolicyArn", request.physical_id}})) {
      return failure;
    }
  }
  for (const std::string& role : names_in(request.previous, "Roles")) {
    if (roles.contains(role)) continue;
    if (auto failure =
            called(request, "DetachRolePolicy",
                   {{"RoleName", role}, {"PolicyArn", request.physical_id}}, kNoSuchEntity)) {
      return failure;
    }
  }
  return std::nullopt;
}

Made made_managed(const Request& request) {
  return {request.physical_id, R"({"PolicyArn":")" + request.physical_id + R"("})"};
}

ResourceType managed_policy_type() {
  return {
      .name = "AWS::IAM::ManagedPolicy",
      .properties = {{"ManagedPolicyName", Kind::kText, Replaces::kAlways},
                     {"Path", Kind::kText, Replaces::kAlways},
                     {"Description", Kind::kText, Replaces::kAlways},
                     {"PolicyDocument", Kind::kDocument, Replaces::kNever, Need::kRequired},
                     {"Roles", Kind::kTexts},
                     {"Users", Kind::kTexts},
                     {"Groups", Kind::kTexts}},
      .attributes = {"PolicyArn", "PolicyId"},
      .name_property = "ManagedPolicyName",
      .choose_id =
          [](const Request& request) {
            const std::string given = request.text("ManagedPolicyName");
            return managed_arn(request, given.empty() ? generated_name(request, 128) : given);
          },
      .exists =
          [](const Request& request) {
            return !called(request, "GetPolicy", {{"PolicyArn", request.physical_id}});
          },
      .create = [](const Request& request) -> Outcome {
        const std::string& arn = request.physical_id;
        std::vector<std::pair<std::string_view, std::string>> members = {
            {"PolicyName", arn.substr(arn.rfind('/') + 1)},
            {"PolicyDocument", document_text(request.properties.find("PolicyDocument"))}};
        if (!request.text("Path").empty()) members.emplace_back("Path", request.text("Path"));
        const auto adopted = request.attempt == Attempt::kRepeated ? kAlreadyExists : "";
        if (auto failure = called(request, "CreatePolicy", members, adopted)) return *failure;
        if (auto failure = attach_managed(request)) return *failure;
        return made_managed(request);
      },
      .update = [](const Request& request) -> Outcome {
        if (auto failure = called(
                request, "CreatePolicyVersion",
                {{"PolicyArn", request.physical_id},
                 {"PolicyDocument", document_text(request.properties.find("PolicyDocument"))}})) {
          return *failure;
        }
        if (auto failure = attach_managed(request)) return *failure;
        return made_managed(request);
      },
      .remove = [](const Request& request) -> Outcome {
        for (const std::string& role : names_in(request.properties, "Roles")) {
          static_cast<void>(called(request, "DetachRolePolicy",
                                   {{"RoleName", role}, {"PolicyArn", request.physical_id}},
                                   kNoSuchEntity));
        }
        if (auto failure = called(request, "DeletePolicy", {{"PolicyArn", request.physical_id}},
                                  kNoSuchEntity)) {
          return *failure;
        }
        return Made{request.physical_id};
      }};
}

}  // namespace

void add_iam_types(ResourceTypes& types) {
  types.add(role_type());
  types.add(policy_type());
  types.add(managed_policy_type());
}

}  // namespace pawl::cloudformation
