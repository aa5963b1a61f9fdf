#include "services/states/fields.h"

#include <cstdio>

namespace pawl::states {

Result<std::string_view, runtime::ServiceError> Fields::required(std::string_view name) const {
  if (const auto found = text(name)) return *found;
  return Err{validation_error("1 validation error detected: Value null at '" + std::string(name) +
                              "' failed to satisfy constraint: Member must not be null")};
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
