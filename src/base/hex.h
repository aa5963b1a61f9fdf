// Hexadecimal digits: written in lower case, read in either.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl {

inline constexpr char kHexDigits[] = "0123456789abcdef";
inline constexpr char kHexCapitals[] = "0123456789ABCDEF";

// 0 to 15; -1 where it is no such digit.
constexpr int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Two digits a byte.
std::string encode_hex(std::string_view bytes);
// Nothing where `text` is none.
std::optional<std::string> decode_hex(std::string_view text);

// 16 bytes as 8-4-4-4-12 digits (RFC 9562 section 4).
std::string uuid_text(std::string_view bytes);

}  // namespace pawl
