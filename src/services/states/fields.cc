#include "services/states/fields.h"

#include <cstdint>
#include <string>

namespace pawl::states {

Result<std::string_view, runtime::ServiceError> Fields::required(std::string_view name) const {
  if (const auto found = text(name)) return *found;
  return Err{validation_error("1 validation error detected: Value null at '" + std::string(name) +
                              "' failed to satisfy constraint: Member must not be null")};
}

void write_time(json::Writer& out, WallMillis time) {
  std::string text = std::to_string(time / 1000) + ".000";
  std::size_t at = text.size();
  for (std::int64_t millis = time % 1000; millis > 0; millis /= 10) {
    text[--at] = static_cast<char>('0' + millis % 10);
  }
  out.raw(text);
}

void write_decimal(json::Writer& out, double value) {
  std::string text;
  json::Writer(text).real(value);
  if (text.find_first_of(".eE") == std::string::npos) text += ".0";
  out.raw(text);
}

runtime::ServiceError service_error(std::string code, std::string message) {
  return {.code = std::move(code), .message = std::move(message), .members = {}};
}

runtime::ServiceError validation_error(std::string message) {
  return service_error("ValidationException", std::move(message));
}

}  // namespace pawl::states
