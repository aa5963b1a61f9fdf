#include "json/members.h"

#include "json/number.h"

namespace pawl::json {

const Node* Members::node(std::string_view name) const {
  const Node* found = object_.find(name);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

std::optional<std::string_view> Members::text(std::string_view name) const {
  const Node* found = node(name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return found->string();
}

std::string_view Members::text_or(std::string_view name, std::string_view fallback) const {
  return text(name).value_or(fallback);
}

std::optional<std::int64_t> Members::integer(std::string_view name) const {
  const Node* found = node(name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return to_int64(found->number_text());
}

std::optional<double> Members::real(std::string_view name) const {
  const Node* found = node(name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return to_double(found->number_text());
}

bool Members::flag(std::string_view name, bool fallback) const {
  const Node* found = node(name);
  return found != nullptr && found->is_boolean() ? found->boolean() : fallback;
}

std::vector<std::string> Members::texts(std::string_view name) const {
  std::vector<std::string> texts;
  const Node* found = node(name);
  if (found == nullptr) return texts;
  for (const Node& element : *found) {
    if (element.is_string()) texts.emplace_back(element.string());
  }
  return texts;
}

}  // namespace pawl::json
