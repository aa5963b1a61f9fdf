// Jackson's ContentReference and JsonLocation in their words.
#include "asl/jackson_source.h"

namespace pawl::asl {
namespace {

constexpr std::size_t kSnippetUnits = 500;

// The code point of one or two bytes that Java calls an ISO control character, else 0.
unsigned iso_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F ? first : 0;
  const auto second = static_cast<unsigned char>(character[1]);
  return character.size() == 2 && first == 0xC2 && second < 0xA0 ? second : 0;
}

void append_character(std::string& out, std::string_view character) {
  const unsigned control = iso_control(character);
  if (control == 0 || control == '\r' || control == '\n') {
    out += character;
    return;
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out.append("\\u00").append({kHex[control >> 4], kHex[control & 0xF]});
}

std::size_t character_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

std::string jackson_location(std::string_view text, const json::ParseError& error) {
  std::string snippet;
  std::size_t units = 0;  // Java counts UTF-16 units
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, character_bytes(text[at]));
    units += character.size() == 4 ? 2 : 1;
    if (units <= kSnippetUnits) append_character(snippet, character);
    at += character.size();
  }
  std::string location = "[Source: (String)\"" + snippet + "\"";
  if (units > kSnippetUnits) {
    location += "[truncated " + std::to_string(units - kSnippetUnits) + " chars]";
  }
  return location + "; line: " + std::to_string(error.line) +
         ", column: " + std::to_string(error.column) + "]";
}

}  // namespace pawl::asl
