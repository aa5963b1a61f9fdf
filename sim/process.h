// The part of the world that dies in a crash: shards, what they have told each other, their timers,
// and the tasks they handed out.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/shard.h"
#include "store/sim_store.h"

namespace pawl::sim {

// Stands still until the simulation moves it.
struct SimClock final : Clock {
  WallMillis wall_now() const override { return wall; }
  BootMillis boot_now() const override { return boot; }
  void advance(std::int64_t millis) {
    wall += millis;
    boot += millis;
  }
  WallMillis wall = 1'700'000'000'000;
  BootMillis boot = 5'000;
};

using Definitions = std::map<std::string, std::shared_ptr<const asl::Machine>>;

class Process final : private runtime::TaskRunner {
 public:
  // What outlives the process.
  struct World {
    store::SimStore& store;
    const SimClock& clock;
    const Definitions& definitions;
    Rng& rng;
    const runtime::HaltingMachines& halting;
  };
  Process(const World& world, std::shared_ptr<const runtime::Pauses> pauses);

  runtime::Shard& shard(store::ShardId id);
  runtime::Shard& shard_of(const runtime::ExecutionId& id) { return shard(id.shard()); }
  // Of every shard there is.
  void set_pauses(std::shared_ptr<const runtime::Pauses> pauses, std::function<void()> done);
  // Work that was handed out and not answered yet.
  std::deque<runtime::TaskRequest>& requests() { return requests_; }
  std::int64_t open() const { return metrics_.open; }

  // One turn of a worker thread: messages arrive, work that blocks ends, due timers fire, batches
  // are handed over, capped steps go on.
  void turn();
  // Nothing is on its way between the shards.
  bool is_quiet() const { return messages_.empty() && jobs_.empty(); }
  // When the next timer is due; nothing when none is armed.
  std::optional<WallMillis> next_timer();

 private:
  struct Earlier {
    bool operator()(const runtime::TimerKey& a, const runtime::TimerKey& b) const;
  };

  void run(runtime::TaskRequest request) override { requests_.push_back(std::move(request)); }
  void cancel(const runtime::ExecutionId& execution, machine::EventId task) override;
  void look_ahead();
  void post(store::ShardId shard, std::function<void(runtime::Shard&)> message);
  void deliver_messages();

  const runtime::EngineClock clock_;
  const runtime::TaskTokens tokens_{std::string(32, 'k')};
  const Limits limits_ = small_steps();
  runtime::ClosedViews closed_;
  runtime::EngineMetrics metrics_;
  std::set<runtime::TimerKey, Earlier> timers_;
  std::deque<runtime::TaskRequest> requests_;
  Rng& rng_;
  std::deque<std::pair<store::ShardId, std::function<void(runtime::Shard&)>>> messages_;
  std::deque<std::function<void()>> jobs_;  // that block
  std::set<store::ShardId> lost_;
  std::shared_ptr<const runtime::Pauses> pauses_;
  runtime::ShardEnvironment environment_;
  std::map<store::ShardId, std::unique_ptr<runtime::Shard>> shards_;

  // Steps are capped early, so that crashes meet executions in the middle of one.
  static Limits small_steps() {
    Limits limits = kAwsLimits;
    limits.step_fuel_max = 7;
    return limits;
  }
};

}  // namespace pawl::sim
