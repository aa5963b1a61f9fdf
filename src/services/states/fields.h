// Reading an operation's input. The API layer has checked shapes and constraints; calls from within
// (a task on aws-sdk:sfn) have not, so a missing required member is an error here too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "json/members.h"
#include "json/writer.h"
#include "runtime/operations.h"

namespace pawl::states {

class Fields : public json::Members {
 public:
  // `input` outlives this object.
  explicit Fields(const json::Value& input) : Members(input.root()) {}

  Result<std::string_view, runtime::ServiceError> required(std::string_view name) const;
};

// Epoch seconds with milliseconds, as json-1.0 timestamps are: 1763762400.123.
void write_time(json::Writer& out, WallMillis time);
// With a fraction even where that is nothing, as Java prints doubles: 0.0.
void write_decimal(json::Writer& out, double value);

runtime::ServiceError service_error(std::string code, std::string message);
runtime::ServiceError validation_error(std::string message);

}  // namespace pawl::states
