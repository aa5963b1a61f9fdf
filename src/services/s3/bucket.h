// Buckets: small records of the catalog, all of them in memory.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "json/value.h"
#include "runtime/catalog.h"
#include "services/s3/errors.h"
#include "services/s3/pending.h"

namespace pawl::s3 {

enum class Versioning { kNever, kEnabled, kSuspended };

// As it is stored; one moment of a bucket.
struct Bucket {
  std::string name;
  std::string id;  // 8 bytes: what its rows begin with; another one when it is made again
  std::string account;
  std::string region;
  WallMillis created = 0;
  Versioning versioning = Versioning::kNever;
  std::map<std::string, json::Value> configurations;  // "Tagging", "Policy" ...

  const json::Value* configuration(std::string_view kind) const;

  static std::optional<Bucket> parse(const std::string& name, const std::string& record);
  std::string record() const;
};
using BucketPointer = std::shared_ptr<const Bucket>;

class Buckets {
 public:
  // `catalog` outlives it.
  explicit Buckets(runtime::Catalog& catalog);

  // nullptr: there is none. Thread-safe.
  BucketPointer find(std::string_view name) const;
  Result<BucketPointer, ServiceError> get(std::string_view name) const;
  std::vector<BucketPointer> all() const;

  // Runs `change` on the bucket as it is then (nullopt: there is none) and writes what it leaves
  // there; `done` when that is durable and found. An error: nothing is written.
  using Change = std::function<Result<void, ServiceError>(std::optional<Bucket>&)>;
  using Done = std::function<void(Result<void, ServiceError>)>;
  void change(const std::string& name, Change change, Done done);

  // Somebody writes into the bucket while the token lives. Nothing: it is being deleted.
  using Use = std::shared_ptr<void>;
  Use use(const BucketPointer& bucket);
  // Keeps writers out until open() or the bucket is gone; false: there are some.
  bool close(const BucketPointer& bucket);
  void open(const BucketPointer& bucket);

  // Until no change is under way.
  void wait() { pending_.wait(); }

 private:
  void put(const std::string& name, const std::string* record);

  runtime::Catalog& catalog_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, BucketPointer, std::less<>> buckets_;  // guarded by mutex_
  struct Uses {
    int count = 0;
    bool closed = false;
  };
  std::mutex uses_mutex_;
  std::map<std::string, Uses> uses_;  // by id; guarded by uses_mutex_
  Pending pending_;
};

// Why S3 would not take the name, or nothing.
std::optional<ServiceError> name_problem(std::string_view name);

}  // namespace pawl::s3
