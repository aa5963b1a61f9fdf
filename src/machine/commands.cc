#include "machine/commands.h"

#include <algorithm>

#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

constexpr TimerId kExecutionTimer{TimerId::Kind::kExecutionTimeout, 0};

TimerId timeout_timer(const OpenTask& task) { return {TimerId::Kind::kTaskTimeout, task.id}; }

// Collects commands; whatever is asked for and cancelled in one list leaves no trace in it.
class Collector {
 public:
  explicit Collector(std::vector<Command>& commands) : commands_(commands) {}

  void run(RunTask command) { commands_.emplace_back(std::move(command)); }
  void set(TimerId timer, WallMillis due) { commands_.emplace_back(SetTimer{timer, due}); }

  void cancel_task(EventId task) {
    const bool taken_back = take_back([task](const Command& command) {
      const auto* run = std::get_if<RunTask>(&command);
      return run != nullptr && run->task == task;
    });
    if (!taken_back) commands_.emplace_back(CancelTask{task});
  }
  void start(StartMapRun command) { commands_.emplace_back(std::move(command)); }
  void stop_map_run(const OpenMapRun& map_run) {
    const bool taken_back = take_back([&map_run](const Command& command) {
      const auto* start = std::get_if<StartMapRun>(&command);
      return start != nullptr && start->map_run == map_run.id;
    });
    if (!taken_back) commands_.emplace_back(StopMapRun{map_run.id, map_run.arn});
  }
  void cancel_timer(TimerId timer) {
    const bool taken_back = take_back([timer](const Command& command) {
      const auto* set = std::get_if<SetTimer>(&command);
      return set != nullptr && set->timer == timer;
    });
    if (!taken_back) commands_.emplace_back(CancelTimer{timer});
  }

 private:
  template <class Is>
  bool take_back(Is is) {
    const auto found = std::find_if(commands_.rbegin(), commands_.rend(), is);
    if (found == commands_.rend()) return false;
    commands_.erase(std::next(found).base());
    return true;
  }

  std::vector<Command>& commands_;
};

void cancel_task_timeout(const OpenTask& task, Collector& collector) {
  if (task.scheduled.timeout_at) collector.cancel_timer(timeout_timer(task));
}

void cancel_all(const Strand& strand, Collector& collector) {
  if (strand.halt) return;
  if (strand.phase == Phase::kWaiting) {
    collector.cancel_timer({TimerId::Kind::kWait, strand.entered});
  } else if (strand.phase == Phase::kBackoff) {
    collector.cancel_timer({TimerId::Kind::kRetry, strand.entered});
  } else if (strand.phase == Phase::kTask) {
    collector.cancel_task(strand.task->id);
    cancel_task_timeout(*strand.task, collector);
  } else if (strand.phase == Phase::kMapRun) {
    collector.stop_map_run(*strand.map_run);
  }
}

void cancel_below(const Execution& execution, const Strand& parent, Collector& collector) {
  std::vector<StrandId> below = parent.children;
  for (std::size_t next = 0; next < below.size(); ++next) {
    const Strand& strand = strand_at(execution, below[next]);
    cancel_all(strand, collector);
    below.insert(below.end(), strand.children.begin(), strand.children.end());
  }
}

void cancel_everything(const Execution& execution, Collector& collector) {
  for (const auto& [id, strand] : execution.strands) cancel_all(strand, collector);
  if (execution.timeout_at) collector.cancel_timer(kExecutionTimer);
}

// The commands of one event. What a body does not name leaves the commands as they are.
struct Derive {
  const Execution& before;
  const Event& event;
  Collector& collector;

  const Strand& strand() const { return strand_at(before, event.strand); }

  void operator()(const ExecutionStarted& body) const {
    if (body.timeout_at) collector.set(kExecutionTimer, *body.timeout_at);
  }
  void operator()(const ExecutionSucceeded&) const { cancel_everything(before, collector); }
  void operator()(const ExecutionFailed&) const { cancel_everything(before, collector); }
  void operator()(const ExecutionAborted&) const { cancel_everything(before, collector); }
  void operator()(const ExecutionTimedOut&) const { cancel_everything(before, collector); }
  void operator()(const TaskScheduled& body) const {
    collector.run({.task = event.id, .state_name = strand().state_name, .scheduled = body});
    if (body.timeout_at) collector.set({TimerId::Kind::kTaskTimeout, event.id}, *body.timeout_at);
  }
  void operator()(const TaskSucceeded&) const { cancel_task_timeout(*strand().task, collector); }
  void operator()(const TaskFailed& body) const {
    // A task that ran out of time still runs somewhere.
    if (body.failure == TaskFailure::kTimedOut) collector.cancel_task(body.task);
    cancel_task_timeout(*strand().task, collector);
  }
  void operator()(const WaitStarted& body) const {
    collector.set({TimerId::Kind::kWait, strand().entered}, body.due);
  }
  void operator()(const RetryScheduled& body) const {
    if (body.due > event.time) {
      collector.set({TimerId::Kind::kRetry, strand().entered}, body.due);
    }
  }
  void operator()(const FaultRaised&) const { cancel_below(before, strand(), collector); }
  void operator()(const MapRunStarted& body) const {
    collector.start({.map_run = event.id, .arn = body.arn, .settings = body.settings});
  }
  void operator()(const DistributedMapStarted&) const {}
  void operator()(const MapRunEnded&) const {}
  void operator()(const MapRunRedriven& body) const {
    collector.start({.map_run = event.id,
                     .arn = body.arn,
                     .settings = strand().map_run->settings,
                     .redrive_count = body.redrive_count});
  }
  void operator()(const StateEntered&) const {}
  void operator()(const StateExited&) const {}
  void operator()(const StateAborted&) const {}
  void operator()(const TaskStarted&) const {}
  void operator()(const TaskSubmitted&) const {}
  void operator()(const ParallelStarted&) const {}
  void operator()(const MapStarted&) const {}
  void operator()(const MapIterationStarted&) const {}
  void operator()(const MapIterationEnded&) const {}
  void operator()(const ContainerSucceeded&) const {}
  void operator()(const ContainerFailed&) const {}
  // Waits go on, and the execution's time begins anew; tasks come with their own events.
  void operator()(const ExecutionRedriven&) const { set_timers_again(); }
  void operator()(const ExecutionForked&) const { set_timers_again(); }
  void set_timers_again() const {
    Execution after = before;
    apply(after, event);
    for (const Command& command : pending_commands(after)) {
      if (const auto* set = std::get_if<SetTimer>(&command)) collector.set(set->timer, set->due);
    }
  }
  void operator()(const HaltChanged& body) const {
    if (body.change != HaltChange::kTriesAgain || strand().phase != Phase::kWaiting) return;
    collector.set({TimerId::Kind::kWait, strand().entered}, strand().due);
  }
  void operator()(const EvaluationFailed&) const { cancel_below(before, strand(), collector); }
};

TaskStage stage_of(const OpenTask& task) {
  if (task.submitted) return TaskStage::kSubmitted;
  const bool taken = task.started && task.scheduled.kind == TaskKind::kActivity;
  return taken ? TaskStage::kTaken : TaskStage::kScheduled;
}

}  // namespace

void add_commands(const Execution& before, const Event& event, std::vector<Command>& commands) {
  Collector collector(commands);
  std::visit(Derive{before, event, collector}, event.body);
}

std::vector<Command> pending_commands(const Execution& execution) {
  std::vector<Command> commands;
  Collector collector(commands);
  if (execution.timeout_at && !execution.closed()) {
    collector.set(kExecutionTimer, *execution.timeout_at);
  }
  for (const auto& [id, strand] : execution.strands) {
    if (strand.halt) continue;
    if (strand.phase == Phase::kWaiting) {
      collector.set({TimerId::Kind::kWait, strand.entered}, strand.due);
    } else if (strand.phase == Phase::kBackoff) {
      collector.set({TimerId::Kind::kRetry, strand.entered}, strand.due);
    } else if (strand.phase == Phase::kMapRun) {
      const OpenMapRun& map_run = *strand.map_run;
      collector.start({.map_run = map_run.id,
                       .arn = map_run.arn,
                       .settings = map_run.settings,
                       .redrive_count = map_run.redrive_count});
    } else if (strand.phase == Phase::kTask) {
      const OpenTask& task = *strand.task;
      collector.run({.task = task.id,
                     .state_name = strand.state_name,
                     .scheduled = task.scheduled,
                     .stage = stage_of(task)});
      if (task.scheduled.timeout_at) collector.set(timeout_timer(task), *task.scheduled.timeout_at);
    }
  }
  return commands;
}

}  // namespace pawl::machine
