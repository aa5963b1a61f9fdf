#include "runtime/quarantine.h"

#include <future>
#include <map>

#include "base/log.h"
#include "runtime/crash_record.h"
#include "runtime/rows.h"
#include "runtime/shard.h"

namespace pawl::runtime {

bool is_quarantined(const store::Store& store, const ExecutionId& id) {
  return store.get(id.shard(), store::Space::kState, quarantine_key(id)).has_value();
}

void quarantine_crashers(store::Store& store, const std::string& crash_record_path) {
  std::map<ExecutionId, int> crashes;
  for (const ExecutionId& id : read_crash_record(crash_record_path)) ++crashes[id];
  for (const auto& [id, count] : crashes) {
    if (count < kCrashesMax || is_quarantined(store, id)) continue;
    const auto summary = read_summary(store, id, Horizon{});
    if (!summary || summary->status != machine::Status::kRunning) continue;
    store::Batch batch;
    batch.put(store::Space::kState, quarantine_key(id),
              "ended the process " + std::to_string(count) + " times");
    std::promise<store::Outcome> done;
    store.commit(id.shard(), std::move(batch),
                 [&done](store::Outcome outcome) { done.set_value(outcome); });
    ENSURE(done.get_future().get() == store::Outcome::kCommitted);
    log_error("{} ended the process {} times and is quarantined; all other executions start",
              summary->names.execution_arn(), count);
  }
}

}  // namespace pawl::runtime
