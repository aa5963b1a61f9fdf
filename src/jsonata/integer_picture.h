// $formatInteger's and $parseInteger's pictures (XPath Functions and Operators 3.1, section 4.6),
// which the components of date pictures use too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// An analysed picture; any thread may use it.
struct IntegerPicture {
  enum class Kind { kDecimal, kLetters, kRoman, kWords, kSequence };
  enum class Case { kUpper, kLower, kTitle };
  struct Separator {
    std::size_t position;  // digits to its right
    std::string text;
  };

  // D3130, D3131. What is not supported by formatting alone (D3130 of `kSequence`) is refused
  // there.
  static Result<IntegerPicture, Failure> compile(std::string_view picture);

  // Of the integer part of `value`.
  Result<std::string, Failure> format(double value) const;
  // D3130 for what cannot be parsed with this picture. NaN where jsonata-js comes to NaN.
  Result<double, Failure> parse(std::string_view text) const;

  Kind kind = Kind::kDecimal;
  Case letter_case = Case::kLower;
  bool ordinal = false;
  std::string token;           // of kSequence: what the picture says
  char32_t zero_digit = U'0';  // of kDecimal, as all below
  std::size_t mandatory_digits = 1;
  std::size_t optional_digits = 0;
  std::size_t regular_grouping = 0;  // digits a group; 0: separators are where `separators` says
  std::vector<Separator> separators;
};

}  // namespace pawl::jsonata
