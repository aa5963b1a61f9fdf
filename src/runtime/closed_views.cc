#include "runtime/closed_views.h"

#include <utility>
#include <vector>

#include "runtime/shard.h"

namespace pawl::runtime {

namespace {

// Names, map entry and counters of one view, roughly.
constexpr std::size_t kViewBytes = 1024;

std::size_t bytes_of(const ExecutionView& view) {
  return kViewBytes + view.input.bytes() + view.output.bytes() +
         view.fault.cause.value_or(std::string()).size();
}

}  // namespace

void ClosedViews::put(const ExecutionId& id, View view) {
  const std::size_t bytes = bytes_of(*view);
  std::vector<View> dropped;  // outlives the lock: freeing takes a while
  const std::lock_guard lock(mutex_);
  dropped.push_back(std::exchange(views_[id], std::move(view)));
  ages_.push_back({id, bytes});
  bytes_ += bytes;
  while (bytes_ > bytes_max_) {
    const Aged oldest = ages_.front();
    ages_.pop_front();
    bytes_ -= oldest.bytes;
    const auto found = views_.find(oldest.id);
    if (found == views_.end()) continue;
    dropped.push_back(std::move(found->second));
    views_.erase(found);
  }
}

ClosedViews::View ClosedViews::find(const ExecutionId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = views_.find(id);
  return found == views_.end() ? nullptr : found->second;
}

void ClosedViews::erase(const ExecutionId& id) {
  const std::lock_guard lock(mutex_);
  views_.erase(id);
}

}  // namespace pawl::runtime
