#include "jsonata/iso_date.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "jsonata/calendar.h"
#include "jsonata/number_text.h"

namespace pawl::jsonata {
namespace {

constexpr double kNoTime = std::numeric_limits<double>::quiet_NaN();

// What the text says, by the form that jsonata-js asks for:
// YYYY(-MM)?(-DD)?(Thh:mm:ss)?(.f+)?(Z|+hh:mm|+hhmm)?, MM up to 19, DD up to 39, hh up to 29.
struct Stamp {
  int year = 0;
  std::optional<int> month;
  std::optional<int> day;
  struct Time {
    int hour, minute, second;
  };
  std::optional<Time> time;
  std::optional<int> milliseconds;
  enum class Zone { kNone, kUtc, kOffset } zone = Zone::kNone;
  int zone_sign = 1;
  int zone_hours = 0;
  int zone_minutes = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // What looks like a month or day may be an offset: "2017-0530".
  std::optional<Stamp> read() {
    const std::string_view all = text_;
    for (const Parts parts : {Parts::kBoth, Parts::kMonth, Parts::kDay, Parts::kNeither}) {
      text_ = all;
      if (auto stamp = read(parts)) return stamp;
    }
    return std::nullopt;
  }

 private:
  enum class Parts { kBoth, kMonth, kDay, kNeither };

  std::optional<Stamp> read(Parts parts) {
    Stamp stamp;
    const auto century = digits('9');
    const auto year = century ? digits('9') : std::nullopt;
    if (!year) return std::nullopt;
    stamp.year = *century * 100 + *year;
    if (parts == Parts::kBoth || parts == Parts::kMonth) stamp.month = part("-", '1');
    if (parts == Parts::kBoth || parts == Parts::kDay) stamp.day = part("-", '3');
    stamp.time = time();
    stamp.milliseconds = fraction();
    zone(stamp);
    if (!text_.empty()) return std::nullopt;
    return stamp;
  }

  // Two digits, the first at most `first_max`.
  std::optional<int> digits(char first_max) {
    if (text_.size() < 2 || text_[0] < '0' || text_[0] > first_max || text_[1] < '0' ||
        text_[1] > '9') {
      return std::nullopt;
    }
    const int value = (text_[0] - '0') * 10 + text_[1] - '0';
    text_.remove_prefix(2);
    return value;
  }

  std::optional<int> part(std::string_view mark, char first_max) {
    const std::string_view before = text_;
    if (!text_.starts_with(mark)) return std::nullopt;
    text_.remove_prefix(mark.size());
    const auto value = digits(first_max);
    if (!value) text_ = before;
    return value;
  }

  std::optional<Stamp::Time> time() {
    const std::string_view before = text_;
    const auto hour = part("T", '2');
    const auto minute = hour ? part(":", '5') : std::nullopt;
    const auto second = minute ? part(":", '5') : std::nullopt;
    if (second) return Stamp::Time{*hour, *minute, *second};
    text_ = before;
    return std::nullopt;
  }

  std::optional<int> fraction() {
    if (text_.size() < 2 || text_[0] != '.' || text_[1] < '0' || text_[1] > '9') {
      return std::nullopt;
    }
    const std::size_t end = std::min(text_.find_first_not_of("0123456789", 1), text_.size());
    int milliseconds = 0;
    for (std::size_t at = 1; at <= 3; ++at) {
      milliseconds = milliseconds * 10 + (at < end ? text_[at] - '0' : 0);
    }
    text_.remove_prefix(end);
    return milliseconds;
  }

  void zone(Stamp& stamp) {
    if (text_ == "Z") {
      stamp.zone = Stamp::Zone::kUtc;
      text_ = {};
      return;
    }
    stamp.zone_sign = text_.starts_with('-') ? -1 : 1;
    auto hours = part("+", '2');
    if (!hours) hours = part("-", '2');
    if (!hours) return;
    auto minutes = part(":", '5');
    if (!minutes) minutes = digits('5');
    if (!minutes) {
      text_ = "?";  // not this form
      return;
    }
    stamp.zone = Stamp::Zone::kOffset;
    stamp.zone_hours = *hours;
    stamp.zone_minutes = *minutes;
  }

  std::string_view text_;
};

bool is_date(const Stamp& stamp) {
  if (stamp.day && !stamp.month) return false;
  if (!stamp.time && (stamp.milliseconds || stamp.zone == Stamp::Zone::kOffset)) return false;
  const int month = stamp.month.value_or(1);
  const int day = stamp.day.value_or(1);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && stamp.zone_hours <= 23;
}

bool is_time(const Stamp::Time& time, int milliseconds) {
  return time.hour < 24 ||
         (time.hour == 24 && time.minute == 0 && time.second == 0 && milliseconds == 0);
}

// The form that $now and $fromMillis write, and nearly everybody else: no other reading is tried
// for it. Nothing for all other texts, and for what may be no date.
std::optional<double> parse_usual_form(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  bool fits = true;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    fits &= kForm[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
  }
  if (!fits) return std::nullopt;
  const auto number = [text](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  const int month = number(5);
  const int day = number(8);
  const int hour = number(11);
  const int minute = number(14);
  const int second = number(17);
  constexpr int kDaysOfAllMonths = 28;
  if (month < 1 || month > 12 || day < 1 || day > kDaysOfAllMonths || hour > 23 || minute > 59 ||
      second > 59) {
    return std::nullopt;
  }
  const std::int64_t days = days_from_civil(number(0) * 100 + number(2), month, day);
  const std::int64_t minutes = hour * 60 + minute;
  const int milliseconds = number(20) * 10 + text[22] - '0';
  return static_cast<double>(days * kMillisecondsPerDay + minutes * 60'000 + second * 1'000 +
                             milliseconds);
}

// `count` digits of a number, or more.
void append_digits(std::int64_t value, std::size_t count, std::string& out) {
  const std::string digits = std::to_string(std::abs(value));
  if (value < 0) out += '-';
  if (digits.size() < count) out.append(count - digits.size(), '0');
  out += digits;
}

std::string local_text(std::int64_t millis) {
  const CivilTime time = civil_time(millis);
  std::string out;
  append_digits(time.year % 10'000, 4, out);
  const auto append = [&out](char mark, int value, std::size_t count) {
    out += mark;
    append_digits(value, count, out);
  };
  append('-', time.month, 2);
  append('-', time.day, 2);
  append('T', time.hour, 2);
  append(':', time.minute, 2);
  append(':', time.second, 2);
  append('.', time.millisecond, 3);
  return out;
}

void append_offset(const ZoneOffset& offset, std::string& out) {
  const double number = offset.hours * 100 + offset.minutes;
  if (number == 0 || std::isnan(number)) {
    out += 'Z';
    return;
  }
  if (number > 0) out += '+';
  append_digits(static_cast<std::int64_t>(number), 4, out);
  out.insert(out.size() - 2, 1, ':');
}

}  // namespace

ZoneOffset ZoneOffset::parse(std::string_view text) {
  const double number = parse_integer_prefix(text);
  return {std::floor(number / 100), std::fmod(number, 100)};
}

std::string iso_date_text(double millis, std::string_view zone) {
  const ZoneOffset offset = ZoneOffset::parse(zone);
  const double local = time_clip(millis + offset.milliseconds());
  std::string out = std::isnan(local) ? "0NaN-NaN-NaNTNaN:NaN:NaN.NaN"  // as jsonata-js has it
                                      : local_text(static_cast<std::int64_t>(local));
  append_offset(offset, out);
  return out;
}

std::optional<double> parse_iso_date(std::string_view text) {
  if (const auto usual = parse_usual_form(text)) return usual;
  const auto stamp = Reader(text).read();
  if (!stamp) return std::nullopt;
  const Stamp::Time time = stamp->time.value_or(Stamp::Time{0, 0, 0});
  const int milliseconds = stamp->milliseconds.value_or(0);
  if (!is_date(*stamp) || !is_time(time, milliseconds)) return kNoTime;
  const std::int64_t days =
      days_from_civil(stamp->year, stamp->month.value_or(1), stamp->day.value_or(1));
  const int offset_minutes = stamp->zone_sign * (stamp->zone_hours * 60 + stamp->zone_minutes);
  const std::int64_t minutes = time.hour * 60 + time.minute - offset_minutes;
  return static_cast<double>(days * kMillisecondsPerDay + minutes * 60'000 + time.second * 1'000 +
                             milliseconds);
}

}  // namespace pawl::jsonata
