// AWS Identity and Access Management, API version 2010-05-08. What a member may be is the service's
// business; outputs need no shapes: their lists are wrapped as the protocol does it by itself.
#include "api/shape_text.h"

namespace pawl::api {

namespace {

constexpr std::string_view kOperations = R"(
structure Tag: Key, Value
operation CreateRole POST /
  in Path, RoleName, AssumeRolePolicyDocument, Description, MaxSessionDuration int,
    PermissionsBoundary, Tags [Tag/member]
operation GetRole POST / reads
  in RoleName
operation DeleteRole POST /
  in RoleName
operation ListRoles POST / reads
  in PathPrefix, Marker, MaxItems int
operation PutRolePolicy POST /
  in RoleName, PolicyName, PolicyDocument
operation GetRolePolicy POST / reads
  in RoleName, PolicyName
operation DeleteRolePolicy POST /
  in RoleName, PolicyName
operation ListRolePolicies POST / reads
  in RoleName, Marker, MaxItems int
operation AttachRolePolicy POST /
  in RoleName, PolicyArn
operation DetachRolePolicy POST /
  in RoleName, PolicyArn
operation ListAttachedRolePolicies POST / reads
  in RoleName, PathPrefix, Marker, MaxItems int
operation TagRole POST /
  in RoleName, Tags [Tag/member]
operation UntagRole POST /
  in RoleName, TagKeys [string/member]
operation ListRoleTags POST / reads
  in RoleName, Marker, MaxItems int
operation PutRolePermissionsBoundary POST /
  in RoleName, PermissionsBoundary
operation DeleteRolePermissionsBoundary POST /
  in RoleName
operation CreateUser POST /
  in Path, UserName, PermissionsBoundary, Tags [Tag/member]
operation GetUser POST / reads
  in UserName
operation DeleteUser POST /
  in UserName
operation ListUsers POST / reads
  in PathPrefix, Marker, MaxItems int
operation PutUserPolicy POST /
  in UserName, PolicyName, PolicyDocument
operation GetUserPolicy POST / reads
  in UserName, PolicyName
operation DeleteUserPolicy POST /
  in UserName, PolicyName
operation ListUserPolicies POST / reads
  in UserName, Marker, MaxItems int
operation AttachUserPolicy POST /
  in UserName, PolicyArn
operation DetachUserPolicy POST /
  in UserName, PolicyArn
operation ListAttachedUserPolicies POST / reads
  in UserName, PathPrefix, Marker, MaxItems int
operation TagUser POST /
  in UserName, Tags [Tag/member]
operation UntagUser POST /
  in UserName, TagKeys [string/member]
operation ListUserTags POST / reads
  in UserName, Marker, MaxItems int
operation PutUserPermissionsBoundary POST /
  in UserName, PermissionsBoundary
operation DeleteUserPermissionsBoundary POST /
  in UserName
operation UpdateRole POST /
  in RoleName, Description, MaxSessionDuration int
operation UpdateRoleDescription POST /
  in RoleName, Description
operation UpdateAssumeRolePolicy POST /
  in RoleName, PolicyDocument
operation CreatePolicy POST /
  in PolicyName, Path, PolicyDocument, Description, Tags [Tag/member]
operation DeletePolicy POST /
  in PolicyArn
operation CreatePolicyVersion POST /
  in PolicyArn, PolicyDocument, SetAsDefault bool
operation DeletePolicyVersion POST /
  in PolicyArn, VersionId
operation SetDefaultPolicyVersion POST /
  in PolicyArn, VersionId
operation TagPolicy POST /
  in PolicyArn, Tags [Tag/member]
operation UntagPolicy POST /
  in PolicyArn, TagKeys [string/member]
operation GetPolicy POST / reads
  in PolicyArn
operation GetPolicyVersion POST / reads
  in PolicyArn, VersionId
operation ListPolicyVersions POST / reads
  in PolicyArn, Marker, MaxItems int
operation ListPolicies POST / reads
  in Scope, OnlyAttached bool, PathPrefix, PolicyUsageFilter, Marker, MaxItems int
operation ListEntitiesForPolicy POST / reads
  in PolicyArn, EntityFilter, PathPrefix, PolicyUsageFilter, Marker, MaxItems int
operation ListPolicyTags POST / reads
  in PolicyArn, Marker, MaxItems int
operation CreateInstanceProfile POST /
  in InstanceProfileName, Path, Tags [Tag/member]
operation DeleteInstanceProfile POST /
  in InstanceProfileName
operation AddRoleToInstanceProfile POST /
  in InstanceProfileName, RoleName
operation RemoveRoleFromInstanceProfile POST /
  in InstanceProfileName, RoleName
operation GetInstanceProfile POST / reads
  in InstanceProfileName
operation ListInstanceProfiles POST / reads
  in PathPrefix, Marker, MaxItems int
operation ListInstanceProfilesForRole POST / reads
  in RoleName, Marker, MaxItems int
operation CreateAccessKey POST /
  in UserName
operation UpdateAccessKey POST /
  in UserName, AccessKeyId, Status
operation DeleteAccessKey POST /
  in UserName, AccessKeyId
operation ListAccessKeys POST / reads
  in UserName, Marker, MaxItems int
operation GetAccessKeyLastUsed POST / reads
  in AccessKeyId
operation CreateServiceSpecificCredential POST /
  in UserName, ServiceName, CredentialAgeDays int
operation UpdateServiceSpecificCredential POST /
  in UserName, ServiceSpecificCredentialId, Status
operation ResetServiceSpecificCredential POST /
  in UserName, ServiceSpecificCredentialId
operation DeleteServiceSpecificCredential POST /
  in UserName, ServiceSpecificCredentialId
operation ListServiceSpecificCredentials POST / reads
  in UserName, ServiceName, AllUsers bool, Marker, MaxItems int
)";

}  // namespace

ServiceModel iam_model() {
  ServiceModel model({.signing_name = "iam",
                      .protocol = Protocol::kQuery,
                      .xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/"});
  add_operations(model, kOperations);
  return model;
}

}  // namespace pawl::api
