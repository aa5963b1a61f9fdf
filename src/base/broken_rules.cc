#include "base/broken_rules.h"

#include <utility>

namespace pawl {

std::string violations_text(const std::vector<std::string>& violations) {
  std::string text = std::to_string(violations.size()) + " validation error" +
                     (violations.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < violations.size(); ++i) {
    if (i > 0) text += "; ";
    text += violations[i];
  }
  return text;
}

std::optional<std::string> broken_rules(std::string_view member, std::string_view text,
                                        const TextRules& rules) {
  std::vector<std::string> broken;
  if (!rules.fits(text)) {
    broken.push_back("satisfy regular expression pattern: " + std::string(rules.pattern));
  }
  if (text.size() < rules.length_min) {
    broken.push_back("have length greater than or equal to " + std::to_string(rules.length_min));
  }
  if (text.size() > rules.length_max) {
    broken.push_back("have length less than or equal to " + std::to_string(rules.length_max));
  }
  if (broken.empty()) return std::nullopt;
  for (std::string& rule : broken) {
    std::string violation = "Value '";
    violation.append(text).append("' at '").append(member);
    violation.append("' failed to satisfy constraint: Member must ").append(rule);
    rule = std::move(violation);
  }
  return violations_text(broken);
}

}  // namespace pawl
