// Reading an execution's events from its records, a page at a time, in either direction. Shows
// synced records only.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "machine/event.h"
#include "runtime/rows.h"
#include "store/store.h"

namespace pawl::runtime {

enum class HistoryOrder { kForward, kBackward };

// A place between two events: the record, and the visible event to begin with.
struct HistoryPlace {
  std::uint64_t record = 0;
  machine::EventId event = 0;  // 0: the first of the direction
};

// Visits visible events in order, from `from` on, until `visit` answers false. Answers the place of
// the event that was refused, or nothing at the end; an unreadable record ends the walk with its
// message.
struct HistoryWalk {
  std::optional<HistoryPlace> stopped_at;
  std::string damage;
};
HistoryWalk walk_history(const store::Store& store, const Summary& summary, const ExecutionId& id,
                         HistoryOrder order, std::optional<HistoryPlace> from,
                         const std::function<bool(const machine::Event&)>& visit);

// All events, hidden ones too, from the first up to the visible one `last`. Error: what is damaged;
// an answer whose last event is another one means that there is no such event.
Result<std::vector<machine::Event>, std::string> read_events(const store::Store& store,
                                                             const Summary& summary,
                                                             const ExecutionId& id,
                                                             machine::EventId last);

}  // namespace pawl::runtime
