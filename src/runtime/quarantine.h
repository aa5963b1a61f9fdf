// Quarantine: executions that ended the process twice are set aside, so that all others start.
#pragma once

#include <string>
#include <vector>

#include "runtime/execution_id.h"
#include "store/store.h"

namespace pawl::runtime {

// How many crashes of one execution are too many.
inline constexpr int kCrashesMax = 2;

// Reads the crash record, quarantines repeat offenders durably, and logs each. Before shards start.
// The record is kept: an execution that is taken out of quarantine and crashes again counts on.
void quarantine_crashers(store::Store& store, const std::string& crash_record_path);

// Whether the execution is quarantined; it is not run, its name stays taken and its history
// readable.
bool is_quarantined(const store::Store& store, const ExecutionId& id);

}  // namespace pawl::runtime
