#include "jsonata/wtf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace pawl::jsonata {

Character character_at(std::string_view text, std::size_t offset) {
  const char lead = text[offset];
  const std::size_t size = std::min(character_size(lead), text.size() - offset);
  auto code = static_cast<char32_t>(static_cast<unsigned char>(lead));
  if (size > 1) code &= 0x7FU >> size;
  for (std::size_t i = 1; i < size; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[offset + i]) & 0x3FU);
  }
  return {code, size};
}

std::size_t previous_character(std::string_view text, std::size_t offset) {
  do {
    --offset;
  } while (offset > 0 && is_continuation(text[offset]));
  return offset;
}

void append_text(std::string_view text, std::string& out) {
  constexpr std::size_t kSurrogateBytes = 3;
  if (text.size() >= kSurrogateBytes && text[0] == '\xED' && out.size() >= kSurrogateBytes &&
      out[out.size() - kSurrogateBytes] == '\xED') {
    const Character low = character_at(text, 0);
    const Character high = character_at(out, out.size() - kSurrogateBytes);
    if (is_low_surrogate(low.code) && is_high_surrogate(high.code)) {
      out.resize(out.size() - kSurrogateBytes);
      append_character(0x10000 + ((high.code & 0x3FF) << 10) + (low.code & 0x3FF), out);
      text.remove_prefix(kSurrogateBytes);
    }
  }
  out += text;
}

std::u32string to_codes(std::string_view text) {
  std::u32string codes;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    codes += character.code;
    at += character.size;
  }
  return codes;
}

std::string from_codes(std::u32string_view codes) {
  std::string text;
  for (const char32_t code : codes) append_character(code, text);
  return text;
}

std::string with_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (character.code > 0xFFFF) {
      append_character(high_surrogate(character.code), out);
      append_character(low_surrogate(character.code), out);
    } else {
      out += text.substr(at, character.size);
    }
    at += character.size;
  }
  return out;
}

std::string with_whole_characters(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text[at]);
    append_text(text.substr(at, size), out);
    at += size;
  }
  return out;
}

namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

bool is_ascii(std::string_view text) {
  const char* const end = text.data() + text.size();
  if (text.size() < sizeof(std::uint64_t)) {
    return std::none_of(text.data(), end, [](char byte) { return (byte & 0x80) != 0; });
  }
  for (const char* at = text.data(); end - at > 8; at += sizeof(std::uint64_t)) {
    if ((word_at(at) & kHighBits) != 0) return false;
  }
  return (word_at(end - sizeof(std::uint64_t)) & kHighBits) == 0;
}

bool has_pairs(std::string_view text) {
  return !is_ascii(text) && std::any_of(text.begin(), text.end(), [](char byte) {
    return static_cast<unsigned char>(byte) >= 0xF0;
  });
}

}  // namespace pawl::jsonata
