// AWS's words for a text that breaks rules of its service's model. Most services' rules stand in
// the API layer's shapes; this is for those that check their names themselves.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl {

struct TextRules {
  std::size_t length_min = 1;
  std::size_t length_max;
  std::string_view pattern;  // as AWS shows it
  bool (*fits)(std::string_view text);
};

// "2 validation errors detected: ...; ...": the constraints that a request violates, at least one.
std::string violations_text(const std::vector<std::string>& violations);

// Such a text, naming all that is broken: the pattern, then the lengths, as
// services of AWS were seen to do; or nothing. `member` is as it stands in messages
// ("roleSessionName"). Lengths are in bytes: what fits a pattern has no others.
std::optional<std::string> broken_rules(std::string_view member, std::string_view text,
                                        const TextRules& rules);

}  // namespace pawl
