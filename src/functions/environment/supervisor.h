// Runs the runtime as a child, watches its memory, and leaves nothing behind.
#pragma once

#include "functions/environment/plan.h"

namespace pawl::functions::environment {

// Ends with the runtime, with the server, or when the memory limit is broken.
[[noreturn]] void supervise(const Plan& plan);

}  // namespace pawl::functions::environment
