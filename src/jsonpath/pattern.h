// The regular expressions of filters, `=~ /re/i`: java.util.regex as PCRE2 runs it, with limits, so
// that no expression runs away. The only file that includes PCRE2 is pattern.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jsonpath/java.h"

namespace pawl::jsonpath {

enum class Letters { kAsWritten, kEitherCase };

// Immutable once compiled; any thread may match it.
class Pattern {
 public:
  // The exception is Java's PatternSyntaxException.
  static Result<Pattern, Exception> compile(std::string_view expression, Letters letters);

  enum class Outcome { kMatches, kDiffers, kTooMuchWork };
  // Whether the expression matches the whole text (Matcher.matches).
  Outcome match(std::string_view text) const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::jsonpath
