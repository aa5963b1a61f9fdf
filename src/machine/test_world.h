// Tests' outside world: a definition, a clock that the test moves, and one execution with all that
// it decided so far.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "asl/parse.h"
#include "machine/decide.h"
#include "machine/test_history.h"

namespace pawl::machine::test {

inline Identity make_identity() {
  return {.execution_arn = "arn:aws:states:us-east-1:000000000000:execution:machine:run",
          .execution_name = "run",
          .state_machine_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
          .state_machine_name = "machine",
          .role_arn = "arn:aws:iam::000000000000:role/machine",
          .region = "us-east-1"};
}

// The commands that no later event has ended: what pending_commands must answer.
class OpenCommands {
 public:
  void add(const std::vector<Command>& commands) {
    for (const Command& command : commands) {
      std::visit([this](const auto& one) { add_one(one); }, command);
    }
  }
  void task_ended(EventId task) { tasks_.erase(task); }
  void timer_fired(TimerId timer) { timers_.erase(timer); }
  void submitted(EventId task) { tasks_.at(task) = TaskStage::kSubmitted; }
  void taken(EventId task) { tasks_.at(task) = TaskStage::kTaken; }

  void map_run_ended(EventId map_run) { map_runs_.erase(map_run); }

  const std::set<EventId>& map_runs() const { return map_runs_; }
  const std::map<TimerId, WallMillis>& timers() const { return timers_; }
  const std::map<EventId, TaskStage>& tasks() const { return tasks_; }
  friend bool operator==(const OpenCommands&, const OpenCommands&) = default;

 private:
  void add_one(const RunTask& run) { tasks_[run.task] = run.stage; }
  void add_one(const CancelTask& cancel) { tasks_.erase(cancel.task); }
  void add_one(const SetTimer& set) { timers_[set.timer] = set.due; }
  void add_one(const CancelTimer& cancel) { timers_.erase(cancel.timer); }
  void add_one(const StartMapRun& start) { map_runs_.insert(start.map_run); }
  void add_one(const StopMapRun& stop) { map_runs_.erase(stop.map_run); }

  std::map<TimerId, WallMillis> timers_;
  std::map<EventId, TaskStage> tasks_;
  std::set<EventId> map_runs_;
};

class World {
 public:
  explicit World(std::shared_ptr<const asl::Machine> definition, Limits limits = kAwsLimits)
      : definition_(std::move(definition)), limits_(limits) {}

  WallMillis now = kEpoch;
  Execution execution;
  std::vector<Event> events;
  OpenCommands open;
  std::set<std::string, std::less<>> missing_activities;
  std::uint64_t seed = 1;
  bool draws_new_seeds = true;
  Motion motion = Motion::kGoes;
  OnFailure on_failure = OnFailure::kFails;

  // One decide, without what a capped step leaves to do.
  Step feed(const Input& input) {
    const Context context{
        .definition = *definition_,
        .identity = identity_,
        .limits = limits_,
        .now = now,
        .seed = draws_new_seeds ? seed++ : seed,
        .task_token = [](EventId task) { return "token-" + std::to_string(task); },
        .map_run_arn =
            [](const asl::State& state, EventId id) {
              return "map-run-" + state.name + "-" + std::to_string(id);
            },
        .activity_exists =
            [this](std::string_view arn) { return !missing_activities.contains(arn); },
        .motion = motion,
        .on_failure = on_failure};
    Step step = decide(execution, input, context);
    record(input, step);
    return step;
  }

  const asl::Machine& definition() const { return *definition_; }
  const Identity& identity() const { return identity_; }

 private:
  void record(const Input& input, const Step& step) {
    const auto* fired = std::get_if<TimerFired>(&input);
    if (fired != nullptr && motion == Motion::kGoes) open.timer_fired(fired->timer);
    open.add(step.commands);
    for (const Event& event : step.events) {
      if (const auto* done = std::get_if<TaskSucceeded>(&event.body)) open.task_ended(done->task);
      if (const auto* failed = std::get_if<TaskFailed>(&event.body)) open.task_ended(failed->task);
      if (const auto* accepted = std::get_if<TaskSubmitted>(&event.body)) {
        if (open.tasks().contains(accepted->task)) open.submitted(accepted->task);
      }
      if (const auto* ended = std::get_if<MapRunEnded>(&event.body)) {
        open.map_run_ended(ended->map_run);
      }
      const auto* started = std::get_if<TaskStarted>(&event.body);
      if (started != nullptr && started->kind == TaskKind::kActivity) open.taken(started->task);
    }
    events.insert(events.end(), step.events.begin(), step.events.end());
  }

  std::shared_ptr<const asl::Machine> definition_;
  Identity identity_ = make_identity();
  Limits limits_;
};

}  // namespace pawl::machine::test
