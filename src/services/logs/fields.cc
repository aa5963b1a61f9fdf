#include "services/logs/fields.h"

#include <utility>

namespace pawl::logs {

Result<std::string_view, ServiceError> Fields::required(std::string_view name) const {
  if (const auto found = text(name)) return *found;
  return Err{invalid_parameter("1 validation error detected: Value null at '" + std::string(name) +
                               "' failed to satisfy constraint: Member must not be null")};
}

std::size_t Fields::limit(std::size_t fallback) const {
  const auto limit = integer("limit");
  return limit && *limit > 0 ? static_cast<std::size_t>(*limit) : fallback;
}

ServiceError invalid_parameter(std::string message) {
  return {.code = "InvalidParameterException", .message = std::move(message), .members = {}};
}

ServiceError no_such_group() {
  return {.code = "ResourceNotFoundException",
          .message = "The specified log group does not exist.",
          .members = {}};
}

ServiceError no_such_stream() {
  return {.code = "ResourceNotFoundException",
          .message = "The specified log stream does not exist.",
          .members = {}};
}

ServiceError not_durable() {
  return {.code = "ServiceUnavailableException",
          .message = "The request could not be made durable",
          .http_status = 500,
          .members = {}};
}

json::Value empty_answer() { return json::Value::trusted("{}"); }

}  // namespace pawl::logs
