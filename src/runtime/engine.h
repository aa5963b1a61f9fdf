// The engine: every execution of this process, behind thread-safe calls. Services use it; it knows
// no wire names.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/rng.h"
#include "runtime/activities.h"
#include "runtime/background.h"
#include "runtime/closed_views.h"
#include "runtime/engine_clock.h"
#include "runtime/engine_metrics.h"
#include "runtime/erase.h"
#include "runtime/express_run.h"
#include "runtime/fork.h"
#include "runtime/halting.h"
#include "runtime/pause.h"
#include "runtime/redrive.h"
#include "runtime/search.h"
#include "runtime/shard_environment.h"
#include "runtime/start_request.h"
#include "runtime/stored_views.h"
#include "runtime/task_token.h"

namespace pawl::runtime {

class Worker;

class Engine {
 public:
  struct Options {
    unsigned threads = 1;
    Limits limits = kAwsLimits;
    std::size_t resident_max = 100'000;  // idle executions kept in memory, over all shards
    std::int64_t retention_ms = 0;       // of closed executions; 0: for ever
    LostTask lost_task = LostTask::kRetry;
    Pauses pauses{};  // at the start
  };
  struct Seams {
    store::Store& store;
    const Clock& clock;
    // Makes the generator of each worker thread.
    std::function<std::unique_ptr<Rng>()> make_rng;
    // Lambda functions and services; activities are the engine's own.
    TaskRunner& tasks;
    std::function<std::shared_ptr<const asl::Machine>(const std::string& revision)> definition;
    std::function<bool(std::string_view arn)> activity_exists;
    // Where the executions of a machine log; may be empty.
    std::function<std::shared_ptr<const ExecutionLog>(const ExecutionNames&)> log_of{};
    // Hears of every execution besides; nullptr: nobody does.
    std::shared_ptr<const ExecutionLog> traces{};
    // Where Distributed Maps read and write; nullptr: nowhere.
    objects::ObjectStore* objects = nullptr;
  };

  // `token_key` signs task tokens; it must stay the same for the life of the store.
  Engine(Seams seams, Options options, std::string token_key);
  ~Engine();

  // Resumes every open execution and begins to serve.
  void run();
  // Takes no new Inputs; what is in flight is committed first.
  void stop();

  void start(StartRequest request, std::function<void(StartOutcome)> reply);
  // A synchronous Express execution: at most once, never written. `ended` may come before the call
  // returns, and comes on any thread.
  void run_express(ExpressRequest request, std::function<void(ExpressEnd)> ended);
  // An asynchronous one: at least once. Replies when it has ended, or cannot be lost any more.
  void start_express(ExpressRequest request, std::function<void(StartOutcome)> reply);
  // The server stops: who waits for a synchronous Express execution is answered (kStopping).
  void abandon_express();
  // One task outside any execution: TestState's. `answered` gets its outcome, or at `deadline` the
  // timer of its timeout; once, on any thread.
  void run_task(TaskRequest request, WallMillis deadline,
                std::function<void(machine::Input)> answered);
  void deliver(const ExecutionId& id, machine::Input input, std::function<void(Delivery)> reply);
  // What is durable, read on the caller's thread: whatever was acknowledged is in it, and no shard
  // is kept from its work by those who ask.
  // nullptr: there is no such execution.
  std::shared_ptr<const ExecutionView> describe(const ExecutionId& id) const;
  // Replies when the execution has closed. A restart forgets it: ask again.
  void watch_end(const ExecutionId& id, std::function<void(std::optional<ExecutionView>)> reply);
  void inspect(const ExecutionId& id, std::function<void(std::optional<Inspection>)> reply);
  void redrive(const ExecutionId& id, const std::string& token,
               std::function<void(RedriveOutcome)> reply);
  void fork(ForkRequest request, std::function<void(ForkOutcome)> reply);
  void update_map_run(const ExecutionId& id, MapRunChanges changes,
                      std::function<void(UpdateOutcome)> reply);
  void pause(const ExecutionId& id, Pause pause, std::function<void(Delivery)> reply);
  void resume(const ExecutionId& id, std::function<void(Delivery)> reply);
  // Deletes an execution that has ended.
  void erase(const ExecutionId& id, std::function<void(EraseOutcome)> reply);
  // What is paused beside single executions, in place of what was. `done` runs when all shards
  // know. Calls must not overlap; the caller keeps it durable.
  void set_pauses(Pauses pauses, std::function<void()> done);
  SearchDeclarations& search() { return search_; }
  HaltingMachines& halting() { return halting_; }
  // Goes on with what has halted, perhaps with another definition.
  void try_again(const ExecutionId& id, std::optional<NewRevision> revision,
                 std::function<void(TryAgainOutcome)> reply);
  // Deletes the rows of a search attribute that is declared no more; `done` when they are gone.
  void drop_search_attribute(std::uint64_t machine, std::uint32_t attribute,
                             std::function<void()> done);
  // Indexes some of a machine's executions of one shard, from a list row's key on.
  void index_existing(store::ShardId shard, std::uint64_t machine, std::string from,
                      IndexReply reply);
  // nullptr: nothing is.
  std::shared_ptr<const Pauses> pauses() const;
  bool is_paused(const ExecutionNames& names) const;
  // Restarts the heartbeat clock of an open task; kStale when it is open no more.
  void heartbeat(const ExecutionId& id, machine::EventId task, std::function<void(Delivery)> reply);

  Activities& activities() { return activities_; }
  const TaskTokens& tokens() const { return tokens_; }
  const EngineClock& clock() const { return clock_; }
  const Limits& limits() const { return options_.limits; }
  store::Store& store() { return seams_.store; }
  EngineMetrics& metrics() { return metrics_; }
  void write_metrics(MetricsText& out) const;
  // What readers of rows may still show.
  Horizon horizon() const { return Horizon::at(clock_.now(), options_.retention_ms); }

 private:
  static constexpr unsigned kBackgroundThreads = 2;

  // Sends activities to the matchmaker, all else to the services, and watches heartbeats.
  class Router;

  void withhold_express(ExpressRequest request, std::function<void(StartOutcome)> reply);
  void keep_pauses(std::shared_ptr<const Pauses> pauses);
  struct Begun;
  Begun begin_express(ExpressRequest request);
  Worker& worker_of(store::ShardId shard);

  Seams seams_;
  Options options_;
  EngineClock clock_;
  const Limits express_limits_;
  const std::uint64_t express_seed_;
  std::atomic<std::uint64_t> express_count_{0};
  TaskTokens tokens_;
  Activities activities_;
  std::atomic<bool> stopping_{false};
  std::unique_ptr<Router> router_;
  Background background_{kBackgroundThreads};
  ClosedViews closed_;
  EngineMetrics metrics_;
  SearchDeclarations search_;
  HaltingMachines halting_;
  std::atomic<bool> any_pauses_{false};
  mutable std::mutex pauses_mutex_;
  std::shared_ptr<const Pauses> pauses_;
  std::vector<std::unique_ptr<Rng>> rngs_;
  std::vector<std::unique_ptr<ShardEnvironment>> environments_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace pawl::runtime
