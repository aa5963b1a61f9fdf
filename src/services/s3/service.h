// Amazon S3 (API version 2006-03-01): buckets and objects on this machine's disk. Bytes are in
// files or, when few, in rows; everything else is rows of the store; both are durable before an
// answer.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "runtime/background.h"
#include "runtime/catalog.h"
#include "runtime/operations.h"
#include "services/s3/body_writer.h"
#include "services/s3/bucket.h"
#include "services/s3/data_files.h"
#include "services/s3/fields.h"
#include "services/s3/key_gate.h"
#include "services/s3/notifications.h"
#include "services/s3/pending.h"
#include "services/s3/record.h"
#include "store/store.h"

namespace pawl::s3 {

using runtime::Call;
using runtime::OperationResult;
using runtime::Reply;
using runtime::StreamedOutput;
using runtime::StreamedReply;

class Service {
 public:
  // All outlive the service. `directory` holds the files.
  static Result<std::unique_ptr<Service>, std::string> open(const std::string& directory,
                                                            store::Store& store,
                                                            runtime::Catalog& catalog,
                                                            const Clock& clock);
  // Ends what its threads do.
  ~Service();

  // Adds every operation to the table, under the signing name "s3".
  void add_to(runtime::Operations& operations);

  // Where an object is: what an operation that reads or changes one begins with.
  struct Place {
    BucketPointer bucket;
    std::string key;
  };
  // A piece of an object's bytes: a file, or bytes in memory.
  struct Extent {
    DataId file;  // empty: bytes
    std::string bytes;
    std::uint64_t size = 0;
  };
  // An object's bytes, which stay readable while it lives.
  class Reader;

  // For the Distributed Map's seam (objects_of).
  Result<std::shared_ptr<Reader>, ServiceError> read(const Place& place);
  Result<std::optional<ObjectRecord>, ServiceError> find(const Place& place) const;
  const Buckets& buckets() const { return buckets_; }
  const store::Store& store() const { return store_; }
  // Puts bytes that a writer gathered, as PutObject does; any thread.
  void put_kept(const Place& place, Attributes attributes, KeptBytes kept,
                std::function<void(Result<ObjectRecord, ServiceError>)> done);
  std::shared_ptr<BodyWriter> make_writer(const ChecksumKinds& kinds);
  // What buckets notify; begun and ended by whoever owns the functions.
  Notifications& notifications() { return notifications_; }
  // No file is removed while the answer lives; it must not outlive the service.
  std::shared_ptr<void> hold_files();

 private:
  Service(std::unique_ptr<DataFiles> files, store::Store& store, runtime::Catalog& catalog,
          const Clock& clock);

  // A change of rows with what it makes of files. Nothing that it drops is lost before it is
  // committed, nothing that it keeps is before.
  struct Change {
    store::Batch batch;
    std::vector<std::unique_ptr<IncomingFile>> files;
    std::vector<DataId> garbage;
  };
  void commit(const BucketPointer& bucket, Change change, std::function<void()> done);
  void collect(store::ShardId shard, const std::vector<DataId>& garbage);
  void collect_leftovers();
  void collect_garbage();
  // The bytes are no longer referred to.
  void drop(const Bucket& bucket, const Data& data, Change& change) const;
  void refer(const Bucket& bucket, KeptBytes& kept, Change& change) const;

  // A write of one key: alone among those of the key, and not while the bucket is being deleted.
  using Pass = std::shared_ptr<void>;
  void enter(const Place& place, std::function<void(Result<Pass, ServiceError>)> job);

  std::uint64_t next_sequence();
  Result<Place, ServiceError> place_of(const Fields& fields) const;

  // objects.cc: one version of a key.
  std::optional<ObjectRecord> current(const Place& place) const;
  Result<ObjectRecord, ServiceError> find_version(const Place& place,
                                                  const std::string& version_id) const;
  // Makes the record the current one; what it replaces becomes an older version, or goes.
  ObjectRecord put_record(const Place& place, ObjectRecord record,
                          const std::optional<ObjectRecord>& before, Change& change) const;
  // Takes the null version away, which the new one replaces.
  void drop_null_version(const Place& place, Change& change) const;
  void drop_version(const Place& place, const ObjectRecord& record, Change& change) const;
  std::vector<ObjectRecord> older_versions(const Place& place, std::size_t limit) const;
  std::vector<Part> parts_of(const Bucket& bucket, const ObjectRecord& record) const;
  Result<ObjectRecord, ServiceError> readable(const Place& place,
                                              const std::string& version_id) const;
  Result<std::shared_ptr<Reader>, ServiceError> read_version(const Place& place,
                                                             const std::string& version_id);
  // With its files pinned; nothing where the rows have gone meanwhile.
  std::optional<std::vector<Extent>> extents_of(const Bucket& bucket,
                                                const ObjectRecord& record) const;
  void unpin(const Bucket& bucket, const DataId& file) const;

  // put.cc
  void add_bytes_operations(runtime::Operations& operations);
  void put_object(const Call& call, runtime::RequestBody body, const StreamedReply& reply);
  Result<std::shared_ptr<runtime::BodySink>, ServiceError> open_sink(std::string_view operation,
                                                                     const Call& call);
  void keep_body(runtime::RequestBody body, const ChecksumKinds& kinds, const Kept& kept);
  struct PutRequest {
    Place place;
    ObjectRecord record;
    json::Value input;  // its conditions
    std::string_view event = "ObjectCreated:Put";
    std::string request_id{};
  };
  ObjectEvent event_of(const PutRequest& request, const ObjectRecord& record) const;
  void put_object_kept(PutRequest request, KeptBytes kept,
                       std::function<void(Result<ObjectRecord, ServiceError>)> done);

  // get.cc
  void get_object(const Call& call, const StreamedReply& reply);
  void get_object_text(const Call& call, const Reply& reply);
  OperationResult head_object(const Call& call);
  OperationResult get_attributes(const Call& call);

  // delete.cc
  void delete_object(const Call& call, const Reply& reply);
  void delete_objects(const Call& call, const Reply& reply);
  struct Deletion {
    std::string version_id;
    bool is_marker = false;
  };
  void delete_one(const Place& place, const std::string& version_id, const json::Value& conditions,
                  const std::string& request_id,
                  std::function<void(Result<Deletion, ServiceError>)> done);

  // copy.cc
  struct Source {
    Place place;
    ObjectRecord record;
    std::string version_id;  // as asked for
  };
  Result<Source, ServiceError> find_source(const Fields& fields) const;
  void copy_object(const Call& call, const Reply& reply);
  void copy_bytes(const Source& source, std::uint64_t begin, std::uint64_t count,
                  const ChecksumKinds& kinds, const Kept& kept);
  void copy_pieces(const std::shared_ptr<Reader>& from, std::uint64_t begin, std::uint64_t end,
                   const std::shared_ptr<BodyWriter>& to, const Kept& kept);
  void upload_part_copy(const Call& call, const Reply& reply);

  // list.cc, list_versions.cc
  OperationResult list_objects(const Call& call);
  OperationResult list_objects_v2(const Call& call);
  OperationResult list_versions(const Call& call);

  // tags.cc
  OperationResult get_tags(const Call& call);
  void put_tags(const Call& call, const Reply& reply);
  void delete_tags(const Call& call, const Reply& reply);
  void change_tags(const Call& call, Pairs tags, const Reply& reply);
  OperationResult get_object_acl(const Call& call);

  // uploads.cc, list_uploads.cc, parts.cc, complete_upload.cc
  struct Upload {
    Place place;
    std::string id;  // bytes
    std::string id_text;
    UploadRecord record;
  };
  Result<Upload, ServiceError> find_upload(const Fields& fields) const;
  void create_upload(const Call& call, const Reply& reply);
  void abort_upload(const Call& call, const Reply& reply);
  OperationResult list_uploads(const Call& call);
  void complete_upload(const Call& call, const Reply& reply);
  Result<ObjectRecord, ServiceError> completed(const Fields& fields, Change& change);
  Result<ObjectRecord, ServiceError> completed_before(const Fields& fields) const;
  void upload_part(const Call& call, runtime::RequestBody body, const StreamedReply& reply);
  void put_part(const Upload& upload, Part part, KeptBytes kept,
                std::function<void(Result<Part, ServiceError>)> done);
  OperationResult list_parts(const Call& call);
  std::vector<Part> uploaded_parts(const Bucket& bucket, std::string_view upload_id) const;
  void drop_upload(const Bucket& bucket, std::string_view upload_id, Change& change) const;

  // buckets.cc, configurations.cc
  void add_bucket_operations(runtime::Operations& operations);
  void add_configuration_operations(runtime::Operations& operations);
  void create_bucket(const Call& call, const Reply& reply);
  void delete_bucket(const Call& call, const Reply& reply);
  OperationResult head_bucket(const Call& call);
  OperationResult list_buckets(const Call& call);
  OperationResult bucket_location(const Call& call);
  bool has_objects(const Bucket& bucket) const;

  store::Store& store_;
  const Clock& clock_;
  std::unique_ptr<DataFiles> files_;
  Buckets buckets_;
  Notifications notifications_;
  std::atomic<std::uint64_t> sequence_{0};
  runtime::Background threads_;
  KeyGate gate_;
  Pending pending_;  // commits
};

// Who owns a bucket or an object, as S3 shows it: an id of 64 digits.
std::string owner_id(std::string_view account);

}  // namespace pawl::s3
