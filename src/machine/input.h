// Inputs: the closed set of stimuli that an execution reacts to. An Input that no longer fits (a
// second answer for a task, a timer of a state that was left) makes an empty Step.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "machine/event.h"

namespace pawl::machine {

// The first Input of every execution.
struct Start {
  json::Value input;
};
// Somebody took the task up: an activity worker's poll. Lambda functions and services are started
// by the same step that schedules them.
struct TaskTaken {
  EventId task;
  std::optional<std::string> worker_name;
};
// The request of a `.sync` or `.waitForTaskToken` task was accepted.
struct TaskAccepted {
  EventId task;
  json::Value output;
};
struct TaskReturned {
  EventId task;
  json::Value output;
};
struct TaskFaulted {
  EventId task;
  TaskFailure failure;
  Fault fault;
};
struct HeartbeatExpired {
  EventId task;
};

// Timers are named by what they guard, so that a late one can be told from a valid one.
struct TimerId {
  enum class Kind : std::uint8_t { kWait = 1, kRetry = 2, kTaskTimeout = 3, kExecutionTimeout = 4 };
  Kind kind;
  // kWait: the StateEntered; kRetry: the StateEntered of the retried state; kTaskTimeout: the task;
  // kExecutionTimeout: 0.
  EventId event;
  friend auto operator<=>(const TimerId&, const TimerId&) = default;
};
struct TimerFired {
  TimerId timer;
};
struct MapRunFinished {
  EventId map_run;
  MapRunEnd end;
  Fault fault;         // of kFailed
  json::Value result;  // of kSucceeded
};
// StopExecution.
struct Stop {
  Fault fault;
};
// RedriveExecution. Whether it may be redriven is mostly the caller's to know (A4.23); here the
// execution must have ended without success, and its history must have room.
struct Redrive {};
// What halted is tried again, with all its attempts; a Distributed Map goes on with its Map Run.
struct TryAgain {};
// What halted first fails after all, as if the machine had never asked to halt.
struct GiveUp {};
// The execution's events are another one's: go on from there.
struct Fork {
  std::optional<json::Value> input;  // replaces that of the state where `target` stands
  StrandId target = 0;
};
// Go on from wherever the execution is: after a capped Step, a crash, a fork.
struct Continue {};

using Input =
    std::variant<Start, TaskTaken, TaskAccepted, TaskReturned, TaskFaulted, HeartbeatExpired,
                 TimerFired, MapRunFinished, Stop, Redrive, TryAgain, GiveUp, Fork, Continue>;

}  // namespace pawl::machine
