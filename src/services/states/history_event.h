// One Event as GetExecutionHistory shows it (step-functions.md D1, D2). Rendering may change shape,
// never number, order or text.
#pragma once

#include <string>
#include <string_view>

#include "json/writer.h"
#include "machine/event.h"

namespace pawl::states {

enum class HistoryData { kIncluded, kLeftOut };

// What the execution was started through, shown by ExecutionStarted; empty: nothing.
struct Qualifiers {
  std::string version_arn;
  std::string alias_arn;
  machine::EventId inherited = 0;  // events up to this one are those of the execution forked from
};

// "PassStateEntered"; `event` must be visible.
std::string type_name(const machine::Event& event);

// Appends the event's object.
void write_history_event(json::Writer& out, const machine::Event& event, HistoryData data,
                         const Qualifiers& qualifiers = {});

// The same event's details as an execution log has them: a member `details`, which is there for
// every event. Without its data it has no parameters either.
void write_event_details(json::Writer& out, const machine::Event& event, HistoryData data);

}  // namespace pawl::states
