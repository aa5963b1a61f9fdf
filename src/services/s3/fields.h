// Reading an operation's input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/number.h"
#include "json/value.h"

namespace pawl::s3 {

class Fields {
 public:
  // What the node points into outlives this object.
  explicit Fields(json::Node root) : root_(root) {}

  const json::Node* node(std::string_view name) const {
    const json::Node* found = root_.find(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  bool has(std::string_view name) const { return node(name) != nullptr; }
  // Empty when absent.
  std::string text(std::string_view name) const {
    const json::Node* found = node(name);
    if (found == nullptr) return {};
    if (found->is_string()) return std::string(found->string());
    if (found->is_number()) return std::string(found->number_text());
    return {};
  }
  std::optional<std::int64_t> integer(std::string_view name) const {
    const json::Node* found = node(name);
    if (found == nullptr) return std::nullopt;
    if (found->is_number()) return json::to_int64(found->number_text());
    return found->is_string() && json::is_integral_text(found->string())
               ? json::to_int64(found->string())
               : std::nullopt;
  }
  bool flag(std::string_view name) const {
    const json::Node* found = node(name);
    return found != nullptr && found->is_boolean() && found->boolean();
  }

 private:
  json::Node root_;
};

}  // namespace pawl::s3
