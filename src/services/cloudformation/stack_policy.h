// Stack policies: which resources an update may touch, and how.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::cloudformation {

enum class UpdateAction { kModify, kReplace, kDelete };

struct PolicyQuestion {
  UpdateAction action;
  std::string_view logical_id, type;
};

// Why the policy does not allow it; nothing where it does, or where there is no policy. A policy
// allows only what one of its statements allows and none denies.
std::optional<std::string> denied_by(std::string_view policy, const PolicyQuestion& question);

// Whether the text is a policy at all; the error says why not.
Result<void, std::string> check_stack_policy(std::string_view policy);

}  // namespace pawl::cloudformation
