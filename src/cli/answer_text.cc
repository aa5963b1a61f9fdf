#include "cli/answer_text.h"

#include <cmath>

#include "json/number.h"
#include "machine/timestamps.h"

namespace pawl::cli {

std::string text_of(json::Node node, std::string_view name) {
  const json::Node* member = node.find(name);
  return member != nullptr && member->is_string() ? std::string(member->string()) : std::string();
}

std::string time_text(json::Node seconds) {
  if (!seconds.is_number()) return {};
  const double millis = json::to_double(seconds.number_text()) * 1'000;
  return machine::print_timestamp(static_cast<WallMillis>(std::llround(millis)));
}

}  // namespace pawl::cli
