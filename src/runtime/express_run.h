// One Express execution: its state, and its first steps. A run lives in memory and belongs to one
// thread at a time: the one that starts it, and from its first wait on the worker that owns its id.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/limits.h"
#include "machine/decide.h"
#include "runtime/engine_clock.h"
#include "runtime/execution_id.h"
#include "runtime/execution_log.h"

namespace pawl::runtime {

struct ExpressRequest {
  enum class Caller { kGoesOn, kWaits };  // StartExecution, StartSyncExecution

  ExecutionNames names;
  std::shared_ptr<const asl::Machine> definition;
  std::string revision;
  std::string role_arn;
  json::Value input;
  std::shared_ptr<const ExecutionLog> log;  // nullptr: nothing is logged
  Caller caller = Caller::kGoesOn;
  std::string trace_header{};  // where its trace belongs; empty: nowhere
};

// What is left of a run when it has ended.
struct ExpressEnd {
  enum class Kind { kEnded, kOverloaded, kStopping, kLost } kind = Kind::kLost;
  machine::Status status = machine::Status::kRunning;
  WallMillis start_time = 0;
  WallMillis stop_time = 0;
  json::Value output{};  // of a succeeded one
  machine::Fault fault{};
};

// Express executions have no history of their own, so nothing counts its events; they last five
// minutes at most (step-functions.md E).
Limits express_limits(const Limits& limits);

class ExpressRun {
 public:
  ExpressRun(ExpressRequest request, const ExecutionId& id);

  const ExecutionId& id() const { return id_; }
  const ExpressRequest& request() const { return request_; }
  const machine::Identity& identity() const { return identity_; }
  const machine::Execution& execution() const { return execution_; }

  // What a step may know of the world.
  struct World {
    const Limits& limits;
    WallMillis now;
    std::uint64_t seed;
  };
  // One Input through the core; its events are logged. Answers the step's commands, and whether it
  // was capped.
  struct Progress {
    std::vector<machine::Command> commands;
    bool more = false;
  };
  Progress advance(const machine::Input& input, const World& world);

  ExpressEnd end() const;

  // Kept by the worker.
  std::function<void(ExpressEnd)> ended{};          // of a synchronous run
  std::map<machine::TimerId, WallMillis> timers{};  // that are set
  bool durable = false;                             // the run has a row

 private:
  ExpressRequest request_;
  ExecutionId id_;
  machine::Identity identity_;
  machine::Execution execution_;
};

// What the row of an asynchronous run holds: all that is needed to run it again from its input.
std::string encode_express(const ExpressRequest& request);
// Without its definition and log; empty when the record is damaged.
std::optional<ExpressRequest> decode_express(std::string_view record);

}  // namespace pawl::runtime
