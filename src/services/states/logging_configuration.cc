#include "services/states/logging_configuration.h"

#include <utility>

#include "base/ascii.h"
#include "json/writer.h"

namespace pawl::states {

namespace {

LogLevel level_of(std::string_view name) {
  if (name == "ALL") return LogLevel::kAll;
  if (name == "ERROR") return LogLevel::kError;
  if (name == "FATAL") return LogLevel::kFatal;
  return LogLevel::kOff;
}

Err<runtime::ServiceError> invalid(std::string what) {
  return Err{service_error("InvalidLoggingConfiguration",
                           "Invalid Logging Configuration: " + std::move(what))};
}

// The ARN of a destination, or nothing.
std::string_view destination_arn(json::Node destination) {
  const json::Node* group = destination.find("cloudWatchLogsLogGroup");
  const json::Node* arn = group ? group->find("logGroupArn") : nullptr;
  return arn && arn->is_string() ? arn->string() : std::string_view();
}

bool is_log_group_character(char byte) {
  return is_letter_or_digit(byte) || std::string_view("_-/.#").find(byte) != std::string_view::npos;
}

}  // namespace

std::optional<LogGroupArn> parse_log_group_arn(std::string_view text) {
  // arn : partition : logs : region : account : log-group : name : *
  std::string_view parts[8];
  for (std::size_t i = 0; i < 8; ++i) {
    const std::size_t end = i == 7 ? text.size() : text.find(':');
    if (end == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(0, end);
    if (i < 7) text.remove_prefix(end + 1);
  }
  if (parts[0] != "arn" || parts[2] != "logs" || parts[5] != "log-group" || parts[7] != "*") {
    return std::nullopt;
  }
  constexpr std::size_t kNameMax = 512;
  const std::string_view name = parts[6];
  if (parts[3].empty() || parts[4].empty() || name.empty() || name.size() > kNameMax) {
    return std::nullopt;
  }
  for (const char byte : name) {
    if (!is_log_group_character(byte)) return std::nullopt;
  }
  return LogGroupArn{std::string(parts[3]), std::string(parts[4]), std::string(name)};
}

// A level other than OFF needs exactly one destination; `{}` and no destinations mean OFF.
Result<json::Value, runtime::ServiceError> read_logging(const Fields& fields) {
  const json::Node* node = fields.node("loggingConfiguration");
  if (!node) return json::Value::trusted(R"({"includeExecutionData":false,"level":"OFF"})");
  const json::Value text = json::Value::of(*node);
  const Fields logging(text);
  const std::string level(logging.text_or("level", "OFF"));
  const json::Node* destinations = logging.node("destinations");
  const std::size_t count = destinations ? destinations->size() : 0;
  if (count > 1 || (count == 0 && level != "OFF")) {
    return invalid("Must specify exactly one Log Destination.");
  }
  if (count == 1 && !parse_log_group_arn(destination_arn(destinations->at(0)))) {
    return invalid("Log Destination not found.");
  }
  std::string stored;
  json::Writer out(stored);
  out.begin_object();
  if (destinations) out.key("destinations").node(*destinations);
  out.key("includeExecutionData").boolean(logging.flag("includeExecutionData"));
  out.key("level").string(level).end_object();
  return json::Value::trusted(std::move(stored));
}

LoggingConfiguration parse_logging(const json::Value& stored) {
  const Fields fields(stored);
  LoggingConfiguration logging{.level = level_of(fields.text_or("level", "OFF")),
                               .include_execution_data = fields.flag("includeExecutionData"),
                               .log_group_arn = {}};
  const json::Node* destinations = fields.node("destinations");
  if (destinations && destinations->size() == 1) {
    logging.log_group_arn = destination_arn(destinations->at(0));
  }
  if (logging.log_group_arn.ends_with(":*")) {
    logging.log_group_arn.resize(logging.log_group_arn.size() - 2);
  }
  return logging;
}

}  // namespace pawl::states
