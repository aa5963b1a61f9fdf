// A template's outputs, evaluated.
#pragma once

#include <string>
#include <vector>

#include "services/cloudformation/records.h"
#include "templates/evaluate.h"

namespace pawl::cloudformation {

// What the outputs are, with the names that they are exported under. Those that wait for resources
// which the scope does not know are left out. The error is the stack's reason.
Result<std::vector<StackOutput>, std::string> evaluated_outputs(const templates::Scope& scope);

}  // namespace pawl::cloudformation
