#include "base/percent.h"

#include "base/ascii.h"
#include "base/hex.h"

namespace pawl {

namespace {

void append_escape(std::string& out, char byte) {
  const auto code = static_cast<unsigned char>(byte);
  out.push_back('%');
  out.push_back(kHexCapitals[code >> 4]);
  out.push_back(kHexCapitals[code & 15]);
}

bool is_plain_everywhere(char byte) {
  return is_letter_or_digit(byte) || byte == '-' || byte == '.' || byte == '_';
}

}  // namespace

std::string percent_encode(std::string_view bytes, Slash slash) {
  std::string out;
  out.reserve(bytes.size());
  for (const char byte : bytes) {
    const bool plain =
        is_plain_everywhere(byte) || byte == '~' || (byte == '/' && slash == Slash::kKeep);
    plain ? out.push_back(byte) : append_escape(out, byte);
  }
  return out;
}

std::string form_encode_key(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char byte : bytes) {
    if (byte == ' ') {
      out.push_back('+');
    } else {
      const bool plain = is_plain_everywhere(byte) || byte == '*' || byte == '/';
      plain ? out.push_back(byte) : append_escape(out, byte);
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::kIsSpace) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

}  // namespace pawl
