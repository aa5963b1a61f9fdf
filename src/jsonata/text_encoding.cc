#include "jsonata/text_encoding.h"

#include <array>
#include <cstdint>

#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
// What encodeURI keeps beside the unreserved, and decodeURI does not decode.
constexpr std::string_view kReserved = ";/?:@&=+$,#";
constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool has_surrogate(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\xED', at)) != std::string_view::npos; ++at) {
    if (is_surrogate(character_at(text, at).code)) return true;
  }
  return false;
}

std::optional<std::string> encode(std::string_view text, std::string_view also_kept) {
  if (has_surrogate(text)) return std::nullopt;
  std::string out;
  out.reserve(text.size());
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (kUnreserved.find(character) != std::string_view::npos ||
        also_kept.find(character) != std::string_view::npos) {
      out += character;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// The byte that "%41" at `offset` spells.
std::optional<unsigned char> escaped_byte(std::string_view text, std::size_t offset) {
  if (offset + 2 >= text.size() || text[offset] != '%') return std::nullopt;
  const int high = hex_value(text[offset + 1]);
  const int low = hex_value(text[offset + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<unsigned char>(high * 16 + low);
}

// One character of UTF-8 (RFC 3629): shortest form, no surrogates, up to U+10FFFF.
bool is_one_character(std::string_view bytes) {
  const Character character = character_at(bytes, 0);
  static constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  return character.size == bytes.size() && character.code >= kLeast[bytes.size()] &&
         character.code <= 0x10FFFF && !is_surrogate(character.code);
}

// The bytes of the escaped character that begins at `offset`; each took three of the text.
std::optional<std::string> escaped_character(std::string_view text, std::size_t offset) {
  const auto lead = escaped_byte(text, offset);
  if (!lead) return std::nullopt;
  std::string bytes(1, static_cast<char>(*lead));
  if (*lead < 0x80) return bytes;
  if (*lead < 0xC0 || *lead > 0xF7) return std::nullopt;
  const std::size_t size = character_size(bytes[0]);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = escaped_byte(text, offset + 3 * i);
    if (!next || (*next & 0xC0) != 0x80) return std::nullopt;
    bytes += static_cast<char>(*next);
  }
  if (!is_one_character(bytes)) return std::nullopt;
  return bytes;
}

std::optional<std::string> decode(std::string_view text, std::string_view not_decoded) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      out += text[at++];
      continue;
    }
    const auto bytes = escaped_character(text, at);
    if (!bytes) return std::nullopt;
    const std::size_t escaped_size = 3 * bytes->size();
    if (not_decoded.find(bytes->front()) != std::string_view::npos) {
      out += text.substr(at, escaped_size);
    } else {
      out += *bytes;
    }
    at += escaped_size;
  }
  return out;
}

// The low byte of each UTF-16 unit.
std::string latin1(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    at += character.size;
    if (character.code > 0xFFFF) {
      bytes += static_cast<char>(high_surrogate(character.code));
      bytes += static_cast<char>(low_surrogate(character.code));
    } else {
      bytes += static_cast<char>(character.code);
    }
  }
  return bytes;
}

// Six bits, or -1 for what is no letter of either base64 alphabet.
int base64_value(char letter) {
  if (letter == '-') return 62;
  if (letter == '_') return 63;
  const std::size_t value = kBase64.find(letter);
  return value == std::string_view::npos ? -1 : static_cast<int>(value);
}

}  // namespace

std::optional<std::string> encode_url(std::string_view text) { return encode(text, kReserved); }
std::optional<std::string> encode_url_component(std::string_view text) { return encode(text, ""); }
std::optional<std::string> decode_url(std::string_view text) { return decode(text, kReserved); }
std::optional<std::string> decode_url_component(std::string_view text) { return decode(text, ""); }

std::string base64_encode(std::string_view text) {
  const std::string bytes = latin1(text);
  const auto byte = [&bytes](std::size_t index) -> std::uint32_t {
    return index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0;
  };
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t three = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    out += {kBase64[three >> 18], kBase64[three >> 12 & 63], kBase64[three >> 6 & 63],
            kBase64[three & 63]};
  }
  const std::size_t missing = (3 - bytes.size() % 3) % 3;
  return out.replace(out.size() - missing, missing, missing, '=');
}

std::string base64_decode(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : latin1(text)) {
    if (letter == '=') break;
    const int value = base64_value(letter);
    if (value < 0) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    append_character(bits >> count & 0xFF, out);
  }
  return out;
}

}  // namespace pawl::jsonata
