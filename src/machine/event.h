// Events: the durable facts of an execution, in the order in which they happened.
//
// One visible event of GetExecutionHistory is one Event with its own id, previous id, time and
// final texts (decision D7); the others ("hidden", id 0) record decisions that the history of AWS
// does not show: when a wait is due, which retry comes when. Replay is `apply` alone, so an Event
// carries everything that `apply` needs and never refers to the definition.
//
// The enum values are durable: never renumber, never reuse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "json/value.h"
#include "machine/fault.h"
#include "machine/map_run_events.h"

namespace pawl::machine {

enum class StateType : std::uint8_t {
  kPass = 1,
  kTask = 2,
  kChoice = 3,
  kWait = 4,
  kSucceed = 5,
  kFail = 6,
  kParallel = 7,
  kMap = 8,
};

// Which family of task events a task writes: LambdaFunction*, Activity* or Task*.
enum class TaskKind : std::uint8_t { kLambdaFunction = 1, kActivity = 2, kService = 3 };

struct ExecutionStarted {
  json::Value input;
  std::string role_arn;
  std::string start_pointer;             // of the first state
  std::optional<WallMillis> timeout_at;  // top-level TimeoutSeconds
};

// ExecutionSucceeded, ExecutionFailed, ExecutionAborted, ExecutionTimedOut.
struct ExecutionSucceeded {
  json::Value output;
};
struct ExecutionFailed {
  Fault fault;
};
struct ExecutionAborted {
  Fault fault;
};
struct ExecutionTimedOut {
  Fault fault;
};

// <Type>StateEntered. The strand of the event is at the state from here on.
struct StateEntered {
  StateType type;
  std::string name;
  std::string pointer;
  json::Value input;
};

// <Type>StateExited. `assigned` is an object (variable -> value) when anything was assigned.
struct StateExited {
  StateType type;
  std::string name;
  json::Value output;
  std::optional<json::Value> assigned;
  // Pointer of the state that the strand enters next; empty: the strand ends with this output.
  std::string next_pointer;
};

// <Type>StateAborted.
struct StateAborted {
  StateType type;
};

// TaskScheduled, LambdaFunctionScheduled, ActivityScheduled: the task's id is this event's id.
struct TaskScheduled {
  TaskKind kind;
  std::string resource;       // ARN for Lambda functions and activities, "invoke" for services
  std::string resource_type;  // "lambda", "states", "aws-sdk:s3"; services only
  std::string region;         // services only
  json::Value parameters;     // shown as `input` for Lambda functions and activities
  std::optional<std::int64_t> timeout_seconds;  // only what the state sets
  std::optional<std::int64_t> heartbeat_seconds;
  std::optional<std::string> credentials_role_arn;
  std::int32_t retry_count = 0;  // attempts of this visit before this one
  std::optional<WallMillis> timeout_at;
};
// TaskStarted, LambdaFunctionStarted, ActivityStarted.
struct TaskStarted {
  TaskKind kind;
  EventId task;
  std::string resource;
  std::string resource_type;
  std::optional<std::string> worker_name;  // activities
};
// TaskSubmitted: `.sync` and `.waitForTaskToken` only.
struct TaskSubmitted {
  EventId task;
  std::string resource;
  std::string resource_type;
  json::Value output;
};
struct TaskSucceeded {
  TaskKind kind;
  EventId task;
  std::string resource;
  std::string resource_type;
  json::Value output;
};
// TaskFailed, TaskTimedOut, TaskStartFailed, TaskSubmitFailed and their Lambda and activity twins.
enum class TaskFailure : std::uint8_t {
  kFailed = 1,
  kTimedOut = 2,
  kScheduleFailed = 3,
  kStartFailed = 4,
  kSubmitFailed = 5,
};
struct TaskFailed {
  TaskKind kind;
  TaskFailure failure;
  EventId task;
  std::string resource;
  std::string resource_type;
  Fault fault;             // as shown in the history
  bool heartbeat = false;  // timed out by the heartbeat: States.HeartbeatTimeout matches it as well
};

// ParallelStateStarted: opens one strand a branch.
struct ParallelStarted {
  std::vector<std::string> branch_pointers;  // of each branch's first state
  json::Value input;                         // of every branch
};
// MapStateStarted.
struct MapStarted {
  json::Value items;  // the array that is mapped over
  std::int64_t length;
  std::int64_t concurrency;   // most iterations at once
  std::string start_pointer;  // of the item processor's first state
};
// MapIterationStarted: opens a strand for item `index`.
struct MapIterationStarted {
  std::string name;  // the Map state's
  std::int64_t index;
  StrandId child;
  json::Value input;
};
enum class MapIterationEnd : std::uint8_t { kSucceeded = 1, kFailed = 2, kAborted = 3 };
struct MapIterationEnded {
  MapIterationEnd end;
  std::string name;
  std::int64_t index;
  StrandId child;
};
// ParallelStateSucceeded, MapStateSucceeded: `result` is the array of the branches' outputs.
struct ContainerSucceeded {
  StateType type;
  json::Value result;
};
// ParallelStateFailed, MapStateFailed: the retries are used up.
struct ContainerFailed {
  StateType type;
};

// A JSONata expression failed, or answered what its field cannot take.
struct EvaluationFailed {
  Fault fault;
  std::optional<std::string> location;  // of the field in its state: "Output/a", "Choices[1]/..."
  std::string state;
  bool in_catcher = false;  // of a Catch clause's own expression: neither retried nor caught
};

// Hidden. The strand's Wait state is due at `due`.
struct WaitStarted {
  WallMillis due;
};
// Hidden. The strand's failed state starts again at `due`, by its retrier number `retrier`.
struct RetryScheduled {
  std::int32_t retrier;
  WallMillis due;
};
// Hidden. A fault that no visible event carries reached the strand's state: a Fail state's own, or
// a child's. The events that follow end all children, the failed one first.
struct FaultRaised {
  Fault fault;
  EventId caused_by = 0;   // what the events that follow point at
  StrandId child = 0;      // whose fault it is; 0: the state's own
  bool heartbeat = false;  // States.HeartbeatTimeout matches the fault as well
};

// A closed execution goes on from where it halted (step-functions.md A4.23).
struct ExecutionRedriven {
  std::int32_t redrive_count;
  std::optional<WallMillis> timeout_at;  // top-level TimeoutSeconds, counted anew
};

// Hidden. The events before it are another execution's; this one goes on from them, maybe with
// another definition (docs/extensions.md).
struct ExecutionForked {
  std::optional<json::Value> input;      // replaces that of the strand's state
  StrandId target;                       // whose input it is
  std::optional<WallMillis> timeout_at;  // top-level TimeoutSeconds, counted anew
};
// Hidden. The strand's state failed for good, and the execution halts there instead of failing
// (docs/adr/0026); or the state is tried again.
enum class HaltChange : std::uint8_t { kHalts = 1, kTriesAgain = 2 };
struct HaltChanged {
  HaltChange change;
  // Of kHalts: a fault that the state's strand does not have already, because nothing above it
  // could handle it (States.Runtime).
  std::optional<Fault> fault;
};

struct Event {
  using Body =
      std::variant<ExecutionStarted, ExecutionSucceeded, ExecutionFailed, ExecutionAborted,
                   ExecutionTimedOut, StateEntered, StateExited, StateAborted, TaskScheduled,
                   TaskStarted, TaskSubmitted, TaskSucceeded, TaskFailed, ParallelStarted,
                   MapStarted, MapIterationStarted, MapIterationEnded, ContainerSucceeded,
                   ContainerFailed, EvaluationFailed, WaitStarted, RetryScheduled, FaultRaised,
                   ExecutionRedriven, DistributedMapStarted, MapRunStarted, MapRunEnded,
                   ExecutionForked, MapRunRedriven, HaltChanged>;

  EventId id = 0;        // 0: hidden
  EventId previous = 0;  // previousEventId
  WallMillis time = 0;   // never before the execution's last event
  StrandId strand = 0;
  Body body;
  bool visible() const { return id != 0; }
};

}  // namespace pawl::machine
