#include "process.h"

#include <algorithm>
#include <utility>

namespace pawl::sim {

namespace {
constexpr std::int64_t kWindowMillis = 60'000;

bool has_rows(const store::Store& store, store::ShardId shard) {
  bool any = false;
  store.scan(shard, store::Space::kState, "", "~", store::Store::Direction::kForward,
             [&any](std::string_view, std::string_view) {
               any = true;
               return false;
             });
  return any;
}
}  // namespace

bool Process::Earlier::operator()(const runtime::TimerKey& a, const runtime::TimerKey& b) const {
  return runtime::timer_key(a) < runtime::timer_key(b);
}

Process::Process(const World& world, std::shared_ptr<const runtime::Pauses> pauses)
    : clock_(world.clock),
      rng_(world.rng),
      pauses_(pauses),
      environment_{
          .store = world.store,
          .tasks = *this,
          .tokens = tokens_,
          .clock = clock_,
          .limits = limits_,
          .rng = world.rng,
          .definition = [&definitions = world.definitions](
                            const std::string& revision) { return definitions.at(revision); },
          .activity_exists = [](std::string_view) { return true; },
          .arm = [this](store::ShardId, const runtime::TimerKey& timer) { timers_.insert(timer); },
          .lost = [this](store::ShardId shard) { lost_.insert(shard); },
          .closed = closed_,
          .metrics = metrics_,
          .post =
              [this](store::ShardId shard, std::function<void(runtime::Shard&)> message) {
                post(shard, std::move(message));
              },
          .run_blocking = [this](std::function<void()> job) { jobs_.push_back(std::move(job)); },
          .resident_max = 2,
          .pauses = std::move(pauses),
          .halting = &world.halting} {
  for (store::ShardId id = 0; id < store::kShardCount; ++id) {
    if (has_rows(world.store, id)) shard(id);
  }
}

runtime::Shard& Process::shard(store::ShardId id) {
  std::unique_ptr<runtime::Shard>& shard = shards_[id];
  if (!shard) {
    environment_.pauses = pauses_;
    shard = std::make_unique<runtime::Shard>(id, environment_);
    shard->recover();
  }
  return *shard;
}

void Process::set_pauses(std::shared_ptr<const runtime::Pauses> pauses,
                         std::function<void()> done) {
  pauses_ = std::move(pauses);
  const auto left = std::make_shared<std::size_t>(shards_.size() + 1);
  const auto one = [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
  for (const auto& [id, shard] : shards_) shard->set_pauses(pauses_, one);
  one();
}

void Process::cancel(const runtime::ExecutionId& execution, machine::EventId task) {
  std::erase_if(requests_, [&](const runtime::TaskRequest& request) {
    return request.execution == execution && request.task == task;
  });
}

void Process::look_ahead() {
  for (const auto& [id, shard] : shards_) {
    for (const runtime::TimerKey& timer : shard->timers_before(clock_.now() + kWindowMillis)) {
      timers_.insert(timer);
    }
  }
}

std::optional<WallMillis> Process::next_timer() {
  look_ahead();
  if (timers_.empty()) return std::nullopt;
  return timers_.begin()->due;
}

void Process::post(store::ShardId shard, std::function<void(runtime::Shard&)> message) {
  messages_.emplace_back(shard, std::move(message));
}

// Some of those that are there: the rest come late, in the order in which they were sent.
void Process::deliver_messages() {
  for (std::uint64_t left = rng_.next() % (messages_.size() + 1); left > 0; --left) {
    const auto [id, message] = std::move(messages_.front());
    messages_.pop_front();
    message(shard(id));
  }
  if (jobs_.empty() || rng_.next() % 3 != 0) return;
  const auto job = std::move(jobs_.front());
  jobs_.pop_front();
  job();
}

void Process::turn() {
  for (const store::ShardId id : std::exchange(lost_, {})) {
    std::erase_if(requests_, [id](const auto& request) { return request.execution.shard() == id; });
    shard(id).discard();
  }
  deliver_messages();
  look_ahead();
  while (!timers_.empty() && timers_.begin()->due <= clock_.now()) {
    const runtime::TimerKey due = *timers_.begin();
    timers_.erase(timers_.begin());
    shard_of(due.execution).fire(due);
  }
  for (const auto& [id, shard] : shards_) {
    if (shard->end_turn()) shard->go_on();
  }
}

}  // namespace pawl::sim
