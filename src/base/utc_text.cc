#include "base/utc_text.h"

#include <fmt/format.h>

#include <ctime>

namespace pawl {

namespace {

struct Instant {
  std::tm utc{};
  int millis = 0;  // 0 to 999, before 1970 too
};

Instant instant_of(WallMillis time) {
  Instant instant;
  instant.millis = static_cast<int>(((time % 1000) + 1000) % 1000);
  const auto seconds = static_cast<std::time_t>((time - instant.millis) / 1000);
  gmtime_r(&seconds, &instant.utc);
  instant.utc.tm_year += 1900;
  instant.utc.tm_mon += 1;
  return instant;
}

}  // namespace

std::string iso_time(WallMillis time) {
  const std::tm at = instant_of(time).utc;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", at.tm_year, at.tm_mon, at.tm_mday,
                     at.tm_hour, at.tm_min, at.tm_sec);
}

std::string iso_time_millis(WallMillis time) {
  const auto [at, millis] = instant_of(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", at.tm_year, at.tm_mon,
                     at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec, millis);
}

std::string basic_time(WallMillis time) {
  const std::tm at = instant_of(time).utc;
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", at.tm_year, at.tm_mon, at.tm_mday,
                     at.tm_hour, at.tm_min, at.tm_sec);
}

std::string http_time(WallMillis time) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm at = instant_of(time).utc;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[at.tm_wday], at.tm_mday,
                     kMonths[at.tm_mon - 1], at.tm_year, at.tm_hour, at.tm_min, at.tm_sec);
}

}  // namespace pawl
