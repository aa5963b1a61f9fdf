// Reading an operation's input. The API layer has checked shapes and constraints; calls from within
// (a task on aws-sdk:sfn) have not, so a missing required member is an error here too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "json/value.h"
#include "json/writer.h"
#include "runtime/operations.h"

namespace pawl::states {

class Fields {
 public:
  // `input` outlives this object.
  explicit Fields(const json::Value& input) : root_(input.root()) {}

  std::optional<std::string_view> text(std::string_view name) const;
  std::string_view text_or(std::string_view name, std::string_view fallback) const;
  Result<std::string_view, runtime::ServiceError> required(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  std::optional<double> real(std::string_view name) const;
  bool flag(std::string_view name, bool fallback = false) const;
  // nullptr when absent or null.
  const json::Node* node(std::string_view name) const;

 private:
  json::Node root_;
};

// Epoch seconds with milliseconds, as json-1.0 timestamps are: 1763762400.123.
void write_time(json::Writer& out, WallMillis time);

runtime::ServiceError service_error(std::string code, std::string message);
runtime::ServiceError validation_error(std::string message);

}  // namespace pawl::states
