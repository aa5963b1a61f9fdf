#include "runtime/gate.h"

#include <utility>

#include "base/ensure.h"

namespace pawl::runtime {

std::uint64_t Gate::begin_batch() {
  const std::lock_guard lock(mutex_);
  waiting_.emplace_back();
  return ++begun_;
}

std::uint64_t Gate::begun() const {
  const std::lock_guard lock(mutex_);
  return begun_;
}

void Gate::after(std::uint64_t number, Effect effect) {
  GateOutcome outcome = GateOutcome::kDurable;
  {
    const std::lock_guard lock(mutex_);
    ENSURE(number <= begun_, number, begun_);
    if (number > ended_) {
      waiting_[number - ended_ - 1].push_back(std::move(effect));
      return;
    }
    outcome = lost_ && number > 0 ? GateOutcome::kLost : GateOutcome::kDurable;
  }
  effect(outcome);
}

bool Gate::is_durable(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  return number == 0 || (!lost_ && number <= ended_);
}

bool Gate::is_lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

// What waited. An effect may shut its own gate; other threads let it end first.
std::deque<std::vector<Effect>> Gate::shut() {
  std::unique_lock lock(mutex_);
  lost_ = true;
  ended_ = begun_;
  auto waiting = std::exchange(waiting_, {});
  told_.wait(lock, [this] {
    return teller_ == std::thread::id() || teller_ == std::this_thread::get_id();
  });
  return waiting;
}

void Gate::close() {
  for (const auto& effects : shut()) {
    for (const Effect& effect : effects) effect(GateOutcome::kLost);
  }
}

void Gate::abandon() { shut(); }

void Gate::end_batch(std::uint64_t number, GateOutcome outcome, const std::function<void()>& lost) {
  std::vector<Effect> effects;
  {
    const std::lock_guard lock(mutex_);
    if (number <= ended_) return;  // closed meanwhile
    ENSURE(number == ended_ + 1 && number <= begun_, number, ended_);
    if (outcome == GateOutcome::kLost) lost_ = true;
    effects = std::move(waiting_.front());
    waiting_.pop_front();
    ended_ = number;
    teller_ = std::this_thread::get_id();
  }
  if (outcome == GateOutcome::kLost && lost) lost();
  for (const Effect& effect : effects) effect(outcome);
  effects.clear();  // what they hold ends with them
  const std::lock_guard lock(mutex_);
  teller_ = {};
  told_.notify_all();
}

}  // namespace pawl::runtime
