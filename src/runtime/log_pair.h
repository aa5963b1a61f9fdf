// Two logs of one execution as one: where its machine logs, and the traces.
#pragma once

#include <memory>

#include "runtime/execution_log.h"

namespace pawl::runtime {

using SharedLog = std::shared_ptr<const ExecutionLog>;

// Either may be nullptr.
SharedLog both_logs(SharedLog first, SharedLog second);

}  // namespace pawl::runtime
