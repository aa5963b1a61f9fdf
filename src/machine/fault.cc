// A fault on its way: it ends the children of its state, is tried again, is caught, or goes up to
// the state around it, and at the top it fails the execution (step-functions.md B11 step 4, D4).
#include "machine/error_match.h"
#include "machine/stepper.h"
#include "machine/strand_tree.h"

namespace pawl::machine {

void Stepper::handle_fault(const Strand& strand) {
  if (!strand.children.empty()) return abort_next(strand);
  if (!strand.fault_final) {
    auto retry = find_retry(work_of(strand));
    if (retry) return emit_next(strand.id, Event::Body(*std::move(retry)));
  }
  const bool container =
      strand.state_type == StateType::kParallel || strand.state_type == StateType::kMap;
  if (container) return emit_next(strand.id, Event::Body(ContainerFailed{strand.state_type}));
  handle_failed(strand);
}

void Stepper::handle_failed(const Strand& strand) {
  std::optional<NextEvent> exit;
  if (!strand.fault_final) exit = find_catch(work_of(strand));
  if (!exit) return leave_failed(strand);
  if (!exit->ok()) {
    // No second catcher looks at what fails in the first one's own clause.
    if (const auto* failure = std::get_if<EvaluationFailed>(&exit->error())) {
      EvaluationFailed final_failure = *failure;
      final_failure.in_catcher = true;
      return emit_evaluation_failure(strand, std::move(final_failure));
    }
  }
  emit_next(strand.id, *std::move(exit));
}

void Stepper::leave_failed(const Strand& strand) {
  if (halts_at(strand)) {
    return emit_next(strand.id, Event::Body(HaltChanged{HaltChange::kHalts, std::nullopt}));
  }
  pass_up(strand, strand.fault);
}

// Where the machine wants it: at the state whose own failure would fail the execution. A Fail state
// is the definition's own decision, also where it ends a branch; and what a state around retries or
// catches fails nothing.
bool Stepper::halts_at(const Strand& strand) const {
  if (context_.on_failure != OnFailure::kHalts) return false;
  if (strand.state_type == StateType::kFail || strand.failed_child != 0) return false;
  const Strand* inner = &strand;
  while (!is_top(*inner)) {
    inner = &strand_at(execution_, inner->parent);
    if (handles(state_at(*inner), *inner, strand)) return false;
  }
  return true;
}

void Stepper::give_up(const Strand& halted) {
  const Halt halt = *halted.halt;
  if (halt.ends_execution) return emit_next(halted.id, Event::Body(ExecutionFailed{halt.fault}));
  pass_up(halted, halt.fault);
}

void Stepper::pass_up(const Strand& strand, const Fault& fault) {
  if (is_top(strand)) return emit_next(strand.id, Event::Body(ExecutionFailed{fault}));
  emit_next(strand.parent, Event::Body(FaultRaised{.fault = fault,
                                                   .caused_by = strand.tail,
                                                   .child = strand.id,
                                                   .heartbeat = strand.fault_heartbeat}));
}

// The failed child first, then the others in order; of each, its iteration, its state, then what is
// below. All of these events point at the one that failed.
void Stepper::abort_next(const Strand& failed) {
  const Strand* parent = &failed;
  const Strand* child = &strand_at(execution_, failed.children.front());
  while (!child->iteration_open && !child->state_open) {
    parent = child;
    child = &strand_at(execution_, child->children.front());
  }
  if (!child->iteration_open) {
    return emit(child->id, failed.tail, Event::Body(StateAborted{child->state_type}));
  }
  const bool itself = parent->failed_child == child->id;
  emit(parent->id, failed.tail,
       Event::Body(
           MapIterationEnded{.end = itself ? MapIterationEnd::kFailed : MapIterationEnd::kAborted,
                             .name = parent->state_name,
                             .index = child->index,
                             .child = child->id}));
}

}  // namespace pawl::machine
