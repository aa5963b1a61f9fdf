#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <ctime>
#include <string>

#include "base/utc_text.h"

namespace pawl {

namespace {

// The process-wide settings: how much of the log is wanted, and in what form.
std::atomic<LogLevel> wanted_level{LogLevel::kInfo};
std::atomic<LogFormat> wanted_format{LogFormat::kText};

// As a JSON string; control characters are escaped, so that an event stays one line.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') out += '\\';
    if (code < 0x20 || code == 0x7F) {
      out += fmt::format("\\u{:04x}", code);
    } else {
      out += byte;
    }
  }
  return out + "\"";
}

const char* name_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarning:
      return "WARNING";
    case LogLevel::kError:
      return "ERROR";
  }
  return "";
}

}  // namespace

void set_log_level(LogLevel level) { wanted_level = level; }
void set_log_format(LogFormat format) { wanted_format = format; }

std::string log_line(LogFormat format, std::string_view time, LogLevel level,
                     std::string_view text) {
  if (format == LogFormat::kText) return fmt::format("{} {} {}\n", time, name_of(level), text);
  return fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"message\":{}}}\n", time, name_of(level),
                     quoted(text));
}

void write_log(LogLevel level, std::string_view text) {
  if (level < wanted_level) return;
  const std::string now = iso_time_millis(SystemClock().wall_now());
  const std::string line = log_line(wanted_format, now, level, text);
  // One write, so that lines of several threads do not mix; a closed stderr is nobody's error.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace pawl
