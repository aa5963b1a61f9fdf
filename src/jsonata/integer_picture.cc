#include "jsonata/integer_picture.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "jsonata/letter_case.h"
#include "jsonata/number_text.h"
#include "jsonata/number_words.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

using Kind = IntegerPicture::Kind;
using Case = IntegerPicture::Case;

// The zeroes of the decimal digit families up to U+FFFF.
constexpr char32_t kZeroes[] = {0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,
                                0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0,
                                0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80,
                                0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900,
                                0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};
// More M's than anybody reads; jsonata-js runs out of stack some way above.
constexpr double kRomanMax = 9'999'999;

struct Form {
  std::string_view picture;
  Kind kind;
  Case letter_case;
};
constexpr Form kForms[] = {{"A", Kind::kLetters, Case::kUpper}, {"a", Kind::kLetters, Case::kLower},
                           {"I", Kind::kRoman, Case::kUpper},   {"i", Kind::kRoman, Case::kLower},
                           {"W", Kind::kWords, Case::kUpper},   {"w", Kind::kWords, Case::kLower},
                           {"Ww", Kind::kWords, Case::kTitle}};

// The zero of the family that `code` is a digit of, or 0.
char32_t zero_of(char32_t code) {
  const auto after = std::upper_bound(std::begin(kZeroes), std::end(kZeroes), code);
  if (after == std::begin(kZeroes)) return 0;
  const char32_t zero = *std::prev(after);
  return code <= zero + 9 ? zero : 0;
}

// XPath's decimal digit pattern, read from the right.
Result<IntegerPicture, Failure> compile_digits(std::string_view pattern) {
  IntegerPicture picture;
  char32_t zero = 0;
  std::size_t position = 0;
  for (std::size_t at = pattern.size(); at > 0;) {
    at = previous_character(pattern, at);
    const char32_t code = character_at(pattern, at).code;
    if (const char32_t family = zero_of(code)) {
      if (zero != 0 && zero != family) return Err{Failure{"D3131"}};
      zero = family;
      ++picture.mandatory_digits;
      ++position;
    } else if (code == U'#') {
      ++picture.optional_digits;
      ++position;
    } else {
      picture.separators.push_back({position, code});
    }
  }
  if (picture.mandatory_digits == 0) {
    picture.kind = Kind::kSequence;
    picture.token = pattern;
    return picture;
  }
  picture.zero_digit = zero;
  std::vector<std::size_t> positions;
  for (const auto& separator : picture.separators) {
    if (separator.character != picture.separators.front().character) return picture;
    positions.push_back(separator.position);
  }
  picture.regular_grouping = regular_grouping(positions);
  return picture;
}

// Where the separator is to stand left of all digits, jsonata-js keeps only as many of these as are
// missing.
void insert_separator(std::u32string& digits, const IntegerPicture::Separator& separator) {
  if (separator.position <= digits.size()) {
    digits.insert(digits.size() - separator.position, 1, separator.character);
    return;
  }
  const std::size_t kept = std::min(separator.position - digits.size(), digits.size());
  digits = separator.character + digits.substr(digits.size() - kept);
}

void insert_separators(std::u32string& digits, const IntegerPicture& picture) {
  if (picture.regular_grouping == 0) {
    for (auto separator = picture.separators.rbegin(); separator != picture.separators.rend();
         ++separator) {
      insert_separator(digits, *separator);
    }
    return;
  }
  const std::size_t size = picture.regular_grouping;
  for (std::size_t groups = (digits.size() - 1) / size; groups > 0; --groups) {
    digits.insert(digits.size() - groups * size, 1, picture.separators.front().character);
  }
}

std::string_view ordinal_suffix(std::string_view digits) {
  const bool teen = digits.size() > 1 && digits[digits.size() - 2] == '1';
  switch (teen ? '0' : digits.back()) {
    case '1':
      return "st";
    case '2':
      return "nd";
    case '3':
      return "rd";
    default:
      return "th";
  }
}

// Digits of our own family, as many as wanted and no more marks.
bool is_plain(double value, const IntegerPicture& picture) {
  constexpr double kPlainMax = 1e15;
  return value < kPlainMax && picture.zero_digit == U'0' && picture.separators.empty() &&
         !picture.ordinal;
}

void append_plain(double value, const IntegerPicture& picture, std::string& out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<std::uint64_t>(value));
  const auto count = static_cast<std::size_t>(end.ptr - digits);
  if (count < picture.mandatory_digits) out.append(picture.mandatory_digits - count, '0');
  out.append(digits, count);
}

std::string format_digits(double value, const IntegerPicture& picture) {
  std::u32string digits = to_codes(number_text(value).view());
  if (digits.size() < picture.mandatory_digits) {
    digits.insert(0, picture.mandatory_digits - digits.size(), U'0');
  }
  for (char32_t& digit : digits) digit += picture.zero_digit - U'0';
  insert_separators(digits, picture);
  std::string text = from_codes(digits);
  if (picture.ordinal) text += ordinal_suffix(text);
  return text;
}

std::string in_case(std::string text, Case letter_case) {
  if (letter_case == Case::kUpper) return to_uppercase(text);
  return letter_case == Case::kLower ? to_lowercase(text) : text;
}

std::u32string without(std::u32string text, char32_t character) {
  std::erase(text, character);
  return text;
}

Result<double, Failure> parse_digits(std::string_view text, const IntegerPicture& picture) {
  std::u32string digits = to_codes(text);
  if (picture.ordinal) digits.resize(digits.size() - std::min<std::size_t>(2, digits.size()));
  if (picture.regular_grouping > 0) {
    digits = without(digits, U',');  // whatever the picture's separator is
  } else {
    for (const auto& separator : picture.separators) digits = without(digits, separator.character);
  }
  if (picture.zero_digit != U'0') {
    for (char32_t& digit : digits) {
      if (digit + U'0' < picture.zero_digit) {
        const auto code = static_cast<std::int64_t>(digit) + U'0' - picture.zero_digit;
        return Err{Failure{"", "Invalid code point " + std::to_string(code)}};
      }
      digit = digit + U'0' - picture.zero_digit;
    }
  }
  return parse_integer_prefix(from_codes(digits));
}

}  // namespace

std::size_t regular_grouping(const std::vector<std::size_t>& positions) {
  std::size_t size = 0;
  for (const std::size_t position : positions) size = std::gcd(size, position);
  for (std::size_t i = 1; i <= positions.size(); ++i) {
    if (std::find(positions.begin(), positions.end(), i * size) == positions.end()) return 0;
  }
  return size;
}

Result<IntegerPicture, Failure> IntegerPicture::compile(std::string_view picture) {
  const std::size_t semicolon = picture.rfind(';');
  const std::string_view primary = picture.substr(0, semicolon);
  IntegerPicture result;
  const auto form = std::find_if(std::begin(kForms), std::end(kForms),
                                 [primary](const Form& each) { return each.picture == primary; });
  if (form == std::end(kForms)) {
    result = TRY(compile_digits(primary));
  } else {
    result.kind = form->kind;
    result.letter_case = form->letter_case;
  }
  result.ordinal =
      semicolon != std::string_view::npos && picture.substr(semicolon + 1).starts_with('o');
  return result;
}

Result<std::string, Failure> IntegerPicture::format(double value) const {
  const double integer = std::floor(value);
  const double magnitude = std::abs(integer);
  const double magnitude_max =
      kind == Kind::kRoman ? kRomanMax : std::numeric_limits<double>::max();
  if (std::isnan(value) && (kind == Kind::kLetters || kind == Kind::kRoman)) return std::string();
  if (kind != Kind::kDecimal && kind != Kind::kSequence && !(magnitude <= magnitude_max)) {
    return Err{Failure{"D1001", value}};
  }
  std::string sign = integer < 0 ? "-" : "";
  switch (kind) {
    case Kind::kDecimal:
      if (!is_plain(magnitude, *this)) return sign + format_digits(magnitude, *this);
      append_plain(magnitude, *this, sign);
      return sign;
    case Kind::kLetters:
      return sign + number_to_letters(magnitude, letter_case == Case::kUpper ? 'A' : 'a');
    case Kind::kRoman:
      // Numerals are upper case as they come.
      return sign + (letter_case == Case::kUpper
                         ? number_to_roman(magnitude)
                         : in_case(number_to_roman(magnitude), letter_case));
    case Kind::kWords:
      return sign +
             in_case(number_to_words(magnitude, ordinal ? WordKind::kOrdinal : WordKind::kCardinal),
                     letter_case);
    case Kind::kSequence:
      break;
  }
  return Err{Failure{"D3130", token}};
}

bool IntegerPicture::append_if_plain(double value, std::string& out) const {
  if (kind != Kind::kDecimal || !(value >= 0) || !is_plain(value, *this)) return false;
  append_plain(value, *this, out);
  return true;
}

Result<double, Failure> IntegerPicture::parse(std::string_view text) const {
  switch (kind) {
    case Kind::kDecimal:
      return parse_digits(text, *this);
    case Kind::kLetters:
      return letters_to_number(text, letter_case == Case::kUpper ? 'A' : 'a');
    case Kind::kRoman:
      return roman_to_number(letter_case == Case::kUpper ? std::string(text) : to_uppercase(text));
    case Kind::kWords:
      return words_to_number(text);
    case Kind::kSequence:
      break;
  }
  return Err{Failure{"D3130", token}};
}

}  // namespace pawl::jsonata
