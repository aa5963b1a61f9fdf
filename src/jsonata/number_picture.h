// $formatNumber's pictures (XPath Functions and Operators 3.1, section 4.7), with the readings of
// jsonata-js where it departs from that text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// The decimal format. Texts of other lengths than one character are legal and rarely useful.
struct DecimalFormat {
  std::u32string decimal_separator = U".";
  std::u32string grouping_separator = U",";
  std::u32string exponent_separator = U"e";
  std::u32string minus_sign = U"-";
  std::u32string percent = U"%";
  std::u32string per_mille = U"\u2030";
  std::u32string zero_digit = U"0";
  std::u32string digit = U"#";
  std::u32string pattern_separator = U";";

  // Sets the option of that name ("decimal-separator"); any other is ignored, as jsonata-js does.
  void set(std::string_view name, std::string_view text);
};

// An analysed picture; any thread may format with it.
class NumberPicture {
 public:
  // D3080 ... D3093.
  static Result<NumberPicture, Failure> compile(std::string_view picture,
                                                const DecimalFormat& format = {});
  std::string format(double value) const;

  // The variables of section 4.7.4, for one sub-picture.
  struct SubPicture {
    std::u32string prefix;
    std::u32string suffix;
    std::vector<std::size_t> integer_grouping;  // digits to the right of each separator
    std::size_t regular_grouping = 0;           // 0: irregular
    std::size_t integer_size_min = 0;
    std::size_t scaling_factor = 0;
    std::vector<std::size_t> fraction_grouping;  // digits to the left of each separator
    std::size_t fraction_size_min = 0;
    std::size_t fraction_size_max = 0;
    bool has_decimal_separator = false;
    bool has_exponent = false;
    std::size_t exponent_size_min = 0;
    double multiplier = 1;  // 100 with a percent, 1000 with a per-mille sign
    // Of the usual marks, without an exponent: printed without detours.
    bool is_plain = false;
    std::string plain_prefix;
    std::string plain_suffix;
  };

 private:
  DecimalFormat format_;
  std::vector<SubPicture> sub_pictures_;  // for numbers >= 0, and for the others
};

}  // namespace pawl::jsonata
