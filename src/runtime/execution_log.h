// The seam to where an execution's events are logged (loggingConfiguration, step-functions.md D5).
#pragma once

#include <functional>
#include <vector>

#include "machine/decide.h"

namespace pawl::runtime {

class ExecutionLog {
 public:
  virtual ~ExecutionLog() = default;

  // The events of one step, hidden ones included, rendered now, on the caller's thread. The answer
  // hands the lines over: without blocking, from any thread, once the events are facts. Empty: the
  // log takes none of them.
  using Delivery = std::function<void()>;
  virtual Delivery prepare(const machine::Identity& identity, std::int32_t redrive_count,
                           const std::vector<machine::Event>& events) const = 0;
};

}  // namespace pawl::runtime
