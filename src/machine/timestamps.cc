#include "machine/timestamps.h"

#include <chrono>
#include <limits>

namespace pawl::machine {
namespace {

// Reads a timestamp front to back; after the first mismatch `ok` stays false.
class Scanner {
 public:
  explicit Scanner(std::string_view rest) : rest_(rest) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  int digits(int count) {
    int value = 0;
    for (; count > 0; --count) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
        ok_ = false;
        return 0;
      }
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  bool accept(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) ok_ = false;
  }
  // Any number of digits, at least one.
  std::int32_t fraction() {
    std::int32_t nanos = 0;
    std::int32_t weight = 100'000'000;
    bool any = false;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      nanos += weight * (rest_.front() - '0');
      weight /= 10;
      any = true;
      rest_.remove_prefix(1);
    }
    if (!any) ok_ = false;
    return nanos;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

constexpr std::int64_t kSecondsPerDay = 86'400;

// RFC 3339 section 5.6, "full-date": days since 1970-01-01.
std::optional<std::int64_t> scan_date(Scanner& scanner) {
  const int year = scanner.digits(4);
  scanner.expect('-');
  const auto month = static_cast<unsigned>(scanner.digits(2));
  scanner.expect('-');
  const auto day = static_cast<unsigned>(scanner.digits(2));
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// "time-offset", in seconds east of UTC.
std::optional<std::int64_t> scan_offset(Scanner& scanner) {
  if (scanner.accept('Z')) return 0;
  const bool west = scanner.accept('-');
  if (!west) scanner.expect('+');
  const int hours = scanner.digits(2);
  scanner.expect(':');
  const int minutes = scanner.digits(2);
  if (hours > 18 || minutes > 59) return std::nullopt;
  const std::int64_t seconds = hours * 3'600 + minutes * 60;
  return west ? -seconds : seconds;
}

// With leading zeros; the years that have more digits than `width` show all of them.
void append_digits(std::string& text, int value, int width) {
  const std::string digits = std::to_string(value);
  const auto missing = width - static_cast<int>(digits.size());
  if (missing > 0) text.append(static_cast<std::size_t>(missing), '0');
  text += digits;
}

}  // namespace

std::optional<Instant> parse_timestamp(std::string_view text) {
  Scanner scanner(text);
  const std::optional<std::int64_t> days = scan_date(scanner);
  scanner.expect('T');
  const int hour = scanner.digits(2);
  scanner.expect(':');
  const int minute = scanner.digits(2);
  scanner.expect(':');
  const int second = scanner.digits(2);
  const std::int32_t nanos = scanner.accept('.') ? scanner.fraction() : 0;
  const std::optional<std::int64_t> offset = scan_offset(scanner);
  if (!scanner.ok() || !scanner.at_end() || !days || !offset) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return Instant{*days * kSecondsPerDay + hour * 3'600 + minute * 60 + second - *offset, nanos};
}

WallMillis millis_not_before(const Instant& instant) {
  constexpr std::int64_t kSecondsMax = std::numeric_limits<WallMillis>::max() / 1'000 - 1;
  if (instant.seconds > kSecondsMax) return std::numeric_limits<WallMillis>::max();
  return instant.seconds * 1'000 + (instant.nanos + 999'999) / 1'000'000;
}

std::string print_timestamp(WallMillis time) {
  const std::chrono::sys_time<std::chrono::milliseconds> instant{std::chrono::milliseconds(time)};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(instant - day);
  std::string text;
  text.reserve(sizeof "2016-03-14T01:59:00.123Z");
  append_digits(text, static_cast<int>(date.year()), 4);
  text += '-';
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  text += '-';
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  text += 'T';
  append_digits(text, static_cast<int>(clock.hours().count()), 2);
  text += ':';
  append_digits(text, static_cast<int>(clock.minutes().count()), 2);
  text += ':';
  append_digits(text, static_cast<int>(clock.seconds().count()), 2);
  if (const auto fraction = static_cast<int>(clock.subseconds().count()); fraction != 0) {
    text += '.';
    append_digits(text, fraction, 3);
  }
  text += 'Z';
  return text;
}

}  // namespace pawl::machine
