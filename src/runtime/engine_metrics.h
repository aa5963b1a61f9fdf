// What the engine counts while it runs executions.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "base/metrics.h"
#include "machine/execution.h"

namespace pawl::runtime {

struct EngineMetrics {
  Counter started;
  std::array<Counter, 4> closed;  // by status, kSucceeded first
  Counter transitions;            // states entered
  Counter loaded;                 // executions that came back into memory
  std::atomic<std::int64_t> open{0};
  std::atomic<std::int64_t> paused{0};  // by themselves
  std::atomic<std::int64_t> halted{0};
  LatencyHistogram function_tasks;  // from handing a task out to its answer
  LatencyHistogram service_tasks;

  // What one step did to an execution.
  void count(const std::vector<machine::Event>& events);
  void write(MetricsText& out) const;
};

}  // namespace pawl::runtime
