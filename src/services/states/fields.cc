#include "services/states/fields.h"

#include <cstdio>

#include "json/number.h"

namespace pawl::states {

const json::Node* Fields::node(std::string_view name) const {
  const json::Node* found = root_.find(name);
  return found && !found->is_null() ? found : nullptr;
}

std::optional<std::string_view> Fields::text(std::string_view name) const {
  const json::Node* found = node(name);
  if (!found || !found->is_string()) return std::nullopt;
  return found->string();
}

std::string_view Fields::text_or(std::string_view name, std::string_view fallback) const {
  return text(name).value_or(fallback);
}

Result<std::string_view, runtime::ServiceError> Fields::required(std::string_view name) const {
  if (const auto found = text(name)) return *found;
  return Err{validation_error("1 validation error detected: Value null at '" + std::string(name) +
                              "' failed to satisfy constraint: Member must not be null")};
}

std::optional<std::int64_t> Fields::integer(std::string_view name) const {
  const json::Node* found = node(name);
  if (!found || !found->is_number()) return std::nullopt;
  return json::to_int64(found->number_text());
}

std::optional<double> Fields::real(std::string_view name) const {
  const json::Node* found = node(name);
  if (!found || !found->is_number()) return std::nullopt;
  return json::to_double(found->number_text());
}

bool Fields::flag(std::string_view name, bool fallback) const {
  const json::Node* found = node(name);
  return found && found->is_boolean() ? found->boolean() : fallback;
}

void write_time(json::Writer& out, WallMillis time) {
  char text[32];
  const int length =
      std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(time / 1000),
                    static_cast<long long>(time % 1000));
  out.raw({text, static_cast<std::size_t>(length)});
}

runtime::ServiceError service_error(std::string code, std::string message) {
  return {.code = std::move(code), .message = std::move(message), .members = {}};
}

runtime::ServiceError validation_error(std::string message) {
  return service_error("ValidationException", std::move(message));
}

}  // namespace pawl::states
