// decide: the pure core (decision D1). No clock, I/O, randomness, threads or globals.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "asl/model.h"
#include "base/limits.h"
#include "machine/execution.h"
#include "machine/inspection.h"

namespace pawl::machine {

// What an execution is called; fixed at its start.
struct Identity {
  enum class Kind { kStandard, kExpress, kSynchronousExpress };

  std::string execution_arn;
  std::string execution_name;
  std::string state_machine_arn;  // unqualified
  std::string state_machine_name;
  std::string role_arn;
  std::string region;
  std::string trace_header{};  // where its trace belongs; no expression sees it
  Kind kind = Kind::kStandard;
};

// Whether an execution takes steps of its own, or only what it is told is written down: a paused
// one is `kHeld`, at some prefix of the events that it would have had.
enum class Motion { kGoes, kHeld };

// What becomes of an execution whose state failed for good.
enum class OnFailure { kFails, kHalts };

// What decide may know of the world. Time stands still within a step.
struct Context {
  const asl::Machine& definition;
  const Identity& identity;
  const Limits& limits;
  WallMillis now;
  std::uint64_t seed;  // all randomness of the step: jitter, States.UUID, States.MathRandom
  // The token of a task that will have this id (`$$.Task.Token`). A pure function.
  std::function<std::string(EventId)> task_token;
  // The ARN of the Map Run whose MapRunStarted will have this id. A pure function.
  std::function<std::string(const asl::State&, EventId)> map_run_arn{};
  // Whether an activity ARN names an activity; the answer is not stored, its outcome is.
  std::function<bool(std::string_view)> activity_exists;
  // TestState's; it outlives the step.
  Inspection* inspection = nullptr;
  // What a child of a Map Run runs instead of the machine's top level; nullptr: that.
  const asl::Block* processor = nullptr;
  Motion motion = Motion::kGoes;
  OnFailure on_failure = OnFailure::kFails;
};

struct Step {
  std::vector<Event> events;
  std::vector<Command> commands;
  // The step was capped (limits.step_fuel_max, step_bytes_max), or the execution is held and could
  // go on: commit, then decide(Continue) when it may.
  bool more = false;
};

// Advances the execution in place, only by `apply` of the events that it returns. Runs on until
// every strand waits for the outside world, or a cap. Every prefix of the events is a state from
// which decide(Continue) goes on (decision D3).
// A held execution takes answers, its start and its stop; timers, heartbeats and workers that ask
// for a task change nothing and are to come again.
Step decide(Execution& execution, const Input& input, const Context& context);

}  // namespace pawl::machine
