#include "json/escapes.h"

#include <cstdint>
#include <cstring>

namespace pawl::json {
namespace {

constexpr std::uint32_t kHighSurrogate = 0xD800;
constexpr std::uint32_t kLowSurrogate = 0xDC00;
constexpr std::uint32_t kSurrogateEnd = 0xE000;

struct CodeUnit {
  std::uint32_t value;
  bool upper_case;
};

// The four hexadecimal digits at the front of `text`.
std::optional<CodeUnit> code_unit(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  CodeUnit unit{0, true};
  for (const char digit : text.substr(0, 4)) {
    std::uint32_t nibble = 0;
    if (digit >= '0' && digit <= '9') {
      nibble = static_cast<std::uint32_t>(digit - '0');
    } else if (digit >= 'A' && digit <= 'F') {
      nibble = static_cast<std::uint32_t>(digit - 'A' + 10);
    } else if (digit >= 'a' && digit <= 'f') {
      nibble = static_cast<std::uint32_t>(digit - 'a' + 10);
      unit.upper_case = false;
    } else {
      return std::nullopt;
    }
    unit.value = unit.value << 4 | nibble;
  }
  return unit;
}

bool has_short_escape(std::uint32_t code) {
  return code == '\b' || code == '\f' || code == '\n' || code == '\r' || code == '\t';
}

// Decodes one escape sequence at a time.
class Unescaper {
 public:
  Unescaper(std::string_view source, char* target) : rest_(source), out_(target) {}

  // Takes the escape that begins after the backslash.
  bool take() {
    if (rest_.empty()) return false;
    const char kind = rest_.front();
    rest_.remove_prefix(1);
    switch (kind) {
      case '"':
      case '\\':
        *out_++ = kind;
        return true;
      case '/':
        *out_++ = '/';
        canonical_ = false;
        return true;
      case 'b':
        *out_++ = '\b';
        return true;
      case 'f':
        *out_++ = '\f';
        return true;
      case 'n':
        *out_++ = '\n';
        return true;
      case 'r':
        *out_++ = '\r';
        return true;
      case 't':
        *out_++ = '\t';
        return true;
      case 'u':
        return take_code_units();
      default:
        return false;
    }
  }

  std::optional<Unescaped> run(char* target) {
    for (;;) {
      const std::size_t plain = std::min(rest_.find('\\'), rest_.size());
      std::memcpy(out_, rest_.data(), plain);
      out_ += plain;
      rest_.remove_prefix(plain);
      if (rest_.empty()) return Unescaped{static_cast<std::size_t>(out_ - target), canonical_};
      rest_.remove_prefix(1);
      if (!take()) return std::nullopt;
    }
  }

 private:
  bool take_code_units() {
    const auto unit = code_unit(rest_);
    if (!unit) return false;
    rest_.remove_prefix(4);
    std::uint32_t code = unit->value;
    const bool surrogate = code >= kHighSurrogate && code < kSurrogateEnd;
    canonical_ =
        canonical_ && unit->upper_case && (surrogate || (code < 0x20 && !has_short_escape(code)));
    if (surrogate && code < kLowSurrogate && rest_.starts_with("\\u")) {
      const auto low = code_unit(rest_.substr(2));
      if (!low) return false;
      if (low->value >= kLowSurrogate && low->value < kSurrogateEnd) {
        rest_.remove_prefix(6);
        code = 0x10000 + ((code - kHighSurrogate) << 10) + (low->value - kLowSurrogate);
        canonical_ = false;
      }
    }
    out_ = put_utf8(code, out_);
    return true;
  }

  std::string_view rest_;
  char* out_;
  bool canonical_ = true;
};

// Sixteen bytes that the compiler handles at once.
using Bytes = unsigned char __attribute__((vector_size(16)));

// Whether one of the sixteen characters at `text` might need an escape.
bool any_odd(const char* text) {
  Bytes bytes;
  std::memcpy(&bytes, text, sizeof bytes);
  const auto odd = (bytes < 0x20) | (bytes == '"') | (bytes == '\\') | (bytes == 0xED);
  std::uint64_t halves[2];
  std::memcpy(halves, &odd, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

}  // namespace

char* put_utf8(std::uint32_t code, char* out) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return out;
}

std::optional<Unescaped> unescape(std::string_view source, char* target) {
  return Unescaper(source, target).run(target);
}

std::size_t plain_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at + sizeof(Bytes) <= text.size() && !any_odd(text.data() + at)) at += sizeof(Bytes);
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == '"' || byte == '\\') break;
    // 0xED 0xA0..0xBF begins a surrogate.
    const std::size_t next = at + 1;
    if (byte == 0xED && next < text.size() && static_cast<unsigned char>(text[next]) >= 0xA0) break;
  }
  return at;
}

}  // namespace pawl::json
