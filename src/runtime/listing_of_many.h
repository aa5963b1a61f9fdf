// One list of the executions of several state machines, as that of one is a merge of its shards'.
#pragma once

#include <string>
#include <vector>

#include "runtime/listing.h"

namespace pawl::runtime {

// ARNs of state machines, or of Map Runs. Each costs a look into every shard.
struct ListOwners {
  std::vector<std::string> arns;
  WallMillis started_from = 0;  // no older executions
};

// As `request` says, but for its machine.
ListPage list_executions(const store::Store& store, const ListOwners& owners,
                         const ListRequest& request, Horizon horizon);

}  // namespace pawl::runtime
