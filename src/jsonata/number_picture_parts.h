// The parts of one sub-picture of $formatNumber and their rules (XPath Functions and Operators 3.1,
// section 4.7.3). Internal to number_picture.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jsonata/number_picture.h"

namespace pawl::jsonata {

struct PictureParts {
  std::u32string whole;
  std::u32string prefix;
  std::u32string suffix;
  std::u32string active;  // between them
  std::u32string mantissa;
  std::optional<std::u32string> exponent;
  std::u32string integer;
  std::optional<std::u32string> fraction;  // present with a decimal separator
};

bool is_decimal_digit(char32_t code, const DecimalFormat& format);
std::size_t count_decimal_digits(std::u32string_view text, const DecimalFormat& format);

PictureParts split_picture(std::u32string_view sub_picture, const DecimalFormat& format);
// The code of the last rule that is broken, as jsonata-js reports it; empty for none.
std::string_view broken_rule(const PictureParts& parts, const DecimalFormat& format);

}  // namespace pawl::jsonata
