// What TestState sees of one state's work, and what it puts in the place of parts of it
// (step-functions.md A4.32 to A4.38). No other execution has one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "json/value.h"
#include "machine/event.h"

namespace pawl::machine {

// The values on the way through a state, in the order of the data flow (B2.1).
enum class Stage : std::uint8_t {
  kAfterInputPath,
  kAfterParameters,  // in JSONata: Arguments
  kAfterItemsPath,
  kAfterItemsPointer,
  kAfterItemSelector,
  kAfterItemBatcher,
  kResult,
  kAfterResultSelector,
  kAfterResultPath,
};

struct Inspection {
  // Where the execution begins, instead of at StartAt.
  std::string start_pointer;
  // Put in place of the Context Object.
  std::optional<json::Value> context_object;
  // Put in place of what an ItemReader reads.
  std::optional<json::Value> item_reader_data;
  // Put in place of what the branches of a Parallel state or the iterations of a Map state do.
  std::optional<std::variant<json::Value, Fault>> children;
  std::int64_t failed_children = 0;  // how many of them count as failed, against the tolerance

  // Seen so far.
  std::map<Stage, json::Value> values;
  std::optional<std::int64_t> items;  // of a Map state: how many it has
  std::optional<std::int64_t> max_concurrency;
  std::optional<std::int64_t> tolerated_failure_count;
  std::optional<double> tolerated_failure_percentage;
};

}  // namespace pawl::machine
