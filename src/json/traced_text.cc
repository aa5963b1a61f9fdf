#include "json/traced_text.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace pawl::json {

bool is_digit(std::uint32_t code) { return code >= '0' && code <= '9'; }

std::string describe_seen(std::uint32_t code) {
  return describe_character(code > 0xFFFF ? 0xD800 + ((code - 0x10000) >> 10) : code);
}

std::uint32_t TracedText::peek() const {
  return at_end() ? 0 : character_at_front(text_.substr(at_)).code;
}

Result<std::uint32_t, ParseError> TracedText::take() {
  if (at_ == sound_size_) return Err{invalid_utf8()};
  const Character character = character_at_front(text_.substr(at_));
  at_ += character.bytes;
  return character.code;
}

bool TracedText::take_if(char c) {
  const bool taken = next_is(c);
  if (taken) ++at_;
  return taken;
}

void TracedText::take_digits() {
  while (is_digit(peek())) ++at_;
}

Checked TracedText::skip_blanks() {
  while (!at_end()) {
    const std::uint32_t code = peek();
    if (code > ' ' && code != '/') return {};
    (void)TRY(take());
    if (code == '/') {
      return unexpected(code,
                        "maybe a (non-standard) comment? (not recognized as one since Feature "
                        "'ALLOW_COMMENTS' not enabled for parser)");
    }
    if (code == '\n' || (code == '\r' && !next_is('\n'))) {
      ++line_;
      line_start_ = at_;
    } else if (code != ' ' && code != '\t' && code != '\r') {
      return fail("Illegal character (" + describe_character(code) +
                  "): only regular white space (\\r, \\n, \\t) is allowed between tokens");
    }
  }
  return {};
}

std::size_t TracedText::column() const { return utf16_units(since(line_start_)) + 1; }

ParseError TracedText::error(std::string message) const {
  return ParseError{std::move(message), at_, line_, column()};
}

Checked TracedText::fail_about(std::uint32_t code, std::string message) const {
  ParseError failure = error(std::move(message));
  if (code > 0xFFFF) --failure.column;
  return Err{std::move(failure)};
}

Checked TracedText::unexpected(std::uint32_t code, const std::string& comment) const {
  return fail_about(code, "Unexpected character (" + describe_seen(code) + "): " + comment);
}

Checked TracedText::end_of_input(const std::string& place) const {
  return fail("Unexpected end-of-input" + place);
}

// In the words of Jackson's reader of bytes, which counts columns in bytes.
ParseError TracedText::invalid_utf8() const {
  const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(text_[i]); };
  const unsigned lead = byte(sound_size_);
  std::size_t bad = sound_size_;
  if (lead >= 0xC2 && lead <= 0xF4) {
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    const std::size_t last = std::min(sound_size_ + length - 1, text_.size());
    ++bad;
    while (bad < last && (byte(bad) & 0xC0) == 0x80) ++bad;
  }
  const std::size_t read = std::min(bad + 1, text_.size());
  const std::size_t column = read - line_start_ + 1;
  if (bad == text_.size()) {
    return ParseError{"Unexpected end-of-input in UTF-8 character", read, line_, column};
  }
  char digits[8];
  std::snprintf(digits, sizeof digits, "0x%02x", byte(bad));
  const char* const part = bad == sound_size_ ? "start" : "middle";
  return ParseError{std::string("Invalid UTF-8 ") + part + " byte " + digits, read, line_, column};
}

}  // namespace pawl::json
