// Reads members of an operation's input or of a record. The API layer has checked shapes and
// constraints; calls from within (a task on aws-sdk:lambda) have not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "services/lambda/errors.h"

namespace pawl::lambda {

// nullptr when absent or null.
const json::Node* member(json::Node object, std::string_view name);
std::optional<std::string> text_member(json::Node object, std::string_view name);
std::optional<std::int64_t> integer_member(json::Node object, std::string_view name);
bool true_member(json::Node object, std::string_view name);
// The string members of an object member, in order.
std::vector<std::pair<std::string, std::string>> text_map(json::Node object, std::string_view name);
Result<std::string, ServiceError> required_text(json::Node object, std::string_view name);

}  // namespace pawl::lambda
