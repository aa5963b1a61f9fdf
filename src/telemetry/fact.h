// What a trace needs to know of an event: small, and without the payloads that events carry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/event.h"
#include "runtime/execution_id.h"
#include "store/store.h"

namespace pawl::telemetry {

struct Fact {
  enum class Kind : std::uint8_t {
    kExecutionStarted,
    kExecutionEnded,  // `name` is the status
    kExecutionRedriven,
    kStateEntered,
    kStateExited,
    kStateAborted,
    kTaskScheduled,     // `name` is the resource
    kFailed,            // of the strand's state, or of `child`'s
    kContainerStarted,  // a Parallel or Map state opens strands
    kIterationStarted,  // strand `child` runs an item
    kIterationEnded,
    kOther,
  } kind = Kind::kOther;
  machine::EventId id = 0;  // 0: of an event that the history does not show
  machine::EventId previous = 0;
  WallMillis time = 0;
  machine::StrandId strand = 0;
  machine::StrandId child = 0;
  machine::StateType type{};
  std::int32_t retries = 0;
  std::string name;
  std::string error;
  std::string cause;  // its beginning

  bool has_fault() const { return !error.empty() || !cause.empty(); }
};

Fact fact_of(const machine::Event& event);

// All visible facts of a Standard execution, as far as they are durable; nothing when there is no
// such execution or its history cannot be read.
struct ExecutionFacts {
  std::string trace_header;
  std::vector<Fact> facts;
};
std::optional<ExecutionFacts> read_facts(const store::Store& store, const runtime::ExecutionId& id);

}  // namespace pawl::telemetry
