#include "services/s3/bucket.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/hex.h"
#include "json/number.h"
#include "json/writer.h"
#include "services/s3/fields.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr std::string_view kTable = "s3-buckets";

std::string_view name_of(Versioning versioning) {
  switch (versioning) {
    case Versioning::kNever:
      return "";
    case Versioning::kEnabled:
      return "Enabled";
    case Versioning::kSuspended:
      return "Suspended";
  }
  return "";
}

Versioning versioning_of(std::string_view name) {
  if (name == "Enabled") return Versioning::kEnabled;
  return name == "Suspended" ? Versioning::kSuspended : Versioning::kNever;
}

bool is_name_letter(char byte) { return is_lower_case(byte) || is_digit(byte); }

bool looks_like_address(std::string_view name) {
  return std::count(name.begin(), name.end(), '.') == 3 &&
         name.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Before 2018 buckets in us-east-1 could have such names: S3 still looks for them.
bool was_once_a_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 &&
         std::all_of(name.begin(), name.end(), [](char byte) {
           return is_letter_or_digit(byte) || byte == '.' || byte == '-' || byte == '_';
         });
}

}  // namespace

std::optional<ServiceError> name_problem(std::string_view name) {
  const bool fits =
      name.size() >= 3 && name.size() <= 63 && is_name_letter(name.front()) &&
      is_name_letter(name.back()) && name.find("..") == std::string_view::npos &&
      !looks_like_address(name) && !name.starts_with("xn--") && !name.ends_with("-s3alias") &&
      std::all_of(name.begin(), name.end(),
                  [](char byte) { return is_name_letter(byte) || byte == '.' || byte == '-'; });
  if (fits) return std::nullopt;
  return with(error("InvalidBucketName", "The specified bucket is not valid."), "BucketName", name);
}

const json::Value* Bucket::configuration(std::string_view kind) const {
  const auto found = configurations.find(std::string(kind));
  return found == configurations.end() ? nullptr : &found->second;
}

std::optional<Bucket> Bucket::parse(const std::string& name, const std::string& record) {
  const auto parsed = json::Value::parse(record);
  if (!parsed.ok()) return std::nullopt;
  const Fields fields(parsed->root());
  Bucket bucket;
  bucket.name = name;
  bucket.id = decode_hex(fields.text("id")).value_or("");
  if (bucket.id.size() != 8) return std::nullopt;
  bucket.account = fields.text("account");
  bucket.region = fields.text("region");
  bucket.created = fields.integer("created").value_or(0);
  bucket.versioning = versioning_of(fields.text("versioning"));
  if (const json::Node* configurations = fields.node("configurations")) {
    for (const json::Member& member : configurations->members()) {
      bucket.configurations.emplace(member.key.string(), json::Value::of(member.value));
    }
  }
  return bucket;
}

std::string Bucket::record() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("id").string(encode_hex(id));
  out.key("account").string(account);
  out.key("region").string(region);
  out.key("created").integer(created);
  out.key("versioning").string(name_of(versioning));
  out.key("configurations").begin_object();
  for (const auto& [kind, value] : configurations) out.key(kind).raw(value.text());
  out.end_object();
  out.end_object();
  return text;
}

Buckets::Buckets(runtime::Catalog& catalog) : catalog_(catalog) {
  std::vector<std::pair<std::string, std::string>> records;
  catalog_.for_each(kTable, [&](const std::string& name, const std::string& record) {
    records.emplace_back(name, record);
  });
  for (const auto& [name, record] : records) put(name, &record);
}

void Buckets::put(const std::string& name, const std::string* record) {
  const std::unique_lock lock(mutex_);
  auto bucket = record == nullptr ? std::nullopt : Bucket::parse(name, *record);
  if (bucket) {
    buckets_[name] = std::make_shared<const Bucket>(std::move(*bucket));
  } else {
    buckets_.erase(name);
  }
}

BucketPointer Buckets::find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto found = buckets_.find(name);
  return found == buckets_.end() ? nullptr : found->second;
}

Result<BucketPointer, ServiceError> Buckets::get(std::string_view name) const {
  if (BucketPointer bucket = find(name)) return bucket;
  if (was_once_a_name(name)) return Err{no_such_bucket(name)};
  if (auto problem = name_problem(name)) return Err{std::move(*problem)};
  return Err{no_such_bucket(name)};
}

std::vector<BucketPointer> Buckets::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<BucketPointer> buckets;
  for (const auto& [name, bucket] : buckets_) buckets.push_back(bucket);
  return buckets;
}

void Buckets::change(const std::string& name, Change change, Done done) {
  struct Outcome {
    Result<void, ServiceError> result;
  };
  const auto outcome = std::make_shared<Outcome>();
  const auto record = std::make_shared<std::optional<std::string>>();
  catalog_.update(
      [name, change = std::move(change), outcome, record](const runtime::Catalog::View& view) {
        const std::string* stored = view.find(kTable, name);
        auto bucket = stored == nullptr ? std::nullopt : Bucket::parse(name, *stored);
        std::vector<runtime::Catalog::Change> changes;
        outcome->result = change(bucket);
        if (!outcome->result.ok()) return changes;
        if (bucket) *record = bucket->record();
        changes.push_back({std::string(kTable), name, *record});
        return changes;
      },
      [this, name, outcome, record, done = std::move(done), token = pending_.begin()] {
        if (outcome->result.ok()) put(name, *record ? &**record : nullptr);
        done(std::move(outcome->result));
      });
}

Buckets::Use Buckets::use(const BucketPointer& bucket) {
  const std::lock_guard lock(uses_mutex_);
  Uses& uses = uses_[bucket->id];
  if (uses.closed) return nullptr;
  ++uses.count;
  const auto end = [this, id = bucket->id](void*) {
    const std::lock_guard again(uses_mutex_);
    const auto found = uses_.find(id);
    if (found != uses_.end() && --found->second.count == 0 && !found->second.closed) {
      uses_.erase(found);
    }
  };
  // Only whether it is there matters, not where it points.
  return Use(static_cast<void*>(this), end);
}

bool Buckets::close(const BucketPointer& bucket) {
  const std::lock_guard lock(uses_mutex_);
  Uses& uses = uses_[bucket->id];
  if (uses.count > 0 || uses.closed) return false;
  uses.closed = true;
  return true;
}

void Buckets::open(const BucketPointer& bucket) {
  const std::lock_guard lock(uses_mutex_);
  uses_.erase(bucket->id);
}

}  // namespace pawl::s3
