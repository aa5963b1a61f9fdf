// A Map Run: the children of one visit of a Distributed Map state (docs/adr/0012). Owned by the
// shard of its parent execution, so that its beginning and end are in the parent's batches.
//
// Durable are one row a run, whatever the number of items, and the children themselves, which are
// executions. A child's name follows from the run and its number, so that starting it twice is
// starting it once; what the row does not say is found out by starting and watching again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "machine/execution.h"
#include "machine/map_run_settings.h"
#include "runtime/execution_id.h"
#include "store/store.h"

namespace pawl::runtime {

struct MapRunCounts {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t aborted = 0;

  std::uint64_t ended() const { return succeeded + failed + timed_out + aborted; }
  void add(machine::Status status, std::uint64_t count);
};

// Where the items go on that no durably started child has.
struct MapRunCursor {
  std::string position;  // of the ItemReader, or the index in the state's data
  std::int64_t item = 0;
  std::int64_t child = 0;
};

// A number of children, and of their items.
struct MapRunShare {
  std::uint64_t items = 0;
  std::uint64_t children = 0;

  void add(std::int64_t more_items) { items += static_cast<std::uint64_t>(more_items), ++children; }
  // What is not there is not taken away.
  void take(std::int64_t fewer_items) {
    items -= std::min(items, static_cast<std::uint64_t>(fewer_items));
    children -= children > 0 ? 1 : 0;
  }
};

// How far a redrive has got with the children that there were before it.
struct MapRunRedrive {
  std::int32_t count = 0;        // redrives so far
  WallMillis time = 0;           // of the last one
  bool waits = false;            // until the run, which is ending, has ended
  std::int64_t cursor = 0;       // children below it are dealt with
  std::int64_t asked = 0;        // children from it on were not asked
  std::int64_t end = 0;          // children from it on come after the redrive
  std::set<std::int64_t> ahead;  // dealt with, from the cursor on
  MapRunShare pending;           // unsuccessful children that wait to be redriven
  MapRunShare impossible;        // those that cannot be
};

// What the row of a Map Run says.
struct MapRunRecord {
  std::string arn;
  ExecutionNames parent;
  machine::EventId event = 0;        // of the parent: MapRunStarted, or the last MapRunRedriven
  machine::EventId first_event = 0;  // MapRunStarted: its place in the list of its parent's runs
  WallMillis start_time = 0;
  WallMillis stop_time = 0;  // 0 while it runs
  machine::Status status = machine::Status::kRunning;
  json::Value settings;
  std::int64_t concurrency = 0;  // these three can be changed while it runs
  std::optional<std::int64_t> tolerated_count;
  double tolerated_percentage = 0;

  MapRunCursor cursor;
  bool all_read = false;            // then the next two are final
  std::int64_t items_total = 0;     // seen so far
  std::int64_t children_total = 0;  // made so far
  MapRunCounts items;
  MapRunCounts children;
  std::uint64_t results_written = 0;
  // Children durably started and not ended, with the number of their items.
  std::map<std::int64_t, std::int64_t> open;
  // Children at or behind the cursor that have ended.
  std::set<std::int64_t> ended_ahead;
  // Set once the run is to end before its items: what its parent will be told.
  std::optional<machine::MapRunEnd> ending;
  machine::Fault fault;
  MapRunRedrive redrive;

  ExecutionId id() const { return id_of_execution(arn); }
  ExecutionId parent_id() const { return id_of_execution(parent.execution_arn()); }
  // Of failed and timed-out items, against what is tolerated.
  bool has_failed() const;
};

std::string encode(const MapRunRecord& record);
std::optional<MapRunRecord> decode_map_run(std::string_view row);

// The ARN of a Map Run: one whose owner is the parent's shard. A pure function.
std::string make_map_run_arn(const ExecutionNames& parent, std::string_view label,
                             std::string_view state_pointer, machine::EventId event);
// `<machine>/<label>`, from the run's ARN: the machine of its children.
std::string labelled_machine(std::string_view map_run_arn);
// The names of child number `index`. A redrive starts Express children anew: as another generation.
ExecutionNames names_of_child(const MapRunRecord& record, const machine::MapRunSettings& settings,
                              std::int64_t index, std::int32_t generation = 0);
// The same child's last generation that the store has; 0 when it has none.
std::int32_t generation_of_child(const store::Store& store, const MapRunRecord& record,
                                 const machine::MapRunSettings& settings, std::int64_t index);

// What a child's summary says it was started by: its run, its number, the number of its items.
std::string starter_of_child(const MapRunRecord& record, std::int64_t index, std::int64_t items);
std::int64_t items_of_child(std::string_view started_by);

}  // namespace pawl::runtime
