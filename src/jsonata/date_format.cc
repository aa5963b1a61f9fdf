// $fromMillis with a picture (XPath Functions and Operators 3.1, section 9.8.4).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "jsonata/calendar.h"
#include "jsonata/date_names.h"
#include "jsonata/date_picture.h"
#include "jsonata/letter_case.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

using Name = DateMarker::Name;

// One moment on the clocks of one zone.
struct Moment {
  std::int64_t millis;
  CivilTime time;
};

double component_value(char32_t component, const std::optional<Moment>& moment) {
  if (!moment) return std::numeric_limits<double>::quiet_NaN();
  const CivilTime& time = moment->time;
  switch (component) {
    case U'Y':
      return static_cast<double>(time.year);
    case U'M':
      return time.month;
    case U'D':
      return time.day;
    case U'd':
      return time.day_of_year;
    case U'F':
      return time.weekday;
    case U'X':
      return static_cast<double>(week(moment->millis).year);
    case U'W':
      return week(moment->millis).of_year;
    case U'x':
      return week(moment->millis).month;
    case U'w':
      return week(moment->millis).of_month;
    case U'H':
      return time.hour;
    case U'h':
      return (time.hour + 11) % 12 + 1;
    case U'm':
      return time.minute;
    case U's':
      return time.second;
    default:
      return time.millisecond;
  }
}

std::string in_case(std::string_view text, Name name) {
  if (name == Name::kUpper) return to_uppercase(text);
  return name == Name::kLower ? to_lowercase(text) : std::string(text);
}

Result<std::string, Failure> format_name(const DateMarker& marker, double value) {
  std::string_view name = "undefined";  // as jsonata-js prints those of no time
  if (marker.component == U'M' || marker.component == U'x') {
    if (value >= 1) name = kMonthNames[static_cast<std::size_t>(value) - 1];
  } else if (marker.component == U'F') {
    if (value >= 1) name = kDayNames[static_cast<std::size_t>(value) - 1];
  } else {
    return Err{Failure{"D3133", from_codes(std::u32string(1, marker.component))}};
  }
  return in_case(name.substr(0, marker.width_max.value_or(name.size())), marker.name);
}

// Hours alone, with minutes where there are any; or both in three or four digits.
Result<std::string, Failure> format_offset(const DateMarker& marker, const ZoneOffset& offset) {
  const IntegerPicture& number = *marker.number;
  const double both = offset.hours * 100 + offset.minutes;
  if (both == 0 && marker.zulu) return std::string("Z");
  std::string text = marker.component == U'z' ? "GMT" : "";
  if (both >= 0) text += '+';
  const std::size_t digits =
      number.kind == IntegerPicture::Kind::kDecimal ? number.mandatory_digits : 0;
  if (number.regular_grouping > 0) {
    text += TRY(number.format(both));
  } else if (digits == 1 || digits == 2) {
    text += TRY(number.format(offset.hours));
    if (offset.minutes != 0) {
      text += ':' + TRY(TRY(IntegerPicture::compile("00")).format(offset.minutes));
    }
  } else if (digits == 3 || digits == 4) {
    text += TRY(number.format(both));
  } else if (digits == 0) {
    return Err{Failure{"D3134"}};
  } else {
    return Err{Failure{"D3134", static_cast<double>(digits)}};
  }
  return text;
}

// Appends the component's text.
Result<void, Failure> append_component(const DateMarker& marker,
                                       const std::optional<Moment>& moment,
                                       const ZoneOffset& offset, std::string& out) {
  switch (marker.component) {
    case U'Z':
    case U'z':
      out += TRY(format_offset(marker, offset));
      return {};
    case U'P':
      out += in_case(moment && moment->time.hour >= 12 ? "pm" : "am", marker.name);
      return {};
    case U'C':
    case U'E':
      out += "ISO";
      return {};
    default:
      break;
  }
  if (std::u32string_view(U"YMDdFWwXxHhmsf").find(marker.component) == std::u32string_view::npos) {
    out += "undefined";  // as jsonata-js prints it
    return {};
  }
  double value = component_value(marker.component, moment);
  if (marker.year_digits) {
    constexpr std::size_t kYearDigitsMax = 7;  // of any time value
    double power = 1;
    for (std::size_t i = 0; i < std::min(*marker.year_digits, kYearDigitsMax); ++i) power *= 10;
    if (!(value >= 0 && value < power)) value = std::fmod(value, power);
  }
  if (!marker.number) {
    out += TRY(format_name(marker, value));
  } else if (!marker.number->append_if_plain(value, out)) {
    out += TRY(marker.number->format(value));
  }
  return {};
}

}  // namespace

Result<std::string, Failure> DatePicture::format(double millis, std::string_view zone) const {
  const ZoneOffset offset = ZoneOffset::parse(zone);
  const double local = time_clip(millis + offset.milliseconds());
  std::optional<Moment> moment;
  if (!std::isnan(local)) {
    const auto whole = static_cast<std::int64_t>(local);
    moment = Moment{whole, civil_time(whole)};
  }
  constexpr std::size_t kMostBytes = 48;
  std::string text;
  text.reserve(kMostBytes);
  for (const Part& part : parts_) {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      text += *literal;
    } else {
      TRY(append_component(std::get<DateMarker>(part), moment, offset, text));
    }
  }
  return text;
}

}  // namespace pawl::jsonata
