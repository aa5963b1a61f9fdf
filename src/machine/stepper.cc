#include "machine/stepper.h"

#include <algorithm>

#include "machine/commands.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

template <class... Bodies>
bool is_one_of(const Event::Body& body) {
  return (std::holds_alternative<Bodies>(body) || ...);
}

bool is_hidden(const Event::Body& body) {
  return is_one_of<WaitStarted, RetryScheduled, FaultRaised, ExecutionForked, HaltChanged>(body);
}

bool ends_execution(const Event::Body& body) {
  return is_one_of<ExecutionSucceeded, ExecutionFailed, ExecutionAborted, ExecutionTimedOut>(body);
}

// The payload bytes that an event adds to what its strand had already.
struct NewBytes {
  const Strand* strand;

  std::size_t unless_had(const json::Value& payload) const {
    const bool had = payload.same_document(strand->input) || payload.same_document(strand->data);
    return had ? 0 : payload.bytes();
  }
  std::size_t operator()(const ExecutionStarted& body) const { return body.input.bytes(); }
  std::size_t operator()(const StateExited& body) const {
    return unless_had(body.output) + (body.assigned ? body.assigned->bytes() : 0);
  }
  std::size_t operator()(const TaskScheduled& body) const { return unless_had(body.parameters); }
  std::size_t operator()(const ParallelStarted& body) const { return unless_had(body.input); }
  std::size_t operator()(const MapStarted& body) const { return unless_had(body.items); }
  std::size_t operator()(const DistributedMapStarted& body) const { return unless_had(body.items); }
  std::size_t operator()(const MapRunStarted& body) const { return body.settings.bytes(); }
  std::size_t operator()(const MapRunEnded& body) const { return body.result.bytes(); }
  std::size_t operator()(const MapIterationStarted& body) const { return body.input.bytes(); }
  std::size_t operator()(const ContainerSucceeded& body) const { return body.result.bytes(); }
  template <class Body>
  std::size_t operator()(const Body&) const {
    return 0;
  }
};

std::size_t new_bytes(const Execution& before, const Event& event) {
  const auto strand = before.strands.find(event.strand);
  const bool known = strand != before.strands.end();
  return std::visit(NewBytes{known ? &strand->second : nullptr}, event.body);
}

Fault history_full(const Limits& limits) {
  return {.error = "States.Runtime",
          .cause = "The execution reached the maximum number of history events (" +
                   std::to_string(limits.history_events_max) + ")."};
}

}  // namespace

WallMillis Stepper::now() const { return std::max(context_.now, execution_.last_time); }

void Stepper::emit(StrandId strand, EventId previous, Event::Body body) {
  Event event{.id = 0, .previous = 0, .time = now(), .strand = strand, .body = std::move(body)};
  if (!is_hidden(event.body)) {
    event.id = execution_.last_event + 1;
    event.previous = previous;
    const bool last_place = event.id >= context_.limits.history_events_max;
    if (last_place && !ends_execution(event.body)) {
      event.body = ExecutionFailed{history_full(context_.limits)};
      event.previous = execution_.last_event;
      event.strand = 0;
    }
  }
  add_commands(execution_, event, step_.commands);
  bytes_ += new_bytes(execution_, event);
  apply(execution_, event);
  step_.events.push_back(std::move(event));
}

void Stepper::emit_next(StrandId strand, Event::Body body) {
  emit(strand, strand_at(execution_, strand).tail, std::move(body));
}

void Stepper::emit_next(StrandId strand, NextEvent next) {
  if (next.ok()) return emit_next(strand, std::move(next).value());
  Failure failure = std::move(next).error();
  if (auto* evaluation = std::get_if<EvaluationFailed>(&failure)) {
    return emit_evaluation_failure(strand_at(execution_, strand), std::move(*evaluation));
  }
  Fault fault = std::get<Fault>(std::move(failure));
  if (context_.on_failure == OnFailure::kHalts) {
    return emit_next(strand, Event::Body(HaltChanged{HaltChange::kHalts, std::move(fault)}));
  }
  emit_next(strand, Event::Body(ExecutionFailed{std::move(fault)}));
}

// A failure at a state's beginning stands beside its StateEntered, save that of a Wait, and one in
// the Catch of a Parallel or Map state beside its *Failed event (conformance FACTS,
// "EvaluationFailed"; step-functions.md D4).
void Stepper::emit_evaluation_failure(const Strand& strand, EvaluationFailed failure) {
  EventId previous = strand.tail;
  if (strand.tail == strand.entered && strand.state_type != StateType::kWait) {
    previous = strand.entered_previous;
  } else if (strand.phase == Phase::kFailed) {
    previous = strand.failed_previous;
  }
  emit(strand.id, previous, Event::Body(std::move(failure)));
}

bool Stepper::capped() const {
  const Limits& limits = context_.limits;
  return static_cast<std::int64_t>(step_.events.size()) >= limits.step_fuel_max ||
         bytes_ >= limits.step_bytes_max;
}

Step Stepper::finish(bool more) {
  step_.more = more;
  return std::move(step_);
}

const asl::State& Stepper::state_at(const Strand& strand) const {
  const asl::State* state = context_.definition.find(strand.pointer);
  ENSURE(state != nullptr, strand.pointer);
  return *state;
}

Work Stepper::work_of(const Strand& strand) {
  return {execution_, strand, state_at(strand), context_, now(), rng_};
}

}  // namespace pawl::machine
