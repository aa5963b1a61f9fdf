#include "services/s3/service.h"

#include <openssl/evp.h>

#include "base/hex.h"
#include "base/log.h"
#include "services/s3/reader.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

// Threads that wait for the disk; more of them share more syncs.
constexpr unsigned kThreads = 16;

}  // namespace

Result<std::unique_ptr<Service>, std::string> Service::open(const std::string& directory,
                                                            store::Store& store,
                                                            runtime::Catalog& catalog,
                                                            const Clock& clock) {
  auto files = DataFiles::open(directory);
  if (!files.ok()) return Err{files.error().message};
  std::unique_ptr<Service> service(new Service(std::move(files).value(), store, catalog, clock));
  service->collect_leftovers();
  return service;
}

Service::Service(std::unique_ptr<DataFiles> files, store::Store& store, runtime::Catalog& catalog,
                 const Clock& clock)
    : store_(store),
      clock_(clock),
      files_(std::move(files)),
      buckets_(catalog),
      threads_(kThreads),
      gate_(threads_) {}

Service::~Service() {
  threads_.stop();
  buckets_.wait();
  pending_.wait();
}

// What a crash left: files without rows, and rows of files that were to be removed.
void Service::collect_leftovers() {
  files_->settle([this](const DataId& id) {
    for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
      if (store_.get(shard, store::Space::kState, file_key(id))) return true;
    }
    return false;
  });
  collect_garbage();
}

// Files that rows say were to be removed.
void Service::collect_garbage() {
  const std::string from(1, kGarbagePrefix);
  for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
    std::vector<DataId> garbage;
    store_.scan(shard, store::Space::kState, from, behind(from), store::Store::Direction::kForward,
                [&](std::string_view key, std::string_view) {
                  garbage.emplace_back(key.substr(1));
                  return true;
                });
    if (!garbage.empty()) collect(shard, garbage);
  }
}

std::shared_ptr<void> Service::hold_files() {
  files_->hold();
  return std::shared_ptr<void>(static_cast<void*>(this), [this](void*) {
    if (files_->release()) threads_.run([this] { collect_garbage(); });
  });
}

std::uint64_t Service::next_sequence() {
  const auto now = static_cast<std::uint64_t>(clock_.wall_now()) * 1'000;
  std::uint64_t last = sequence_.load();
  std::uint64_t next = 0;
  do {
    next = std::max(now, last + 1);
  } while (!sequence_.compare_exchange_weak(last, next));
  return next;
}

Result<Service::Place, ServiceError> Service::place_of(const Fields& fields) const {
  Place place;
  place.bucket = TRY(buckets_.get(fields.text("Bucket")));
  place.key = fields.text("Key");
  constexpr std::size_t kKeyBytesMax = 1'024;
  if (place.key.size() > kKeyBytesMax) {
    return Err{with(with(error("KeyTooLongError", "Your key is too long"), "Size",
                         std::to_string(place.key.size())),
                    "MaxSizeAllowed", std::to_string(kKeyBytesMax))};
  }
  return place;
}

void Service::commit(const BucketPointer& bucket, Change change, std::function<void()> done) {
  const store::ShardId shard = shard_of(bucket->id);
  for (const DataId& id : change.garbage) {
    change.batch.put(store::Space::kState, garbage_key(id), "");
  }
  struct After {
    std::vector<std::unique_ptr<IncomingFile>> files;
    std::vector<DataId> garbage;
    std::function<void()> done;
    Pending::Token token;
  };
  const auto after = std::make_shared<After>(
      After{std::move(change.files), std::move(change.garbage), std::move(done), pending_.begin()});
  // This service is the only writer of its rows; a store that is not sure ends the process.
  store_.commit(shard, std::move(change.batch), [this, shard, after](store::Outcome) {
    for (const auto& file : after->files) file->keep();
    if (!after->files.empty() || !after->garbage.empty()) {
      threads_.run([this, shard, after] {
        for (const auto& file : after->files) file->rename();
        collect(shard, after->garbage);
      });
    }
    after->done();
    after->done = nullptr;
    after->token = nullptr;
  });
}

// Removes files that nothing refers to, and says so. What is being read goes later.
void Service::collect(store::ShardId shard, const std::vector<DataId>& garbage) {
  store::Batch batch;
  for (const DataId& id : garbage) {
    if (!files_->may_remove(id)) continue;
    files_->remove(id);
    batch.erase(store::Space::kState, garbage_key(id));
  }
  if (batch.empty()) return;
  store_.commit(shard, std::move(batch), [token = pending_.begin()](store::Outcome) {});
}

void Service::drop(const Bucket& bucket, const Data& data, Change& change) const {
  switch (data.storage) {
    case Storage::kNone:
      return;
    case Storage::kInline:
      change.batch.erase(store::Space::kState, data_key(bucket.id, data.id));
      return;
    case Storage::kFile:
      change.batch.erase(store::Space::kState, file_key(data.id));
      change.garbage.push_back(data.id);
      return;
    case Storage::kParts: {
      const std::string row = data_key(bucket.id, data.id);
      const auto stored = store_.get(shard_of(bucket.id), store::Space::kState, row);
      const auto parts = stored ? decode_parts(*stored) : std::nullopt;
      for (const Part& part : parts.value_or(std::vector<Part>())) drop(bucket, part.data, change);
      change.batch.erase(store::Space::kState, row);
      return;
    }
  }
}

void Service::refer(const Bucket& bucket, KeptBytes& kept, Change& change) const {
  if (kept.data.storage == Storage::kInline) {
    change.batch.put(store::Space::kState, data_key(bucket.id, kept.data.id),
                     std::move(kept.bytes));
  } else if (kept.data.storage == Storage::kFile) {
    change.batch.put(store::Space::kState, file_key(kept.data.id), "");
    change.files.push_back(std::move(kept.file));
  }
}

void Service::enter(const Place& place, std::function<void(Result<Pass, ServiceError>)> job) {
  if (!store_.has_space()) return job(Err{no_space()});
  Buckets::Use use = buckets_.use(place.bucket);
  if (use == nullptr) return job(Err{no_such_bucket(place.bucket->name)});
  gate_.enter(place.bucket->id + place.key, [use = std::move(use),
                                             job = std::move(job)](KeyGate::Pass pass) {
    job(Pass(std::make_shared<std::pair<Buckets::Use, KeyGate::Pass>>(use, std::move(pass))));
  });
}

std::shared_ptr<BodyWriter> Service::make_writer(const ChecksumKinds& kinds) {
  return std::make_shared<BodyWriter>(threads_, *files_, kinds);
}

void Service::keep_body(runtime::RequestBody body, const ChecksumKinds& kinds, const Kept& kept) {
  if (body.staged == nullptr) {
    return keep_bytes(threads_, *files_, std::move(body.bytes), kinds, kept);
  }
  // open_sink made it.
  static_cast<BodyWriter&>(*body.staged).finish(kept);
}

void Service::add_to(runtime::Operations& operations) {
  const auto read = [&operations, this](std::string_view name,
                                        OperationResult (Service::*run)(const Call&)) {
    operations.add("s3", name, [this, run](const Call& call, const Reply& reply) {
      reply((this->*run)(call));
    });
  };
  const auto write = [&operations, this](std::string_view name,
                                         void (Service::*run)(const Call&, const Reply&)) {
    operations.add("s3", name, [this, run](const Call& call, const Reply& reply) {
      (this->*run)(call, reply);
    });
  };
  read("HeadObject", &Service::head_object);
  read("GetObjectAttributes", &Service::get_attributes);
  read("ListObjects", &Service::list_objects);
  read("ListObjectsV2", &Service::list_objects_v2);
  read("ListObjectVersions", &Service::list_versions);
  read("GetObjectTagging", &Service::get_tags);
  read("GetObjectAcl", &Service::get_object_acl);
  read("ListMultipartUploads", &Service::list_uploads);
  read("ListParts", &Service::list_parts);
  write("GetObject", &Service::get_object_text);
  write("DeleteObject", &Service::delete_object);
  write("DeleteObjects", &Service::delete_objects);
  write("CopyObject", &Service::copy_object);
  write("PutObjectTagging", &Service::put_tags);
  write("DeleteObjectTagging", &Service::delete_tags);
  write("CreateMultipartUpload", &Service::create_upload);
  write("AbortMultipartUpload", &Service::abort_upload);
  write("CompleteMultipartUpload", &Service::complete_upload);
  write("UploadPartCopy", &Service::upload_part_copy);
  add_bytes_operations(operations);
  add_bucket_operations(operations);
  add_configuration_operations(operations);
}

std::string owner_id(std::string_view account) {
  // Any 64 digits do: tools compare them, and nobody reads them.
  return encode_hex(checksum_of(ChecksumKind::kSha256, account));
}

}  // namespace pawl::s3
