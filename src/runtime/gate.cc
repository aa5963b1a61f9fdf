#include "runtime/gate.h"

#include "base/ensure.h"

namespace pawl::runtime {

std::uint64_t Gate::begin_batch() {
  const std::lock_guard lock(mutex_);
  waiting_.emplace_back();
  return ++begun_;
}

void Gate::after(std::uint64_t number, Effect effect) {
  {
    const std::lock_guard lock(mutex_);
    ENSURE(number <= begun_, number, begun_);
    if (number > ended_) {
      waiting_[number - ended_ - 1].push_back(std::move(effect));
      return;
    }
  }
  effect(GateOutcome::kDurable);
}

bool Gate::is_durable(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  return number <= ended_;
}

void Gate::end_batch(std::uint64_t number, GateOutcome outcome) {
  std::vector<Effect> effects;
  {
    const std::lock_guard lock(mutex_);
    ENSURE(number == ended_ + 1 && number <= begun_, number, ended_);
    effects = std::move(waiting_.front());
    waiting_.pop_front();
    ended_ = number;
  }
  for (const Effect& effect : effects) effect(outcome);
}

}  // namespace pawl::runtime
