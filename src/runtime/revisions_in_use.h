// Which definitions executions still need.
#pragma once

#include <functional>
#include <string>
#include <unordered_set>

#include "runtime/rows.h"
#include "store/store.h"

namespace pawl::runtime {

// The revisions (content hashes) of all executions that there are, open and closed. Reads a row of
// each, shard by shard, on the caller's thread: seconds for millions. `go_on` is asked between
// shards; nothing when it said no.
std::optional<std::unordered_set<std::string>> revisions_in_use(const store::Store& store,
                                                                Horizon horizon,
                                                                const std::function<bool()>& go_on);

}  // namespace pawl::runtime
