#include "services/codepipeline/parking.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace pawl::codepipeline {

Parking::Parking(const Clock& clock) : clock_(clock), thread_([this] { loop(); }) {}

std::uint64_t Parking::changes(const std::string& pipeline) const {
  const std::lock_guard lock(mutex_);
  const auto found = changes_.find(pipeline);
  return found == changes_.end() ? 0 : found->second;
}

void Parking::wait(const std::string& pipeline, std::uint64_t seen, WallMillis until,
                   std::function<void()> look_again) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    const auto now = changes_.find(pipeline);
    if ((now == changes_.end() ? 0 : now->second) == seen) {
      const std::uint64_t id = ++next_;
      waiters_[id] = {pipeline, until, std::move(look_again)};
      by_pipeline_[pipeline].insert(id);
      if (until != 0) by_time_.emplace(until, id);
      wake_.notify_one();
      return;
    }
  }
  look_again();
}

void Parking::changed(const std::string& pipeline) {
  std::vector<std::function<void()>> again;
  {
    const std::lock_guard lock(mutex_);
    ++changes_[pipeline];
    const auto found = by_pipeline_.find(pipeline);
    if (found == by_pipeline_.end()) return;
    for (const std::uint64_t id : found->second) {
      const auto waiter = waiters_.find(id);
      by_time_.erase({waiter->second.until, id});
      again.push_back(std::move(waiter->second.look_again));
      waiters_.erase(waiter);
    }
    by_pipeline_.erase(found);
  }
  for (const auto& look : again) look();
}

void Parking::loop() {
  constexpr WallMillis kLookMillis = 60'000;  // the wall clock may be set
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const WallMillis now = clock_.wall_now();
    std::vector<std::function<void()>> due;
    while (!by_time_.empty() && by_time_.begin()->first <= now) {
      const std::uint64_t id = by_time_.begin()->second;
      by_time_.erase(by_time_.begin());
      const auto waiter = waiters_.find(id);
      auto& of_pipeline = by_pipeline_[waiter->second.pipeline];
      of_pipeline.erase(id);
      if (of_pipeline.empty()) by_pipeline_.erase(waiter->second.pipeline);
      due.push_back(std::move(waiter->second.look_again));
      waiters_.erase(waiter);
    }
    if (!due.empty()) {
      lock.unlock();
      for (const auto& look : due) look();
      lock.lock();
      continue;
    }
    const WallMillis rest =
        by_time_.empty() ? kLookMillis : std::min(kLookMillis, by_time_.begin()->first - now);
    wake_.wait_for(lock, std::chrono::milliseconds(rest));
  }
}

void Parking::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiters_.clear();
    by_pipeline_.clear();
    by_time_.clear();
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace pawl::codepipeline
