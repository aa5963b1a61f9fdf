// What became of a request to delete an execution with all its rows.
#pragma once

#include <string>

#include "store/store.h"

namespace pawl::runtime {

// Erases all rows whose keys begin so, as `store` shows them now. One by one where they are few:
// a deleted range costs every later read of its space, until it is compacted.
void erase_prefix(const store::Store& store, store::ShardId shard, store::Space space,
                  const std::string& prefix, store::Batch& batch);

enum class EraseOutcome {
  kErased,
  kNotFound,
  kRunning,  // or its Map Run still ends: stop it first
  kLost
};

}  // namespace pawl::runtime
