#include "jsonata/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "base/ascii.h"
#include "json/number.h"

namespace pawl::jsonata {
namespace {

constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int kExactPowerMax = 22;
constexpr int kShortPlacesMax = 4;

}  // namespace

std::optional<ShortDecimal> short_decimal(double value) {
  constexpr double kDigitsMax = 999'999'999'999'999.0;
  for (int places = 0; places <= kShortPlacesMax; ++places) {
    const double scaled = value * kPowersOfTen[places];
    if (!(scaled <= kDigitsMax)) return std::nullopt;
    const auto digits = static_cast<std::uint64_t>(scaled + 0.5);
    if (static_cast<double>(digits) / kPowersOfTen[places] == value) {
      return ShortDecimal{digits, places};
    }
  }
  return std::nullopt;
}

namespace {

constexpr std::size_t kTextDigitsMax = 15;
constexpr std::size_t kDoubleDigitsMax = 17;
// Below it every integer is a double of its own and prints as an integer does.
constexpr double kExactIntegerMax = 9007199254740992.0;

// value = 0.DIGITS * 10^(magnitude + 1), digits without zeroes at either end.
struct Decimal {
  char digits[kDoubleDigitsMax + 1];
  std::size_t count = 0;
  int magnitude = 0;

  std::string_view view() const { return {digits, count}; }
};

// "1.2345e+02", as std::to_chars writes it.
Decimal read_scientific(std::string_view text) {
  Decimal decimal;
  const std::size_t mark = text.find('e');
  for (const char character : text.substr(0, mark)) {
    if (character != '.') decimal.digits[decimal.count++] = character;
  }
  while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') --decimal.count;
  std::string_view exponent = text.substr(mark + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.magnitude);
  return decimal;
}

Decimal to_decimal(const ShortDecimal& number) {
  Decimal decimal;
  const auto end =
      std::to_chars(decimal.digits, decimal.digits + sizeof decimal.digits, number.digits);
  decimal.count = static_cast<std::size_t>(end.ptr - decimal.digits);
  decimal.magnitude = static_cast<int>(decimal.count) - 1 - number.places;
  while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') --decimal.count;
  return decimal;
}

Decimal shortest(double value) {
  if (const auto number = short_decimal(value)) return to_decimal(*number);
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  return read_scientific({text, static_cast<std::size_t>(end.ptr - text)});
}

// Whether the value lies exactly between two numbers of 15 digits; to_chars then takes the even
// one, toPrecision the larger. It then is N / 10^j with 5^j in the N of 16 digits, so that j and
// the places of its binary fraction are 22 at most.
bool is_tie(double value) {
  constexpr int kFractionBitsMax = 22;
  const double scaled = std::ldexp(value, kFractionBitsMax);
  if (std::trunc(scaled) != scaled) return false;
  char text[96];
  constexpr int kMoreThanEnough = 60;
  std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, kMoreThanEnough);
  const std::string_view beyond(text + 1 + kTextDigitsMax, kMoreThanEnough - kTextDigitsMax + 1);
  return beyond[0] == '5' && beyond.find_first_not_of('0', 1) == std::string_view::npos;
}

// Number.prototype.toPrecision(15) of a positive value.
Decimal to_precision(double value) {
  const double above =
      is_tie(value) ? std::nextafter(value, std::numeric_limits<double>::infinity()) : value;
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, above, std::chars_format::scientific,
                                 static_cast<int>(kTextDigitsMax) - 1);
  return read_scientific({text, static_cast<std::size_t>(end.ptr - text)});
}

// `value` times ten to the power of `places`, in decimal notation: as if its text were read with
// another exponent. Digits and power are exact where they are few, so that one operation rounds.
double shift_decimally(double value, double places) {
  if (const auto number = short_decimal(std::abs(value))) {
    const double power = places - number->places;
    if (std::abs(power) <= kExactPowerMax) {
      const auto digits = std::copysign(static_cast<double>(number->digits), value);
      return power < 0 ? digits / kPowersOfTen[static_cast<int>(-power)]
                       : digits * kPowersOfTen[static_cast<int>(power)];
    }
  }
  const NumberText number = number_text(value);
  const std::string_view text = number.view();
  const std::size_t mark = std::min(text.find('e'), text.size());
  int exponent = 0;
  if (mark < text.size()) {
    const std::size_t digits = text[mark + 1] == '+' ? mark + 2 : mark + 1;
    std::from_chars(text.data() + digits, text.data() + text.size(), exponent);
  }
  // Far beyond what a double holds, the exact power no longer counts.
  const double power = std::clamp(exponent + places, -1e6, 1e6);
  char shifted[48];
  std::memcpy(shifted, text.data(), mark);
  shifted[mark] = 'e';
  const auto end =
      std::to_chars(shifted + mark + 1, shifted + sizeof shifted, static_cast<int>(power));
  return json::to_double({shifted, static_cast<std::size_t>(end.ptr - shifted)});
}

// Math.round, but of halves the even one.
double nearest_integer(double value) {
  const double below = std::floor(value);
  const double rest = value - below;
  if (rest < 0.5) return below;
  if (rest > 0.5) return below + 1;
  return std::fmod(below, 2) == 0 ? below : below + 1;
}

// `text` is digits, perhaps with a fraction and an exponent; zeroes may lead.
bool is_decimal_number(std::string_view text) {
  const auto digits = [&text] {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count > 0;
  };
  const auto take = [&text](std::string_view set) {
    if (text.empty() || set.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  };
  take("-");
  if (!digits()) return false;
  if (take(".") && !digits()) return false;
  if (take("eE")) {
    take("+-");
    if (!digits()) return false;
  }
  return text.empty();
}

struct Notation {
  char letter;
  double radix;
  std::string_view digits;
};
constexpr Notation kNotations[] = {
    {'x', 16, "0123456789abcdefABCDEF"}, {'o', 8, "01234567"}, {'b', 2, "01"}};

int digit_value(char digit) { return is_digit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10; }

// Whether "0x" with a digit behind it stands at `at`.
bool begins_integer(std::string_view text, const Notation& notation, std::size_t at) {
  return at + 2 < text.size() && text[at] == '0' && (text[at + 1] | 0x20) == notation.letter &&
         notation.digits.find(text[at + 2]) != std::string_view::npos;
}

// jsonata-js anchors only the first notation at the begin and only the last at the end.
bool passes_for_integer(std::string_view text) {
  if (begins_integer(text, kNotations[0], 0)) return true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_integer(text, kNotations[1], at)) return true;
    if (begins_integer(text, kNotations[2], at) &&
        text.find_first_not_of("01", at + 2) == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

double parse_radix_integer(std::string_view text) {
  for (const Notation& notation : kNotations) {
    if (!begins_integer(text, notation, 0)) continue;
    if (text.find_first_not_of(notation.digits, 2) != std::string_view::npos) break;
    double value = 0;
    for (const char digit : text.substr(2)) value = value * notation.radix + digit_value(digit);
    return value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

class NumberWriter {
 public:
  static NumberText integer(std::int64_t value) {
    NumberText text;
    const auto end =
        std::to_chars(text.characters_, text.characters_ + sizeof text.characters_, value);
    text.size_ = static_cast<unsigned char>(end.ptr - text.characters_);
    return text;
  }

  static NumberText word(std::string_view word) {
    NumberWriter writer;
    writer.put(word);
    return writer.text_;
  }

  // digits / 10^places, which is no integer.
  static NumberText short_decimal(const ShortDecimal& number, bool negative) {
    NumberText text;
    char* at = text.characters_;
    if (negative) *at++ = '-';
    // The last digits first, so that none is written twice.
    std::array<char, kShortPlacesMax> fraction;
    std::uint64_t whole = number.digits;
    for (int place = number.places; place > 0; whole /= 10) {
      fraction[--place] = static_cast<char>('0' + whole % 10);
    }
    at = std::to_chars(at, text.characters_ + sizeof text.characters_, whole).ptr;
    *at++ = '.';
    for (int place = 0; place < number.places; ++place) *at++ = fraction[place];
    text.size_ = static_cast<unsigned char>(at - text.characters_);
    return text;
  }

  // What is neither so large nor so small that it has an exponent: std::to_chars's shortest digits
  // are ECMAScript's.
  static NumberText positional(double value) {
    NumberText text;
    const auto end = std::to_chars(text.characters_, text.characters_ + sizeof text.characters_,
                                   value, std::chars_format::fixed);
    text.size_ = static_cast<unsigned char>(end.ptr - text.characters_);
    return text;
  }

  // ECMA-262, Number::toString.
  static NumberText decimal(const Decimal& decimal, bool negative) {
    NumberWriter writer;
    if (negative) writer.put("-");
    const std::string_view digits = decimal.view();
    const int count = static_cast<int>(digits.size());
    if (decimal.magnitude < -6 || decimal.magnitude >= 21) {
      writer.exponential(digits, decimal.magnitude);
    } else if (decimal.magnitude < 0) {
      writer.put("0.");
      writer.zeroes(-decimal.magnitude - 1);
      writer.put(digits);
    } else if (decimal.magnitude >= count - 1) {
      writer.put(digits);
      writer.zeroes(decimal.magnitude - count + 1);
    } else {
      const auto whole = static_cast<std::size_t>(decimal.magnitude + 1);
      writer.put(digits.substr(0, whole));
      writer.put(".");
      writer.put(digits.substr(whole));
    }
    return writer.text_;
  }

 private:
  void exponential(std::string_view digits, int magnitude) {
    put(digits.substr(0, 1));
    if (digits.size() > 1) {
      put(".");
      put(digits.substr(1));
    }
    put(magnitude < 0 ? "e-" : "e+");
    put(integer(std::abs(magnitude)));
  }
  void put(std::string_view part) {
    std::memcpy(text_.characters_ + text_.size_, part.data(), part.size());
    text_.size_ = static_cast<unsigned char>(text_.size_ + part.size());
  }
  void zeroes(int count) {
    for (; count > 0; --count) put("0");
  }

  NumberText text_;
};

NumberText number_text(double value) {
  if (std::abs(value) <= kExactIntegerMax && std::trunc(value) == value) {
    return NumberWriter::integer(static_cast<std::int64_t>(value));
  }
  if (std::isnan(value)) return NumberWriter::word("NaN");
  if (std::isinf(value)) return NumberWriter::word(value < 0 ? "-Infinity" : "Infinity");
  const double magnitude = std::abs(value);
  if (const auto number = short_decimal(magnitude)) {
    return NumberWriter::short_decimal(*number, value < 0);
  }
  constexpr double kPositionalMin = 1e-6;
  if (magnitude >= kPositionalMin && magnitude < kExactIntegerMax) {
    return NumberWriter::positional(value);
  }
  return NumberWriter::decimal(shortest(magnitude), value < 0);
}

NumberText rounded_number_text(double value) {
  if (!std::isfinite(value) || std::trunc(value) == value) return number_text(value);
  if (const auto number = short_decimal(std::abs(value))) {
    return NumberWriter::short_decimal(*number, value < 0);
  }
  Decimal decimal = shortest(std::abs(value));
  if (decimal.count > kTextDigitsMax) decimal = to_precision(std::abs(value));
  return NumberWriter::decimal(decimal, value < 0);
}

std::optional<double> parse_number(std::string_view text) {
  if (is_decimal_number(text)) {
    const double value = json::to_double(text);
    if (std::isfinite(value)) return value + 0.0;
    return std::nullopt;
  }
  if (passes_for_integer(text)) return parse_radix_integer(text);
  return std::nullopt;
}

double parse_integer_prefix(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  const std::string_view set = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
  const std::string digits(text.substr(0, text.find_first_not_of(set)));
  if (digits.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto value = hexadecimal ? parse_number("0x" + digits) : parse_number(digits);
  const double magnitude = value.value_or(std::numeric_limits<double>::infinity());
  return negative ? 0.0 - magnitude : magnitude;
}

namespace {

// Rounds what is so far from any half that the double's own error does not count; nothing for all
// else. Whole numbers and powers of ten are exact here, so that one division rounds.
std::optional<double> round_surely(double value, double places) {
  constexpr double kPlacesMax = 15;
  constexpr double kScaledMax = 1e11;
  constexpr double kFarFromHalf = 1e-3;
  if (!(places >= 1 && places <= kPlacesMax)) return std::nullopt;
  const double power = kPowersOfTen[static_cast<int>(places)];
  const double scaled = std::abs(value) * power;
  if (!(scaled < kScaledMax)) return std::nullopt;
  const auto below = static_cast<double>(static_cast<std::int64_t>(scaled));
  const double rest = scaled - below;
  if (std::abs(rest - 0.5) < kFarFromHalf) return std::nullopt;
  return std::copysign((rest < 0.5 ? below : below + 1) / power, value);
}

}  // namespace

double round_half_even(double value, double places) {
  if (std::isnan(places) || std::trunc(places) != places) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (places == 0) return nearest_integer(value) + 0.0;
  if (const auto rounded = round_surely(value, places)) return *rounded + 0.0;
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  const double rounded = nearest_integer(shift_decimally(value, places));
  if (!std::isfinite(rounded)) return std::numeric_limits<double>::quiet_NaN();
  return shift_decimally(rounded, -places) + 0.0;
}

Result<std::string, Failure> format_base(double value, double radix) {
  const double base = nearest_integer(radix);
  if (!(base >= 2 && base <= 36)) return Err{Failure{"D3100", base}};
  const double integer = nearest_integer(value) + 0.0;
  if (base == 10 || !std::isfinite(integer)) return std::string(number_text(integer).view());

  std::string digits;
  double rest = std::abs(integer);
  // V8 prints zeroes for the last digits of what is too large.
  for (; rest / base >= kExactIntegerMax; rest /= base) digits += '0';
  do {
    const double digit = std::fmod(rest, base);
    digits += "0123456789abcdefghijklmnopqrstuvwxyz"[static_cast<std::size_t>(digit)];
    rest = (rest - digit) / base;
  } while (rest > 0);
  if (integer < 0) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace pawl::jsonata
