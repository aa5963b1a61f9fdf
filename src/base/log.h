// The server's own log: one line an event on standard error.
// What a workflow did is its history, not a log line.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>

namespace pawl {

// kText: `2026-01-31T12:00:00.000Z LEVEL text`; kJson: an object with `time`, `level`, `message`.
enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarning, kError };

void set_log_level(LogLevel level);
void set_log_format(LogFormat format);
// With its line end; `time` as it is shown.
std::string log_line(LogFormat format, std::string_view time, LogLevel level,
                     std::string_view text);
// Thread-safe; lines never mix.
void write_log(LogLevel level, std::string_view text);

template <class... Values>
void log_info(fmt::format_string<Values...> format, Values&&... values) {
  write_log(LogLevel::kInfo, fmt::format(format, std::forward<Values>(values)...));
}
template <class... Values>
void log_warning(fmt::format_string<Values...> format, Values&&... values) {
  write_log(LogLevel::kWarning, fmt::format(format, std::forward<Values>(values)...));
}
template <class... Values>
void log_error(fmt::format_string<Values...> format, Values&&... values) {
  write_log(LogLevel::kError, fmt::format(format, std::forward<Values>(values)...));
}

}  // namespace pawl
