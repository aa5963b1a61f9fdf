// Which of the resources that the stream of changes tells of a committed batch belongs to.
#pragma once

#include <functional>

#include "console/change_feed.h"
#include "store/store.h"

namespace pawl::cli {

// Tells of the stacks, pipelines and Map Runs whose rows are in the batch, when it is called; empty
// where there are none, or nobody watches.
std::function<void()> tell_resources(console::ChangeFeed& feed, store::ShardId shard,
                                     const store::Batch& batch);

}  // namespace pawl::cli
