// AWS Security Token Service, API version 2011-06-15. Tools ask it who they are before anything
// else.
#include "api/shape_text.h"

namespace pawl::api {

namespace {

// The call with a web identity's token is the one that nobody has signed: the token is the proof.
constexpr std::string_view kOperations = R"(
structure Tag: Key, Value
structure Provider: ProviderArn, ContextAssertion
structure Policy: arn
operation GetCallerIdentity POST / reads
  in
operation GetAccessKeyInfo POST / reads
  in AccessKeyId
operation GetSessionToken POST /
  in DurationSeconds int, SerialNumber, TokenCode
operation AssumeRole POST /
  in RoleArn, RoleSessionName, PolicyArns [Policy/member], Policy, DurationSeconds int,
    Tags [Tag/member], TransitiveTagKeys [string/member], ExternalId, SerialNumber, TokenCode,
    SourceIdentity, ProvidedContexts [Provider/member]
operation AssumeRoleWithWebIdentity POST / reads
  in RoleArn, RoleSessionName, WebIdentityToken, ProviderId, PolicyArns [Policy/member], Policy,
    DurationSeconds int
)";

}  // namespace

ServiceModel sts_model() {
  ServiceModel model({.signing_name = "sts",
                      .protocol = Protocol::kQuery,
                      .xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/"});
  add_operations(model, kOperations);
  return model;
}

}  // namespace pawl::api
