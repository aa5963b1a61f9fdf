#include "json/number.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace pawl::json {
namespace {

// A number as sign, digits without zeroes at either end, and the power of ten of the first digit's
// place: 0.0120 is +, "12", -2. Zero has no digits.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t magnitude = 0;
};

std::int64_t saturated_exponent(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max() / 4;
  if (error == std::errc::result_out_of_range) return text.starts_with('-') ? -kHuge : kHuge;
  return std::max(-kHuge, std::min(kHuge, exponent));
}

Decimal decompose(std::string_view text) {
  Decimal decimal;
  if (text.starts_with('-')) {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t mark = text.find_first_of("eE");
  if (mark != std::string_view::npos) {
    decimal.magnitude = saturated_exponent(text.substr(mark + 1));
    text = text.substr(0, mark);
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  decimal.digits = text.substr(0, point);
  if (point < text.size()) decimal.digits += text.substr(point + 1);
  decimal.magnitude += static_cast<std::int64_t>(point) - 1;

  const std::size_t first = decimal.digits.find_first_not_of('0');
  if (first == std::string::npos) return Decimal{};
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  decimal.digits.erase(0, first);
  decimal.magnitude -= static_cast<std::int64_t>(first);
  return decimal;
}

bool is_short_decimal(std::string_view text) {
  return text.size() <= 15 && text.find_first_of("eE") == std::string_view::npos;
}

// The shortest digits that read back as the value, and the power of ten of the first one's place.
struct Shortest {
  std::string digits;
  int magnitude = 0;
};

Shortest split(std::string_view scientific) {
  const std::size_t mark = scientific.find('e');
  Shortest result;
  result.digits = scientific[0];
  if (mark > 2) result.digits += scientific.substr(2, mark - 2);
  result.magnitude = static_cast<int>(saturated_exponent(scientific.substr(mark + 1)));
  return result;
}

Shortest shortest(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  return split({text, end.ptr});
}

// Where one digit would do, Java takes the two that are nearest: 4.9E-324, not 5E-324.
Shortest java_shortest(double value) {
  Shortest one = shortest(value);
  if (one.digits.size() > 1) return one;
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, 1);
  Shortest two = split({text, end.ptr});
  if (two.digits.back() == '0' || to_double({text, end.ptr}) != value) return one;
  return two;
}

// digits with the point behind place `magnitude`, which may lie outside of them; no trailing point.
std::string positional(const Shortest& number) {
  const int count = static_cast<int>(number.digits.size());
  if (number.magnitude < 0) {
    return "0." + std::string(static_cast<std::size_t>(-number.magnitude - 1), '0') + number.digits;
  }
  if (number.magnitude >= count - 1) {
    return number.digits + std::string(static_cast<std::size_t>(number.magnitude - count + 1), '0');
  }
  std::string text = number.digits;
  return text.insert(static_cast<std::size_t>(number.magnitude + 1), 1, '.');
}

}  // namespace

bool is_integral_text(std::string_view number) {
  return number.find_first_of(".eE") == std::string_view::npos;
}

std::optional<std::int64_t> to_int64(std::string_view number) {
  std::int64_t value = 0;
  const char* last = number.data() + number.size();
  const auto [end, error] = std::from_chars(number.data(), last, value);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

double to_double(std::string_view number) {
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  const Decimal decimal = decompose(number);
  const double magnitude = decimal.magnitude > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return number.starts_with('-') ? -magnitude : magnitude;
}

int compare_numbers(std::string_view left, std::string_view right) {
  if (left == right) return 0;
  // Decimals of at most 15 digits differ exactly when their nearest doubles do.
  if (is_short_decimal(left) && is_short_decimal(right)) {
    const double difference = to_double(left) - to_double(right);
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  const Decimal first = decompose(left);
  const Decimal second = decompose(right);
  const auto sign = [](const Decimal& d) { return d.digits.empty() ? 0 : d.negative ? -1 : 1; };
  if (sign(first) != sign(second)) return sign(first) < sign(second) ? -1 : 1;
  if (sign(first) == 0) return 0;
  int order = 0;
  if (first.magnitude != second.magnitude) {
    order = first.magnitude < second.magnitude ? -1 : 1;
  } else {
    // Equal first places: digit strings compare as fractions do.
    const int compared = first.digits.compare(second.digits);
    order = compared < 0 ? -1 : compared > 0 ? 1 : 0;
  }
  return sign(first) * order;
}

std::string java_double_text(double value) {
  if (std::isnan(value)) return "NaN";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "Infinity";
  if (value == 0) return sign + "0.0";
  Shortest number = java_shortest(std::fabs(value));
  if (number.magnitude >= -3 && number.magnitude < 7) {
    std::string text = positional(number);
    if (text.find('.') == std::string::npos) text += ".0";
    return sign + text;
  }
  const int exponent = std::exchange(number.magnitude, 0);
  std::string text = positional(number);
  if (text.size() == 1) text += ".0";
  return sign + text + "E" + std::to_string(exponent);
}

std::string ecmascript_number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (value == 0) return "0";
  const std::string sign = value < 0 ? "-" : "";
  if (std::isinf(value)) return sign + "Infinity";
  Shortest number = shortest(std::fabs(value));
  if (number.magnitude >= -6 && number.magnitude < 21) return sign + positional(number);
  const int exponent = std::exchange(number.magnitude, 0);
  return sign + positional(number) + (exponent < 0 ? "e-" : "e+") +
         std::to_string(std::abs(exponent));
}

}  // namespace pawl::json
