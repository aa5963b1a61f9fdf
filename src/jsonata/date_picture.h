// $fromMillis's and $toMillis's pictures (XPath Functions and Operators 3.1, section 9.8).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jsonata/failure.h"
#include "jsonata/integer_picture.h"
#include "jsonata/iso_date.h"

namespace pawl::jsonata {

// One component, `[D1o]`.
struct DateMarker {
  enum class Name { kNone, kUpper, kLower, kTitle };

  char32_t component = 0;                // Y M D d F W w X x H h P m s f Z z C E
  Name name = Name::kNone;               // N, n, Nn
  std::optional<IntegerPicture> number;  // of numeric components that are no name, and of Z and z
  std::optional<std::size_t> width_max;
  std::optional<std::size_t> year_digits;  // of Y: so many of its last digits
  std::optional<std::size_t> digits;       // as many are read, because a number follows at once
  bool zulu = false;                       // [Z01:01t]: UTC is "Z"
};

// An analysed picture; any thread may use it.
class DatePicture {
 public:
  // D3131, D3132, D3135.
  static Result<DatePicture, Failure> compile(std::string_view picture);

  // $fromMillis(millis, picture, timezone). `zone` as ZoneOffset takes it. D3130, D3133, D3134.
  Result<std::string, Failure> format(double millis, std::string_view zone) const;
  // $toMillis(text, picture). Nothing when the text does not match; NaN when it is no date. D3130,
  // D3133; D3136 when the picture names too little. Fields coarser than the picture's are those of
  // `now`.
  Result<std::optional<double>, Failure> parse(std::string_view text, WallMillis now) const;

  using Part = std::variant<std::string, DateMarker>;  // literals and components

 private:
  std::vector<Part> parts_;
};

}  // namespace pawl::jsonata
