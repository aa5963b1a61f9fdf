// What buckets tell functions of (S3, "Event notification types and destinations"): an event is
// handed to Lambda as an asynchronous invocation, which is durable, before the request that made it
// is answered. Whoever has the answer can rely on the event; a crash before it may lose both.
#pragma once

#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "runtime/operations.h"
#include "services/s3/bucket.h"
#include "services/s3/record.h"

namespace pawl::s3 {

struct ObjectEvent {
  std::string_view name;  // "ObjectCreated:Put"
  BucketPointer bucket;
  std::string key;
  ObjectRecord object;  // of a deletion: the version that it made, if any
  std::string request_id;
  WallMillis time = 0;
};

// The invocation's payload, with one record.
std::string event_text(const ObjectEvent& event, std::string_view configuration);

class Notifications {
 public:
  // Functions are called through `operations` from now on; until end(), which returns when no call
  // is being made any more.
  void begin(const runtime::Operations& operations);
  void end();

  // `done`, once, on any thread, when all functions that want to know of it have it on their list.
  void tell(const ObjectEvent& event, const std::function<void()>& done) const;

  // Why the configuration cannot be taken, or nothing; on any thread.
  using Checked = std::function<void(Result<void, ServiceError>)>;
  void check(const Bucket& bucket, json::Node configuration, const Checked& done) const;

 private:
  mutable std::shared_mutex mutex_;
  const runtime::Operations* operations_ = nullptr;  // guarded by mutex_
};

}  // namespace pawl::s3
