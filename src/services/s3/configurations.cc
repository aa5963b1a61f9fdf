// The configurations of buckets: kept, and given back. Versioning is acted upon; the others are
// for tools that ask.
#include "services/s3/configurations.h"

#include "base/hex.h"
#include "services/s3/attributes.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

// How a configuration stands in an output: as a member of that name, or as the output's members.
enum class Form { kMember, kMembers };

struct Configuration {
  std::string_view kind;  // in the bucket's record
  std::string_view get;
  std::string_view put;
  std::string_view remove;  // empty: there is no such operation
  std::string_view member;  // of the input that has it
  Form form;
  std::string_view fallback;  // JSON, where none is set; empty: an error
  std::string_view code;      // the error's
  std::string_view message;
};

constexpr Configuration kConfigurations[] = {
    {"Versioning", "GetBucketVersioning", "PutBucketVersioning", "", "VersioningConfiguration",
     Form::kMembers, "{}", "", ""},
    {"Tagging", "GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging", "Tagging",
     Form::kMembers, "", "NoSuchTagSet", "The TagSet does not exist"},
    {"Policy", "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy", "Policy", Form::kMember,
     "", "NoSuchBucketPolicy", "The bucket policy does not exist"},
    {"Website", "GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite",
     "WebsiteConfiguration", Form::kMembers, "", "NoSuchWebsiteConfiguration",
     "The specified bucket does not have a website configuration"},
    {"Cors", "GetBucketCors", "PutBucketCors", "DeleteBucketCors", "CORSConfiguration",
     Form::kMembers, "", "NoSuchCORSConfiguration", "The CORS configuration does not exist"},
    {"Lifecycle", "GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration",
     "DeleteBucketLifecycle", "LifecycleConfiguration", Form::kMembers, "",
     "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"},
    {"Encryption", "GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption",
     "ServerSideEncryptionConfiguration", Form::kMember,
     R"({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},)"
     R"("BucketKeyEnabled":false}]})",
     "", ""},
    {"PublicAccessBlock", "GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock",
     "PublicAccessBlockConfiguration", Form::kMember, "", "NoSuchPublicAccessBlockConfiguration",
     "The public access block configuration was not found"},
    {"OwnershipControls", "GetBucketOwnershipControls", "PutBucketOwnershipControls",
     "DeleteBucketOwnershipControls", "OwnershipControls", Form::kMember, "",
     "OwnershipControlsNotFoundError", "The bucket ownership controls were not found"},
    {"Notification", "GetBucketNotificationConfiguration", "PutBucketNotificationConfiguration", "",
     "NotificationConfiguration", Form::kMembers, "{}", "", ""},
    {"Logging", "GetBucketLogging", "PutBucketLogging", "", "BucketLoggingStatus", Form::kMembers,
     "{}", "", ""},
    {"Accelerate", "GetBucketAccelerateConfiguration", "PutBucketAccelerateConfiguration", "",
     "AccelerateConfiguration", Form::kMembers, "{}", "", ""},
    {"RequestPayment", "GetBucketRequestPayment", "PutBucketRequestPayment", "",
     "RequestPaymentConfiguration", Form::kMembers, R"({"Payer":"BucketOwner"})", "", ""},
    {"ObjectLock", "GetObjectLockConfiguration", "PutObjectLockConfiguration", "",
     "ObjectLockConfiguration", Form::kMember, "", "ObjectLockConfigurationNotFoundError",
     "Object Lock configuration does not exist for this bucket"},
    {"Replication", "GetBucketReplication", "PutBucketReplication", "DeleteBucketReplication",
     "ReplicationConfiguration", Form::kMember, "", "ReplicationConfigurationNotFoundError",
     "The replication configuration was not found"},
};

OperationResult get_configuration(const Buckets& buckets, const Configuration& row,
                                  const Call& call) {
  const BucketPointer bucket = TRY(buckets.get(Fields(call.input.root()).text("Bucket")));
  const json::Value* stored = bucket->configuration(row.kind);
  if (stored == nullptr && row.fallback.empty()) {
    return Err{with(error(row.code, std::string(row.message), 404), "BucketName", bucket->name)};
  }
  const json::Value value =
      stored != nullptr ? *stored : json::Value::trusted(std::string(row.fallback));
  if (row.form == Form::kMembers) return value;
  std::string text;
  json::Writer(text).begin_object().key(row.member).raw(value.text()).end_object();
  return json::Value::trusted(std::move(text));
}

Result<void, ServiceError> check_versioning(json::Node given) {
  const std::string status = Fields(given).text("Status");
  if (status == "Enabled" || status == "Suspended") return {};
  if (status.empty()) {
    return Err{error("IllegalVersioningConfigurationException",
                     "The Versioning element must be specified")};
  }
  return Err{error("MalformedXML",
                   "The XML you provided was not well-formed or did not validate against our "
                   "published schema")};
}

Result<void, ServiceError> check_policy(json::Node given) {
  const auto policy = json::Value::parse(given.is_string() ? std::string(given.string()) : "");
  if (policy.ok() && policy->root().is_object()) return {};
  return Err{
      error("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")};
}

// What S3 looks at before it takes a configuration.
Result<void, ServiceError> check_configuration(std::string_view kind, json::Node given) {
  constexpr std::size_t kBucketTagsMax = 50;
  if (kind == "Versioning") return check_versioning(given);
  if (kind == "Policy") return check_policy(given);
  if (kind == "Tagging") TRY(read_tag_set(&given, kBucketTagsMax));
  return {};
}

// A policy that a tool gives as an object is the text of it.
json::Value normal(std::string_view kind, json::Node given) {
  if (kind != "Policy" || given.is_string()) return json::Value::of(given);
  std::string text;
  json::print_string_to(json::print(given), text);
  return json::Value::trusted(std::move(text));
}

// Notifications that have no name are given one.
json::Value with_ids(json::Node given) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const json::Member& kind : given.members()) {
    out.key(kind.key.string());
    if (!kind.value.is_array()) {
      out.node(kind.value);
      continue;
    }
    out.begin_array();
    for (const json::Node& each : kind.value) {
      out.begin_object();
      if (each.find("Id") == nullptr) {
        out.key("Id").string(encode_hex(checksum_of(ChecksumKind::kMd5, json::print(each))));
      }
      for (const json::Member& member : each.members()) {
        out.key(member.key.string()).node(member.value);
      }
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void set_configuration(Buckets& buckets, const Configuration& row, const std::string& name,
                       const json::Value& value, const Reply& reply) {
  buckets.change(
      name,
      [&row, value, name](std::optional<Bucket>& changed) -> Result<void, ServiceError> {
        if (!changed) return Err{no_such_bucket(name)};
        changed->configurations.insert_or_assign(std::string(row.kind), value);
        if (row.kind == "Versioning") {
          changed->versioning = Fields(value.root()).text("Status") == "Enabled"
                                    ? Versioning::kEnabled
                                    : Versioning::kSuspended;
        }
        return {};
      },
      [reply](Result<void, ServiceError> done) {
        if (!done.ok()) return reply(Err{done.error()});
        reply(json::Value::trusted("{}"));
      });
}

void put_configuration(Buckets& buckets, const Notifications& notifications,
                       const Configuration& row, const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const json::Node* given = fields.node(row.member);
  const auto bucket = buckets.get(fields.text("Bucket"));
  if (!bucket.ok()) return reply(Err{bucket.error()});
  if (given == nullptr) {
    return reply(Err{error("MissingRequestBodyError", "Request Body is empty")});
  }
  json::Value value = normal(row.kind, *given);
  if (auto taken = check_configuration(row.kind, value.root()); !taken.ok()) {
    return reply(Err{taken.error()});
  }
  const std::string name = (*bucket)->name;
  if (row.kind != "Notification") return set_configuration(buckets, row, name, value, reply);
  value = with_ids(value.root());
  notifications.check(**bucket, value.root(),
                      [&buckets, &row, name, value, reply](Result<void, ServiceError> checked) {
                        if (!checked.ok()) return reply(Err{checked.error()});
                        set_configuration(buckets, row, name, value, reply);
                      });
}

void remove_configuration(Buckets& buckets, const Configuration& row, const Call& call,
                          const Reply& reply) {
  const auto bucket = buckets.get(Fields(call.input.root()).text("Bucket"));
  if (!bucket.ok()) return reply(Err{bucket.error()});
  buckets.change(
      (*bucket)->name,
      [&row, name = (*bucket)->name](std::optional<Bucket>& changed) -> Result<void, ServiceError> {
        if (!changed) return Err{no_such_bucket(name)};
        changed->configurations.erase(std::string(row.kind));
        return {};
      },
      [reply](Result<void, ServiceError> done) {
        if (!done.ok()) return reply(Err{done.error()});
        reply(json::Value::trusted("{}"));
      });
}

}  // namespace

json::Value owners_access(std::string_view account) {
  const std::string id = owner_id(account);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Owner").begin_object().key("ID").string(id).end_object();
  out.key("Grants").begin_array().begin_object();
  out.key("Grantee").begin_object().key("ID").string(id);
  out.key("Type").string("CanonicalUser").end_object();
  out.key("Permission").string("FULL_CONTROL").end_object().end_array();
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void add_defaults(Bucket& bucket) {
  bucket.configurations.emplace(
      "PublicAccessBlock",
      json::Value::trusted(R"({"BlockPublicAcls":true,"IgnorePublicAcls":true,)"
                           R"("BlockPublicPolicy":true,"RestrictPublicBuckets":true})"));
  bucket.configurations.emplace(
      "OwnershipControls",
      json::Value::trusted(R"({"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]})"));
}

void Service::add_configuration_operations(runtime::Operations& operations) {
  for (const Configuration& row : kConfigurations) {
    operations.add("s3", row.get, [this, &row](const Call& call, const Reply& reply) {
      reply(get_configuration(buckets_, row, call));
    });
    operations.add("s3", row.put, [this, &row](const Call& call, const Reply& reply) {
      put_configuration(buckets_, notifications_, row, call, reply);
    });
    if (row.remove.empty()) continue;
    operations.add("s3", row.remove, [this, &row](const Call& call, const Reply& reply) {
      remove_configuration(buckets_, row, call, reply);
    });
  }
  operations.add("s3", "GetBucketAcl", [this](const Call& call, const Reply& reply) {
    const auto bucket = buckets_.get(Fields(call.input.root()).text("Bucket"));
    if (!bucket.ok()) return reply(Err{bucket.error()});
    reply(owners_access((*bucket)->account));
  });
  operations.add("s3", "GetBucketPolicyStatus", [this](const Call& call, const Reply& reply) {
    const auto bucket = buckets_.get(Fields(call.input.root()).text("Bucket"));
    if (!bucket.ok()) return reply(Err{bucket.error()});
    if ((*bucket)->configuration("Policy") == nullptr) {
      return reply(Err{error("NoSuchBucketPolicy", "The bucket policy does not exist", 404)});
    }
    reply(json::Value::trusted(R"({"PolicyStatus":{"IsPublic":false}})"));
  });
  // Ownership is the bucket owner's: lists are refused, as S3 refuses them then, but for the one
  // that says the same.
  for (const std::string_view name : {"PutBucketAcl", "PutObjectAcl"}) {
    operations.add("s3", name, [this](const Call& call, const Reply& reply) {
      const Fields fields(call.input.root());
      const auto bucket = buckets_.get(fields.text("Bucket"));
      if (!bucket.ok()) return reply(Err{bucket.error()});
      const std::string acl = fields.text("ACL");
      if (acl == "private" || acl == "bucket-owner-full-control") {
        return reply(json::Value::trusted("{}"));
      }
      reply(Err{error("AccessControlListNotSupported", "The bucket does not allow ACLs")});
    });
  }
}

}  // namespace pawl::s3
