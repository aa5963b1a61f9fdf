#include "runtime/worker.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pawl::runtime {

namespace {
// How far ahead durable timers are held in memory, and how often that window moves.
constexpr std::int64_t kWindowMillis = 60'000;
constexpr std::int64_t kIdleMillisMax = 1'000;
constexpr std::int64_t kOverdueMillis = 60'000;
}  // namespace

Worker::Worker(ShardEnvironment& environment, store::ShardId first, store::ShardId stride,
               Options options)
    : environment_(environment),
      first_(first),
      stride_(stride),
      options_(std::move(options)),
      express_(environment,
               [this](store::ShardId shard, Message message) { post(shard, std::move(message)); }) {
  for (store::ShardId id = first; id < store::kShardCount; id = id + stride) {
    shards_.push_back(std::make_unique<Shard>(id, environment));
  }
  touched_.resize(shards_.size());
  unfinished_.resize(shards_.size());
}

Worker::~Worker() { stop(); }

Shard& Worker::shard(store::ShardId id) {
  return *shards_[static_cast<std::size_t>((id - first_) / stride_)];
}

void Worker::mark(store::ShardId id) {
  touched_[static_cast<std::size_t>((id - first_) / stride_)] = true;
}

void Worker::post(store::ShardId shard, Message message) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    mailbox_.push_back({shard, std::move(message)});
    first = mailbox_.size() == 1;
  }
  // Outside the lock, which the woken thread wants at once.
  if (first) wake_.notify_one();
}

void Worker::deliver(const ExecutionId& id, machine::Input input,
                     std::function<void(Delivery)> reply) {
  post(id.shard(), [this, id, input = std::move(input), reply = std::move(reply)](Shard&) mutable {
    deliver_now(id, input, std::move(reply));
  });
}

void Worker::deliver_now(const ExecutionId& id, const machine::Input& input,
                         std::function<void(Delivery)> reply) {
  Shard& owner = shard(id.shard());
  mark(id.shard());
  if (!express_.holds(id)) return owner.deliver(id, input, std::move(reply));
  const Delivery delivery = express_.deliver(id, input, owner);
  if (reply) reply(delivery);
}

void Worker::reopen(store::ShardId shard) {
  post(shard, [this](Shard& lost) {
    lost.discard();
    window_end_ = 0;
  });
}

std::size_t Worker::waiting() const {
  const std::lock_guard lock(mutex_);
  return mailbox_.size();
}

bool Worker::overloaded() const {
  const std::lock_guard lock(mutex_);
  return mailbox_.size() >= options_.mailbox_max || stopping_;
}

void Worker::watch_heartbeat(const ExecutionId& execution, machine::EventId task,
                             std::int64_t interval_ms) {
  post(execution.shard(), [this, execution, task, interval_ms](Shard&) {
    const WallMillis deadline = environment_.clock.now() + interval_ms;
    heartbeats_[{execution, task}] = {interval_ms, deadline};
    heartbeats_due_ = std::min(heartbeats_due_, deadline);
  });
}

void Worker::beat(const ExecutionId& execution, machine::EventId task) {
  post(execution.shard(), [this, execution, task](Shard&) {
    const auto found = heartbeats_.find({execution, task});
    if (found == heartbeats_.end()) return;
    found->second.deadline = environment_.clock.now() + found->second.interval_ms;
  });
}

void Worker::arm(store::ShardId shard, const TimerKey& timer) {
  if (timer.due < window_end_) timers_.push({timer, shard});
}

void Worker::run() {
  thread_ = std::thread([this] { loop(); });
}

void Worker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Worker::loop() {
  look_ahead(environment_.clock.now());
  for (const auto& shard : shards_) {
    shard->recover();
    express_.recover(*shard);
  }
  std::fill(touched_.begin(), touched_.end(), true);
  std::vector<Envelope> envelopes;
  for (;;) {
    turn(envelopes);
    envelopes.clear();
    const bool busy = std::find(unfinished_.begin(), unfinished_.end(), true) != unfinished_.end();
    const std::int64_t left = next_due() - environment_.clock.now();
    std::unique_lock lock(mutex_);
    if (!busy && mailbox_.empty() && !stopping_ && left > 0) {
      wake_.wait_for(lock, std::chrono::milliseconds(std::min(left, kIdleMillisMax)));
    }
    if (stopping_ && mailbox_.empty()) return;
    envelopes.swap(mailbox_);
  }
}

void Worker::turn(std::vector<Envelope>& envelopes) {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    if (!unfinished_[i]) continue;
    shards_[i]->go_on();
    touched_[i] = true;
  }
  for (Envelope& envelope : envelopes) {
    envelope.message(shard(envelope.shard));
    mark(envelope.shard);
  }
  const WallMillis now = environment_.clock.now();
  look_ahead(now);
  fire_due(now);
  fire_heartbeats(now);
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    if (!touched_[i]) continue;
    touched_[i] = false;
    unfinished_[i] = shards_[i]->end_turn();
  }
  sweep(now);
  tick(now);
}

void Worker::tick(WallMillis now) {
  if (!options_.tick || now < next_tick_) return;
  next_tick_ = now + kIdleMillisMax;
  options_.tick();
}

void Worker::look_ahead(WallMillis now) {
  if (now < window_end_ - kWindowMillis / 2) return;
  window_end_ = now + kWindowMillis;
  for (const auto& shard : shards_) {
    for (const TimerKey& timer : shard->timers_before(window_end_)) {
      timers_.push({timer, timer.execution.shard()});
    }
  }
}

void Worker::fire_due(WallMillis now) {
  while (!timers_.empty() && timers_.top().timer.due <= now) {
    const Armed armed = timers_.top();
    timers_.pop();
    shard(armed.shard).fire(armed.timer);
    mark(armed.shard);
  }
  express_.fire_due(now, [this](store::ShardId id) -> Shard& {
    mark(id);
    return shard(id);
  });
}

void Worker::fire_heartbeats(WallMillis now) {
  if (now < heartbeats_due_) return;
  heartbeats_due_ = INT64_MAX;
  for (auto heartbeat = heartbeats_.begin(); heartbeat != heartbeats_.end();) {
    if (heartbeat->second.deadline > now) {
      heartbeats_due_ = std::min(heartbeats_due_, heartbeat->second.deadline);
      ++heartbeat;
      continue;
    }
    const TaskKey key = heartbeat->first;
    if (shard(key.execution.shard()).is_held(key.execution)) {
      heartbeat->second.deadline = now + heartbeat->second.interval_ms;
      heartbeats_due_ = std::min(heartbeats_due_, heartbeat->second.deadline);
      ++heartbeat;
      continue;
    }
    heartbeat = heartbeats_.erase(heartbeat);
    deliver_now(key.execution, machine::HeartbeatExpired{key.task}, nullptr);
  }
}

void Worker::sweep(WallMillis now) {
  if (now < next_sweep_) return;
  next_sweep_ = now + options_.sweep_interval_ms;
  for (const auto& shard : shards_) shard->sweep(options_.sweep_budget);
  if (now < next_overdue_) return;
  next_overdue_ = now + kOverdueMillis;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    shards_[i]->time_out_overdue(options_.sweep_budget);
    touched_[i] = true;  // the next turn commits
  }
}

WallMillis Worker::next_due() const {
  const WallMillis timer = timers_.empty() ? INT64_MAX : timers_.top().timer.due;
  return std::min({timer, heartbeats_due_, express_.next_due()});
}

}  // namespace pawl::runtime
