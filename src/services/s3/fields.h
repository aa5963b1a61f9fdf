// Reading an operation's input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/members.h"
#include "json/number.h"

namespace pawl::s3 {

// Headers and queries come as texts, whatever the member's type is.
class Fields : public json::Members {
 public:
  using Members::Members;

  // Empty when absent.
  std::string text(std::string_view name) const {
    const json::Node* found = node(name);
    if (found != nullptr && found->is_number()) return std::string(found->number_text());
    return std::string(text_or(name, {}));
  }
  std::optional<std::int64_t> integer(std::string_view name) const {
    const std::string digits = text(name);
    return json::is_integral_text(digits) ? json::to_int64(digits) : std::nullopt;
  }
};

}  // namespace pawl::s3
