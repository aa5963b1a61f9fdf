// One call of `decide` in progress: collects the events, applies each as soon as it is decided, and
// derives the commands from it.
//
// Every transition of a strand decides exactly one event from nothing but the execution's state,
// the definition and the context. That is why every prefix of the events is a state from which
// decide(Continue) goes on (decision D3), and why a step may be capped anywhere.
#pragma once

#include <optional>

#include "machine/recovery.h"
#include "machine/work.h"

namespace pawl::machine {

class Stepper {
 public:
  Stepper(Execution& execution, const Context& context)
      : execution_(execution), context_(context), rng_(context.seed) {
    step_.events.reserve(kEventsOfSmallStep);
  }

  const Execution& execution() const { return execution_; }
  const Context& context() const { return context_; }
  WallMillis now() const;

  // Appends and applies the event; its id follows from its kind. When the history is full the
  // execution fails instead (limits.history_events_max).
  void emit(StrandId strand, EventId previous, Event::Body body);
  // The same, pointing at the strand's last event.
  void emit_next(StrandId strand, Event::Body body);
  // The event, or what its failure means: EvaluationFailed, or the end of the execution.
  void emit_next(StrandId strand, NextEvent next);

  // Decides the next event of a ready strand.
  void advance(StrandId strand);
  // Begins (again) the work of the state that the strand is in.
  void begin_work(const Strand& strand);
  void end_wait(const Strand& strand);
  // Fails what had halted.
  void give_up(const Strand& halted);

  bool capped() const;
  Step finish(bool more);

 private:
  static constexpr std::size_t kEventsOfSmallStep = 16;

  const asl::State& state_at(const Strand& strand) const;
  Work work_of(const Strand& strand);

  void emit_evaluation_failure(const Strand& strand, EvaluationFailed failure);
  void enter(const Strand& strand);
  void start_task(const Strand& strand);
  void start_map_run(const Strand& strand);
  void advance_children(const Strand& strand);
  void end_strand(const Strand& strand);
  void handle_fault(const Strand& strand);
  void handle_failed(const Strand& strand);
  void abort_next(const Strand& failed);
  // The fault leaves the strand's state for good, or the execution halts there.
  void leave_failed(const Strand& strand);
  void pass_up(const Strand& strand, const Fault& fault);
  bool halts_at(const Strand& strand) const;

  Execution& execution_;
  const Context& context_;
  SeededRng rng_;
  Step step_;
  std::size_t bytes_ = 0;
};

}  // namespace pawl::machine
