// Namespaces and mounts of one environment: the function's world is a root directory of its own,
// which holds nothing of the machine but what the plan binds into it.
#pragma once

#include "functions/environment/plan.h"

namespace pawl::functions::environment {

// New mount, process, IPC and host name namespaces for the next child; without root's rights in a
// new user namespace that maps only the caller. False: errno says why.
bool unshare_namespaces(const Plan& plan);

// In the new namespaces. Null, or the step that failed (errno says why).
const char* enter_world(const Plan& plan);

}  // namespace pawl::functions::environment
