// The seam to whatever runs functions: a synchronous invocation without JSON around its payload, so
// that a task on a function costs little and its answer keeps its text.
#pragma once

#include <functional>
#include <string>

#include "json/value.h"
#include "runtime/operations.h"

namespace pawl::runtime {

struct FunctionCall {
  Principal principal;
  std::string function;   // name, partial ARN or ARN, with or without qualifier
  std::string qualifier;  // empty: what `function` says
  json::Value payload;
  std::string client_context;  // JSON text, or empty
  std::string request_id;
  enum class LogTail { kNone, kWanted } log_tail = LogTail::kNone;
};

struct FunctionOutcome {
  // kFunctionError: `payload` is the error object, as the function's runtime wrote it.
  enum class Kind { kSucceeded, kFunctionError } kind = Kind::kSucceeded;
  json::Value payload;
  std::string executed_version;
  std::string log_tail;
};

class FunctionInvoker {
 public:
  using Reply = std::function<void(Result<FunctionOutcome, ServiceError>)>;
  virtual ~FunctionInvoker() = default;
  // Must not block; the reply comes on any thread.
  virtual void invoke(FunctionCall call, Reply reply) = 0;
};

}  // namespace pawl::runtime
