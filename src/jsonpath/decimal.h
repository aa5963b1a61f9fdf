// Numbers as java.math.BigDecimal reads and compares them: so do filters compare numbers, and texts
// with numbers.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::jsonpath {

// Why a text is no number: the message of Java's NumberFormatException, "null" when it has none.
struct NumberFormatError {
  std::string message;
};

struct Decimal {
  // The usual case is mantissa / 10^scale with at most 18 digits; `text` is empty then.
  std::int64_t mantissa = 0;
  std::int32_t scale = 0;
  std::string text;  // a number in JSON's notation, leading zeroes and lone points allowed
};

// new BigDecimal(text).
Result<Decimal, NumberFormatError> parse_decimal(std::string_view text);
// A JSON number as Jackson hands it to Java: integers exactly, all others as doubles.
Result<Decimal, NumberFormatError> decimal_of_json(std::string_view number);

// How `left` stands to a JSON number, when both are short enough to tell at once.
std::optional<std::strong_ordering> compare_short(const Decimal& left, std::string_view number);

std::strong_ordering compare(const Decimal& left, const Decimal& right);

}  // namespace pawl::jsonpath
