// $formatInteger's and $parseInteger's pictures (XPath Functions and Operators 3.1, section 4.6),
// which the components of date pictures use too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// An analysed picture; any thread may use it.
struct IntegerPicture {
  // kSequence is what this implementation does not support: using it is refused, with D3130.
  enum class Kind { kDecimal, kLetters, kRoman, kWords, kSequence };
  enum class Case { kUpper, kLower, kTitle };
  struct Separator {
    std::size_t position;  // digits and '#' to its right
    char32_t character;
  };

  // D3131.
  static Result<IntegerPicture, Failure> compile(std::string_view picture);

  // Of the greatest integer not above `value`. D3130; D1001 for what is too large to be written so.
  Result<std::string, Failure> format(double value) const;
  // Appends the same where it is no more than digits, as most parts of dates are; else does nothing
  // and answers false.
  bool append_if_plain(double value, std::string& out) const;
  // NaN where jsonata-js comes to NaN.
  Result<double, Failure> parse(std::string_view text) const;

  Kind kind = Kind::kDecimal;
  Case letter_case = Case::kLower;
  bool ordinal = false;
  std::string token;           // of kSequence: what the picture says
  char32_t zero_digit = U'0';  // of kDecimal, as all below
  std::size_t mandatory_digits = 0;
  std::size_t optional_digits = 0;
  std::size_t regular_grouping = 0;   // digits a group; 0: separators stand where `separators` says
  std::vector<Separator> separators;  // from the right
};

// The number of digits in each group, when groups of that size account for all `positions`; else 0.
std::size_t regular_grouping(const std::vector<std::size_t>& positions);

}  // namespace pawl::jsonata
