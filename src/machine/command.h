// Commands: the effects that a Step asks for. They are released after its events are durable, and
// a crash may release them twice: ids stay the same, so that whoever can deduplicate does.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "machine/input.h"

namespace pawl::machine {

// Run (or offer to workers) the task. Exactly the TaskScheduled event, plus what it is for.
struct RunTask {
  EventId task;
  std::string state_name;
  TaskScheduled scheduled;
};
// Nobody waits for the task's answer any more; stop it if that is possible.
struct CancelTask {
  EventId task;
};
// Wake the execution at `due`, not before. Setting an id again moves the timer.
struct SetTimer {
  TimerId timer;
  WallMillis due;
};
struct CancelTimer {
  TimerId timer;
};

using Command = std::variant<RunTask, CancelTask, SetTimer, CancelTimer>;

}  // namespace pawl::machine
