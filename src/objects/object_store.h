// Where Distributed Maps read their items and write their results: buckets of objects. The seam
// that an object service is bound to. Calls block and may come from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace pawl::objects {

struct ObjectInfo {
  std::string key;
  std::uint64_t size = 0;
  WallMillis last_modified = 0;
  std::string etag;  // with its quotes
};

struct ObjectError {
  enum class Kind { kNoBucket, kNoKey, kFailed } kind = Kind::kFailed;
  std::string message;  // in the object service's words
};

// A new object, made piece by piece; it appears at finish(), or never.
class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;
  virtual Result<void, ObjectError> append(std::string_view bytes) = 0;
  virtual Result<ObjectInfo, ObjectError> finish() = 0;
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // At most `count` bytes from `offset` on; fewer at the object's end, none behind it.
  virtual Result<std::string, ObjectError> read(const std::string& bucket, const std::string& key,
                                                std::uint64_t offset, std::size_t count) = 0;
  // Objects whose key begins with `prefix`, in order of their bytes, behind the key `after`; at
  // most `limit`. Fewer: there are no more.
  virtual Result<std::vector<ObjectInfo>, ObjectError> list(const std::string& bucket,
                                                            std::string_view prefix,
                                                            const std::string& after,
                                                            std::size_t limit) = 0;
  virtual Result<std::unique_ptr<ObjectWriter>, ObjectError> create(const std::string& bucket,
                                                                    const std::string& key) = 0;
};

}  // namespace pawl::objects
