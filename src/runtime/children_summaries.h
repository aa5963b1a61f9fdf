// The summaries of a Map Run's children, asked for in the order of their numbers. Children start in
// about that order, so one walk over the lists of all shards, oldest first, meets them as they are
// asked for; who is not met is looked up by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/rows.h"
#include "store/store.h"

namespace pawl::runtime {

class ChildrenSummaries {
 public:
  ChildrenSummaries(const store::Store& store, std::string_view map_run_arn, Horizon horizon);

  std::optional<Summary> of(const ExecutionId& child);

 private:
  struct Walk {
    std::string to;  // rows from it on were met
    bool ended = false;
    std::unordered_map<ExecutionId, Summary, ExecutionIdHash> met;  // and not asked for
  };
  void go_on(Walk& walk, store::ShardId shard) const;

  const store::Store& store_;
  const Horizon horizon_;
  const std::string from_;
  std::vector<Walk> walks_;
};

}  // namespace pawl::runtime
