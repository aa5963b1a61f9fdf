// A text read character by character, with Jackson's idea of where the reader is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/utf8.h"
#include "json/source_location.h"
#include "json/value.h"

namespace pawl::json {

// Of a part of the text that was read: nothing, or what is wrong with it.
using Checked = Result<void, ParseError>;

class TracedText {
 public:
  explicit TracedText(std::string_view text) : text_(text), sound_size_(sound_utf8_prefix(text)) {}

  std::string_view text() const { return text_; }
  // The next character's offset; Jackson's input pointer.
  std::size_t at() const { return at_; }
  std::string_view since(std::size_t start) const { return text_.substr(start, at_ - start); }
  bool at_end() const { return at_ == text_.size(); }
  bool next_is(char c) const { return !at_end() && text_[at_] == c; }
  // 0 at the end.
  std::uint32_t peek() const;
  Result<std::uint32_t, ParseError> take();
  // Takes the next character if it is `c`, which is ASCII.
  bool take_if(char c);
  void take_digits();
  // Goes back to where the reader has been, or on by ASCII characters.
  void go_to(std::size_t offset) { at_ = offset; }
  // Blanks between tokens; comments and control characters among them are mistakes.
  Checked skip_blanks();

  std::size_t line() const { return line_; }
  std::size_t column() const;

  // A mistake that Jackson notices here.
  ParseError error(std::string message) const;
  Checked fail(std::string message) const { return Err{error(std::move(message))}; }
  // A mistake about `code`, the last character taken. Of a character outside the basic plane
  // Jackson has read one half, the one it shows.
  Checked fail_about(std::uint32_t code, std::string message) const;
  Checked unexpected(std::uint32_t code, const std::string& comment) const;
  Checked end_of_input(const std::string& place) const;

 private:
  ParseError invalid_utf8() const;

  const std::string_view text_;
  const std::size_t sound_size_;  // of the front of `text_` that is UTF-8
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
};

// describe_character of what Jackson sees of the character.
std::string describe_seen(std::uint32_t code);
bool is_digit(std::uint32_t code);

}  // namespace pawl::json
