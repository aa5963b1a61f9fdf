// One call of a function and its outcome.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "json/value.h"

namespace pawl::functions {

enum class LogTail : std::uint8_t { kNone, kWanted };

struct Invocation {
  std::string request_id;
  json::Value payload;
  std::string invoked_arn;     // with the qualifier, if one was given
  std::string client_context;  // JSON text, or empty
  std::string trace_id;        // X-Ray header, or empty: one is made
  LogTail log_tail = LogTail::kNone;
};

struct InvocationResult {
  enum class Kind : std::uint8_t {
    kSucceeded,
    // The function failed: `payload` is AWS's error object, FunctionError is "Unhandled".
    kFunctionError,
    // Too much is queued; nothing ran.
    kThrottled,
    // The pool ends; the function may or may not have run.
    kStopped,
  };
  Kind kind = Kind::kSucceeded;
  // What the function answered. Of `provided` runtimes it may be any bytes, JSON or not.
  std::string payload;
  std::string log_tail;  // the last 4 KiB of the invocation's log, if wanted
  double duration_ms = 0;
  std::int64_t billed_ms = 0;
};

// Called exactly once, on the pool's thread or, when the invocation is refused at once, on the
// caller's. Must not block.
using Done = std::function<void(InvocationResult)>;

}  // namespace pawl::functions
