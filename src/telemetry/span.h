// A finished span of a trace, and the names of traces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "machine/event.h"
#include "runtime/execution_id.h"

namespace pawl::telemetry {

struct Span {
  std::string trace_id;  // 32 hex digits
  std::string id;        // 16 hex digits
  std::string parent;    // the same, or empty
  std::string name;
  WallMillis start = 0;
  WallMillis end = 0;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::int32_t retries = 0;
  bool failed = false;
  std::string message;  // of a failed one
};

// Where an execution's spans belong.
struct TraceContext {
  std::string trace_id;
  std::string parent;  // span of the caller, or empty
  bool sampled = true;
};

// As `traceHeader` says, in X-Ray's form (Root=1-...;Parent=...;Sampled=...) or W3C's traceparent;
// else a trace of the execution's own: its id.
TraceContext trace_context(const runtime::ExecutionId& id, std::string_view trace_header);

// Of the state visit that began with this event; of the execution for 0. Always the same for the
// same execution and event, so that a span exported twice is one.
std::string span_id(const runtime::ExecutionId& id, machine::EventId entered);

}  // namespace pawl::telemetry
