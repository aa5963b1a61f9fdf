// Retention: executions are deleted some time after they closed, so disk use does not grow for
// ever. History keys are ordered by start time, so runs that started together are deleted as one
// range.
#include <utility>

#include "runtime/shard.h"

namespace pawl::runtime {

void Shard::sweep(WallMillis cutoff, std::size_t budget) {
  store::Batch batch;
  std::string range_from;
  std::string range_to;
  const auto close_range = [&] {
    if (range_from.empty()) return;
    batch.deleted_ranges.push_back(
        {store::Space::kHistory, std::exchange(range_from, {}), std::exchange(range_to, {})});
  };
  // An execution that closed before the cutoff started before it too.
  const std::string until = history_prefix(cutoff, ExecutionId{});
  std::optional<ExecutionId> last;
  std::size_t looked_at = 0;
  bool reached_end = true;
  environment_.store.scan(
      id_, store::Space::kHistory, sweep_cursor_, until, store::Store::Direction::kForward,
      [&](std::string_view key, std::string_view) {
        const auto position = parse_history_key(key);
        if (!position || position->execution == last) return true;
        if (looked_at++ == budget) {
          sweep_cursor_ = std::string(key);
          return reached_end = false;
        }
        last = position->execution;
        const auto summary = read_summary(environment_.store, *last);
        const bool expired = !summary || (summary->status != machine::Status::kRunning &&
                                          summary->stop_time < cutoff);
        if (!expired) {
          close_range();
          return true;
        }
        if (range_from.empty()) range_from = std::string(key);
        range_to = after_prefix(history_prefix(position->start, *last));
        if (summary) {
          batch.erase(store::Space::kState, pointer_key(*last));
          batch.erase(store::Space::kState,
                      list_key(digest_of_machine(summary->names.machine_arn()),
                               summary->start_time, *last));
        }
        if (const auto resident = cells_.find(*last); resident != cells_.end()) {
          ages_.erase(resident->second->age);
          cells_.erase(resident);
        }
        return true;
      });
  close_range();
  if (reached_end) sweep_cursor_.clear();
  if (!batch.empty()) environment_.store.commit(id_, std::move(batch), [](store::Outcome) {});
}

}  // namespace pawl::runtime
