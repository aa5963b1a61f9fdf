// The versions of a key: the current one is the `o` row, older ones are `v` rows, newest first.
#include <algorithm>

#include "services/s3/reader.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr store::Space kState = store::Space::kState;
// A reader that finds the bytes gone, because the object was replaced between two reads of rows,
// looks again.
constexpr int kReadAttempts = 8;

// Its first 8 bytes are the version's sequence.
std::optional<std::uint64_t> sequence_of(std::string_view version_id) {
  const auto bytes = parse_id(version_id);
  if (!bytes || bytes->size() < 8) return std::nullopt;
  return crc_from_bytes(std::string_view(*bytes).substr(0, 8));
}

}  // namespace

std::optional<ObjectRecord> Service::current(const Place& place) const {
  const auto row =
      store_.get(shard_of(place.bucket->id), kState, object_key(place.bucket->id, place.key));
  return row ? decode_object(*row) : std::nullopt;
}

Result<std::optional<ObjectRecord>, ServiceError> Service::find(const Place& place) const {
  auto record = current(place);
  if (record && record->is_marker()) return std::optional<ObjectRecord>();
  return record;
}

std::vector<ObjectRecord> Service::older_versions(const Place& place, std::size_t limit) const {
  std::vector<ObjectRecord> versions;
  const std::string from = version_prefix(place.bucket->id, place.key);
  store_.scan(shard_of(place.bucket->id), kState, from, behind(from),
              store::Store::Direction::kForward, [&](std::string_view, std::string_view row) {
                if (auto record = decode_object(row)) versions.push_back(std::move(*record));
                return versions.size() < limit;
              });
  return versions;
}

Result<ObjectRecord, ServiceError> Service::find_version(const Place& place,
                                                         const std::string& version_id) const {
  auto latest = current(place);
  if (latest && latest->shown_version() == version_id) return std::move(*latest);
  if (version_id == "null") {
    for (ObjectRecord& record : older_versions(place, SIZE_MAX)) {
      if (record.version_id.empty()) return std::move(record);
    }
    return Err{no_such_version(place.key, version_id)};
  }
  const auto sequence = sequence_of(version_id);
  if (!sequence) {
    return Err{invalid_argument("Invalid version id specified", "versionId", version_id)};
  }
  const auto row = store_.get(shard_of(place.bucket->id), kState,
                              version_key(place.bucket->id, place.key, *sequence));
  auto record = row ? decode_object(*row) : std::nullopt;
  if (!record || record->version_id != version_id) {
    return Err{no_such_version(place.key, version_id)};
  }
  return std::move(*record);
}

void Service::drop_null_version(const Place& place, Change& change) const {
  for (const ObjectRecord& record : older_versions(place, SIZE_MAX)) {
    if (!record.version_id.empty()) continue;
    drop(*place.bucket, record.data, change);
    change.batch.erase(kState, version_key(place.bucket->id, place.key, record.sequence));
  }
}

ObjectRecord Service::put_record(const Place& place, ObjectRecord record,
                                 const std::optional<ObjectRecord>& before, Change& change) const {
  const Bucket& bucket = *place.bucket;
  if (before) {
    // The clock may have gone back since; the order of versions does not.
    record.sequence = std::max(record.sequence, before->sequence + 1);
    const bool replaced = before->version_id.empty() && bucket.versioning != Versioning::kEnabled;
    if (replaced) {
      drop(bucket, before->data, change);
    } else {
      change.batch.put(kState, version_key(bucket.id, place.key, before->sequence),
                       encode(*before));
    }
    if (!replaced && bucket.versioning == Versioning::kSuspended) drop_null_version(place, change);
  }
  if (bucket.versioning == Versioning::kEnabled) {
    std::string id = crc_to_bytes(CrcKind::kCrc64Nvme, record.sequence);
    record.version_id = id_text(id + new_data_id());
  }
  change.batch.put(kState, object_key(bucket.id, place.key), encode(record));
  return record;
}

void Service::drop_version(const Place& place, const ObjectRecord& record, Change& change) const {
  const Bucket& bucket = *place.bucket;
  drop(bucket, record.data, change);
  const auto latest = current(place);
  if (!latest || latest->sequence != record.sequence) {
    change.batch.erase(kState, version_key(bucket.id, place.key, record.sequence));
    return;
  }
  const std::vector<ObjectRecord> older = older_versions(place, 1);
  if (older.empty()) {
    change.batch.erase(kState, object_key(bucket.id, place.key));
    return;
  }
  change.batch.erase(kState, version_key(bucket.id, place.key, older[0].sequence));
  change.batch.put(kState, object_key(bucket.id, place.key), encode(older[0]));
}

std::vector<Part> Service::parts_of(const Bucket& bucket, const ObjectRecord& record) const {
  if (record.data.storage != Storage::kParts) return {};
  const auto row = store_.get(shard_of(bucket.id), kState, data_key(bucket.id, record.data.id));
  const auto parts = row ? decode_parts(*row) : std::nullopt;
  return parts.value_or(std::vector<Part>());
}

std::optional<std::vector<Service::Extent>> Service::extents_of(const Bucket& bucket,
                                                                const ObjectRecord& record) const {
  std::vector<Extent> extents;
  const auto add = [&](const Data& data, std::uint64_t size) {
    if (data.storage == Storage::kFile) {
      files_->pin(data.id);
      extents.push_back({.file = data.id, .bytes = {}, .size = size});
    } else if (data.storage == Storage::kInline) {
      auto bytes = store_.get(shard_of(bucket.id), kState, data_key(bucket.id, data.id));
      if (!bytes) return false;
      extents.push_back({.file = {}, .bytes = std::move(*bytes), .size = size});
    }
    return true;
  };
  bool whole = true;
  if (record.data.storage == Storage::kParts) {
    const std::vector<Part> parts = parts_of(bucket, record);
    whole = !parts.empty();
    for (const Part& part : parts) whole = add(part.data, part.size) && whole;
  } else {
    whole = add(record.data, record.size);
  }
  if (whole) return extents;
  for (const Extent& extent : extents) {
    if (!extent.file.empty()) unpin(bucket, extent.file);
  }
  return std::nullopt;
}

void Service::unpin(const Bucket& bucket, const DataId& file) const {
  if (!files_->unpin(file)) return;
  files_->remove(file);
  store::Batch batch;
  batch.erase(kState, garbage_key(file));
  store_.commit(shard_of(bucket.id), std::move(batch), [](store::Outcome) {});
}

// The pins are set after the row was read: if the row still says the same then, the files are there
// until the pins go.
Result<std::shared_ptr<Service::Reader>, ServiceError> Service::read_version(
    const Place& place, const std::string& version_id) {
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    ObjectRecord record = TRY(readable(place, version_id));
    auto extents = extents_of(*place.bucket, record);
    if (!extents) continue;
    auto reader = std::make_shared<Reader>(
        record, std::move(*extents), *files_, threads_,
        [this, bucket = place.bucket](const DataId& file) { unpin(*bucket, file); });
    if (record.data.storage == Storage::kInline || record.data.storage == Storage::kNone) {
      return reader;
    }
    const auto again = readable(place, version_id);
    if (again.ok() && again->data.id == record.data.id) return reader;
  }
  return Err{error("OperationAborted",
                   "A conflicting conditional operation is currently in progress against this "
                   "resource. Please try again.",
                   409)};
}

// An object, no delete marker: those have errors of their own.
Result<ObjectRecord, ServiceError> Service::readable(const Place& place,
                                                     const std::string& version_id) const {
  const auto marked = [](ServiceError failure, const ObjectRecord& record) {
    failure = with(std::move(failure), "x-amz-delete-marker", "true");
    return with(std::move(failure), "x-amz-version-id", record.shown_version());
  };
  if (version_id.empty()) {
    auto record = current(place);
    if (!record) return Err{no_such_key(place.key)};
    if (record->is_marker()) return Err{marked(no_such_key(place.key), *record)};
    return std::move(*record);
  }
  ObjectRecord record = TRY(find_version(place, version_id));
  if (record.is_marker()) {
    ServiceError refused = error("MethodNotAllowed",
                                 "The specified method is not allowed against this resource.", 405);
    refused = with(std::move(refused), "Method", "GET");
    refused = with(std::move(refused), "ResourceType", "DeleteMarker");
    return Err{marked(std::move(refused), record)};
  }
  return record;
}

Result<std::shared_ptr<Service::Reader>, ServiceError> Service::read(const Place& place) {
  return read_version(place, "");
}

}  // namespace pawl::s3
