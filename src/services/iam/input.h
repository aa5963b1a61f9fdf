// Reading an operation's input; IAM's errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/members.h"
#include "json/number.h"
#include "runtime/operations.h"

namespace pawl::iam {

using runtime::ServiceError;

class Input : public json::Members {
 public:
  using Members::Members;

  // Empty when absent; anything but a text as JSON: documents may be given as objects.
  std::string text(std::string_view name) const {
    const json::Node* found = node(name);
    if (found == nullptr) return {};
    return found->is_string() ? std::string(found->string()) : json::print(*found);
  }
  // Numbers may come as texts: the query protocol has nothing else.
  std::int64_t integer(std::string_view name, std::int64_t fallback) const {
    const json::Node* found = node(name);
    const bool number = found != nullptr && found->is_number();
    const std::string_view digits = number ? found->number_text() : text_or(name, {});
    return json::to_int64(digits).value_or(fallback);
  }
  // Present, of these lengths and letters ([\w+=,.@-]).
  Result<std::string, ServiceError> name(std::string_view member, std::size_t size_max) const;
  Result<std::string, ServiceError> required(std::string_view member) const;
  // A policy: JSON with statements.
  Result<std::string, ServiceError> document(std::string_view member) const;
  // "/" unless given: begins and ends with a slash.
  Result<std::string, ServiceError> path() const;
};

ServiceError no_such_entity(std::string message);
ServiceError already_exists(std::string message);
ServiceError delete_conflict(std::string message);
ServiceError limit_exceeded(std::string message);
ServiceError malformed_policy(std::string message);
ServiceError invalid_input(std::string message);

}  // namespace pawl::iam
