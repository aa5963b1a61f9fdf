// Characters as Jackson counts and describes them: UTF-16 code units, because its source is a Java
// String.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pawl::json {

struct Character {
  std::uint32_t code;
  std::size_t bytes;
};

// The character at the front of `text`, which is not empty and begins with sound UTF-8.
Character character_at_front(std::string_view text);

// How many bytes of UTF-8 the character takes.
std::size_t utf8_bytes(std::uint32_t code);

// How many UTF-16 code units `text` takes.
std::size_t utf16_units(std::string_view text);

// "'x' (code 120)", "'’' (code 8217 / 0x2019)", "(CTRL-CHAR, code 10)".
std::string describe_character(std::uint32_t code);

// "[Source: (String)"..."; line: 1, column: 4]"
std::string describe_place(std::string_view text, std::size_t line, std::size_t column);

// Character.isJavaIdentifierStart and -Part, of which Jackson makes the words it does not know.
bool begins_word(std::uint32_t code);
bool continues_word(std::uint32_t code);

}  // namespace pawl::json
