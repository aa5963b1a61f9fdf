// Namespaces and mounts of one environment: the function sees /var/task, /var/runtime and a /tmp of
// its own, as on AWS.
#pragma once

#include "functions/environment/plan.h"

namespace pawl::functions::environment {

// New mount, process and IPC namespaces for the next child; without root, in a new user namespace
// that maps only the caller. False: errno says why.
bool unshare_namespaces();

// In the new namespaces. Null, or the step that failed (errno says why).
const char* mount_private_tree(const Plan& plan);

}  // namespace pawl::functions::environment
