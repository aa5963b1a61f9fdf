// Numbers as ECMAScript writes and reads them (ECMA-262, Number::toString, Number.prototype.
// toPrecision), and the functions that are defined by that text: $string, $number, $round,
// $formatBase.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// A number's text, in place: no number needs more than 25 characters.
class NumberText {
 public:
  std::string_view view() const { return {characters_, size_}; }
  operator std::string_view() const { return view(); }

 private:
  friend class NumberWriter;
  char characters_[28];
  unsigned char size_ = 0;
};

// digits / 10^places, with up to 15 digits.
struct ShortDecimal {
  std::uint64_t digits;
  int places;
};

// A value of few decimal places, as amounts mostly are, which is not negative. What is found is the
// only decimal of up to 15 digits that reads back as the value, and so, without zeroes at its end,
// the shortest.
std::optional<ShortDecimal> short_decimal(double value);

// The shortest text that reads back as `value`: "1", "0.1", "1e+21", "1e-7"; -0 is "0";
// "Infinity", "-Infinity", "NaN".
NumberText number_text(double value);

// What $string and `&` print: rounded to 15 significant digits (Number.prototype.toPrecision, which
// rounds halves up) unless the value is integral.
NumberText rounded_number_text(double value);

// $number of a string: a JSON number within the range of a double, or an integer in 0x, 0o or 0b
// notation. Nothing for all else (D3030). NaN for a text that only contains such an integer, which
// jsonata-js lets pass: "0x1F!".
std::optional<double> parse_number(std::string_view text);

// ECMA-262, parseInt: blanks, a sign and digits as far as they go; NaN when there are none.
double parse_integer_prefix(std::string_view text);

// $round: half to even in decimal notation, so that 1.005 to 2 places is 1. `places` may be
// negative; NaN where it is a fraction or the power of ten is out of range.
double round_half_even(double value, double places);

// $formatBase: the nearest integer in the base nearest to `radix`. D3100 unless that is 2 to 36.
Result<std::string, Failure> format_base(double value, double radix);

}  // namespace pawl::jsonata
