// What the rows say of executions and Map Runs, without any shard: synced facts only. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/map_run.h"
#include "runtime/rows.h"
#include "runtime/shard_environment.h"

namespace pawl::runtime {

// What the row of a Map Run says, and the ARNs of an execution's Map Runs, newest first.
std::optional<MapRunRecord> read_map_run(const store::Store& store, std::string_view arn,
                                         Horizon horizon);
std::vector<std::string> list_map_runs(const store::Store& store, const ExecutionId& parent,
                                       Horizon horizon);

std::optional<Summary> read_summary(const store::Store& store, const ExecutionId& id,
                                    Horizon horizon);
std::optional<ExecutionView> read_view(const store::Store& store, const ExecutionId& id,
                                       Horizon horizon);

}  // namespace pawl::runtime
