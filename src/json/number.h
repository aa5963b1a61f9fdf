// What numbers mean when somebody computes with them. The text rules are Java's, because AWS's
// evaluator is (reference/query-languages.md section 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::json {

// The text is a JSON number without fraction and exponent.
bool is_integral_text(std::string_view number);
// The exact integer, when the text is integral and fits.
std::optional<std::int64_t> to_int64(std::string_view number);
// Nearest double; infinite when out of range.
double to_double(std::string_view number);
// Exact comparison by value of any two JSON numbers: <0, 0, >0. Digits of any number count;
// exponents beyond 18 digits are all the same.
int compare_numbers(std::string_view left, std::string_view right);
// Java's Double.toString: "1.0", "0.1", "1.0E10", "1.0E-5".
std::string java_double_text(double value);
// ECMAScript's Number::toString: "1", "0.1", "1e+21", "1e-7".
std::string ecmascript_number_text(double value);

}  // namespace pawl::json
