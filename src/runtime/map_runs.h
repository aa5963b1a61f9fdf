// The Map Runs of one shard's executions (docs/adr/0012): children are started in the order of
// their items, as many as may run at once; their ends are counted; a run's own end is an Input of
// its parent.
//
// Single-threaded: lives on its shard's thread and is owned by the shard. It owns the runs that
// have not ended and their rows, and knows the shard only as a MapRunHost. What comes from the
// children's shards and from the threads that read objects comes as messages, and may come twice,
// late, or for a run that is gone. Invariant: a run's row, its parent's events and what is told of
// either are of the same batch, and no child is asked for before the batch that begins the run is
// durable.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "machine/command.h"
#include "runtime/map_results.h"
#include "runtime/map_run_host.h"
#include "runtime/map_run_state.h"
#include "runtime/shard_environment.h"

namespace pawl::runtime {

class MapRuns {
 public:
  // `environment` and `host` outlive it.
  MapRuns(store::ShardId shard, const ShardEnvironment& environment, MapRunHost& host)
      : shard_(shard), environment_(environment), host_(host) {}

  // In the batch of MapRunStarted or MapRunRedriven.
  void begin(const Cell& parent, const machine::StartMapRun& command);
  // Ends the run as aborted, when its children have been stopped.
  void stop(const std::string& arn);
  void update(const ExecutionId& id, const MapRunChanges& changes,
              std::function<void(UpdateOutcome)> reply);
  // Goes on as far as it can now. Any number of times; nothing for a run that is gone.
  void drive(const ExecutionId& id);
  bool has_run_of(const ExecutionId& parent) const;

  // At start-up, and after a batch was lost: what the rows do not know is asked again.
  void recover();
  // At the end of a turn: writes the rows of runs that have changed.
  void persist_changed();
  // A batch was lost: memory is dropped. `recover` reads it again.
  void discard();

 private:
  // Beginning and end (map_runs.cc).
  MapRun& admit(std::unique_ptr<MapRun> run, const Cell& parent);
  void recover_one(const ExecutionId& id);
  void reload(const ExecutionId& id);
  void drive_when_durable(const ExecutionId& id);
  static bool is_idle(const MapRun& run);
  void end_early(MapRun& run, machine::MapRunEnd end, machine::Fault fault);
  void collect_results(MapRun& run);
  void results_were_collected(const ExecutionId& id, const MapResults& results);
  void end(MapRun& run, const MapResults& results);
  void mark_changed(MapRun& run);
  void persist(MapRun& run);

  // map_runs_items.cc
  void read_items(MapRun& run);
  void read_state_items(MapRun& run);
  void items_were_read(const ExecutionId& id, ReadPage& page);
  void take_items(MapRun& run, std::size_t count);
  Result<MapChildInput, machine::Fault> child_input(MapRun& run, Cell& parent);
  Result<json::Value, machine::Fault> selected_item(MapRun& run, Cell& parent, std::size_t place);

  // map_runs_children.cc
  std::size_t room_for_children(const MapRun& run) const;
  ExecutionId id_of_child(const MapRun& run, std::int64_t child) const;
  void start_children(MapRun& run, Cell& parent);
  void start_child(MapRun& run, const Cell& parent, std::int64_t child, const MapChildInput& input,
                   std::int32_t generation = 0);
  void child_was_started(const ExecutionId& id, std::int64_t child, StartOutcome::Kind kind);
  void open_child(MapRun& run, std::int64_t child);
  void watch_child(const MapRun& run, std::int64_t child, const ExecutionId& id);
  // No status: the child's shard does not know it.
  void child_has_ended(const ExecutionId& id, std::int64_t child, const ExecutionId& ended,
                       std::optional<machine::Status> status);
  void watch_child_again(MapRun& run, std::int64_t child);
  void seek_children(MapRun& run);
  // No items: there is no such child.
  void child_was_sought(const ExecutionId& id, std::int64_t child,
                        std::optional<std::int64_t> items);
  void move_cursor(MapRun& run);
  void stop_children(MapRun& run);
  void stop_child(const MapRun& run, std::int64_t child);

  // map_runs_redrive.cc
  bool redrive(const Cell& parent, const machine::StartMapRun& command);
  std::optional<MapRunRecord> find_ended(const ExecutionId& id) const;
  void reopen(MapRunRecord record, const Cell& parent);
  void redrive_children(MapRun& run);
  void child_was_redriven(const ExecutionId& id, std::int64_t child, const ChildRedrive& outcome);
  void restart_child(MapRun& run, std::int64_t child, const ChildRedrive& found);
  void move_redrive_cursor(MapRun& run);

  const store::ShardId shard_;
  const ShardEnvironment& environment_;
  MapRunHost& host_;
  std::unordered_map<ExecutionId, std::unique_ptr<MapRun>, ExecutionIdHash> runs_;
  std::vector<ExecutionId> changed_;
  // Those whose last row may not be durable yet, with its batch.
  std::vector<std::pair<std::uint64_t, MapRunRecord>> ended_;
  std::uint64_t last_ticket_ = 0;  // of work that other threads do
};

}  // namespace pawl::runtime
