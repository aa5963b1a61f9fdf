// UTF-8 (RFC 3629): the shortest forms of Unicode's characters, no surrogates.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pawl {

// How many bytes the character at the front of `text` takes; 0 where there is none.
std::size_t utf8_character_bytes(std::string_view text);
// The length of the longest front part of `text` that is UTF-8 (Unicode, table 3-7).
std::size_t sound_utf8_prefix(std::string_view text);
bool is_valid_utf8(std::string_view text);
// Bytes that are part of no character become U+FFFD, one each.
std::string valid_utf8(std::string_view bytes);
// What is no UTF-8 is taken as ISO 8859-1, as fields of HTTP's header once were.
std::string utf8_or_latin1(std::string_view bytes);

}  // namespace pawl
