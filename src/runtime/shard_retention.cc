// What becomes of old executions. An open one times out after a year.
//
// Retention: executions are gone some time after they closed, so disk use does not grow for ever.
// Rows that say when their run closed are left out by compaction. A run of several batches also has
// rows from before its close; an expiry row, written at the close, leads here to them.
#include <utility>

#include "runtime/shard.h"

namespace pawl::runtime {

void Shard::sweep(std::size_t budget) {
  const Horizon horizon = environment_.horizon();
  if (horizon.second == 0) return;
  store::Batch batch;
  environment_.store.scan(
      id_, store::Space::kState, expiry_bound(0),
      expiry_bound(static_cast<WallMillis>(horizon.second) * 1000),
      store::Store::Direction::kForward, [&](std::string_view key, std::string_view) {
        const auto expiry = parse_expiry_key(key);
        if (!expiry || budget-- == 0) return false;
        // It is open again, and the row of its end is about to go.
        const auto resident = cells_.find(expiry->execution);
        if (resident != cells_.end() && !resident->second->execution.closed()) return true;
        batch.erase(store::Space::kState, std::string(key));
        // A new run may have taken the name since.
        const auto row =
            environment_.store.get(id_, store::Space::kState, pointer_key(expiry->execution));
        const auto pointer = row ? decode_pointer(*row) : std::nullopt;
        if (pointer && pointer->start_time == expiry->start) {
          batch.erase(store::Space::kState, pointer_key(expiry->execution));
          forget(expiry->execution);
        }
        erase_prefix(environment_.store, id_, store::Space::kHistory,
                     history_prefix(expiry->start, expiry->execution), batch);
        return true;
      });
  if (!batch.empty()) environment_.store.commit(id_, std::move(batch), [](store::Outcome) {});
}

void Shard::time_out_overdue(std::size_t budget) {
  const WallMillis bound =
      environment_.clock.now() - environment_.limits.execution_seconds_max * 1'000;
  if (bound <= 0) return;
  const std::string end = history_prefix(bound, ExecutionId{});
  for (; budget > 0 && overdue_cursor_ < end; --budget) {
    std::optional<HistoryPosition> oldest;
    environment_.store.scan(id_, store::Space::kHistory, overdue_cursor_, end,
                            store::Store::Direction::kForward,
                            [&oldest](std::string_view key, std::string_view) {
                              oldest = parse_history_key(key);
                              return false;
                            });
    if (!oldest) return;
    overdue_cursor_ = after_prefix(history_prefix(oldest->start, oldest->execution));
    const auto summary =
        read_summary(environment_.store, oldest->execution, environment_.horizon());
    if (!summary || summary->status != machine::Status::kRunning) continue;
    const machine::TimerId timeout{machine::TimerId::Kind::kExecutionTimeout, 0};
    deliver(oldest->execution, machine::TimerFired{timeout}, nullptr);
  }
}

}  // namespace pawl::runtime
