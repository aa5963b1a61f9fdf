// The control groups of one environment: memory and number of processes, bounded by the kernel.
#pragma once

#include "functions/environment/plan.h"

namespace pawl::functions::environment {

// Makes the groups and sets their limits. Null, or the step that failed (errno says why).
const char* make_groups(const Plan& plan);
// Moves the calling process, and so its children to come, into them.
const char* join_groups(const Plan& plan);
// When nobody is in them any more.
void remove_groups(const Plan& plan);

}  // namespace pawl::functions::environment
