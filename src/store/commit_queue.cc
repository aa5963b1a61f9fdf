#include "store/commit_queue.h"

#include <utility>

namespace pawl::store {

void CommitQueue::put(PendingCommit commit) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = queued_.empty();
    queued_.push_back(std::move(commit));
    ++put_;
  }
  // The taker sleeps only while the queue is empty.
  if (first) changed_.notify_all();
}

std::vector<PendingCommit> CommitQueue::take_all() {
  std::unique_lock lock(mutex_);
  dealt_with_ = taken_;
  if (is_awaited_) changed_.notify_all();
  changed_.wait(lock, [this] { return closed_ || !queued_.empty(); });
  taken_ += queued_.size();
  return std::exchange(queued_, {});
}

void CommitQueue::end_taking() {
  const std::lock_guard lock(mutex_);
  taker_is_gone_ = true;
  changed_.notify_all();
}

std::uint64_t CommitQueue::put_count() const {
  const std::lock_guard lock(mutex_);
  return put_;
}

bool CommitQueue::wait_dealt_with(std::uint64_t count, std::chrono::milliseconds period) {
  std::unique_lock lock(mutex_);
  is_awaited_ = true;
  return changed_.wait_for(lock, period, [&] { return taker_is_gone_ || dealt_with_ >= count; });
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
