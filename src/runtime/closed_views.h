// What executions that closed a moment ago look like. Whoever starts an execution mostly asks for
// it right after its end: that answer costs neither a look at the store nor a turn of the shard.
//
// Holds durable facts only. Bounded; the oldest go first, and the store knows them all.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "runtime/execution_id.h"

namespace pawl::runtime {

struct ExecutionView;

class ClosedViews {
 public:
  using View = std::shared_ptr<const ExecutionView>;

  explicit ClosedViews(std::size_t bytes_max = 16u << 20) : bytes_max_(bytes_max) {}

  // All are thread-safe.
  void put(const ExecutionId& id, View view);
  // nullptr: ask the store.
  View find(const ExecutionId& id) const;
  // The execution is open again, or gone.
  void erase(const ExecutionId& id);

 private:
  struct Aged {
    ExecutionId id;
    std::size_t bytes = 0;
  };

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::unordered_map<ExecutionId, View, ExecutionIdHash> views_;
  std::deque<Aged> ages_;  // oldest first
  std::size_t bytes_ = 0;
};

}  // namespace pawl::runtime
