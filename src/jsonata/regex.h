// Regular expression literals, /body/flags: ECMAScript's as PCRE2 runs them, by code points, with
// limits so that none runs away. The only file that includes PCRE2 is regex.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// A part of the text that was searched, by bytes.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

struct RegexMatch {
  TextRange whole;
  std::vector<std::optional<TextRange>> groups;  // 1st, 2nd ...; nothing: took no part
};

// Immutable once compiled; any thread may match it.
class Regex {
 public:
  // `flags` of "i" and "m". The error is the reason in PCRE2's words.
  static Result<Regex, std::string> compile(std::string_view body, std::string_view flags);

  std::size_t group_count() const;

  // The first match at or behind the byte `from`. D1004 for one of no characters; U1001 when
  // `steps_max` did not suffice.
  Result<std::optional<RegexMatch>, Failure> find(std::string_view text, std::size_t from,
                                                  std::uint32_t steps_max) const;
  // Whether there is one; cheaper.
  Result<bool, Failure> contained_in(std::string_view text, std::uint32_t steps_max) const;

  // $split, $replace by a template. Limits as the functions' last argument.
  Result<std::vector<TextRange>, Failure> split(std::string_view text, std::optional<double> limit,
                                                std::uint32_t steps_max) const;
  Result<std::string, Failure> replace(std::string_view text, std::string_view replacement,
                                       std::optional<double> limit, std::uint32_t steps_max) const;

 private:
  struct Compiled;
  explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

// `$$` is a dollar, `$0` the match, `$11` the 11th group, or if there is none the first and "1";
// a dollar before anything else is itself.
void append_replacement(std::string_view replacement, std::string_view text,
                        const RegexMatch& match, std::string& out);

}  // namespace pawl::jsonata
