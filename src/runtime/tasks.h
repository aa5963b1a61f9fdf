// The seam between executions and whoever does their work.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "machine/command.h"
#include "runtime/execution_id.h"

namespace pawl::runtime {

// One task to run. Redelivered after a crash with the same ids (decision D16).
struct TaskRequest {
  ExecutionId execution;
  machine::EventId task = 0;
  ExecutionNames names;
  std::string role_arn;
  std::string state_name;
  machine::TaskScheduled scheduled;
  // The answer of the accepting service is already on record: only the end is missing.
  bool submitted = false;
  MonotonicMicros handed_out = 0;
};

// Runs tasks on Lambda functions and services. The outcome comes back through
// Engine::deliver (TaskReturned, TaskFaulted, TaskAccepted), on any thread.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;
  // Must not block. Called after the task is durable.
  virtual void run(TaskRequest request) = 0;
  // Nobody waits for this task any more; best effort.
  virtual void cancel(const ExecutionId& execution, machine::EventId task) = 0;
};

}  // namespace pawl::runtime
