// An execution in its shard's memory: what its rows and events say, and which rows it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "asl/model.h"
#include "machine/decide.h"
#include "runtime/execution_log.h"
#include "runtime/pause.h"
#include "runtime/rows.h"

namespace pawl::runtime {

struct Cell {
  ExecutionId id;
  Summary summary;
  machine::Identity identity;
  std::uint64_t machine = 0;      // in whose list it is
  std::uint64_t own_machine = 0;  // of which it is an execution
  std::shared_ptr<const asl::Machine> definition;
  const asl::Block* processor = nullptr;  // of a Map Run's child
  std::shared_ptr<const ExecutionLog> log;
  machine::Execution execution;
  std::map<machine::TimerId, WallMillis> timers;
  std::uint64_t batch = 0;        // the last one that has something of this execution
  std::uint64_t image_count = 0;  // events in the last image
  std::size_t image_bytes = 0;
  std::size_t bytes_since_image = 0;
  std::size_t counted_bytes = 0;  // what its shard counts it for
  std::string closing_record;     // of a run that may be redriven before its end is durable
  bool open_tasks_row = false;
  bool runnable_row = false;
  std::optional<Hold> hold;  // its row
  std::list<ExecutionId>::iterator age;
};

// One that is not in memory, while its row is being written with values that were searched for.
struct IndexedRun {
  Summary summary;
  std::uint64_t batch = 0;
};

// A closed one, which leaves memory when that batch is durable.
struct ClosedCell {
  std::uint64_t batch = 0;
  ExecutionId id;
};

}  // namespace pawl::runtime
