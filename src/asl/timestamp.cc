// RFC 3339's grammar, with the calendar checked.
#include "asl/timestamp.h"

#include <chrono>
#include <optional>

namespace pawl::asl {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool literal(char expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `digits` digits with a value up to `max`.
  std::optional<int> number(std::size_t digits, int max) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char digit : rest_.substr(0, digits)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      value = value * 10 + (digit - '0');
    }
    rest_.remove_prefix(digits);
    return value <= max ? std::optional(value) : std::nullopt;
  }

  void skip_digits() {
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool date(Reader& reader) {
  const auto year = reader.number(4, 9999);
  if (!year || !reader.literal('-')) return false;
  const auto month = reader.number(2, 12);
  if (!month || !reader.literal('-')) return false;
  const auto day = reader.number(2, 31);
  return day && std::chrono::year_month_day(std::chrono::year(*year),
                                            std::chrono::month(static_cast<unsigned>(*month)),
                                            std::chrono::day(static_cast<unsigned>(*day)))
                    .ok();
}

bool time(Reader& reader) {
  if (!reader.number(2, 23) || !reader.literal(':')) return false;
  if (!reader.number(2, 59) || !reader.literal(':')) return false;
  if (!reader.number(2, 59)) return false;
  if (!reader.literal('.')) return true;
  if (!reader.number(1, 9)) return false;
  reader.skip_digits();
  return true;
}

bool offset(Reader& reader) {
  if (reader.literal('Z')) return true;
  if (!reader.literal('+') && !reader.literal('-')) return false;
  return reader.number(2, 23) && reader.literal(':') && reader.number(2, 59);
}

}  // namespace

bool is_timestamp(std::string_view text) {
  Reader reader(text);
  return date(reader) && reader.literal('T') && time(reader) && offset(reader) && reader.at_end();
}

}  // namespace pawl::asl
