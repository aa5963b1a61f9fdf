// Numbers as ECMAScript writes and reads them (ECMA-262, Number::toString, Number.prototype.
// toPrecision), and the functions that are defined by that text: $string, $number, $round,
// $formatBase.
#pragma once

#include <cstddef>
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
  friend NumberText number_text(double value);
  char characters_[28];
  unsigned char size_ = 0;
};

// The shortest text that reads back as `value`: "1", "0.1", "1e+21", "1e-7"; -0 is "0";
// "Infinity", "-Infinity", "NaN".
NumberText number_text(double value);

// What $string and `&` print instead of `value`: rounded to 15 significant digits, unless integral.
double rounded_for_text(double value);

// $number of a string: a JSON number within the range of a double, or an integer in 0x, 0o or 0b
// notation. Nothing for all else (D3030).
std::optional<double> parse_number(std::string_view text);

// $round: half to even in decimal notation, so that 1.005 to 2 places is 1. `places` may be
// negative.
double round_half_even(double value, double places);

// $formatBase: the nearest integer in base `radix`. D3100 unless 2 <= radix <= 36.
Result<std::string, Failure> format_base(double value, double radix);

}  // namespace pawl::jsonata
