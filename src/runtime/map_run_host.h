// What Map Runs ask of the shard that they live on, and of the shards of their children.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "asl/model.h"
#include "machine/decide.h"
#include "runtime/cell.h"
#include "runtime/gate.h"
#include "runtime/shard_environment.h"
#include "store/store.h"

namespace pawl::runtime {

class MapRuns;

// Asked of the shard of a child.
struct ChildRedriveRequest {
  ExecutionId id;
  std::string token;  // the redrive's
  asl::MachineType type{};
  bool is_new = false;  // the redrive has started it, before a restart
};

// What a redrive found of a child, or made of it.
struct ChildRedrive {
  enum class Kind {
    kNone,  // it was never started
    kSucceeded,
    kRedriven,    // by this redrive
    kRestart,     // an Express one: it is to start anew
    kImpossible,  // it stays as it ended
    kLost
  } kind = Kind::kLost;
  std::int64_t items = 0;
  machine::Status status = machine::Status::kFailed;  // of kImpossible
  json::Value input{};                                // of kRestart
};

// Called on the shard's thread, except where it says otherwise.
class MapRunHost {
 public:
  virtual ~MapRunHost() = default;

  // The execution that a run belongs to, in memory; nullptr: there is none that can go on. Good
  // until the turn ends.
  virtual Cell* parent(const ExecutionId& id) = 0;
  virtual machine::Context context_of(const Cell& parent) = 0;
  // Whether a pause keeps the parent from steps now. Then the run is driven again when it ends.
  virtual bool holds(Cell& parent) = 0;
  virtual void advance(Cell& parent, const machine::Input& input) = 0;

  // The batch that this turn builds: its number at the gate, and what is in it. Both begin one
  // where there is none yet.
  virtual std::uint64_t batch_number() = 0;
  virtual store::Batch& batch() = 0;
  virtual Gate& gate() = 0;

  // Brings a message to these Map Runs, in a later turn. Thread-safe.
  virtual void post(std::function<void(MapRuns&)> message) = 0;

  // Children may belong to any shard. They answer on any thread, once or, when their shard loses a
  // batch, not at all; `watch_child` answers when the child has ended.
  virtual void start_child(StartRequest request, std::function<void(StartOutcome)> answer) = 0;
  virtual void watch_child(const ExecutionId& child, DescribeReply answer) = 0;
  virtual void describe_child(const ExecutionId& child, DescribeReply answer) = 0;
  virtual void redrive_child(ChildRedriveRequest request,
                             std::function<void(ChildRedrive)> answer) = 0;
  virtual void stop_child(const ExecutionId& child) = 0;
};

}  // namespace pawl::runtime
