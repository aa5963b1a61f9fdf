// A worker: one thread, one loop, several shards. Messages come in through its mailbox; a turn
// takes all of them, fires what is due, and commits one batch a shard.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <unordered_map>
#include <vector>

#include "runtime/express_runs.h"
#include "runtime/shard.h"

namespace pawl::runtime {

class Worker {
 public:
  struct Options {
    std::int64_t sweep_interval_ms = 1'000;
    std::size_t sweep_budget = 200;    // executions a shard and sweep
    std::size_t mailbox_max = 50'000;  // above it new work is refused
    std::function<void()> tick{};      // about once a second, on the worker's thread
  };

  // Owns shards first, first + stride, first + 2 * stride ... `environment` outlives the worker.
  Worker(ShardEnvironment& environment, store::ShardId first, store::ShardId stride,
         Options options);
  ~Worker();

  // A batch of the shard was lost: it is read anew, with its timers. Thread-safe.
  void reopen(store::ShardId shard);
  // Runs on the worker's thread, with the shard it is about. Thread-safe.
  using Message = std::function<void(Shard&)>;
  void post(store::ShardId shard, Message message);
  // The same for an execution of either kind: an Express one that is in memory, or the shard's.
  void deliver(const ExecutionId& id, machine::Input input, std::function<void(Delivery)> reply);
  // Touched by posted messages only.
  ExpressRuns& express() { return express_; }
  std::size_t waiting() const;
  // Whether new work should be refused.
  bool overloaded() const;

  // A heartbeat of the task is due every `interval_ms` from now on.
  void watch_heartbeat(const ExecutionId& execution, machine::EventId task,
                       std::int64_t interval_ms);
  // Restarts the task's heartbeat clock, if it has one.
  void beat(const ExecutionId& execution, machine::EventId task);

  // For ShardEnvironment::arm; on the worker's thread.
  void arm(store::ShardId shard, const TimerKey& timer);

  // Recovers the shards, then serves on an own thread.
  void run();
  // Ends the loop after the turn and joins the thread.
  void stop();

 private:
  struct Envelope {
    store::ShardId shard;
    Message message;
  };
  struct Armed {
    TimerKey timer;
    store::ShardId shard;
    bool operator>(const Armed& other) const { return timer.due > other.timer.due; }
  };
  struct Heartbeat {
    std::int64_t interval_ms;
    WallMillis deadline;
  };
  struct TaskKey {
    ExecutionId execution;
    machine::EventId task;
    friend bool operator==(const TaskKey&, const TaskKey&) = default;
  };
  struct TaskKeyHash {
    std::size_t operator()(const TaskKey& key) const {
      return ExecutionIdHash{}(key.execution) + static_cast<std::size_t>(key.task);
    }
  };

  void loop();
  void deliver_now(const ExecutionId& id, const machine::Input& input,
                   std::function<void(Delivery)> reply);
  void turn(std::vector<Envelope>& envelopes);
  void fire_due(WallMillis now);
  void fire_heartbeats(WallMillis now);
  void look_ahead(WallMillis now);
  void sweep(WallMillis now);
  void tick(WallMillis now);
  WallMillis next_due() const;
  Shard& shard(store::ShardId id);
  void mark(store::ShardId id);

  ShardEnvironment& environment_;
  const store::ShardId first_;
  const store::ShardId stride_;
  const Options options_;
  ExpressRuns express_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<bool> touched_;
  std::vector<bool> unfinished_;

  std::priority_queue<Armed, std::vector<Armed>, std::greater<>> timers_;
  WallMillis window_end_ = 0;  // timers due before it are in `timers_`
  std::unordered_map<TaskKey, Heartbeat, TaskKeyHash> heartbeats_;
  WallMillis heartbeats_due_ = INT64_MAX;  // no deadline is earlier
  WallMillis next_sweep_ = 0;
  WallMillis next_overdue_ = 0;
  WallMillis next_tick_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Envelope> mailbox_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace pawl::runtime
