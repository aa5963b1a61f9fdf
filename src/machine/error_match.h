// Which ErrorEquals lists the fault of a strand matches (step-functions.md B7).
#pragma once

#include <string>
#include <vector>

#include "machine/execution.h"

namespace pawl::machine {

// Names are compared exactly. `States.ALL` matches every fault, `States.TaskFailed` every one but
// States.Timeout and States.DataLimitExceeded; a missed heartbeat, shown as States.Timeout, is
// matched by `States.HeartbeatTimeout` as well.
bool matches(const std::vector<std::string>& error_equals, const Strand& strand);

}  // namespace pawl::machine
