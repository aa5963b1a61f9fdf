// What a shard is told and answers, and what it works with.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "asl/model.h"
#include "base/limits.h"
#include "base/rng.h"
#include "objects/object_store.h"
#include "runtime/closed_views.h"
#include "runtime/engine_clock.h"
#include "runtime/engine_metrics.h"
#include "runtime/execution_log.h"
#include "runtime/halting.h"
#include "runtime/rows.h"
#include "runtime/search.h"
#include "runtime/start_request.h"
#include "runtime/task_token.h"
#include "runtime/tasks.h"
#include "store/store.h"

namespace pawl::runtime {

struct StartOutcome {
  enum class Kind {
    kStarted,
    kSameAsBefore,
    kAlreadyExists,
    kOverloaded,
    kNoSpace,  // on the store's disk
    kLost
  } kind = Kind::kLost;
  WallMillis start_time = 0;
};

// An execution as it stands: what DescribeExecution shows.
struct ExecutionView {
  Summary summary;
  json::Value input;
  json::Value output;  // of a succeeded one
  machine::Fault fault;
};

// An execution with all its strands, as they were at one moment.
struct Inspection {
  Summary summary;
  machine::Execution execution;
};

using DescribeReply = std::function<void(std::optional<ExecutionView>)>;
using InspectReply = std::function<void(std::optional<Inspection>)>;

// What became of an Input.
struct Delivery {
  enum class Kind {
    kAccepted,  // it changed the execution
    kStale,     // the execution is there, but the Input no longer fits
    kNotFound,
    kLost,  // the store did not take it
  } kind = Kind::kLost;
  WallMillis stop_time = 0;                 // of the execution, when it is closed
  std::optional<json::Value> task_input{};  // TaskTaken: what the worker has to do
};

// A function call that was open when the last process died: made again, or failed with an error
// that Retry and Catch can handle (decision D16).
enum class LostTask { kRetry, kFail };

class Shard;

// What UpdateMapRun changes, and what became of it.
struct MapRunChanges {
  std::optional<std::int64_t> concurrency;
  std::optional<std::int64_t> tolerated_count;
  std::optional<double> tolerated_percentage;
};
enum class UpdateOutcome { kUpdated, kEnded, kNotFound, kLost };

// Executions that were there before their machine declared a search attribute, some at a time.
struct IndexedPage {
  std::size_t examined = 0;
  std::size_t indexed = 0;  // that got values, or other ones
  std::string next{};       // key of the first row that was not looked at; empty: there is none
  bool lost = false;        // the store did not take it: again
};
using IndexReply = std::function<void(IndexedPage)>;

// The collaborators of every shard; all outlive it.
struct ShardEnvironment {
  store::Store& store;
  TaskRunner& tasks;
  const TaskTokens& tokens;
  const EngineClock& clock;
  const Limits& limits;
  Rng& rng;
  // The definition with this content hash; nullptr when the store has none.
  std::function<std::shared_ptr<const asl::Machine>(const std::string& revision)> definition;
  std::function<bool(std::string_view arn)> activity_exists;
  // Where the executions of a machine log; nullptr: nowhere. May be empty.
  std::function<std::shared_ptr<const ExecutionLog>(const ExecutionNames&)> log_of{};
  // A timer became durable that is due soon enough for the worker to know it.
  std::function<void(store::ShardId, const TimerKey&)> arm;
  // A batch of this shard did not become durable: call discard() on the owning worker.
  std::function<void(store::ShardId)> lost;
  ClosedViews& closed;
  EngineMetrics& metrics;
  // Runs on the worker that owns the shard; dropped while the engine stops. Thread-safe.
  std::function<void(store::ShardId, std::function<void(Shard&)>)> post{};
  // Runs a job that blocks. Thread-safe.
  std::function<void(std::function<void()>)> run_blocking{};
  objects::ObjectStore* objects = nullptr;  // nullptr: there is none
  std::size_t resident_max = 4096;          // executions kept in memory when idle
  std::int64_t retention_ms = 0;            // of closed executions; 0: for ever

  LostTask lost_task = LostTask::kRetry;
  std::shared_ptr<const Pauses> pauses{};  // at the start; nullptr: nothing
  const SearchDeclarations* search = nullptr;
  const HaltingMachines* halting = nullptr;

  Horizon horizon() const { return Horizon::at(clock.now(), retention_ms); }
};

}  // namespace pawl::runtime
