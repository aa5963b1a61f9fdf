#include "runtime/express_runs.h"

#include <utility>

#include "base/log.h"
#include "runtime/quarantine.h"

namespace pawl::runtime {

ExpressRuns::ExpressRuns(ShardEnvironment& environment, Post post)
    : environment_(environment),
      post_(std::move(post)),
      limits_(express_limits(environment.limits)),
      pauses_(environment.pauses) {}

ExpressRun::World ExpressRuns::world() const {
  return {limits_, environment_.clock.now(), environment_.rng.next()};
}

ExpressRun& ExpressRuns::admit(std::unique_ptr<ExpressRun> run) {
  ExpressRun& admitted = *run;
  runs_[admitted.id()] = std::move(run);
  return admitted;
}

void ExpressRuns::go_on(std::unique_ptr<ExpressRun> run, ExpressRun::Progress first, Shard& shard) {
  release(admit(std::move(run)), std::move(first), shard);
}

void ExpressRuns::keep(std::unique_ptr<ExpressRun> run, ExpressRun::Progress first, Shard& shard,
                       std::function<void(StartOutcome)> accepted) {
  const ExecutionId id = run->id();
  ExpressRun& kept = admit(std::move(run));
  kept.durable = true;
  const WallMillis start = kept.execution().start_time;
  shard.put_express(
      id, encode_express(kept.request()),
      [this, id, start, first = std::move(first), accepted](GateOutcome gate) mutable {
        const bool durable = gate == GateOutcome::kDurable;
        accepted({durable ? StartOutcome::Kind::kStarted : StartOutcome::Kind::kLost, start});
        post_(id.shard(), [this, id, durable, first = std::move(first)](Shard& owner) mutable {
          const auto found = runs_.find(id);
          if (found == runs_.end()) return;
          if (durable) {
            release(*found->second, std::move(first), owner);
          } else {
            runs_.erase(found);
          }
        });
      });
}

void ExpressRuns::abandon() {
  std::vector<std::unique_ptr<ExpressRun>> waited_for;
  for (auto run = runs_.begin(); run != runs_.end();) {
    if (!run->second->ended) {
      ++run;
      continue;
    }
    waited_for.push_back(std::move(run->second));
    run = runs_.erase(run);
  }
  for (const auto& run : waited_for) run->ended({.kind = ExpressEnd::Kind::kStopping});
}

void ExpressRuns::recover(Shard& shard) {
  for (const auto& [id, record] : shard.express_rows()) begin_again(id, record, shard);
}

void ExpressRuns::begin_again(const ExecutionId& id, const std::string& record, Shard& shard) {
  auto request = decode_express(record);
  if (request) request->definition = environment_.definition(request->revision);
  if (!request || !request->definition) {
    log_error("an Express execution's record cannot be read; it is dropped");
    return shard.erase_express(id);
  }
  if (is_quarantined(environment_.store, id)) return;
  if (pauses_ && pauses_->of(digest_of_machine(request->names.machine_arn()))) {
    withheld_.push_back(id);
    return;
  }
  if (environment_.log_of) request->log = environment_.log_of(request->names);
  auto run = std::make_unique<ExpressRun>(std::move(*request), id);
  run->durable = true;
  ExpressRun& again = admit(std::move(run));
  advance(again, machine::Start{again.request().input}, shard);
}

void ExpressRuns::begin_withheld(const ExecutionId& id, Shard& shard) {
  const auto row = environment_.store.get(id.shard(), store::Space::kState, express_key(id));
  if (row) begin_again(id, *row, shard);
}

void ExpressRuns::withhold(const ExpressRequest& request, Shard& shard,
                           std::function<void(StartOutcome)> accepted) {
  const ExecutionId id = id_of_execution(request.names.execution_arn());
  shard.put_express(
      id, encode_express(request),
      [this, id, accepted = std::move(accepted),
       start = environment_.clock.now()](GateOutcome gate) {
        const bool durable = gate == GateOutcome::kDurable;
        accepted({durable ? StartOutcome::Kind::kStarted : StartOutcome::Kind::kLost, start});
        if (!durable) return;
        post_(id.shard(), [this, id](Shard& owner) { begin_withheld(id, owner); });
      });
}

void ExpressRuns::set_pauses(std::shared_ptr<const Pauses> pauses, Shard& shard,
                             store::ShardId number) {
  pauses_ = std::move(pauses);
  for (const ExecutionId& id : std::exchange(withheld_, {})) {
    if (id.shard() == number) {
      begin_withheld(id, shard);
    } else {
      withheld_.push_back(id);
    }
  }
}

Delivery ExpressRuns::deliver(const ExecutionId& id, const machine::Input& input, Shard& shard) {
  if (tasks_.contains(id)) {
    answer(id, input);
    return {.kind = Delivery::Kind::kAccepted};
  }
  const auto found = runs_.find(id);
  if (found == runs_.end()) return {.kind = Delivery::Kind::kNotFound};
  advance(*found->second, input, shard);
  return {.kind = Delivery::Kind::kAccepted};
}

void ExpressRuns::run_task(TaskRequest request, WallMillis deadline,
                           std::function<void(machine::Input)> answered) {
  tasks_[request.execution] = {request.task, std::move(answered)};
  due_.push({deadline, request.execution, {machine::TimerId::Kind::kTaskTimeout, request.task}});
  environment_.tasks.run(std::move(request));
}

void ExpressRuns::answer(const ExecutionId& id, const machine::Input& input) {
  const auto found = tasks_.find(id);
  const LooseTask task = std::move(found->second);
  tasks_.erase(found);
  if (std::holds_alternative<machine::TimerFired>(input)) environment_.tasks.cancel(id, task.task);
  task.answered(input);
}

void ExpressRuns::advance(ExpressRun& run, const machine::Input& input, Shard& shard) {
  release(run, run.advance(input, world()), shard);
}

// The run may be gone afterwards.
void ExpressRuns::release(ExpressRun& run, ExpressRun::Progress progress, Shard& shard) {
  obey(run, std::move(progress.commands));
  if (run.execution().closed()) return end(run, shard);
  if (!progress.more) return;
  // In a later turn, so that a run without waits does not keep the others from theirs.
  post_(run.id().shard(), [this, id = run.id()](Shard& owner) {
    if (holds(id)) deliver(id, machine::Continue{}, owner);
  });
}

void ExpressRuns::obey(ExpressRun& run, std::vector<machine::Command> commands) {
  for (machine::Command& command : commands) {
    if (auto* task = std::get_if<machine::RunTask>(&command)) {
      environment_.tasks.run({.execution = run.id(),
                              .task = task->task,
                              .names = run.request().names,
                              .role_arn = run.request().role_arn,
                              .state_name = std::move(task->state_name),
                              .scheduled = std::move(task->scheduled),
                              .submitted = false});
    } else if (const auto* cancel = std::get_if<machine::CancelTask>(&command)) {
      environment_.tasks.cancel(run.id(), cancel->task);
    } else if (const auto* set = std::get_if<machine::SetTimer>(&command)) {
      run.timers[set->timer] = set->due;
      due_.push({set->due, run.id(), set->timer});
    } else if (const auto* unset = std::get_if<machine::CancelTimer>(&command)) {
      run.timers.erase(unset->timer);
    }
  }
}

void ExpressRuns::end(ExpressRun& run, Shard& shard) {
  const auto found = runs_.find(run.id());
  const std::unique_ptr<ExpressRun> ended = std::move(found->second);
  runs_.erase(found);
  if (ended->durable) shard.erase_express(ended->id());
  if (ended->ended) ended->ended(ended->end());
}

// A timer that was moved or cancelled is still in the queue; the run knows better.
void ExpressRuns::fire_due(WallMillis now, const std::function<Shard&(store::ShardId)>& shard_of) {
  while (!due_.empty() && due_.top().due <= now) {
    const Due due = due_.top();
    due_.pop();
    if (tasks_.contains(due.execution)) {
      answer(due.execution, machine::TimerFired{due.timer});
      continue;
    }
    const auto found = runs_.find(due.execution);
    if (found == runs_.end()) continue;
    ExpressRun& run = *found->second;
    const auto set = run.timers.find(due.timer);
    if (set == run.timers.end() || set->second != due.due) continue;
    run.timers.erase(set);
    advance(run, machine::TimerFired{due.timer}, shard_of(due.execution.shard()));
  }
}

}  // namespace pawl::runtime
