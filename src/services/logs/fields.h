// Reading an operation's input, and the errors of CloudWatch Logs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/members.h"
#include "runtime/operations.h"

namespace pawl::logs {

using runtime::ServiceError;

class Fields : public json::Members {
 public:
  // `input` outlives this object.
  explicit Fields(const json::Value& input) : Members(input.root()) {}

  Result<std::string_view, ServiceError> required(std::string_view name) const;
  // `limit`, where absent `fallback`.
  std::size_t limit(std::size_t fallback) const;
};

ServiceError invalid_parameter(std::string message);
ServiceError no_such_group();
ServiceError no_such_stream();
ServiceError not_durable();

json::Value empty_answer();

}  // namespace pawl::logs
