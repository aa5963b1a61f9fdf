#include "jsonpath/regex_reader.h"

#include <algorithm>

#include "base/ascii.h"

namespace pawl::jsonpath {
namespace {

std::optional<std::uint32_t> hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return std::nullopt;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char unit) { return (unit & 0xC0) != 0x80; }));
}

}  // namespace

Exception RegexError::exception(std::string_view expression) const {
  std::string text = "java.util.regex.PatternSyntaxException: " + description;
  if (index >= 0) text += " near index " + std::to_string(index);
  text += "\n" + std::string(expression);
  if (index >= 0 && index < static_cast<std::ptrdiff_t>(java::utf16_length(expression))) {
    text += "\n" + std::string(static_cast<std::size_t>(index), ' ') + "^";
  }
  return {text};
}

std::string without_quotations(std::string_view expression) {
  std::string plain;
  bool quoting = false;
  bool quotation_begins = false;
  for (std::size_t at = 0; at < expression.size(); ++at) {
    const char current = expression[at];
    const char next = at + 1 < expression.size() ? expression[at + 1] : '\0';
    if (current == '\\' && next == (quoting ? 'E' : 'Q')) {
      quoting = quotation_begins = !quoting;
      ++at;
      continue;
    }
    if (!quoting) {
      plain += current;
      if (current == '\\' && next != '\0') plain += expression[++at];
    } else if (quotation_begins && is_digit(current)) {
      plain += {'\\', 'x', '3', current};  // no escape in front of it shall take the digit
    } else {
      const auto unit = static_cast<unsigned char>(current);
      if (unit < 0x80 && !is_letter(unit) && !is_digit(current)) plain += '\\';
      plain += current;
    }
    quotation_begins = false;
  }
  return plain;
}

std::string_view RegexReader::take(std::size_t count) {
  const std::string_view taken = text_.substr(at_, count);
  at_ += taken.size();
  return taken;
}

std::string_view RegexReader::take_until(char end) {
  return take(std::min(text_.find(end, at_), text_.size()) - at_);
}

std::uint32_t RegexReader::take_character() {
  const auto lead = static_cast<unsigned char>(text_[at_++]);
  if (lead < 0x80) return lead;
  const int rest = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  std::uint32_t code = lead & (0x3FU >> rest);
  for (int i = 0; i < rest && at_ < text_.size(); ++i) {
    code = code << 6 | (static_cast<unsigned char>(text_[at_++]) & 0x3FU);
  }
  return code;
}

std::uint32_t RegexReader::take_escaped() {
  ++at_;
  if (at_ == text_.size()) return fail("Unexpected internal error", 1), 0;
  const std::uint32_t kind = take_character();
  switch (kind) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    case 'a':
      return 0x07;
    case 'e':
      return 0x1B;
    case '0':
      return take_octal();
    case 'x':
      return take_hex();
    case 'u':
      return take_utf16();
    case 'c':
      if (at_ == text_.size()) return fail("Illegal control escape sequence"), 0;
      return take_character() ^ 64;
    default:
      if (is_letter(kind) || (kind >= '1' && kind <= '9')) {
        fail("Illegal/unsupported escape sequence");
      }
      return kind;
  }
}

std::uint32_t RegexReader::take_octal() {
  std::uint32_t value = 0;
  int digits = 0;
  for (; digits < 3 && peek() >= '0' && peek() <= '7'; ++digits) {
    const std::uint32_t longer = value * 8 + static_cast<std::uint32_t>(peek() - '0');
    if (longer > 0377) break;
    value = longer;
    ++at_;
  }
  if (digits == 0) fail("Illegal octal escape sequence", 1);
  return value;
}

// \xhh, \x{h...}
std::uint32_t RegexReader::take_hex() {
  static constexpr std::string_view kIllegal = "Illegal hexadecimal escape sequence";
  if (peek() != '{') return take_hex_digits(2, kIllegal);
  ++at_;
  if (!hex_digit(peek())) return fail(kIllegal), 0;
  std::uint32_t value = 0;
  for (; const auto digit = hex_digit(peek()); ++at_) {
    value = value * 16 + *digit;
    if (value > 0x10FFFF) return fail("Hexadecimal codepoint is too big", 1), 0;
  }
  if (peek() != '}') return fail("Unclosed hexadecimal escape sequence", 1), 0;
  ++at_;
  return value;
}

std::uint32_t RegexReader::take_hex_digits(int count, std::string_view complaint) {
  std::uint32_t value = 0;
  for (; count > 0; --count, ++at_) {
    const auto digit = hex_digit(peek());
    if (!digit) return fail(complaint, 1), 0;
    value = value * 16 + *digit;
  }
  return value;
}

// \uhhhh; two of them for a character beyond U+FFFF.
std::uint32_t RegexReader::take_utf16() {
  static constexpr std::string_view kIllegal = "Illegal Unicode escape sequence";
  const std::uint32_t high = take_hex_digits(4, kIllegal);
  if (high < 0xD800 || high >= 0xDC00 || !starts_with("\\u")) return high;
  at_ += 2;
  const std::uint32_t low = take_hex_digits(4, kIllegal);
  return 0x10000 + ((high - 0xD800) << 10) + ((low - 0xDC00) & 0x3FF);
}

void RegexReader::fail(std::string_view description, std::ptrdiff_t beyond) {
  if (!error_) {
    const auto index = static_cast<std::ptrdiff_t>(characters(text_.substr(0, at_))) - 1;
    error_ = RegexError{std::string(description), index + beyond};
  }
  at_ = text_.size();
}

}  // namespace pawl::jsonpath
