// $toMillis with a picture: the fields that the picture names, completed by those of now and by
// zeroes.
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

#include "jsonata/calendar.h"
#include "jsonata/date_match.h"
#include "jsonata/date_picture.h"

namespace pawl::jsonata {
namespace {

// What was read, by component. A name that is unknown is as good as absent.
using Fields = std::map<char32_t, double>;

// Which of these components are there and not zero, the first as the highest bit.
unsigned mask(const Fields& fields, std::u32string_view components) {
  unsigned bits = 0;
  for (const char32_t component : components) {
    const auto field = fields.find(component);
    const bool set = field != fields.end() && field->second != 0 && !std::isnan(field->second);
    bits = bits << 1 | (set ? 1U : 0U);
  }
  return bits;
}

bool is_among(unsigned bits, unsigned allowed) { return bits != 0 && (bits & ~allowed) == 0; }

enum class DateForm { kMonthAndDay, kDayOfYear, kWeekOfMonth, kWeekOfYear };

DateForm date_form(const Fields& fields) {
  const unsigned bits = mask(fields, U"YXMxWwdD");
  if (is_among(bits, 0b10100001)) return DateForm::kMonthAndDay;
  if (is_among(bits, 0b10000010)) return DateForm::kDayOfYear;
  if (is_among(bits, 0b01010100)) return DateForm::kWeekOfMonth;
  return is_among(bits, 0b01001000) ? DateForm::kWeekOfYear : DateForm::kMonthAndDay;
}

// Whether the hours are of half a day.
bool has_half_days(const Fields& fields) {
  const unsigned bits = mask(fields, U"PHhmsf");
  return !is_among(bits, 0b010111) && is_among(bits, 0b101111);
}

std::u32string_view date_components(DateForm form) {
  switch (form) {
    case DateForm::kDayOfYear:
      return U"YD";
    case DateForm::kWeekOfMonth:
      return U"XxwF";
    case DateForm::kWeekOfYear:
      return U"XWF";
    case DateForm::kMonthAndDay:
      break;
  }
  return U"YMD";
}

double field_of_now(char32_t component, const CivilTime& now) {
  switch (component) {
    case U'Y':
      return static_cast<double>(now.year);
    case U'M':
      return now.month;
    case U'D':
      return now.day;
    case U'H':
      return now.hour;
    case U'h':
      return (now.hour + 11) % 12 + 1;
    case U'm':
      return now.minute;
    case U's':
      return now.second;
    case U'f':
      return now.millisecond;
    default:
      return 0;  // a half of the day, which jsonata-js then does not recognise
  }
}

// What is coarser than the first field that was read is now's, what is finer than the last begins;
// false when something between is missing.
bool complete(Fields& fields, std::u32string_view components, const CivilTime& now) {
  bool started = false;
  bool ended = false;
  for (const char32_t component : components) {
    if (fields.contains(component)) {
      started = true;
      if (ended) return false;
    } else if (started) {
      fields[component] = component == U'M' || component == U'D' || component == U'd' ? 1 : 0;
      ended = true;
    } else {
      fields[component] = field_of_now(component, now);
    }
  }
  return true;
}

// The month and day of a day of the year.
void set_day_of_year(Fields& fields) {
  const double first = utc_millis(fields[U'Y'], 0, 1, 0, 0, 0, 0);
  const double day =
      time_clip(first + (fields[U'd'] - 1) * static_cast<double>(kMillisecondsPerDay));
  if (std::isnan(day)) {
    fields[U'M'] = day;
    return;
  }
  const CivilTime time = civil_time(static_cast<std::int64_t>(day));
  fields[U'M'] = time.month;
  fields[U'D'] = time.day;
}

Result<double, Failure> to_millis(Fields fields, WallMillis now) {
  const DateForm form = date_form(fields);
  const bool half_days = has_half_days(fields);
  const std::u32string components =
      std::u32string(date_components(form)) + (half_days ? U"Phmsf" : U"Hmsf");
  const bool is_complete = complete(fields, components, civil_time(now));
  if (!is_complete || form == DateForm::kWeekOfMonth || form == DateForm::kWeekOfYear) {
    return Err{Failure{"D3136"}};
  }
  if (form == DateForm::kDayOfYear) set_day_of_year(fields);
  double hour = fields[U'H'];
  if (half_days) {
    hour = fields[U'h'] == 12 ? 0 : fields[U'h'];
    if (fields[U'P'] == 1) hour += 12;
  }
  const double month = fields[U'M'] > 0 ? fields[U'M'] - 1 : 0;
  const double millis =
      utc_millis(fields[U'Y'], month, fields[U'D'], hour, fields[U'm'], fields[U's'], fields[U'f']);
  double offset = fields[U'Z'];
  if (offset == 0) offset = fields[U'z'];
  return millis - offset * 60'000;
}

}  // namespace

Result<std::optional<double>, Failure> DatePicture::parse(std::string_view text,
                                                          WallMillis now) const {
  bool has_marker = false;
  for (const Part& part : parts_) {
    const auto* marker = std::get_if<DateMarker>(&part);
    if (marker == nullptr) continue;
    has_marker = true;
    if (auto failure = unreadable(*marker)) return Err{std::move(*failure)};
  }
  const auto texts = match_parts(parts_, text);
  if (!texts || !has_marker) return std::optional<double>();

  Fields fields;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto* marker = std::get_if<DateMarker>(&parts_[i]);
    if (marker == nullptr) continue;
    const auto value = TRY(component_value(*marker, (*texts)[i]));
    if (value) {
      fields[marker->component] = *value;
    } else {
      fields.erase(marker->component);
    }
  }
  return std::optional(TRY(to_millis(std::move(fields), now)));
}

}  // namespace pawl::jsonata
