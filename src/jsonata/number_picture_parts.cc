#include "jsonata/number_picture_parts.h"

#include <algorithm>

namespace pawl::jsonata {
namespace {

constexpr auto kNowhere = std::u32string_view::npos;

bool is(char32_t code, const std::u32string& text) { return text.size() == 1 && text[0] == code; }

bool is_digit_place(char32_t code, const DecimalFormat& format) {
  return is_decimal_digit(code, format) || is(code, format.digit);
}

bool is_active(char32_t code, const DecimalFormat& format) {
  return is_digit_place(code, format) || is(code, format.decimal_separator) ||
         is(code, format.grouping_separator) || is(code, format.exponent_separator) ||
         is(code, format.pattern_separator);
}

bool has_several(std::u32string_view text, const std::u32string& part) {
  return text.find(part) != text.rfind(part);
}
bool has(std::u32string_view text, const std::u32string& part) {
  return text.find(part) != kNowhere;
}

// Adjacent to the decimal separator at `at` of the active part?
bool beside(std::u32string_view text, std::size_t at, std::size_t size,
            const std::u32string& part) {
  return (at > 0 && is(text[at - 1], part)) ||
         (at + size < text.size() && is(text[at + size], part));
}

std::string_view broken_grouping_rule(const PictureParts& parts, const DecimalFormat& format) {
  std::string_view code;
  const std::size_t point = parts.mantissa.find(format.decimal_separator);
  if (point != kNowhere) {
    if (beside(parts.active, point, 1, format.grouping_separator)) code = "D3087";
  } else if (!parts.integer.empty() && is(parts.integer.back(), format.grouping_separator)) {
    code = "D3088";
  }
  if (has(parts.whole, format.grouping_separator + format.grouping_separator)) code = "D3089";
  return code;
}

std::string_view broken_digit_rule(const PictureParts& parts, const DecimalFormat& format) {
  std::string_view code;
  const std::size_t first = parts.integer.find(format.digit);
  if (first != kNowhere && count_decimal_digits(parts.integer.substr(0, first), format) > 0) {
    code = "D3090";
  }
  if (parts.fraction) {
    const std::size_t last = parts.fraction->rfind(format.digit);
    if (last != kNowhere && count_decimal_digits(parts.fraction->substr(last), format) > 0) {
      code = "D3091";
    }
  }
  return code;
}

std::string_view broken_exponent_rule(const PictureParts& parts, const DecimalFormat& format) {
  if (!parts.exponent) return "";
  const std::size_t size = parts.exponent->size();
  if (size == 0 || count_decimal_digits(*parts.exponent, format) < size) return "D3093";
  const bool scaled = has(parts.whole, format.percent) || has(parts.whole, format.per_mille);
  return scaled ? "D3092" : "";
}

}  // namespace

bool is_decimal_digit(char32_t code, const DecimalFormat& format) {
  const char32_t zero = format.zero_digit.empty() ? 0 : format.zero_digit[0];
  return code >= zero && code <= zero + 9;
}

std::size_t count_decimal_digits(std::u32string_view text, const DecimalFormat& format) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [&](char32_t code) { return is_decimal_digit(code, format); }));
}

PictureParts split_picture(std::u32string_view sub_picture, const DecimalFormat& format) {
  PictureParts parts;
  parts.whole = sub_picture;
  const auto bounds = [&](char32_t code) {
    return is_active(code, format) && !is(code, format.exponent_separator);
  };
  const auto first = std::find_if(sub_picture.begin(), sub_picture.end(), bounds);
  const auto last = std::find_if(sub_picture.rbegin(), sub_picture.rend(), bounds);
  parts.active = sub_picture;
  if (first != sub_picture.end()) {
    parts.prefix.assign(sub_picture.begin(), first);
    parts.suffix.assign(last.base(), sub_picture.end());
    parts.active.assign(first, last.base());
  }

  // jsonata-js takes a place in the sub-picture for one in its active part: a prefix moves it.
  const std::size_t mark = sub_picture.find(format.exponent_separator, parts.prefix.size());
  parts.mantissa = parts.active.substr(0, mark);
  if (mark != kNowhere && mark <= sub_picture.size() - parts.suffix.size()) {
    parts.exponent = parts.active.substr(std::min(mark + 1, parts.active.size()));
  } else {
    parts.mantissa = parts.active;
  }

  const std::size_t point = parts.mantissa.find(format.decimal_separator);
  parts.integer = parts.mantissa.substr(0, point);
  if (point != kNowhere) parts.fraction = parts.mantissa.substr(point + 1);
  return parts;
}

std::string_view broken_rule(const PictureParts& parts, const DecimalFormat& format) {
  std::string_view code;
  if (has_several(parts.whole, format.decimal_separator)) code = "D3081";
  if (has_several(parts.whole, format.percent)) code = "D3082";
  if (has_several(parts.whole, format.per_mille)) code = "D3083";
  if (has(parts.whole, format.percent) && has(parts.whole, format.per_mille)) code = "D3084";
  if (std::none_of(parts.mantissa.begin(), parts.mantissa.end(),
                   [&](char32_t each) { return is_digit_place(each, format); })) {
    code = "D3085";
  }
  if (!std::all_of(parts.active.begin(), parts.active.end(),
                   [&](char32_t each) { return is_active(each, format); })) {
    code = "D3086";
  }
  for (const auto rule : {broken_grouping_rule, broken_digit_rule, broken_exponent_rule}) {
    const std::string_view broken = rule(parts, format);
    if (!broken.empty()) code = broken;
  }
  return code;
}

}  // namespace pawl::jsonata
