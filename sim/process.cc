#include "process.h"

#include <algorithm>
#include <utility>

namespace pawl::sim {

namespace {
constexpr std::int64_t kWindowMillis = 60'000;
}

bool Process::Earlier::operator()(const runtime::TimerKey& a, const runtime::TimerKey& b) const {
  return runtime::timer_key(a) < runtime::timer_key(b);
}

Process::Process(store::SimStore& store, const SimClock& clock, const Definitions& definitions,
                 Rng& rng, store::ShardId shard, std::shared_ptr<const runtime::Pauses> pauses)
    : clock_(clock),
      environment_{
          .store = store,
          .tasks = *this,
          .tokens = tokens_,
          .clock = clock_,
          .limits = limits_,
          .rng = rng,
          .definition =
              [&definitions](const std::string& revision) { return definitions.at(revision); },
          .activity_exists = [](std::string_view) { return true; },
          .arm = [this](store::ShardId, const runtime::TimerKey& timer) { timers_.insert(timer); },
          .lost = [this](store::ShardId) { lost_ = true; },
          .closed = closed_,
          .metrics = metrics_,
          .resident_max = 2,
          .pauses = std::move(pauses)},
      shard_(shard, environment_) {
  shard_.recover();
}

void Process::cancel(const runtime::ExecutionId& execution, machine::EventId task) {
  std::erase_if(requests_, [&](const runtime::TaskRequest& request) {
    return request.execution == execution && request.task == task;
  });
}

void Process::look_ahead() {
  for (const runtime::TimerKey& timer : shard_.timers_before(clock_.now() + kWindowMillis)) {
    timers_.insert(timer);
  }
}

std::optional<WallMillis> Process::next_timer() {
  look_ahead();
  if (timers_.empty()) return std::nullopt;
  return timers_.begin()->due;
}

void Process::turn() {
  if (std::exchange(lost_, false)) {
    requests_.clear();
    shard_.discard();
  }
  look_ahead();
  while (!timers_.empty() && timers_.begin()->due <= clock_.now()) {
    const runtime::TimerKey due = *timers_.begin();
    timers_.erase(timers_.begin());
    shard_.fire(due);
  }
  if (shard_.end_turn()) shard_.go_on();
}

}  // namespace pawl::sim
