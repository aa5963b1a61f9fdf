// AWS::S3::Bucket and BucketPolicy.
#include <fmt/format.h>

#include "services/cloudformation/types/bucket_settings.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "S3";

Made made_bucket(const Request& request) {
  const std::string& name = request.physical_id;
  const std::string& region = request.stack.region;
  std::string attributes;
  Writer out(attributes);
  out.begin_object();
  out.key("Arn").string("arn:aws:s3:::" + name);
  out.key("DomainName").string(name + ".s3.amazonaws.com");
  out.key("RegionalDomainName").string(fmt::format("{}.s3.{}.amazonaws.com", name, region));
  out.key("DualStackDomainName")
      .string(fmt::format("{}.s3.dualstack.{}.amazonaws.com", name, region));
  out.key("WebsiteURL").string(fmt::format("http://{}.s3-website-{}.amazonaws.com", name, region));
  out.end_object();
  return {name, attributes};
}

std::optional<Failure> set_versioning(const Request& request) {
  const Node* versioning = request.properties.find("VersioningConfiguration");
  const Node* status = versioning ? versioning->find("Status") : nullptr;
  const bool had = request.previous.find("VersioningConfiguration") != nullptr;
  if (status == nullptr && !had) return std::nullopt;
  std::string input;
  Writer out(input);
  out.begin_object().key("Bucket").string(request.physical_id);
  out.key("VersioningConfiguration").begin_object().key("Status");
  status != nullptr ? out.node(*status) : out.string("Suspended");
  out.end_object().end_object();
  const auto answer = request.services.call(request, "s3", "PutBucketVersioning", std::move(input));
  if (answer.ok()) return std::nullopt;
  return failure_of(request, kService, answer.error());
}

bool bucket_exists(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("Bucket").string(request.physical_id).end_object();
  return request.services.call(request, "s3", "HeadBucket", std::move(input)).ok();
}

Outcome create_bucket(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("Bucket").string(request.physical_id);
  if (request.stack.region != "us-east-1") {
    out.key("CreateBucketConfiguration").begin_object().key("LocationConstraint");
    out.string(request.stack.region).end_object();
  }
  out.end_object();
  const auto answer = request.services.call(request, "s3", "CreateBucket", std::move(input));
  const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                       answer.error().code == "BucketAlreadyOwnedByYou";
  if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
  if (auto failure = set_versioning(request)) return *failure;
  if (auto failure = set_bucket_settings(request)) return *failure;
  return made_bucket(request);
}

Outcome remove_by(const Request& request, std::string_view operation) {
  std::string input;
  Writer(input).begin_object().key("Bucket").string(request.physical_id).end_object();
  const auto answer = request.services.call(request, "s3", operation, std::move(input));
  if (answer.ok() || answer.error().code == "NoSuchBucket") return Made{request.physical_id};
  return failure_of(request, kService, answer.error());
}

ResourceType bucket_type() {
  return {.name = "AWS::S3::Bucket",
          .properties = {{"BucketName", Kind::kText, Replaces::kAlways},
                         {"ObjectLockEnabled", Kind::kBoolean, Replaces::kAlways},
                         {"VersioningConfiguration"},
                         {"AccelerateConfiguration"},
                         {"AccessControl", Kind::kText},
                         {"AnalyticsConfigurations"},
                         {"BucketEncryption"},
                         {"CorsConfiguration"},
                         {"IntelligentTieringConfigurations"},
                         {"InventoryConfigurations"},
                         {"LifecycleConfiguration"},
                         {"LoggingConfiguration"},
                         {"MetricsConfigurations"},
                         {"NotificationConfiguration"},
                         {"ObjectLockConfiguration"},
                         {"OwnershipControls"},
                         {"PublicAccessBlockConfiguration"},
                         {"ReplicationConfiguration"},
                         {"Tags"},
                         {"WebsiteConfiguration"}},
          .attributes = {"Arn", "DomainName", "RegionalDomainName", "DualStackDomainName",
                         "WebsiteURL"},
          .name_property = "BucketName",
          .choose_id =
              [](const Request& request) {
                const std::string given = request.text("BucketName");
                return given.empty() ? generated_name(request, 63, Letters::kLower) : given;
              },
          .exists = bucket_exists,
          .create = create_bucket,
          .update = [](const Request& request) -> Outcome {
            if (auto failure = set_versioning(request)) return *failure;
            if (auto failure = set_bucket_settings(request)) return *failure;
            return made_bucket(request);
          },
          .remove = [](const Request& request) { return remove_by(request, "DeleteBucket"); }};
}

Outcome put_policy(const Request& request) {
  const Node* document = request.properties.find("PolicyDocument");
  std::string input;
  Writer(input)
      .begin_object()
      .key("Bucket")
      .string(request.text("Bucket"))
      .key("Policy")
      .string(document->is_string() ? std::string(document->string()) : json::print(*document))
      .end_object();
  const auto answer = request.services.call(request, "s3", "PutBucketPolicy", std::move(input));
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return Made{request.physical_id};
}

ResourceType bucket_policy_type() {
  return {
      .name = "AWS::S3::BucketPolicy",
      .properties = {{"Bucket", Kind::kText, Replaces::kAlways, Need::kRequired},
                     {"PolicyDocument", Kind::kDocument, Replaces::kNever, Need::kRequired}},
      .attributes = {},
      .choose_id = [](const Request& request) { return request.text("Bucket"); },
      .create = put_policy,
      .update = put_policy,
      .remove = [](const Request& request) { return remove_by(request, "DeleteBucketPolicy"); }};
}

}  // namespace

void add_s3_types(ResourceTypes& types) {
  types.add(bucket_type());
  types.add(bucket_policy_type());
}

}  // namespace pawl::cloudformation
