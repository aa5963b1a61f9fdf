#include "services/s3/object_store.h"

#include <algorithm>
#include <future>

#include "services/s3/listing.h"
#include "services/s3/reader.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

using objects::ObjectError;
using objects::ObjectInfo;

ObjectError as_object_error(const ServiceError& error) {
  ObjectError::Kind kind = ObjectError::Kind::kFailed;
  if (error.code == "NoSuchBucket" || error.code == "InvalidBucketName") {
    kind = ObjectError::Kind::kNoBucket;
  }
  if (error.code == "NoSuchKey") kind = ObjectError::Kind::kNoKey;
  return {kind, error.message};
}

ObjectInfo info_of(const std::string& key, const ObjectRecord& record) {
  return {.key = key,
          .size = record.size,
          .last_modified = record.modified,
          .etag = quoted(record.etag)};
}

// Blocks until the last byte is durable, as the seam wants it.
class BucketObjectWriter final : public objects::ObjectWriter {
 public:
  BucketObjectWriter(Service& service, Service::Place place)
      : service_(service),
        place_(std::move(place)),
        writer_(service.make_writer({ChecksumKind::kCrc64Nvme})) {}

  Result<void, ObjectError> append(std::string_view bytes) override {
    auto done = std::make_shared<std::promise<Result<void, runtime::BodyError>>>();
    std::future<Result<void, runtime::BodyError>> written = done->get_future();
    writer_->write(std::string(bytes), [done](Result<void, runtime::BodyError> result) {
      done->set_value(std::move(result));
    });
    const auto result = written.get();
    if (!result.ok()) return Err{ObjectError{ObjectError::Kind::kFailed, result.error().message}};
    return {};
  }

  Result<ObjectInfo, ObjectError> finish() override {
    using Outcome = Result<ObjectRecord, ServiceError>;
    auto done = std::make_shared<std::promise<Outcome>>();
    std::future<Outcome> made = done->get_future();
    writer_->finish([this, done](Result<KeptBytes, ServiceError> kept) {
      if (!kept.ok()) return done->set_value(Err{kept.error()});
      Attributes attributes;
      attributes.system.emplace_back("ContentType", "application/json");
      service_.put_kept(place_, std::move(attributes), std::move(*kept),
                        [done](Outcome outcome) { done->set_value(std::move(outcome)); });
    });
    const Outcome outcome = made.get();
    if (!outcome.ok()) return Err{as_object_error(outcome.error())};
    return info_of(place_.key, *outcome);
  }

 private:
  Service& service_;
  const Service::Place place_;
  const std::shared_ptr<BodyWriter> writer_;
};

}  // namespace

Result<Service::Place, ObjectError> BucketObjectStore::place_of(const std::string& bucket,
                                                                const std::string& key) const {
  auto found = service_.buckets().get(bucket);
  if (!found.ok()) return Err{as_object_error(found.error())};
  return Service::Place{std::move(*found), key};
}

Result<std::string, ObjectError> BucketObjectStore::read(const std::string& bucket,
                                                         const std::string& key,
                                                         std::uint64_t offset, std::size_t count) {
  const Service::Place place = TRY(place_of(bucket, key));
  const auto reader = service_.read(place);
  if (!reader.ok()) return Err{as_object_error(reader.error())};
  const std::uint64_t size = (*reader)->record().size;
  if (offset >= size) return std::string();
  auto bytes = (*reader)->read_at(
      offset, static_cast<std::size_t>(std::min<std::uint64_t>(count, size - offset)));
  if (!bytes.ok()) return Err{ObjectError{ObjectError::Kind::kFailed, bytes.error().message}};
  return std::move(*bytes);
}

Result<std::vector<ObjectInfo>, ObjectError> BucketObjectStore::list(const std::string& bucket,
                                                                     std::string_view prefix,
                                                                     const std::string& after,
                                                                     std::size_t limit) {
  const Service::Place place = TRY(place_of(bucket, ""));
  const ListRequest request{.prefix = std::string(prefix),
                            .delimiter = {},
                            .from = after.empty() ? std::string() : successor(after),
                            .after = {},
                            .limit = limit};
  std::vector<ObjectInfo> found;
  for (const Listed& item : list_keys(service_.store(), *place.bucket, request).items) {
    found.push_back(info_of(item.key, *item.record));
  }
  return found;
}

Result<std::unique_ptr<objects::ObjectWriter>, ObjectError> BucketObjectStore::create(
    const std::string& bucket, const std::string& key) {
  return std::unique_ptr<objects::ObjectWriter>(
      std::make_unique<BucketObjectWriter>(service_, TRY(place_of(bucket, key))));
}

}  // namespace pawl::s3
