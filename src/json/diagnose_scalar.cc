#include "json/diagnose_scalar.h"

#include <optional>
#include <string>

namespace pawl::json {
namespace {

// Jackson shows at most so many UTF-16 code units of a word that it does not know.
constexpr std::size_t kWordUnitsMax = 256;

// The word that began at `start`, with everything that continues it.
Checked unknown_word(TracedText& in, std::size_t start) {
  std::size_t units = utf16_units(in.since(start));
  while (!in.at_end() && units < kWordUnitsMax && continues_word(in.peek())) {
    (void)TRY(in.take());
    ++units;
  }
  return in.fail("Unrecognized token '" + std::string(in.since(start)) +
                 (units >= kWordUnitsMax ? "..." : "") + "': was expecting " +
                 std::string(kValidValues));
}

// The rest of a word of which `taken` characters are taken.
Checked take_word(TracedText& in, std::string_view word, std::size_t taken) {
  const std::size_t start = in.at() - taken;
  for (const char c : word.substr(taken)) {
    if (!in.take_if(c)) return unknown_word(in, start);
  }
  // Jackson takes what sorts before the digits for an end, `$` too.
  const bool ends = in.at_end() || in.peek() < '0' || !continues_word(in.peek());
  return ends ? Checked() : unknown_word(in, start);
}

Checked not_standard(TracedText& in, std::string_view word, std::size_t taken) {
  TRY(take_word(in, word, taken));
  return in.fail("Non-standard token '" + std::string(word) +
                 "': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow");
}

Checked unexpected_in_number(TracedText& in, std::uint32_t code, const std::string& comment) {
  return in.fail_about(
      code, "Unexpected character (" + describe_seen(code) + ") in numeric value: " + comment);
}

// `stay`: where Jackson's fast number reader remains when it meets a mistake.
Checked no_digit(TracedText& in, const std::string& comment, std::optional<std::size_t> stay) {
  const std::uint32_t code = TRY(in.take());
  Checked failure = unexpected_in_number(in, code, comment);
  if (!stay) return failure;
  in.go_to(*stay);
  return in.fail(failure.error().message);
}

Checked take_fraction(TracedText& in, std::optional<std::size_t> stay) {
  static const std::string comment = "Decimal point not followed by a digit";
  if (in.at_end()) return unexpected_in_number(in, '.', comment);
  if (!is_digit(in.peek())) return no_digit(in, comment, stay);
  in.take_digits();
  return {};
}

Checked take_exponent(TracedText& in, std::optional<std::size_t> stay) {
  if (!in.take_if('+')) (void)in.take_if('-');
  if (in.at_end()) return in.end_of_input("expected a digit for number exponent");
  if (!is_digit(in.peek())) {
    return no_digit(in, "Exponent indicator not followed by a digit", stay);
  }
  in.take_digits();
  return {};
}

// A sign, and then `code`, which is no digit.
Checked odd_number(TracedText& in, std::uint32_t code, char sign) {
  if (code == 'I') {
    if (in.at_end()) return in.end_of_input(" in a Number value");
    code = TRY(in.take());
    if (code == 'N') return not_standard(in, sign + std::string("INF"), 3);
    if (code == 'n') return not_standard(in, sign + std::string("Infinity"), 3);
  }
  if (sign == '-') {
    return unexpected_in_number(
        in, code, "expected digit (0-9) to follow minus sign, for valid numeric value");
  }
  return in.fail_about(code,
                       "Unexpected character ('+' (code 43)) in numeric value: JSON spec does not "
                       "allow numbers to have plus signs: enable "
                       "`JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow");
}

bool is_hexadecimal(std::uint32_t code) {
  const std::uint32_t lower = code | 0x20;
  return is_digit(code) || (lower >= 'a' && lower <= 'f');
}

bool is_short_escape(std::uint32_t code) {
  return code < 0x80 &&
         std::string_view("\"\\/bfnrt").find(static_cast<char>(code)) != std::string_view::npos;
}

Checked take_escape(TracedText& in) {
  static const std::string place = " in character escape sequence";
  if (in.at_end()) return in.end_of_input(place);
  const std::uint32_t kind = TRY(in.take());
  if (is_short_escape(kind)) return {};
  if (kind != 'u') {
    return in.fail_about(kind, "Unrecognized character escape " + describe_seen(kind));
  }
  for (int i = 0; i < 4; ++i) {
    if (in.at_end()) return in.end_of_input(place);
    const std::uint32_t digit = TRY(in.take());
    if (!is_hexadecimal(digit)) {
      return in.unexpected(digit, "expected a hex-digit for character escape sequence");
    }
  }
  return {};
}

}  // namespace

Checked diagnose_string(TracedText& in, StringPlace place) {
  const bool name = place == StringPlace::kName;
  for (;;) {
    if (in.at_end()) {
      return in.end_of_input(name ? " in field name"
                                  : ": was expecting closing quote for a string value");
    }
    const std::uint32_t code = TRY(in.take());
    if (code == '"') return {};
    if (code == '\\') {
      TRY(take_escape(in));
    } else if (code < ' ') {
      return in.fail("Illegal unquoted character (" + describe_character(code) +
                     "): has to be escaped using backslash to be included in " +
                     (name ? "name" : "string value"));
    }
  }
}

Checked diagnose_number(TracedText& in) {
  if (in.at_end()) return in.end_of_input("No digit following minus sign");
  const std::uint32_t first = TRY(in.take());
  if (first == '.') return diagnose_odd_value(in, first);
  if (!is_digit(first)) return odd_number(in, first, '-');
  if (first == '0' && is_digit(in.peek())) {
    return in.fail("Invalid numeric value: Leading zeroes not allowed");
  }
  in.take_digits();
  // Jackson's fast number reader remains behind the point or `e` that follows the integer when it
  // meets a mistake further on. Numbers that begin with 0 are read by the careful one, which has
  // moved on.
  std::optional<std::size_t> stay;
  if (first != '0') stay = in.at() + 1;
  if (in.take_if('.')) TRY(take_fraction(in, stay));
  if (in.take_if('e') || in.take_if('E')) TRY(take_exponent(in, stay));
  return {};
}

Checked diagnose_word(TracedText& in, std::string_view word) { return take_word(in, word, 1); }

Checked diagnose_odd_value(TracedText& in, std::uint32_t code) {
  switch (code) {
    case 'N':
      return not_standard(in, "NaN", 1);
    case 'I':
      return not_standard(in, "Infinity", 1);
    case '+':
      if (in.at_end()) return in.end_of_input(" in a Number value");
      return odd_number(in, TRY(in.take()), '+');
    default:
      break;
  }
  if (begins_word(code)) return unknown_word(in, in.at() - utf8_bytes(code));
  return in.unexpected(code, "expected a valid value " + std::string(kValidValues));
}

}  // namespace pawl::json
