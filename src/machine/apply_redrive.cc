// What a redrive and a fork change: every strand goes on from where it halted (step-functions.md
// A4.23). And what halting changes, and trying again: a redrive of one state.
#include "base/ensure.h"
#include "machine/apply.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

bool is_container(const Strand& strand) {
  return strand.state_type == StateType::kParallel || strand.state_type == StateType::kMap;
}

// The state's work begins again, with all its attempts.
void begin_again(Strand& strand, EventId redriven) {
  strand.phase = Phase::kEntered;
  strand.tail = redriven;
  strand.data = json::Value();
  strand.due = 0;
  strand.task.reset();
  strand.map.reset();
  strand.map_run.reset();
  strand.children.clear();
  strand.results.clear();
  if (strand.state_type != StateType::kFail) return;
  strand.phase = Phase::kEntering;  // AWS: "re-enters the Fail state"
  strand.data = strand.input;
}

// What becomes of the Map Run of a Distributed Map that had begun it.
enum class MapRuns { kGoOn, kBeginAgain };

bool has_unfinished_map_run(const Strand& strand) {
  if (!strand.map_run || strand.map_run->id == 0) return false;
  return strand.phase == Phase::kMapRun || strand.phase == Phase::kMapStarted ||
         strand.phase == Phase::kFault || strand.phase == Phase::kFailed;
}

// With the children that have not succeeded; MapRunRedriven comes next.
void go_on_with_map_run(Strand& strand, EventId redriven) {
  strand.phase = Phase::kMapStarted;
  strand.tail = redriven;
}

void restart(Strand& strand, EventId redriven, MapRuns map_runs) {
  strand.retries.clear();
  strand.retry_count = 0;
  strand.fault = Fault();
  strand.fault_heartbeat = false;
  strand.fault_final = false;
  strand.failed_child = 0;
  strand.halt.reset();
  strand.iteration_open = false;
  strand.state_open = false;
  if (map_runs == MapRuns::kGoOn && has_unfinished_map_run(strand)) {
    return go_on_with_map_run(strand, redriven);
  }
  switch (strand.phase) {
    case Phase::kEntered:
    case Phase::kTask:
    case Phase::kBackoff:
    case Phase::kFault:
    case Phase::kFailed:
    case Phase::kAborting:
    case Phase::kMapStarted:
    case Phase::kMapRun:
    case Phase::kMapRunDone:
      return begin_again(strand, redriven);
    case Phase::kEntering:
    case Phase::kWaiting:  // until the same instant
    case Phase::kChildren:
    case Phase::kResult:
    case Phase::kEnded:
      return;
  }
}

// A state that failed because its data were too large runs again as a whole, and not only what
// failed of it.
bool runs_again_as_a_whole(const Strand& strand, const Fault& fault) {
  if (fault.error != "States.DataLimitExceeded" || !is_container(strand)) return false;
  return strand.phase == Phase::kChildren || strand.phase == Phase::kResult;
}

void restart_too_large(Execution& execution, EventId redriven) {
  Strand& top = strand_at(execution, 0);
  if (!runs_again_as_a_whole(top, execution.fault)) return;
  begin_again(top, redriven);
  std::erase_if(execution.strands, [](const auto& entry) { return entry.first != 0; });
}

// Everything goes on from where it halted; what begins again points at `last`.
void restart_all(Execution& execution, EventId last, MapRuns map_runs) {
  execution.strands = std::move(execution.halted);
  execution.halted.clear();
  execution.ready.clear();
  execution.waiting.clear();
  for (auto& [id, strand] : execution.strands) restart(strand, last, map_runs);
  restart_too_large(execution, last);
  for (const auto& [id, strand] : execution.strands) {
    settle(execution, id);
    if (const EventId waits = waits_for(strand)) execution.waiting.emplace(waits, id);
  }
  execution.status = Status::kRunning;
  execution.stop_time = 0;
  execution.fault = Fault();
}

}  // namespace

void apply_body(Execution& execution, const Event& event, const ExecutionRedriven& body) {
  ENSURE(execution.status != Status::kSucceeded, event.id);
  restart_all(execution, event.id, MapRuns::kGoOn);
  execution.timeout_at = body.timeout_at;
  execution.redrive_count = body.redrive_count;
  execution.redrive_time = event.time;
}

namespace {

void halt(Execution& execution, const Event& event, const HaltChanged& body) {
  Strand& strand = strand_at(execution, event.strand);
  strand.halt = Halt{.since = event.time,
                     .fault = body.fault.value_or(strand.fault),
                     .ends_execution = body.fault.has_value()};
  settle(execution, strand.id);
}

// The answer of a task is asked for again, as by a redrive; children that run go on.
void try_again(Execution& execution, const Event& event) {
  Strand& strand = strand_at(execution, event.strand);
  ENSURE(strand.halt, event.strand);
  const bool whole = strand.children.empty() && runs_again_as_a_whole(strand, strand.halt->fault);
  const bool answered = strand.phase == Phase::kResult && !is_container(strand);
  drop_halted(execution, strand.id);
  restart(strand, strand.tail, MapRuns::kGoOn);
  if (whole || answered) begin_again(strand, strand.tail);
  settle(execution, strand.id);
}

}  // namespace

void apply_body(Execution& execution, const Event& event, const HaltChanged& body) {
  switch (body.change) {
    case HaltChange::kHalts:
      return halt(execution, event, body);
    case HaltChange::kTriesAgain:
      return try_again(execution, event);
  }
}

void apply_body(Execution& execution, const Event&, const ExecutionForked& body) {
  ENSURE(execution.status != Status::kNotStarted && execution.status != Status::kSucceeded);
  execution.halted.merge(execution.strands);  // what halted before stays as it was then
  // Its Map Runs are the other execution's.
  restart_all(execution, execution.last_event, MapRuns::kBeginAgain);
  execution.timeout_at = body.timeout_at;
  execution.redrive_count = 0;
  execution.redrive_time = 0;
  const auto target = execution.strands.find(body.target);
  if (!body.input || target == execution.strands.end()) return;
  Strand& strand = target->second;
  (strand.phase == Phase::kEntering ? strand.data : strand.input) = *body.input;
}

}  // namespace pawl::machine
