// The proleptic Gregorian calendar and ISO 8601's weeks, of ECMAScript's time values: milliseconds
// since 1970 in UTC (ECMA-262, "Time Values and Time Range").
#pragma once

#include <cstdint>

namespace pawl::jsonata {

constexpr std::int64_t kMillisecondsPerDay = 86'400'000;

struct CivilTime {
  std::int64_t year;
  int month;  // 1 ... 12
  int day;    // 1 ... 31
  int hour;
  int minute;
  int second;
  int millisecond;
  int weekday;      // Monday 1 ... Sunday 7
  int day_of_year;  // 1 ... 366
};

// `millis` is within +-8.64e15.
CivilTime civil_time(std::int64_t millis);
// Days from 1970-01-01 to the first of that month.
std::int64_t days_from_civil(std::int64_t year, int month, int day);

// A week belongs to the year, or month, that its Thursday is in, and is numbered from 1 there.
struct Week {
  std::int64_t year;
  int month;
  int of_year;
  int of_month;
};
Week week(std::int64_t millis);

// TimeClip: NaN beyond the range of time values, fractions cut.
double time_clip(double millis);
// Date.UTC with all its arguments: each may be out of its range, months count from 0, and the years
// 0 to 99 are those of the twentieth century.
double utc_millis(double year, double month, double day, double hour, double minute, double second,
                  double millisecond);

}  // namespace pawl::jsonata
