#include "json/source_location.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"
#include "json/escapes.h"
#include "json/value.h"

namespace pawl::json {
namespace {

// Jackson quotes at most this many UTF-16 code units of the text.
constexpr std::size_t kQuotedUnitsMax = 500;

std::string hexadecimal(std::uint32_t code, std::size_t width) {
  char digits[8];
  const auto end = std::to_chars(digits, digits + sizeof digits, code, 16).ptr;
  const std::string text(digits, end);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

// Unicode's category Cc.
bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7F && code <= 0x9F); }

bool is_ascii_letter(std::uint32_t code) {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

struct Range {
  std::uint16_t first;
  std::uint16_t last;
};

// What is no letter, mark or currency sign above ASCII: exact up to U+02FF, by blocks beyond.
constexpr Range kSymbols[] = {
    {0x0080, 0x00A1}, {0x00A6, 0x00A9}, {0x00AB, 0x00B4}, {0x00B6, 0x00B9}, {0x00BB, 0x00BF},
    {0x00D7, 0x00D7}, {0x00F7, 0x00F7}, {0x02C2, 0x02C5}, {0x02D2, 0x02DF}, {0x02E5, 0x02EB},
    {0x02ED, 0x02ED}, {0x02EF, 0x02FF}, {0x2000, 0x203E}, {0x2041, 0x2053}, {0x2055, 0x2070},
    {0x2072, 0x207E}, {0x2080, 0x208F}, {0x2190, 0x2BFF}, {0x2E00, 0x2E2E}, {0x2E30, 0x3004},
    {0x3008, 0x3020}, {0x3030, 0x3030}, {0x3200, 0x33FF}, {0x4DC0, 0x4DFF}, {0xD7FC, 0xF8FF},
    {0xFE00, 0xFE32}, {0xFE35, 0xFE4C}, {0xFEFF, 0xFF03}, {0xFF05, 0xFF20}, {0xFF3B, 0xFF3E},
    {0xFF40, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE2, 0xFFE4}, {0xFFE7, 0xFFFF},
};

bool is_symbol(std::uint32_t code) {
  const auto past = std::ranges::find_if(kSymbols, [code](Range r) { return code <= r.last; });
  return past != std::end(kSymbols) && code >= past->first;
}

}  // namespace

Character character_at_front(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const auto tail = [&byte](std::size_t i) { return byte(i) & 0x3F; };
  switch (utf8_character_bytes(text)) {
    case 2:
      return {(byte(0) & 0x1F) << 6 | tail(1), 2};
    case 3:
      return {(byte(0) & 0x0F) << 12 | tail(1) << 6 | tail(2), 3};
    case 4:
      return {(byte(0) & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
    default:
      return {byte(0), 1};
  }
}

std::size_t utf8_bytes(std::uint32_t code) {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

std::string describe_character(std::uint32_t code) {
  if (is_control(code)) return "(CTRL-CHAR, code " + std::to_string(code) + ")";
  // Half of a surrogate pair is no character; Java prints a question mark.
  const bool half = code >= 0xD800 && code < 0xE000;
  char bytes[4];
  char* const end = put_utf8(half ? '?' : code, bytes);
  std::string quoted = "'" + std::string(bytes, end) + "'";
  quoted += " (code " + std::to_string(code);
  if (code > 0xFF) quoted += " / 0x" + hexadecimal(code, 0);
  return quoted + ")";
}

std::string describe_place(std::string_view text, std::size_t line, std::size_t column) {
  std::string place = "[Source: (String)\"";
  std::size_t units = 0;
  std::string_view rest = text;
  while (!rest.empty() && units < kQuotedUnitsMax) {
    const Character character = character_at_front(rest);
    units += character.code > 0xFFFF ? 2 : 1;
    if (units > kQuotedUnitsMax) {
      place += '?';
    } else if (is_control(character.code) && character.code != '\n' && character.code != '\r') {
      place += "\\u";
      for (char digit : hexadecimal(character.code, 4)) {
        place += digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
      }
    } else {
      place += rest.substr(0, character.bytes);
    }
    rest.remove_prefix(character.bytes);
  }
  place += '"';
  const std::size_t all = utf16_units(text);
  if (all > kQuotedUnitsMax) {
    place += "[truncated " + std::to_string(all - kQuotedUnitsMax) + " chars]";
  }
  return place + "; line: " + std::to_string(line) + ", column: " + std::to_string(column) + "]";
}

std::string source_location(std::string_view text, const ParseError& error) {
  return describe_place(text, error.line, error.column);
}

bool begins_word(std::uint32_t code) {
  if (code < 0x80) return is_ascii_letter(code) || code == '_' || code == '$';
  return code <= 0xFFFF && !is_symbol(code);
}

bool continues_word(std::uint32_t code) {
  if (code >= '0' && code <= '9') return true;
  // Java ignores these within identifiers: controls that are no blanks, and invisible marks.
  if (is_control(code)) return !(code >= 0x09 && code <= 0x0D) && !(code >= 0x1C && code <= 0x1F);
  if (code == 0xAD || code == 0xFEFF || (code >= 0x200B && code <= 0x200F)) return true;
  return begins_word(code);
}

}  // namespace pawl::json
