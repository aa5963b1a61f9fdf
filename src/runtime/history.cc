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

Result<std::vector<machine::Event>, std::string> read_events(const store::Store& store,
                                                             const Summary& summary,
                                                             const ExecutionId& id,
                                                             machine::EventId last) {
  std::vector<machine::Event> events;
  std::string damage;
  const std::string first = history_prefix(summary.start_time, id);
  store.scan(id.shard(), store::Space::kHistory, first, after_prefix(first),
             store::Store::Direction::kForward, [&](std::string_view, std::string_view record) {
               auto decoded = machine::decode_events(record_of(record));
               if (!decoded.ok()) {
                 damage = decoded.error().message;
                 return false;
               }
               for (machine::Event& event : *decoded) {
                 events.push_back(std::move(event));
                 if (events.back().id == last) return false;
               }
               return true;
             });
  if (!damage.empty()) return Err{damage};
  return events;
}

}  // namespace pawl::runtime
