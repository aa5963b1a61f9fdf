// An object's bytes in order, read in ranges; `.gz` objects are decompressed on the way. Positions
// count decompressed bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "objects/object_store.h"

namespace pawl::objects {

class ByteStream {
 public:
  // `store` outlives the stream.
  ByteStream(ObjectStore& store, std::string bucket, std::string key);
  ~ByteStream();

  // Goes on at `position`: a plain object is read from there, a compressed one up to there.
  Result<void, ObjectError> seek(std::uint64_t position);
  std::uint64_t position() const { return position_; }

  // The next byte, or nothing at the end.
  Result<std::optional<char>, ObjectError> peek() {
    if (next_ == buffer_.size() && !ended_) {
      auto filled = fill();
      if (!filled.ok()) return Err{std::move(filled).error()};
    }
    if (next_ == buffer_.size()) return std::optional<char>();
    return std::optional<char>(buffer_[next_]);
  }
  // After a peek() that had a byte.
  void advance() {
    ++next_;
    ++position_;
  }

 private:
  class Inflater;

  Result<void, ObjectError> fill();

  ObjectStore& store_;
  const std::string bucket_;
  const std::string key_;
  std::unique_ptr<Inflater> inflater_;  // of compressed objects
  std::uint64_t offset_ = 0;            // of the object's own bytes
  std::uint64_t position_ = 0;
  std::string buffer_;
  std::size_t next_ = 0;
  bool ended_ = false;
};

}  // namespace pawl::objects
