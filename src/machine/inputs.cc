#include "machine/inputs.h"

#include <algorithm>

#include "machine/fork.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

const Strand* waiting_strand(const Execution& execution, Phase phase, EventId event) {
  const auto found = execution.waiting.find(event);
  if (found == execution.waiting.end()) return nullptr;
  const Strand& strand = strand_at(execution, found->second);
  return strand.phase == phase ? &strand : nullptr;
}

const Strand* strand_of_task(const Execution& execution, EventId task) {
  return waiting_strand(execution, Phase::kTask, task);
}

// An answer to a task that a capped step has not written as started yet.
void ensure_started(Stepper& stepper, const Strand& strand) {
  const OpenTask& task = *strand.task;
  if (!task.started && task.scheduled.kind != TaskKind::kActivity) stepper.advance(strand.id);
}

// The open task that an answer is for. An activity's task has no answer before it was taken.
const Strand* answered_strand(Stepper& stepper, EventId task) {
  const Strand* strand = strand_of_task(stepper.execution(), task);
  if (strand == nullptr) return nullptr;
  ensure_started(stepper, *strand);
  if (stepper.execution().closed() || !strand->task->started) return nullptr;
  return strand;
}

void fail_task(Stepper& stepper, const Strand& strand, TaskFailure failure, const Fault& fault,
               bool heartbeat) {
  const OpenTask& task = *strand.task;
  stepper.emit_next(strand.id,
                    Event::Body(TaskFailed{.kind = task.scheduled.kind,
                                           .failure = failure,
                                           .task = task.id,
                                           .resource = task.scheduled.resource,
                                           .resource_type = task.scheduled.resource_type,
                                           .fault = within_limits(fault, stepper.context().limits),
                                           .heartbeat = heartbeat}));
}

Fault timeout_fault() { return {.error = "States.Timeout", .cause = std::nullopt}; }

// The open tasks whose deadline is not after `latest`, the earliest deadline first.
std::vector<StrandId> late_tasks(const Execution& execution, WallMillis latest) {
  std::vector<std::pair<WallMillis, StrandId>> late;
  for (const auto& [id, strand] : execution.strands) {
    if (strand.phase != Phase::kTask) continue;
    const auto& deadline = strand.task->scheduled.timeout_at;
    if (deadline && *deadline <= latest) late.emplace_back(*deadline, id);
  }
  std::sort(late.begin(), late.end());
  std::vector<StrandId> strands;
  for (const auto& [deadline, id] : late) strands.push_back(id);
  return strands;
}

// All tasks whose time is up time out before the first one's fault goes on, as it is when tasks run
// side by side. Which of their timers fired makes no difference.
void time_out_with_others(Stepper& stepper, WallMillis deadline) {
  // The timer may run ahead of the wall clock by a little.
  const WallMillis latest = std::max(stepper.context().now, deadline);
  for (const StrandId id : late_tasks(stepper.execution(), latest)) {
    if (stepper.execution().closed()) return;
    fail_task(stepper, strand_at(stepper.execution(), id), TaskFailure::kTimedOut, timeout_fault(),
              /*heartbeat=*/false);
  }
}

}  // namespace

namespace {

// When the time of an execution that starts, or starts again, is up.
std::optional<WallMillis> execution_timeout(const Context& context) {
  const Limits& limits = context.limits;
  const auto& stated = context.definition.timeout_seconds;
  // The machine's timeout is not that of a Map Run's children.
  const bool own = context.processor == nullptr && stated.has_value();
  if (!own && limits.execution_seconds_default == 0) return std::nullopt;
  const std::int64_t wanted = own ? *stated : limits.execution_seconds_default;
  const std::int64_t seconds =
      std::min({wanted, limits.wait_seconds_max, limits.execution_seconds_max});
  return context.now + seconds * 1'000;
}

}  // namespace

void react(Stepper& stepper, const Start& start) {
  const Execution& execution = stepper.execution();
  if (execution.status != Status::kNotStarted) return;
  const Context& context = stepper.context();
  const asl::Machine& definition = context.definition;
  const asl::Block& top = context.processor != nullptr ? *context.processor : definition.top;
  ExecutionStarted started{.input = start.input,
                           .role_arn = context.identity.role_arn,
                           .start_pointer = asl::state_pointer(top.pointer, top.start_at),
                           .timeout_at = execution_timeout(context)};
  if (context.inspection) started.start_pointer = context.inspection->start_pointer;
  stepper.emit(0, 0, Event::Body(std::move(started)));
}

void react(Stepper& stepper, const TaskTaken& taken) {
  const Strand* strand = strand_of_task(stepper.execution(), taken.task);
  if (strand == nullptr) return;
  const OpenTask& task = *strand->task;
  if (task.started || task.scheduled.kind != TaskKind::kActivity) return;
  stepper.emit_next(strand->id, Event::Body(TaskStarted{.kind = task.scheduled.kind,
                                                        .task = task.id,
                                                        .resource = task.scheduled.resource,
                                                        .resource_type = {},
                                                        .worker_name = taken.worker_name}));
}

void react(Stepper& stepper, const TaskAccepted& accepted) {
  const Strand* strand = answered_strand(stepper, accepted.task);
  if (strand == nullptr || strand->task->submitted) return;
  const OpenTask& task = *strand->task;
  stepper.emit_next(strand->id,
                    Event::Body(TaskSubmitted{.task = task.id,
                                              .resource = task.scheduled.resource,
                                              .resource_type = task.scheduled.resource_type,
                                              .output = accepted.output}));
}

void react(Stepper& stepper, const TaskReturned& returned) {
  const Strand* strand = answered_strand(stepper, returned.task);
  if (strand == nullptr) return;
  const OpenTask& task = *strand->task;
  const TaskScheduled& scheduled = task.scheduled;
  if (returned.output.bytes() > stepper.context().limits.payload_bytes_max) {
    const bool service = scheduled.kind == TaskKind::kService;
    const Fault fault = result_too_large(service ? scheduled.resource_type : scheduled.resource);
    return fail_task(stepper, *strand, TaskFailure::kFailed, fault, /*heartbeat=*/false);
  }
  stepper.emit_next(strand->id, Event::Body(TaskSucceeded{.kind = scheduled.kind,
                                                          .task = task.id,
                                                          .resource = scheduled.resource,
                                                          .resource_type = scheduled.resource_type,
                                                          .output = returned.output}));
}

void react(Stepper& stepper, const TaskFaulted& faulted) {
  const Strand* strand = answered_strand(stepper, faulted.task);
  if (strand == nullptr) return;
  fail_task(stepper, *strand, faulted.failure, faulted.fault, /*heartbeat=*/false);
}

void react(Stepper& stepper, const HeartbeatExpired& expired) {
  const Strand* strand = strand_of_task(stepper.execution(), expired.task);
  if (strand == nullptr || !strand->task->scheduled.heartbeat_seconds) return;
  fail_task(stepper, *strand, TaskFailure::kTimedOut, timeout_fault(), /*heartbeat=*/true);
}

namespace {

// By its TimeoutSeconds, or because no execution is open for longer than a year.
bool is_overdue(const Execution& execution, const Context& context) {
  const WallMillis open = context.now - execution.start_time;
  return execution.timeout_at || open >= context.limits.execution_seconds_max * 1'000;
}

}  // namespace

void react(Stepper& stepper, const TimerFired& fired) {
  const Execution& execution = stepper.execution();
  const TimerId& timer = fired.timer;
  switch (timer.kind) {
    case TimerId::Kind::kWait:
      if (const Strand* strand = waiting_strand(execution, Phase::kWaiting, timer.event)) {
        stepper.end_wait(*strand);
      }
      return;
    case TimerId::Kind::kRetry:
      if (const Strand* strand = waiting_strand(execution, Phase::kBackoff, timer.event)) {
        stepper.begin_work(*strand);
      }
      return;
    case TimerId::Kind::kTaskTimeout: {
      const Strand* strand = strand_of_task(execution, timer.event);
      if (strand == nullptr || !strand->task->scheduled.timeout_at) return;
      return time_out_with_others(stepper, *strand->task->scheduled.timeout_at);
    }
    case TimerId::Kind::kExecutionTimeout:
      if (execution.status == Status::kRunning && is_overdue(execution, stepper.context())) {
        stepper.emit(0, 0, Event::Body(ExecutionTimedOut{}));
      }
      return;
  }
}

void react(Stepper& stepper, const MapRunFinished& finished) {
  const Strand* strand = waiting_strand(stepper.execution(), Phase::kMapRun, finished.map_run);
  if (strand == nullptr) return;
  stepper.emit_next(
      strand->id,
      Event::Body(MapRunEnded{.map_run = finished.map_run,
                              .end = finished.end,
                              .fault = within_limits(finished.fault, stepper.context().limits),
                              .result = finished.result}));
}

void react(Stepper& stepper, const Stop& stop) {
  if (stepper.execution().status != Status::kRunning) return;
  stepper.emit(0, 0,
               Event::Body(ExecutionAborted{within_limits(stop.fault, stepper.context().limits)}));
}

// What ran out of time gets its whole time again.
void react(Stepper& stepper, const Redrive&) {
  const Execution& execution = stepper.execution();
  if (!execution.closed() || execution.status == Status::kSucceeded) return;
  if (execution.last_event + 1 >= stepper.context().limits.history_events_max) return;
  stepper.emit(0, execution.last_event,
               Event::Body(ExecutionRedriven{.redrive_count = execution.redrive_count + 1,
                                             .timeout_at = execution_timeout(stepper.context())}));
}

void react(Stepper& stepper, const TryAgain&) {
  std::vector<StrandId> halted;
  for (const auto& [id, strand] : stepper.execution().strands) {
    if (strand.halt) halted.push_back(id);
  }
  for (const StrandId id : halted) {
    stepper.emit_next(id, Event::Body(HaltChanged{HaltChange::kTriesAgain, std::nullopt}));
  }
}

void react(Stepper& stepper, const GiveUp&) {
  if (const Strand* strand = first_halted(stepper.execution())) stepper.give_up(*strand);
}

void react(Stepper& stepper, const Fork& fork) {
  const Context& context = stepper.context();
  if (fork_obstacle(stepper.execution(), fork, context.definition)) return;
  stepper.emit(
      0, 0,
      Event::Body(ExecutionForked{
          .input = fork.input, .target = fork.target, .timeout_at = execution_timeout(context)}));
}

void react(Stepper&, const Continue&) {}

}  // namespace pawl::machine
