#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <ctime>
#include <string>

namespace pawl {

namespace {

// The one process-wide setting: how much of the log is wanted.
std::atomic<LogLevel> wanted_level{LogLevel::kInfo};

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

void write_log(LogLevel level, std::string_view text) {
  if (level < wanted_level) return;
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  tm utc{};
  gmtime_r(&now.tv_sec, &utc);
  char time[32];
  std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
  const std::string line =
      fmt::format("{}.{:03}Z {} {}\n", time, now.tv_nsec / 1'000'000, name_of(level), text);
  // One write, so that lines of several threads do not mix; a closed stderr is nobody's error.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace pawl
