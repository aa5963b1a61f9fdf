#include "services/logs/fields.h"

#include <utility>

#include "json/number.h"

namespace pawl::logs {

const json::Node* Fields::node(std::string_view name) const {
  const json::Node* found = root_.find(name);
  return found && !found->is_null() ? found : nullptr;
}

std::optional<std::string_view> Fields::text(std::string_view name) const {
  const json::Node* found = node(name);
  if (!found || !found->is_string()) return std::nullopt;
  return found->string();
}

Result<std::string_view, ServiceError> Fields::required(std::string_view name) const {
  if (const auto found = text(name)) return *found;
  return Err{invalid_parameter("1 validation error detected: Value null at '" + std::string(name) +
                               "' failed to satisfy constraint: Member must not be null")};
}

std::optional<std::int64_t> Fields::integer(std::string_view name) const {
  const json::Node* found = node(name);
  if (!found || !found->is_number()) return std::nullopt;
  return json::to_int64(found->number_text());
}

bool Fields::flag(std::string_view name) const {
  const json::Node* found = node(name);
  return found && found->is_boolean() && found->boolean();
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
