// What the rows say of an execution whose summary is known (shard_read.cc).
#pragma once

#include "runtime/shard_environment.h"

namespace pawl::runtime {

ExecutionView view_of(const store::Store& store, Summary summary, const ExecutionId& id);

}  // namespace pawl::runtime
