// loggingConfiguration: which events of a machine's executions are logged, and where to
// (step-functions.md F1, D5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"
#include "runtime/operations.h"
#include "services/states/fields.h"

namespace pawl::states {

// The member `loggingConfiguration` as it is stored and described, or AWS's default; refused with
// AWS's words when its destinations do not fit.
Result<json::Value, runtime::ServiceError> read_logging(const Fields& fields);

enum class LogLevel { kOff, kFatal, kError, kAll };

struct LoggingConfiguration {
  LogLevel level = LogLevel::kOff;
  bool include_execution_data = false;
  std::string log_group_arn;  // without the `:*` at its end
};
// Of a stored configuration.
LoggingConfiguration parse_logging(const json::Value& stored);

// `arn:aws:logs:<region>:<account>:log-group:<name>:*`, taken apart.
struct LogGroupArn {
  std::string region;
  std::string account;
  std::string name;
};
std::optional<LogGroupArn> parse_log_group_arn(std::string_view text);

}  // namespace pawl::states
