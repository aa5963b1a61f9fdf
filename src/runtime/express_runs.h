// The Express executions that a worker goes on with: those whose first step did not end them.
//
// A synchronous run is never written: a crash loses it, and its caller sees the connection go (at
// most once). An asynchronous one has a row ('e', rows.h) from before its first effect until its
// end, and start-up runs it again from its input (at least once). Invariant 3 holds for the row:
// no command of an asynchronous run leaves before it is durable.
//
// Belongs to one worker's thread.
#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <unordered_map>
#include <vector>

#include "runtime/express_run.h"
#include "runtime/shard.h"

namespace pawl::runtime {

class ExpressRuns {
 public:
  // Runs a task on the worker's thread, with the shard it is about; thread-safe.
  using Post = std::function<void(store::ShardId, std::function<void(Shard&)>)>;

  // `environment` outlives this object.
  ExpressRuns(ShardEnvironment& environment, Post post);

  // A synchronous run goes on after its first step.
  void go_on(std::unique_ptr<ExpressRun> run, ExpressRun::Progress first, Shard& shard);
  // An asynchronous one: its row is written, then `accepted` is told and the run goes on.
  void keep(std::unique_ptr<ExpressRun> run, ExpressRun::Progress first, Shard& shard,
            std::function<void(StartOutcome)> accepted);
  // The server stops: synchronous runs are told so, and dropped.
  void abandon();
  // An asynchronous one of a paused machine: its row is written, a resume begins it.
  void withhold(const ExpressRequest& request, Shard& shard,
                std::function<void(StartOutcome)> accepted);
  // Runs of shard `number` whose pause is over begin.
  void set_pauses(std::shared_ptr<const Pauses> pauses, Shard& shard, store::ShardId number);
  // Runs again what the last process did not bring to its end.
  void recover(Shard& shard);

  // One task outside any execution: TestState's. `answered` gets its outcome, or at `deadline` the
  // timer of its timeout; once.
  void run_task(TaskRequest request, WallMillis deadline,
                std::function<void(machine::Input)> answered);

  bool holds(const ExecutionId& id) const { return runs_.contains(id) || tasks_.contains(id); }
  Delivery deliver(const ExecutionId& id, const machine::Input& input, Shard& shard);

  // `shard_of` answers the shard of an id.
  void fire_due(WallMillis now, const std::function<Shard&(store::ShardId)>& shard_of);
  WallMillis next_due() const { return due_.empty() ? INT64_MAX : due_.top().due; }

 private:
  struct Due {
    WallMillis due;
    ExecutionId execution;
    machine::TimerId timer;
    bool operator>(const Due& other) const { return due > other.due; }
  };

  struct LooseTask {
    machine::EventId task;
    std::function<void(machine::Input)> answered;
  };

  ExpressRun::World world() const;
  void begin_again(const ExecutionId& id, const std::string& record, Shard& shard);
  void begin_withheld(const ExecutionId& id, Shard& shard);
  void answer(const ExecutionId& id, const machine::Input& input);
  ExpressRun& admit(std::unique_ptr<ExpressRun> run);
  void advance(ExpressRun& run, const machine::Input& input, Shard& shard);
  void release(ExpressRun& run, ExpressRun::Progress progress, Shard& shard);
  void obey(ExpressRun& run, std::vector<machine::Command> commands);
  void end(ExpressRun& run, Shard& shard);

  ShardEnvironment& environment_;
  Post post_;
  const Limits limits_;
  std::unordered_map<ExecutionId, std::unique_ptr<ExpressRun>, ExecutionIdHash> runs_;
  std::unordered_map<ExecutionId, LooseTask, ExecutionIdHash> tasks_;
  std::shared_ptr<const Pauses> pauses_;  // nullptr: nothing is
  std::vector<ExecutionId> withheld_;     // durable runs that wait for a resume
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

}  // namespace pawl::runtime
