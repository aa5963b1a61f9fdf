// The Resource of a task: a function, an activity, or an action of a service.
#pragma once

#include <optional>
#include <string_view>

#include "asl/model.h"

namespace pawl::asl {

// Takes a resource ARN apart; nothing when it has none of the three forms. Whether a service has
// the action is asked of is_recognized.
std::optional<TaskResource> parse_resource(std::string_view arn);

// The action exists and offers the pattern, as far as the service publishes it: `aws-sdk` actions
// are not listed, their form is checked.
bool is_recognized(const TaskResource& resource);

}  // namespace pawl::asl
