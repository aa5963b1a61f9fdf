// $fromMillis's and $toMillis's pictures (XPath Functions and Operators 3.1, section 9.8).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jsonata/failure.h"
#include "jsonata/integer_picture.h"

namespace pawl::jsonata {

// One component, `[D1o]`.
struct DateMarker {
  enum class Name { kNone, kUpper, kLower, kTitle };
  char32_t component;                    // Y M D d F W w X x H h P m s f Z z C E
  Name name = Name::kNone;               // N, n, Nn
  std::optional<IntegerPicture> number;  // unless it is a name
  std::optional<std::size_t> width_min;
  std::optional<std::size_t> width_max;
  std::optional<std::size_t> digits;  // of adjacent numbers: exactly so many digits are read
  bool zulu = false;                  // [Z01:01t]: UTC is "Z"
};

// An analysed picture; any thread may use it.
class DatePicture {
 public:
  // D3132, D3133, D3135.
  static Result<DatePicture, Failure> compile(std::string_view picture);

  // $fromMillis(millis, picture, timezone). `zone`: "+0530", "-0500", "0000"; empty: UTC.
  // D3134 for a zone picture of more than four digits.
  Result<std::string, Failure> format(double millis, std::string_view zone) const;
  // $toMillis(text, picture). Nothing when the text does not match; D3136 when the picture names
  // too little. Fields coarser than the picture's are today's, `now`.
  Result<std::optional<double>, Failure> parse(std::string_view text, WallMillis now) const;

 private:
  using Part = std::variant<std::string, DateMarker>;
  std::vector<Part> parts_;
};

// $fromMillis without picture: "2018-03-23T10:33:36.617Z", or with the zone's "+05:30".
Result<std::string, Failure> iso_date_text(double millis, std::string_view zone);
// $toMillis without picture: as `Date.parse` of ECMAScript reads ISO 8601; NaN for a month 13.
// Nothing for what is not such a date (D3110).
std::optional<double> parse_iso_date(std::string_view text);

}  // namespace pawl::jsonata
