#include "services/lambda/fields.h"

#include <fmt/format.h>

#include "json/members.h"

namespace pawl::lambda {

const json::Node* member(json::Node object, std::string_view name) {
  return json::Members(object).node(name);
}

std::optional<std::string> text_member(json::Node object, std::string_view name) {
  const auto text = json::Members(object).text(name);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::optional<std::int64_t> integer_member(json::Node object, std::string_view name) {
  return json::Members(object).integer(name);
}

bool true_member(json::Node object, std::string_view name) {
  return json::Members(object).flag(name);
}

std::vector<std::pair<std::string, std::string>> text_map(json::Node object,
                                                          std::string_view name) {
  std::vector<std::pair<std::string, std::string>> texts;
  const json::Node* found = member(object, name);
  if (found == nullptr) return texts;
  for (const json::Member& each : found->members()) {
    if (each.value.is_string()) texts.emplace_back(each.key.string(), each.value.string());
  }
  return texts;
}

Result<std::string, ServiceError> required_text(json::Node object, std::string_view name) {
  if (auto text = text_member(object, name)) return std::move(*text);
  return Err{validation_error(
      fmt::format("Value null at '{}{}' failed to satisfy constraint: Member must not be null",
                  static_cast<char>(name.front() | 0x20), name.substr(1)))};
}

}  // namespace pawl::lambda
