#include "store/commit_queue.h"

#include <utility>

namespace pawl::store {

void CommitQueue::put(PendingCommit commit) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = queued_.empty();
    queued_.push_back(std::move(commit));
  }
  // The taker sleeps only while the queue is empty.
  if (first) changed_.notify_all();
}

std::vector<PendingCommit> CommitQueue::take_all() {
  std::unique_lock lock(mutex_);
  taker_ = Taker::kAsking;
  if (idle_is_awaited_) changed_.notify_all();
  changed_.wait(lock, [this] { return closed_ || !queued_.empty(); });
  taker_ = Taker::kBusy;
  return std::exchange(queued_, {});
}

void CommitQueue::end_taking() {
  const std::lock_guard lock(mutex_);
  taker_ = Taker::kGone;
  changed_.notify_all();
}

bool CommitQueue::wait_idle(std::chrono::milliseconds period) {
  std::unique_lock lock(mutex_);
  idle_is_awaited_ = true;
  return changed_.wait_for(lock, period, [this] {
    return taker_ == Taker::kGone || (taker_ == Taker::kAsking && queued_.empty());
  });
}

void CommitQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

std::size_t CommitQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return queued_.size();
}

bool CommitQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void CommitQueue::wait_closed(std::chrono::milliseconds period) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, period, [this] { return closed_; });
}

}  // namespace pawl::store
