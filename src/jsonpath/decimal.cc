#include "jsonpath/decimal.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "json/number.h"
#include "jsonpath/java.h"

namespace pawl::jsonpath {
namespace {

// Every decimal of at most this many digits survives the way through a double.
constexpr std::size_t kDoubleDigits = 15;
constexpr std::size_t kCompactDigits = 18;

constexpr std::array<std::int64_t, kCompactDigits + 1> make_powers() {
  std::array<std::int64_t, kCompactDigits + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr auto kPowersOfTen = make_powers();

struct Scaled {
  std::int64_t mantissa = 0;
  std::int32_t scale = 0;
};

// Reads [-]digits[.digits]. Nothing: something else, or too many digits, which is left to others.
std::optional<Scaled> read_compact(std::string_view text, std::size_t digits_max) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() > digits_max + 1) return std::nullopt;
  std::int64_t mantissa = 0;
  std::size_t digits = 0;
  std::size_t point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      mantissa = mantissa * 10 + (text[i] - '0');
      ++digits;
    } else if (text[i] == '.' && point == text.size()) {
      point = i;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || digits > digits_max) return std::nullopt;
  const std::size_t scale = point == text.size() ? 0 : text.size() - point - 1;
  return Scaled{negative ? -mantissa : mantissa, static_cast<std::int32_t>(scale)};
}

// Both sides are brought to the finer of the two scales.
std::strong_ordering compare_scaled(Scaled left, Scaled right) {
  if (left.scale == right.scale) return left.mantissa <=> right.mantissa;
  __extension__ using Wide = __int128;
  const std::int32_t scale = std::max(left.scale, right.scale);
  const auto widen = [scale](Scaled value) {
    return Wide{value.mantissa} * kPowersOfTen[static_cast<std::size_t>(scale - value.scale)];
  };
  const Wide one = widen(left);
  const Wide other = widen(right);
  return one < other   ? std::strong_ordering::less
         : one > other ? std::strong_ordering::greater
                       : std::strong_ordering::equal;
}

Err<NumberFormatError> fail(std::string message) {
  return Err{NumberFormatError{std::move(message)}};
}

std::string unexpected_character(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
  // Of a character beyond U+FFFF Java sees, and shows, half a pair.
  const std::string shown = lead >= 0xF0 ? "?" : std::string(rest.substr(0, bytes));
  return "Character " + shown +
         " is neither a decimal digit number, decimal point, nor \"e\" notation exponential mark.";
}

// What stands behind the mark, with BigDecimal's order of complaints.
Result<std::int64_t, NumberFormatError> parse_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return fail("null");
  while (text.size() > 10 && text.front() == '0') text.remove_prefix(1);
  if (text.size() > 10) return fail("Too many nonzero exponent digits.");
  std::int64_t exponent = 0;
  for (const char digit : text) {
    if (!is_digit(digit)) return fail("Not a digit.");
    exponent = exponent * 10 + (digit - '0');
  }
  if (negative) exponent = -exponent;
  if (exponent != static_cast<std::int32_t>(exponent)) return fail("Exponent overflow.");
  return exponent;
}

struct Significand {
  std::size_t length = 0;  // of its text, which ends at the mark or with the number
  std::int64_t digits = 0;
  std::int64_t fraction_digits = 0;
};

Result<Significand, NumberFormatError> scan_significand(std::string_view text) {
  // Java has one reader for short and one for long texts; they complain in different words.
  const bool is_short = java::utf16_length(text) <= kCompactDigits;
  Significand found;
  bool point = false;
  for (; found.length < text.size(); ++found.length) {
    const char next = text[found.length];
    if (is_digit(next)) {
      ++found.digits;
      if (point) ++found.fraction_digits;
    } else if (next == '.') {
      if (point) return fail("Character array contains more than one decimal point.");
      point = true;
    } else if (next == 'e' || next == 'E') {
      break;
    } else if (is_short) {
      return fail(unexpected_character(text.substr(found.length)));
    } else {
      return fail("Character array is missing \"e\" notation exponential mark.");
    }
  }
  return found;
}

std::string text_of(const Decimal& decimal) {
  if (!decimal.text.empty()) return decimal.text;
  return std::to_string(decimal.mantissa) + "e-" + std::to_string(decimal.scale);
}

}  // namespace

Result<Decimal, NumberFormatError> parse_decimal(std::string_view text) {
  if (const auto compact = read_compact(text, kCompactDigits)) {
    return Decimal{compact->mantissa, compact->scale, {}};
  }
  if (text.empty()) return fail("null");
  const std::string sign = text.front() == '-' ? "-" : "";
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);

  const Significand significand = TRY(scan_significand(text));
  std::int64_t exponent = 0;
  if (significand.length < text.size()) {
    exponent = TRY(parse_exponent(text.substr(significand.length + 1)));
  }
  if (significand.digits == 0) return fail("No digits found.");
  const std::int64_t scale = significand.fraction_digits - exponent;
  if (scale != static_cast<std::int32_t>(scale)) return fail("Scale out of range.");
  return Decimal{0, 0, sign + std::string(text)};
}

Result<Decimal, NumberFormatError> decimal_of_json(std::string_view number) {
  if (const auto compact = read_compact(number, kDoubleDigits)) {
    return Decimal{compact->mantissa, compact->scale, {}};
  }
  if (json::is_integral_text(number)) return parse_decimal(number);
  return parse_decimal(json::java_double_text(json::to_double(number)));
}

std::optional<std::strong_ordering> compare_short(const Decimal& left, std::string_view number) {
  if (!left.text.empty()) return std::nullopt;
  const std::optional<Scaled> right = read_compact(number, kDoubleDigits);
  if (!right) return std::nullopt;
  return compare_scaled({left.mantissa, left.scale}, *right);
}

std::strong_ordering compare(const Decimal& left, const Decimal& right) {
  if (left.text.empty() && right.text.empty()) {
    return compare_scaled({left.mantissa, left.scale}, {right.mantissa, right.scale});
  }
  return json::compare_numbers(text_of(left), text_of(right)) <=> 0;
}

}  // namespace pawl::jsonpath
