#include "services/lambda/fields.h"

#include <fmt/format.h>

#include "json/number.h"

namespace pawl::lambda {

const json::Node* member(json::Node object, std::string_view name) {
  const json::Node* found = object.find(name);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

std::optional<std::string> text_member(json::Node object, std::string_view name) {
  const json::Node* found = member(object, name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string(found->string());
}

std::optional<std::int64_t> integer_member(json::Node object, std::string_view name) {
  const json::Node* found = member(object, name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return json::to_int64(found->number_text());
}

bool true_member(json::Node object, std::string_view name) {
  const json::Node* found = member(object, name);
  return found != nullptr && found->is_boolean() && found->boolean();
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
