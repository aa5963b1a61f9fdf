// Commands: the effects that a Step asks for. They are released after its events are durable, and
// a crash may release them twice: ids stay the same, so that whoever can deduplicate does.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "machine/input.h"

namespace pawl::machine {

// How far an open task has got. Only pending_commands tells of other stages than kScheduled: a
// restart must not offer a taken activity task again, nor send a submitted request again.
enum class TaskStage { kScheduled, kTaken, kSubmitted };
// Run (or offer to workers) the task. Exactly the TaskScheduled event, plus what it is for.
struct RunTask {
  EventId task;
  std::string state_name;
  TaskScheduled scheduled;
  TaskStage stage = TaskStage::kScheduled;
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

// Run the Map Run: exactly the MapRunStarted event, or the MapRunRedriven event with which it goes
// on. Its end comes back as MapRunFinished.
struct StartMapRun {
  EventId map_run;
  std::string arn;
  json::Value settings;
  std::int32_t redrive_count = 0;
};
// Nobody waits for the Map Run's end any more: stop its children.
struct StopMapRun {
  EventId map_run;
  std::string arn;
};

using Command = std::variant<RunTask, CancelTask, SetTimer, CancelTimer, StartMapRun, StopMapRun>;

}  // namespace pawl::machine
