// String escapes (RFC 8259 section 7). Lone surrogates, which JSON can spell and UTF-8 cannot, are
// held as WTF-8: three bytes, as if they were characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pawl::json {

struct Unescaped {
  std::size_t size;  // bytes written
  bool canonical;    // printing gives the same escapes back
};

// Writes the characters that `source` (the text between the quotes) stands for to `target`, which
// has room for source.size() bytes. Nothing when an escape is malformed.
std::optional<Unescaped> unescape(std::string_view source, char* target);

// Writes the character, or surrogate, in one to four bytes; answers where they end.
char* put_utf8(std::uint32_t code, char* out);

// The bytes at the front of `text` that print as they are.
std::size_t plain_prefix(std::string_view text);

}  // namespace pawl::json
