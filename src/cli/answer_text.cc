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

std::string since_text(json::Node node) {
  const json::Node* since = node.find("since");
  std::string text = " since " + (since != nullptr ? time_text(*since) : "");
  if (const std::string by = text_of(node, "by"); !by.empty()) text += " by " + by;
  if (const std::string why = text_of(node, "reason"); !why.empty()) text += ": " + why;
  return text;
}

std::string_view already_text(json::Node answer) {
  const json::Node* changed = answer.find("changed");
  const bool was = changed == nullptr || !changed->is_boolean() || !changed->boolean();
  return was ? "already " : "";
}

}  // namespace pawl::cli
