// The part of the world that dies in a crash: a shard, its timers, and the tasks it handed out.
#pragma once

#include <deque>
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
  Process(store::SimStore& store, const SimClock& clock, const Definitions& definitions, Rng& rng,
          store::ShardId shard, std::shared_ptr<const runtime::Pauses> pauses);

  runtime::Shard& shard() { return shard_; }
  // Work that was handed out and not answered yet.
  std::deque<runtime::TaskRequest>& requests() { return requests_; }
  std::int64_t open() const { return metrics_.open; }

  // One turn of a worker thread: capped steps go on, due timers fire, the batch is handed over.
  void turn();
  // When the next timer is due; nothing when none is armed.
  std::optional<WallMillis> next_timer();

 private:
  struct Earlier {
    bool operator()(const runtime::TimerKey& a, const runtime::TimerKey& b) const;
  };

  void run(runtime::TaskRequest request) override { requests_.push_back(std::move(request)); }
  void cancel(const runtime::ExecutionId& execution, machine::EventId task) override;
  void look_ahead();

  const runtime::EngineClock clock_;
  const runtime::TaskTokens tokens_{std::string(32, 'k')};
  const Limits limits_ = small_steps();
  runtime::ClosedViews closed_;
  runtime::EngineMetrics metrics_;
  std::set<runtime::TimerKey, Earlier> timers_;
  std::deque<runtime::TaskRequest> requests_;
  bool lost_ = false;
  runtime::ShardEnvironment environment_;
  runtime::Shard shard_;

  // Steps are capped early, so that crashes meet executions in the middle of one.
  static Limits small_steps() {
    Limits limits = kAwsLimits;
    limits.step_fuel_max = 7;
    return limits;
  }
};

}  // namespace pawl::sim
