#include "jsonata/calendar.h"

#include <cmath>
#include <initializer_list>
#include <limits>

namespace pawl::jsonata {
namespace {

constexpr double kTimeMax = 8.64e15;
constexpr double kNoTime = std::numeric_limits<double>::quiet_NaN();
// Years further away than any time value reaches.
constexpr double kYearMax = 400'000;

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// Days since 1970 to year, month, day; eras of 400 years that begin on the first of March.
void split_days(std::int64_t days, CivilTime& time) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_divide(shifted, 146'097);
  const auto day_of_era = static_cast<int>(shifted - era * 146'097);
  const int year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month = (5 * day_of_year + 2) / 153;
  time.day = day_of_year - (153 * month + 2) / 5 + 1;
  time.month = month < 10 ? month + 3 : month - 9;
  time.year = era * 400 + year_of_era + (time.month <= 2 ? 1 : 0);
}

}  // namespace

CivilTime civil_time(std::int64_t millis) {
  const std::int64_t days = floor_divide(millis, kMillisecondsPerDay);
  const auto of_day = static_cast<int>(millis - days * kMillisecondsPerDay);
  CivilTime time{};
  split_days(days, time);
  time.hour = of_day / 3'600'000;
  time.minute = of_day / 60'000 % 60;
  time.second = of_day / 1'000 % 60;
  time.millisecond = of_day % 1'000;
  time.weekday = static_cast<int>(days + 3 - floor_divide(days + 3, 7) * 7) + 1;
  time.day_of_year = static_cast<int>(days - days_from_civil(time.year, 1, 1)) + 1;
  return time;
}

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  const std::int64_t shifted = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(shifted, 400);
  const std::int64_t year_of_era = shifted - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Week week(std::int64_t millis) {
  const int weekday = civil_time(millis).weekday;
  const CivilTime thursday = civil_time(millis + (4 - weekday) * kMillisecondsPerDay);
  return {thursday.year, thursday.month, (thursday.day_of_year - 1) / 7 + 1,
          (thursday.day - 1) / 7 + 1};
}

double time_clip(double millis) {
  if (!(std::abs(millis) <= kTimeMax)) return kNoTime;
  return std::trunc(millis) + 0.0;
}

double utc_millis(double year, double month, double day, double hour, double minute, double second,
                  double millisecond) {
  for (double* each : {&year, &month, &day, &hour, &minute, &second, &millisecond}) {
    *each = std::trunc(*each);
  }
  if (year >= 0 && year <= 99) year += 1900;
  if (!std::isfinite(month)) return kNoTime;
  const double whole_year = year + std::floor(month / 12);
  const double month_index = month - std::floor(month / 12) * 12;
  if (!(std::abs(whole_year) <= kYearMax)) return kNoTime;
  const auto first = static_cast<double>(
      days_from_civil(static_cast<std::int64_t>(whole_year), static_cast<int>(month_index) + 1, 1));
  const double of_day = hour * 3'600'000 + minute * 60'000 + second * 1'000 + millisecond;
  return time_clip((first + day - 1) * static_cast<double>(kMillisecondsPerDay) + of_day);
}

}  // namespace pawl::jsonata
