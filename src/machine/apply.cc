// apply: what an event changes. The envelope is kept here; each family of events has its own file.
// Nothing here may be edited so that a stored event means something else: add an event instead
// (invariant 4).
#include "machine/apply.h"

#include "base/ensure.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

EventId waits_for(const Execution& execution, StrandId id) {
  const auto strand = execution.strands.find(id);
  return strand == execution.strands.end() ? 0 : waits_for(strand->second);
}

}  // namespace

void apply(Execution& execution, const Event& event) {
  const bool reopens = std::holds_alternative<ExecutionRedriven>(event.body);
  const bool forks = std::holds_alternative<ExecutionForked>(event.body);
  ENSURE(execution.closed() == reopens || forks, event.id);
  ENSURE(!event.visible() || event.id == execution.last_event + 1, event.id, execution.last_event);
  if (event.visible()) execution.last_event = event.id;
  execution.last_time = event.time;
  ++execution.event_count;
  const EventId waited_for = waits_for(execution, event.strand);
  std::visit([&](const auto& body) { apply_body(execution, event, body); }, event.body);
  const EventId waits = waits_for(execution, event.strand);
  if (waits == waited_for) return;
  execution.waiting.erase(waited_for);
  if (waits != 0) execution.waiting.emplace(waits, event.strand);
}

void apply_body(Execution& execution, const Event& event, const ExecutionStarted& body) {
  ENSURE(execution.status == Status::kNotStarted);
  execution.status = Status::kRunning;
  execution.start_time = event.time;
  execution.input = body.input;
  execution.role_arn = body.role_arn;
  execution.timeout_at = body.timeout_at;
  Strand& top = execution.strands[0];
  top.pointer = body.start_pointer;
  top.data = body.input;
  settle(execution, 0);
}

namespace {

void close(Execution& execution, const Event& event, Status status) {
  execution.status = status;
  execution.stop_time = event.time;
  if (status == Status::kSucceeded) {
    execution.halted.clear();
  } else {
    execution.halted.merge(execution.strands);  // what halted before stays as it was then
  }
  execution.strands.clear();
  execution.ready.clear();
  execution.waiting.clear();
}

}  // namespace

void apply_body(Execution& execution, const Event& event, const ExecutionSucceeded& body) {
  execution.output = body.output;
  close(execution, event, Status::kSucceeded);
}

void apply_body(Execution& execution, const Event& event, const ExecutionFailed& body) {
  execution.fault = body.fault;
  // The answer of the task that the execution failed over is asked for again by a redrive.
  Strand& failed = strand_at(execution, event.strand);
  if (failed.phase == Phase::kResult && failed.state_type == StateType::kTask) {
    failed.phase = Phase::kEntered;
  }
  close(execution, event, Status::kFailed);
}

void apply_body(Execution& execution, const Event& event, const ExecutionAborted& body) {
  execution.fault = body.fault;
  close(execution, event, Status::kAborted);
}

void apply_body(Execution& execution, const Event& event, const ExecutionTimedOut& body) {
  execution.fault = body.fault;
  close(execution, event, Status::kTimedOut);
}

}  // namespace pawl::machine
