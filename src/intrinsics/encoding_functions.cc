// States.Base64Encode, States.Base64Decode, States.Hash.
#include <array>
#include <cstdint>

#include "base/digest.h"
#include "intrinsics/invocation.h"
#include "jsonpath/java.h"

namespace pawl::intrinsics {
namespace {

constexpr std::size_t kCharactersMax = 10'000;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 128> make_values() {
  std::array<std::int8_t, 128> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<std::size_t>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  values['-'] = 62;
  values['_'] = 63;
  return values;
}
constexpr auto kValues = make_values();

std::string encode(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= group.size() ? kAlphabet[bits >> (18 - 6 * i) & 63] : '=';
    }
  }
  return text;
}

// Lenient: both alphabets, everything foreign is passed over, padding ends the text and may be
// missing, bits that fill no byte are dropped.
std::string decode(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char next : text) {
    if (next == '=') break;
    const auto index = static_cast<unsigned char>(next);
    if (index >= kValues.size() || kValues[index] < 0) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(kValues[index]);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  return bytes;
}

struct Character {
  std::size_t bytes = 1;
  bool sound = false;
};

// The character at the front, or as much as could have become one (RFC 3629 section 4).
Character first_character(std::string_view text) {
  const auto byte = [&text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte is narrower where the character would be too long or too large.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return {1, false};
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {i, false};
  }
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  return {length, !surrogate};
}

// new String(bytes, UTF_8): what is malformed becomes U+FFFD.
std::string to_text(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const Character character = first_character(bytes);
    text += character.sound ? bytes.substr(0, character.bytes) : std::string_view("\xEF\xBF\xBD");
    bytes.remove_prefix(character.bytes);
  }
  return text;
}

bool is_short(std::string_view text) {
  return text.size() <= kCharactersMax || jsonpath::java::utf16_length(text) <= kCharactersMax;
}

}  // namespace

Answer base64_encode(Invocation& call) {
  if (!call.has(1) || !call[0].is_string() || !is_short(call[0].string())) return call.invalid();
  return call.arena.string(encode(call[0].string()));
}

Answer base64_decode(Invocation& call) {
  if (!call.has(1) || !call[0].is_string() || !is_short(call[0].string())) return call.invalid();
  return call.arena.string(to_text(decode(call[0].string())));
}

// What is no string is hashed as its JSON text.
Answer hash(Invocation& call) {
  if (!call.has(2) || !call[1].is_string()) return call.invalid();
  const std::string data =
      call[0].is_string() ? std::string(call[0].string()) : json::print(call[0]);
  const std::optional<std::string> digest = hex_digest(data, call[1].string());
  if (!is_short(data) || !digest) return call.invalid();
  return call.arena.string(*digest);
}

}  // namespace pawl::intrinsics
