#include "base/broken_rules.h"

#include <vector>

namespace pawl {

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
  std::string message = std::to_string(broken.size()) + " validation error" +
                        (broken.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < broken.size(); ++i) {
    if (i > 0) message += "; ";
    message.append("Value '").append(text).append("' at '").append(member);
    message.append("' failed to satisfy constraint: Member must ").append(broken[i]);
  }
  return message;
}

}  // namespace pawl
