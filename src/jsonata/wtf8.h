// Reading and writing WTF-8: UTF-8 in which a lone UTF-16 surrogate may stand as three bytes, as
// json/escapes.h keeps them. All text here is well-formed by the layers that made it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "json/escapes.h"

namespace pawl::jsonata {

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  // bytes
};

// The bytes of the character that `lead` begins.
constexpr std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}
constexpr bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// The character at the byte `offset`. What is cut short, which well-formed text is not, is read as
// the bytes that are there.
Character character_at(std::string_view text, std::size_t offset);
// The byte at which the character before `offset` begins.
std::size_t previous_character(std::string_view text, std::size_t offset);

constexpr bool is_high_surrogate(char32_t code) { return code >= 0xD800 && code < 0xDC00; }
constexpr bool is_low_surrogate(char32_t code) { return code >= 0xDC00 && code < 0xE000; }
constexpr bool is_surrogate(char32_t code) { return code >= 0xD800 && code < 0xE000; }
constexpr char32_t high_surrogate(char32_t code) { return 0xD7C0 + (code >> 10); }
constexpr char32_t low_surrogate(char32_t code) { return 0xDC00 + (code & 0x3FF); }

inline void append_character(char32_t code, std::string& out) {
  char bytes[4];
  out.append(bytes, static_cast<std::size_t>(json::put_utf8(code, bytes) - bytes));
}
// Appends text; a low surrogate at its front becomes one character with a high one at out's end.
void append_text(std::string_view text, std::string& out);

std::u32string to_codes(std::string_view text);
std::string from_codes(std::u32string_view codes);

// The text with each character beyond U+FFFF as two surrogates.
std::string with_surrogates(std::string_view text);

// The text with each pair of surrogates as one character again.
std::string with_whole_characters(std::string_view text);

bool is_ascii(std::string_view text);
// Whether there is a character beyond U+FFFF, which is two UTF-16 units.
bool has_pairs(std::string_view text);

}  // namespace pawl::jsonata
