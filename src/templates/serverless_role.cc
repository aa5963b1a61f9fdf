#include "templates/serverless_role.h"

#include <fmt/format.h>

#include <algorithm>

#include "templates/intrinsic.h"
#include "templates/serverless_policies.h"

namespace pawl::templates {

namespace {

using json::Node;
using json::Writer;

Written write_inline(Writer& out, const std::string& name, Node policy) {
  std::string document;
  Writer document_out(document);
  const bool templated =
      policy.size() == 1 && policy.is_object() && is_policy_template(policy.member(0).key.string());
  if (templated) {
    TRY(write_policy_template(document_out, policy.member(0).key.string(), policy.member(0).value));
  } else {
    document_out.node(policy);
  }
  out.begin_object().key("PolicyName").string(name).key("PolicyDocument").raw(document);
  out.end_object();
  return {};
}

struct Policies {
  std::string managed, documents;  // JSON lists
};

Result<Policies, std::string> sorted_policies(const std::string& name, Node given,
                                              std::vector<std::string> managed) {
  std::vector<Node> policies;
  if (given.is_array()) {
    policies.assign(given.begin(), given.end());
  } else if (!given.is_null()) {
    policies.push_back(given);
  }
  Policies written;
  Writer managed_out(written.managed), documents_out(written.documents);
  managed_out.begin_array();
  documents_out.begin_array();
  const auto add_managed = [&managed](std::string arn) {
    if (std::find(managed.begin(), managed.end(), arn) == managed.end()) {
      managed.push_back(std::move(arn));
    }
  };
  std::size_t number = 0;
  std::vector<Node> references;
  for (const Node& policy : policies) {
    if (policy.is_string()) {
      const std::string_view text = policy.string();
      add_managed(text.starts_with("arn:") ? std::string(text) : managed_policy_arn(text));
    } else if (intrinsic_of(policy)) {
      references.push_back(policy);
    } else {
      TRY(write_inline(documents_out, fmt::format("{}RolePolicy{}", name, number), policy));
    }
    ++number;
  }
  for (const std::string& arn : managed) managed_out.string(arn);
  for (const Node& reference : references) managed_out.node(reference);
  managed_out.end_array();
  documents_out.end_array();
  return written;
}

}  // namespace

Written write_role(Writer& out, const std::string& name, Node resource, Node properties,
                   RoleKind kind) {
  const Policies policies =
      TRY(sorted_policies(name, member_of(properties, "Policies"), std::move(kind.managed)));
  out.key(name + "Role").begin_object().key("Type").string("AWS::IAM::Role");
  write_condition(out, resource);
  out.key("Properties").begin_object().key("AssumeRolePolicyDocument");
  const Node assume = member_of(properties, "AssumeRolePolicyDocument");
  assume.is_null() ? write_trust(out, kind.service) : void(out.node(assume));
  out.key("ManagedPolicyArns").raw(policies.managed);
  if (policies.documents != "[]") out.key("Policies").raw(policies.documents);
  copy_members(out, properties, {"PermissionsBoundary", "RolePath=Path"});
  out.key("Tags");
  write_tags(out, kind.mark, Node());
  out.end_object().end_object();
  return {};
}

void write_trust(Writer& out, std::string_view service) {
  out.begin_object().key("Version").string("2012-10-17").key("Statement").begin_array();
  out.begin_object().key("Action").begin_array().string("sts:AssumeRole").end_array();
  out.key("Effect").string("Allow").key("Principal").begin_object().key("Service");
  out.begin_array().string(service).end_array().end_object().end_object();
  out.end_array().end_object();
}

}  // namespace pawl::templates
