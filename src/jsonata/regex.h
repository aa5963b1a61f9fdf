// Regular expression literals, /body/flags: ECMAScript's as PCRE2 runs them, with limits so that
// none runs away. The only file that includes PCRE2 is regex.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// A part of RegexSubject::text(), in bytes.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// A text made ready to be searched. ECMAScript's expressions see UTF-16 units, so that `.` matches
// half of a character beyond U+FFFF: where there is such a character (only there) the text is
// copied, with surrogates in its place. Holds views of the text it is made of.
class RegexSubject {
 public:
  explicit RegexSubject(std::string_view text);
  RegexSubject(const RegexSubject&) = delete;
  RegexSubject& operator=(const RegexSubject&) = delete;

  // What the ranges are parts of.
  std::string_view text() const { return text_; }
  // Whether text() and the pieces are views of the original and outlive this object.
  bool is_original() const { return units_.empty(); }
  // A part as a string: WTF-8, whole characters where both halves are in it.
  std::string_view piece(TextRange range);
  // A byte of text() as an index in UTF-16 units.
  std::size_t utf16_index(std::size_t offset) const;

 private:
  std::string_view text_;
  std::string units_;                      // the copy, if one was needed
  std::forward_list<std::string> pieces_;  // of the copy, joined
};

struct RegexMatch {
  TextRange whole;
  std::vector<std::optional<TextRange>> groups;  // 1st, 2nd ...; nothing: took no part
};

// Immutable once compiled; any thread may match it.
class Regex {
 public:
  // `flags` are of "i" and "m". The error is the reason, in the words of ECMAScript engines or of
  // PCRE2.
  static Result<Regex, std::string> compile(std::string_view body, std::string_view flags);

  // A text's first match, or the one at or behind the byte `from`, where the last one ended. The
  // first alone may be of no characters: D1004. U1001 when `steps_max` did not suffice.
  Result<std::optional<RegexMatch>, Failure> find(const RegexSubject& subject,
                                                  std::uint32_t steps_max) const;
  Result<std::optional<RegexMatch>, Failure> find_next(const RegexSubject& subject,
                                                       std::size_t from,
                                                       std::uint32_t steps_max) const;
  // Whether there is one; cheaper.
  Result<bool, Failure> contained_in(std::string_view text, std::uint32_t steps_max) const;

  // $split and $replace (by a template); `limit` is the functions' last argument.
  Result<std::vector<TextRange>, Failure> split(const RegexSubject& subject,
                                                std::optional<double> limit,
                                                std::uint32_t steps_max) const;
  Result<std::string, Failure> replace(std::string_view text, std::string_view replacement,
                                       std::optional<double> limit, std::uint32_t steps_max) const;

 private:
  struct Compiled;
  class Search;
  explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::jsonata
