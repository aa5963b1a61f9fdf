// The state of one execution: what its Events add up to. Changed by `apply` alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "machine/command.h"
#include "machine/event.h"

namespace pawl::machine {

enum class Status : std::uint8_t {
  kNotStarted = 0,
  kRunning = 1,
  kSucceeded = 2,
  kFailed = 3,
  kTimedOut = 4,
  kAborted = 5,
};

// Where a strand stands between two events. Each is a place from which decide(Continue) goes on.
enum class Phase : std::uint8_t {
  kEntering = 1,  // about to enter `pointer` with `data`
  kEntered = 2,   // in the state, its work not begun (again)
  kWaiting = 3,   // a Wait state until `due`
  kTask = 4,      // a task is open
  kBackoff = 5,   // a retry comes at `due`
  kChildren = 6,  // a Parallel or Map state whose strands run
  kResult = 7,    // the work's raw result is `data`; the state is not left yet
  kFault = 8,     // `fault` ends the children that are left; then it is retried, caught, or goes up
  kEnded = 9,     // the strand's last state was left with `data`
  kFailed = 10,   // the Parallel or Map state's *Failed event is written: caught, or it goes up
  kAborting =
      11,  // the parent failed: what `iteration_open` and `state_open` tell is yet to be ended
  kMapStarted = 12,  // a Distributed Map has its items, its Map Run is yet to be started
  kMapRun = 13,      // a Map Run is open
  kMapRunDone = 14,  // the Map Run succeeded with `data`
};

struct OpenTask {
  EventId id = 0;
  TaskScheduled scheduled;
  bool started = false;
  bool submitted = false;
};

struct OpenMap {
  json::Value items;
  std::int64_t length = 0;
  std::int64_t concurrency = 0;
  std::int64_t next_index = 0;
  // Where the next MapIterationStarted points: MapStateStarted, then the last state event of the
  // iteration that made room.
  EventId previous = 0;
  std::string start_pointer;
};

// The Map Run of a Distributed Map. Its children are executions of their own; who runs it knows
// them.
struct OpenMapRun {
  EventId id = 0;  // 0: not started yet
  std::string arn;
  json::Value settings;
  json::Value items;  // null: an ItemReader has them
  EventId ended = 0;
  std::int32_t redrive_count = 0;
};

// The strand's state failed for good; it stands where it was until it is tried again, or given up.
struct Halt {
  WallMillis since = 0;
  Fault fault;
  bool ends_execution = false;  // given up, it fails the execution whatever is around the state
};

struct Strand {
  StrandId id = 0;
  StrandId parent = 0;     // meaningless for the top level
  std::int64_t index = 0;  // branch or iteration number in the parent
  Phase phase = Phase::kEntering;
  // Last advancing event of this strand: the next one's previousEventId (step-functions.md D3).
  EventId tail = 0;

  std::string pointer;  // of the current state, or of the one to enter
  std::string state_name;
  StateType state_type{};
  EventId entered = 0;  // id of the StateEntered
  EventId entered_previous = 0;
  WallMillis entered_time = 0;
  json::Value input;            // raw input of the current state
  json::Value data;             // by phase, see above
  Fault fault;                  // of kFault and kFailed
  EventId failed_previous = 0;  // of kFailed: where the *Failed event points
  bool fault_heartbeat = false;
  bool fault_final = false;     // nothing retries or catches it
  StrandId failed_child = 0;    // whose fault it is; 0: the state's own
  bool iteration_open = false;  // of kAborting: no MapIterationFailed or MapIterationAborted yet
  bool state_open = false;      // of kAborting: no <Type>StateAborted yet

  std::optional<Halt> halt;  // set: no Input but TryAgain and GiveUp, and no turn, moves the strand

  std::vector<std::int32_t> retries;  // used attempts by retrier number, of this visit
  std::int32_t retry_count = 0;
  WallMillis due = 0;
  std::optional<OpenTask> task;
  std::optional<OpenMap> map;
  std::optional<OpenMapRun> map_run;
  std::vector<StrandId> children;                   // open ones, in order
  std::vector<std::optional<json::Value>> results;  // of ended children, by index

  // Variables assigned in this strand's own scope.
  std::map<std::string, json::Value, std::less<>> variables;
};

struct Execution {
  Status status = Status::kNotStarted;
  WallMillis start_time = 0;
  WallMillis stop_time = 0;
  WallMillis last_time = 0;
  EventId last_event = 0;
  std::uint64_t event_count = 0;  // hidden ones included
  StrandId next_strand = 1;
  json::Value input;
  json::Value output;  // of kSucceeded
  Fault fault;         // of kFailed, kAborted
  std::string role_arn;
  std::optional<WallMillis> timeout_at;
  std::map<StrandId, Strand> strands;  // open ones; empty once closed
  // The strands that go on without any Input, in the order of their turns. Kept by `apply`.
  std::vector<StrandId> ready;
  // The strands that an Input will wake: by their open task, or by the StateEntered of their wait
  // or backoff. Follows from `strands`; kept by `apply`, in no image.
  std::map<EventId, StrandId> waiting;
  // Strands as they were when a fault, or the end of an execution that did not succeed, halted
  // them: what a redrive restarts. Those of a Parallel or Map state that retries or is caught are
  // dropped.
  std::map<StrandId, Strand> halted;
  std::int32_t redrive_count = 0;
  WallMillis redrive_time = 0;  // of the last one; 0: none

  bool closed() const { return status > Status::kRunning; }
};

// Makes the event's change. Cannot fail: an event that does not fit is a bug. Reads only its
// arguments, never a definition, and evaluates nothing (invariant 2).
void apply(Execution& execution, const Event& event);

// The commands that a restart must release again: every open task and timer. What decide's
// commands added up to, as far as they are still open.
std::vector<Command> pending_commands(const Execution& execution);

// The strand whose state has been halted the longest; nullptr: none is.
const Strand* first_halted(const Execution& execution);

// A digest of the whole state, for the replay properties. Stable within one build only.
std::uint64_t hash(const Execution& execution);

}  // namespace pawl::machine
