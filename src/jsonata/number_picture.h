// $formatNumber's pictures (XPath Functions and Operators 3.1, section 4.7).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// The decimal format; each is UTF-8. The names in JSONata's options are `decimal-separator`,
// `grouping-separator` and so on.
struct DecimalFormat {
  std::string decimal_separator = ".";
  std::string grouping_separator = ",";
  std::string exponent_separator = "e";
  std::string infinity = "Infinity";
  std::string minus_sign = "-";
  std::string nan = "NaN";
  std::string percent = "%";
  std::string per_mille = "\xE2\x80\xB0";  // U+2030
  std::string zero_digit = "0";
  std::string digit = "#";
  std::string pattern_separator = ";";

  // Sets the option of that name; false when there is none such (jsonata-js ignores it).
  bool set(std::string_view name, std::string_view text);
};

// An analysed picture; any thread may format with it.
class NumberPicture {
 public:
  // D3080 ... D3093.
  static Result<NumberPicture, Failure> compile(std::string_view picture,
                                                const DecimalFormat& format = {});
  std::string format(double value) const;

 private:
  // One sub-picture, in the words of section 4.7.4.
  struct SubPicture {
    std::string prefix;
    std::string suffix;
    std::vector<std::size_t> integer_grouping;   // digits to the right of each separator
    std::size_t regular_grouping = 0;            // 0: irregular
    std::vector<std::size_t> fraction_grouping;  // digits to the left of each separator
    std::size_t integer_size_min = 0;
    std::size_t scaling_factor = 0;
    std::size_t fraction_size_min = 0;
    std::size_t fraction_size_max = 0;
    std::size_t exponent_size_min = 0;
    bool has_exponent = false;
    bool percent = false;
    bool per_mille = false;
  };
  friend class NumberPictureParser;
  friend class NumberPrinter;

  DecimalFormat format_;
  std::vector<SubPicture> sub_pictures_;  // one, or a second for negative numbers
};

}  // namespace pawl::jsonata
