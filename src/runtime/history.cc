#include "runtime/history.h"

#include <algorithm>

#include "machine/codec.h"

namespace pawl::runtime {

HistoryWalk walk_history(const store::Store& store, const Summary& summary, const ExecutionId& id,
                         HistoryOrder order, std::optional<HistoryPlace> from,
                         const std::function<bool(const machine::Event&)>& visit) {
  const bool forward = order == HistoryOrder::kForward;
  std::string first = history_prefix(summary.start_time, id);
  std::string last = after_prefix(first);
  if (from && forward) first = history_key(summary.start_time, id, from->record);
  if (from && !forward) last = history_key(summary.start_time, id, from->record) + '\0';
  HistoryWalk walk;
  store.scan(id.shard(), store::Space::kHistory, first, last,
             forward ? store::Store::Direction::kForward : store::Store::Direction::kBackward,
             [&](std::string_view key, std::string_view record) {
               const auto position = parse_history_key(key);
               auto events = machine::decode_events(record_of(record));
               if (!position || !events.ok()) {
                 walk.damage = events.ok() ? "a history key is damaged" : events.error().message;
                 return false;
               }
               if (!forward) std::reverse(events->begin(), events->end());
               const bool resumed = from && from->record == position->first && from->event != 0;
               for (const machine::Event& event : *events) {
                 if (!event.visible()) continue;
                 if (resumed && (forward ? event.id < from->event : event.id > from->event))
                   continue;
                 if (visit(event)) continue;
                 walk.stopped_at = HistoryPlace{position->first, event.id};
                 return false;
               }
               return true;
             });
  return walk;
}

}  // namespace pawl::runtime
