// Making, finding and deleting buckets.
#include <algorithm>

#include "base/utc_text.h"
#include "json/writer.h"
#include "services/s3/configurations.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr std::string_view kFirstRegion = "us-east-1";

// Where a bucket is made is said by the endpoint and, but for the first region, by the constraint:
// both must say the same (S3 API, CreateBucket).
Result<std::string, ServiceError> region_of(const std::string& endpoint,
                                            const std::string& constraint) {
  if (endpoint == kFirstRegion) {
    if (constraint.empty()) return endpoint;
    if (constraint == kFirstRegion) {
      return Err{
          with(error("InvalidLocationConstraint", "The specified location-constraint is not valid"),
               "LocationConstraint", constraint)};
    }
    return constraint == "EU" ? std::string("eu-west-1") : constraint;
  }
  if (constraint == endpoint || (constraint == "EU" && endpoint == "eu-west-1")) return endpoint;
  const std::string given = constraint.empty() ? "unspecified" : constraint;
  return Err{error("IllegalLocationConstraintException",
                   "The " + given +
                       " location constraint is incompatible for the region specific endpoint this "
                       "request was sent to.")};
}

}  // namespace

void Service::add_bucket_operations(runtime::Operations& operations) {
  operations.add("s3", "CreateBucket",
                 [this](const Call& call, const Reply& reply) { create_bucket(call, reply); });
  operations.add("s3", "DeleteBucket",
                 [this](const Call& call, const Reply& reply) { delete_bucket(call, reply); });
  operations.add("s3", "HeadBucket",
                 [this](const Call& call, const Reply& reply) { reply(head_bucket(call)); });
  operations.add("s3", "ListBuckets",
                 [this](const Call& call, const Reply& reply) { reply(list_buckets(call)); });
  operations.add("s3", "GetBucketLocation",
                 [this](const Call& call, const Reply& reply) { reply(bucket_location(call)); });
}

void Service::create_bucket(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const std::string name = fields.text("Bucket");
  if (auto problem = name_problem(name)) return reply(Err{std::move(*problem)});
  const json::Node* given = fields.node("CreateBucketConfiguration");
  const Fields configuration(given == nullptr ? json::Node() : *given);
  const auto region = region_of(call.principal.region, configuration.text("LocationConstraint"));
  if (!region.ok()) return reply(Err{region.error()});
  if (!store_.has_space()) return reply(Err{no_space()});

  Bucket made;
  made.name = name;
  made.id = new_data_id().substr(0, 8);
  made.account = call.principal.account;
  made.region = *region;
  made.created = clock_.wall_now();
  add_defaults(made);
  if (fields.flag("ObjectLockEnabledForBucket")) {
    made.versioning = Versioning::kEnabled;
    made.configurations.insert_or_assign("Versioning",
                                         json::Value::trusted(R"({"Status":"Enabled"})"));
    made.configurations.insert_or_assign(
        "ObjectLock", json::Value::trusted(R"({"ObjectLockEnabled":"Enabled"})"));
  }
  buckets_.change(
      name,
      [made](std::optional<Bucket>& bucket) -> Result<void, ServiceError> {
        if (!bucket) {
          bucket = made;
          return {};
        }
        if (bucket->account != made.account) {
          return Err{with(error("BucketAlreadyExists",
                                "The requested bucket name is not available. The bucket namespace "
                                "is shared by all users of the system. Please select a different "
                                "name and try again.",
                                409),
                          "BucketName", made.name)};
        }
        // There only it is no error, for old clients' sake.
        if (bucket->region == kFirstRegion && made.region == kFirstRegion) return {};
        return Err{with(error("BucketAlreadyOwnedByYou",
                              "Your previous request to create the named bucket succeeded and you "
                              "already own it.",
                              409),
                        "BucketName", made.name)};
      },
      [reply, name](Result<void, ServiceError> done) {
        if (!done.ok()) return reply(Err{done.error()});
        std::string text;
        json::Writer out(text);
        out.begin_object().key("Location").string("/" + name);
        out.key("BucketArn").string("arn:aws:s3:::" + name).end_object();
        reply(json::Value::trusted(std::move(text)));
      });
}

bool Service::has_objects(const Bucket& bucket) const {
  bool any = false;
  for (const char kind : {'o', 'v'}) {
    std::string from = object_key(bucket.id, "");
    from.back() = kind;
    store_.scan(shard_of(bucket.id), store::Space::kState, from, behind(from),
                store::Store::Direction::kForward, [&](std::string_view, std::string_view) {
                  any = true;
                  return false;
                });
  }
  return any;
}

void Service::delete_bucket(const Call& call, const Reply& reply) {
  const auto found = buckets_.get(Fields(call.input.root()).text("Bucket"));
  if (!found.ok()) return reply(Err{found.error()});
  const BucketPointer bucket = *found;
  if (!buckets_.close(bucket)) {
    return reply(Err{error("OperationAborted",
                           "A conflicting conditional operation is currently in progress against "
                           "this resource. Please try again.",
                           409)});
  }
  if (has_objects(*bucket)) {
    buckets_.open(bucket);
    return reply(
        Err{with(error("BucketNotEmpty", "The bucket you tried to delete is not empty", 409),
                 "BucketName", bucket->name)});
  }
  // Uploads that nobody has finished go with it.
  Change change;
  std::vector<std::string> uploads;
  const std::string from = uploads_prefix(bucket->id);
  store_.scan(shard_of(bucket->id), store::Space::kState, from, behind(from),
              store::Store::Direction::kForward, [&](std::string_view row, std::string_view) {
                uploads.emplace_back(row);
                return true;
              });
  for (const std::string& row : uploads) {
    change.batch.erase(store::Space::kState, row);
    drop_upload(*bucket, std::string_view(row).substr(row.size() - kUploadIdBytes), change);
  }
  buckets_.change(
      bucket->name,
      [id = bucket->id,
       name = bucket->name](std::optional<Bucket>& stored) -> Result<void, ServiceError> {
        if (!stored || stored->id != id) return Err{no_such_bucket(name)};
        stored.reset();
        return {};
      },
      [this, bucket, reply,
       rows = std::make_shared<Change>(std::move(change))](Result<void, ServiceError> done) {
        if (!done.ok()) return reply(Err{done.error()});
        const auto answer = [reply] { reply(json::Value::trusted("{}")); };
        if (rows->batch.empty()) return answer();
        commit(bucket, std::move(*rows), answer);
      });
}

OperationResult Service::head_bucket(const Call& call) {
  const BucketPointer bucket = TRY(buckets_.get(Fields(call.input.root()).text("Bucket")));
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("BucketRegion").string(bucket->region);
  out.key("BucketArn").string("arn:aws:s3:::" + bucket->name);
  out.key("AccessPointAlias").boolean(false);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

OperationResult Service::bucket_location(const Call& call) {
  const BucketPointer bucket = TRY(buckets_.get(Fields(call.input.root()).text("Bucket")));
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("LocationConstraint")
      .string(bucket->region == kFirstRegion ? "" : bucket->region)
      .end_object();
  return json::Value::trusted(std::move(text));
}

OperationResult Service::list_buckets(const Call& call) {
  const Fields fields(call.input.root());
  const std::string prefix = fields.text("Prefix");
  const std::string region = fields.text("BucketRegion");
  const std::string after = parse_id(fields.text("ContinuationToken")).value_or("");
  const auto most = static_cast<std::size_t>(
      std::clamp<std::int64_t>(fields.integer("MaxBuckets").value_or(10'000), 1, 10'000));
  std::vector<BucketPointer> page;
  bool more = false;
  for (const BucketPointer& bucket : buckets_.all()) {
    if (bucket->account != call.principal.account || bucket->name <= after) continue;
    if (!bucket->name.starts_with(prefix)) continue;
    if (!region.empty() && bucket->region != region) continue;
    more = page.size() == most;
    if (more) break;
    page.push_back(bucket);
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Buckets").begin_array();
  for (const BucketPointer& bucket : page) {
    out.begin_object().key("Name").string(bucket->name);
    out.key("CreationDate").string(iso_time(bucket->created));
    if (fields.has("MaxBuckets") || !region.empty() || !prefix.empty()) {
      out.key("BucketRegion").string(bucket->region);
    }
    out.end_object();
  }
  out.end_array();
  out.key("Owner").begin_object().key("ID").string(owner_id(call.principal.account)).end_object();
  if (more) out.key("ContinuationToken").string(id_text(page.back()->name));
  if (!prefix.empty()) out.key("Prefix").string(prefix);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::s3
