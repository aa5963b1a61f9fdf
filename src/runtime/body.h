// Bodies that are no JSON: what a request brings and what an answer carries, in memory while small,
// else piece by piece, so that an object of gigabytes needs no more memory than a small one. The
// seam between the HTTP layer, which has the bytes, and the service, which keeps them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace pawl::runtime {

struct BodyError {
  std::string message;
};

// Where a request's body goes while it comes. The service that made it finds what was written in
// it (it made the class, too). Dropped without that, it leaves nothing behind.
class BodySink {
 public:
  virtual ~BodySink() = default;

  // Takes the next bytes and does not block; `done`, once, on any thread, when they are out of
  // memory. Pieces are kept in the order of the calls. One caller at a time.
  using Done = std::function<void(Result<void, BodyError>)>;
  virtual void write(std::string bytes, Done done) = 0;
};

// An answer's body; what it reads stays the same until it goes, whatever happens to the object.
class BodySource {
 public:
  virtual ~BodySource() = default;

  // kEndless: nobody knows where it ends. It is read until a read fails, or nobody wants more.
  static constexpr std::uint64_t kEndless = UINT64_MAX;
  virtual std::uint64_t size() const = 0;
  // The next bytes, at least one and at most `count`; not to be called behind the end, nor before
  // the last call's answer. Does not block; `done`, once, on any thread.
  using Done = std::function<void(Result<std::string, BodyError>)>;
  virtual void read(std::size_t count, Done done) = 0;
};

struct RequestBody {
  std::string bytes;                 // all of it, or
  std::shared_ptr<BodySink> staged;  // where it was written
};

struct AnswerBody {
  std::string bytes;
  std::shared_ptr<BodySource> source;  // nullptr: `bytes` are all
};

}  // namespace pawl::runtime
