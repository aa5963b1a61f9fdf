// What the events of every state change: entering, leaving, waiting, trying again.
#include "base/ensure.h"
#include "machine/apply.h"
#include "machine/strand_tree.h"

namespace pawl::machine {

void apply_body(Execution& execution, const Event& event, const StateEntered& body) {
  Strand& strand = strand_at(execution, event.strand);
  ENSURE(strand.phase == Phase::kEntering, event.id);
  strand.phase = Phase::kEntered;
  strand.tail = event.id;
  strand.pointer = body.pointer;
  strand.state_name = body.name;
  strand.state_type = body.type;
  strand.entered = event.id;
  strand.entered_previous = event.previous;
  strand.entered_time = event.time;
  strand.input = body.input;
  strand.data = json::Value();
  strand.map_run.reset();
  strand.retries.clear();
  strand.retry_count = 0;
  settle(execution, strand.id);
}

namespace {

void assign(Strand& strand, const json::Value& assigned) {
  for (const json::Member& member : assigned.root().members()) {
    strand.variables.insert_or_assign(std::string(member.key.string()),
                                      json::Value::of(member.value));
  }
}

void leave_work(Execution& execution, Strand& strand) {
  drop_halted(execution, strand.id);
  strand.due = 0;
  strand.fault = Fault();
  strand.fault_heartbeat = false;
  strand.fault_final = false;
  strand.failed_child = 0;
}

// A Parallel state collects its branches as they end; for a Map iteration MapIterationEnded does.
void end_branch(Execution& execution, const Strand& branch) {
  Strand& parent = strand_at(execution, branch.parent);
  parent.results.at(static_cast<std::size_t>(branch.index)) = branch.data;
  parent.tail = branch.tail;
  close_child(execution, branch.id);
  settle(execution, parent.id);
}

}  // namespace

void apply_body(Execution& execution, const Event& event, const StateExited& body) {
  Strand& strand = strand_at(execution, event.strand);
  strand.tail = event.id;
  strand.data = body.output;
  if (body.assigned) assign(strand, *body.assigned);
  leave_work(execution, strand);
  strand.pointer = body.next_pointer;
  strand.phase = body.next_pointer.empty() ? Phase::kEnded : Phase::kEntering;
  if (strand.phase == Phase::kEnded && !is_top(strand) &&
      strand_at(execution, strand.parent).state_type == StateType::kParallel) {
    end_branch(execution, strand);
    return;
  }
  settle(execution, strand.id);
  yield_turn(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const StateAborted&) {
  Strand& strand = strand_at(execution, event.strand);
  ENSURE(strand.phase == Phase::kAborting && strand.state_open, event.id);
  strand.state_open = false;
  close_if_ended(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const WaitStarted& body) {
  Strand& strand = strand_at(execution, event.strand);
  strand.phase = Phase::kWaiting;
  strand.due = body.due;
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const RetryScheduled& body) {
  Strand& strand = strand_at(execution, event.strand);
  const auto retrier = static_cast<std::size_t>(body.retrier);
  if (strand.retries.size() <= retrier) strand.retries.resize(retrier + 1);
  ++strand.retries[retrier];
  ++strand.retry_count;
  leave_work(execution, strand);
  if (body.due <= event.time) {
    strand.phase = Phase::kEntered;
  } else {
    strand.phase = Phase::kBackoff;
    strand.due = body.due;
  }
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const EvaluationFailed& body) {
  Strand& strand = strand_at(execution, event.strand);
  leave_work(execution, strand);
  strand.tail = event.id;
  strand.phase = Phase::kFault;
  strand.fault = body.fault;
  strand.fault_final = body.in_catcher;
  // Iterations that run when the next one's ItemSelector fails.
  strand.map.reset();
  strand.map_run.reset();
  strand.results.clear();
  abort_children(execution, strand);
  settle(execution, strand.id);
}

}  // namespace pawl::machine
