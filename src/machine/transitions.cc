// The transitions of a strand, by its phase: each decides exactly one event.
#include "base/ensure.h"
#include "machine/leave.h"
#include "machine/states.h"
#include "machine/stepper.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

StateType type_of(const asl::PassState&) { return StateType::kPass; }
StateType type_of(const asl::TaskState&) { return StateType::kTask; }
StateType type_of(const asl::ChoiceState&) { return StateType::kChoice; }
StateType type_of(const asl::WaitState&) { return StateType::kWait; }
StateType type_of(const asl::SucceedState&) { return StateType::kSucceed; }
StateType type_of(const asl::FailState&) { return StateType::kFail; }
StateType type_of(const asl::ParallelState&) { return StateType::kParallel; }
StateType type_of(const asl::MapState&) { return StateType::kMap; }

NextEvent begin(const Work& work, const asl::PassState& state) { return begin_pass(work, state); }
NextEvent begin(const Work& work, const asl::TaskState& state) { return begin_task(work, state); }
NextEvent begin(const Work& work, const asl::ChoiceState& state) {
  return begin_choice(work, state);
}
NextEvent begin(const Work& work, const asl::WaitState& state) { return begin_wait(work, state); }
NextEvent begin(const Work& work, const asl::SucceedState&) { return begin_succeed(work); }
NextEvent begin(const Work& work, const asl::FailState& state) { return begin_fail(work, state); }
NextEvent begin(const Work& work, const asl::ParallelState& state) {
  return begin_parallel(work, state);
}
NextEvent begin(const Work& work, const asl::MapState& state) { return begin_map(work, state); }

}  // namespace

void Stepper::advance(StrandId id) {
  const Strand& strand = strand_at(execution_, id);
  switch (strand.phase) {
    case Phase::kEntering:
      return enter(strand);
    case Phase::kEntered:
      return begin_work(strand);
    case Phase::kTask:
      return start_task(strand);
    case Phase::kChildren:
      return advance_children(strand);
    case Phase::kResult:
      return emit_next(strand.id, leave_with_raw_result(work_of(strand)));
    case Phase::kFault:
      return handle_fault(strand);
    case Phase::kFailed:
      return handle_failed(strand);
    case Phase::kEnded:
      return end_strand(strand);
    case Phase::kMapStarted:
      return start_map_run(strand);
    case Phase::kMapRunDone:
      return emit(strand.id, strand.map_run->ended,
                  Event::Body(ContainerSucceeded{strand.state_type, strand.data}));
    case Phase::kMapRun:
    case Phase::kWaiting:
    case Phase::kBackoff:
    case Phase::kAborting:
      break;
  }
  ENSURE(false, strand.id);  // not ready: it waits for an Input, or for its parent
}

void Stepper::enter(const Strand& strand) {
  const asl::State& state = state_at(strand);
  const StateType type = std::visit([](const auto& form) { return type_of(form); }, state.form);
  emit_next(
      strand.id,
      Event::Body(StateEntered{
          .type = type, .name = state.name, .pointer = strand.pointer, .input = strand.data}));
}

void Stepper::begin_work(const Strand& strand) {
  const Work work = work_of(strand);
  emit_next(strand.id,
            std::visit([&](const auto& form) { return begin(work, form); }, work.state.form));
}

void Stepper::end_wait(const Strand& strand) {
  emit_next(strand.id, machine::end_wait(work_of(strand)));
}

void Stepper::start_task(const Strand& strand) {
  const OpenTask& task = *strand.task;
  emit_next(strand.id, Event::Body(TaskStarted{.kind = task.scheduled.kind,
                                               .task = task.id,
                                               .resource = task.scheduled.resource,
                                               .resource_type = task.scheduled.resource_type,
                                               .worker_name = {}}));
}

void Stepper::start_map_run(const Strand& strand) {
  const auto* map = std::get_if<asl::MapState>(&state_at(strand).form);
  ENSURE(map != nullptr, strand.pointer);
  emit_next(strand.id, machine::start_map_run(work_of(strand), *map));
}

void Stepper::advance_children(const Strand& strand) {
  const bool all_done =
      strand.children.empty() && (!strand.map || strand.map->next_index == strand.map->length);
  if (all_done) return emit_next(strand.id, collect_results(work_of(strand)));
  const auto* map = std::get_if<asl::MapState>(&state_at(strand).form);
  ENSURE(map != nullptr && strand.map, strand.pointer);
  NextEvent started = start_iteration(work_of(strand), *map);
  if (!started.ok()) return emit_next(strand.id, std::move(started));
  emit(strand.id, strand.map->previous, std::move(started).value());
}

void Stepper::end_strand(const Strand& strand) {
  if (is_top(strand)) {
    return emit_next(strand.id, Event::Body(ExecutionSucceeded{strand.data}));
  }
  const Strand& parent = strand_at(execution_, strand.parent);
  emit(parent.id, strand.tail,
       Event::Body(MapIterationEnded{.end = MapIterationEnd::kSucceeded,
                                     .name = parent.state_name,
                                     .index = strand.index,
                                     .child = strand.id}));
}

}  // namespace pawl::machine
