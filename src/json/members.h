// Reading the members of an object whose document may be of any shape: what is absent, null or of
// another type reads as nothing. The services' operations read their inputs so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace pawl::json {

class Members {
 public:
  // The object's document outlives this reader.
  explicit Members(Node object) : object_(object) {}

  // nullptr when absent or null.
  const Node* node(std::string_view name) const;
  bool has(std::string_view name) const { return node(name) != nullptr; }
  std::optional<std::string_view> text(std::string_view name) const;
  std::string_view text_or(std::string_view name, std::string_view fallback) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  std::optional<double> real(std::string_view name) const;
  bool flag(std::string_view name, bool fallback = false) const;
  // The strings of an array, in order.
  std::vector<std::string> texts(std::string_view name) const;

 private:
  Node object_;
};

}  // namespace pawl::json
