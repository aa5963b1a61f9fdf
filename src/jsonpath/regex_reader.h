// The characters of an expression of java.util.regex, its escapes and its errors. Internal to
// java_regex.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jsonpath/java.h"

namespace pawl::jsonpath {

struct RegexError {
  std::string description;
  std::ptrdiff_t index;  // < 0: it names no place
  // PatternSyntaxException.toString().
  Exception exception(std::string_view expression) const;
};

// The expression with \Q...\E written out as Java writes it before it reads any further, so that
// the places of its errors agree.
std::string without_quotations(std::string_view expression);

inline bool is_letter(std::uint32_t code) { return (code | 0x20) >= 'a' && (code | 0x20) <= 'z'; }

// Stays at the end once it failed.
class RegexReader {
 public:
  // `expression` must outlive it.
  explicit RegexReader(std::string_view expression) : text_(expression) {}

  bool at_end() const { return at_ == text_.size(); }
  bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }
  // NUL beyond the end.
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  std::size_t place() const { return at_; }
  std::string_view since(std::size_t place) const { return text_.substr(place, at_ - place); }
  // As many of `count` bytes as there are.
  std::string_view take(std::size_t count = 1);
  // Up to `end` or, where it does not come, to the end of the expression.
  std::string_view take_until(char end);

  // Not at the end.
  std::uint32_t take_character();
  // An escape that stands for one character, in or outside of a class.
  std::uint32_t take_escaped();

  // The first error counts. Java's errors name the character before its cursor; `beyond`: how far
  // its cursor is behind this place.
  void fail(std::string_view description, std::ptrdiff_t beyond = 0);
  const std::optional<RegexError>& error() const { return error_; }

 private:
  std::uint32_t take_octal();
  std::uint32_t take_hex();
  std::uint32_t take_hex_digits(int count, std::string_view complaint);
  std::uint32_t take_utf16();

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<RegexError> error_;
};

}  // namespace pawl::jsonpath
