// A shard: owner of the executions whose id falls to it (decision D5). It turns Inputs into Steps,
// Steps into one batch a turn, and lets their effects out when the batch is durable.
//
// Single-threaded: every call but the store's callbacks comes from the worker that owns it.
// Invariant: no command and no answer leaves before the events it rests on are durable.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/limits.h"
#include "machine/decide.h"
#include "runtime/cell.h"
#include "runtime/closed_views.h"
#include "runtime/engine_clock.h"
#include "runtime/engine_metrics.h"
#include "runtime/erase.h"
#include "runtime/fork.h"
#include "runtime/gate.h"
#include "runtime/map_runs.h"
#include "runtime/redrive.h"
#include "runtime/rows.h"
#include "runtime/shard_environment.h"
#include "runtime/stored_views.h"
#include "runtime/task_token.h"
#include "runtime/tasks.h"
#include "store/store.h"

namespace pawl::runtime {

class Shard {
 public:
  Shard(store::ShardId id, ShardEnvironment& environment);
  ~Shard();

  // Hands out open tasks and goes on with capped steps of the last process.
  void recover();

  // `id` is that of the names in `request`.
  void start(const ExecutionId& id, StartRequest request, std::function<void(StartOutcome)> reply);
  void deliver(const ExecutionId& id, const machine::Input& input,
               std::function<void(Delivery)> reply);
  void describe(const ExecutionId& id, DescribeReply reply);
  // Nothing: there is none, or it is quarantined.
  void inspect(const ExecutionId& id, InspectReply reply);
  // Replies when the execution has closed; forgotten by a restart.
  void watch_end(const ExecutionId& id, DescribeReply reply);
  void fire(const TimerKey& timer);
  // Starts an execution with another one's events as its beginning.
  void fork(ForkRequest request, ForkReply reply);
  // Opens a closed execution again, once for each client token; an empty token is none.
  void redrive(const ExecutionId& id, const std::string& token, RedriveReply reply);
  // kAccepted: the task is open; nothing is changed.
  Delivery open_task(const ExecutionId& id, machine::EventId task);

  // Pause and resume (shard_pause.cc). Of one execution: kStale if there is nothing to change; of a
  // machine or of everything: `done` runs when no step is taken any more that was not before.
  void pause(const ExecutionId& id, Pause pause, std::function<void(Delivery)> reply);
  void resume(const ExecutionId& id, std::function<void(Delivery)> reply);
  void set_pauses(std::shared_ptr<const Pauses> pauses, std::function<void()> done);
  bool is_held(const ExecutionId& id);
  // Goes on with what has halted, perhaps with another definition (shard_halt.cc).
  void try_again(const ExecutionId& id, const std::optional<NewRevision>& revision,
                 TryAgainReply reply);
  // Deletes the rows of a search attribute that no execution writes any more (shard_search.cc).
  void drop_search_attribute(std::uint64_t machine, std::uint32_t attribute,
                             std::function<void()> done);
  // Indexes some of a machine's executions that are there already, from a list row's key on; empty:
  // the first. Replies when that is durable.
  void index_existing(std::uint64_t machine, const std::string& from, IndexReply reply);
  // Deletes an execution that has ended.
  void erase(const ExecutionId& id, std::function<void(EraseOutcome)> reply);

  // The rows of asynchronous Express executions (express_runs.h). `written` may run on the store's
  // thread.
  void put_express(const ExecutionId& id, std::string record, Effect written);
  void erase_express(const ExecutionId& id);
  std::vector<std::pair<ExecutionId, std::string>> express_rows() const;

  // Those of this shard's executions. Another shard's Map Run asks the second of a child of this
  // one.
  MapRuns& map_runs() { return map_runs_; }
  void redrive_child(const ChildRedriveRequest& request, std::function<void(ChildRedrive)> reply);

  // Commits what the turn has built and evicts what has been idle longest. Answers whether capped
  // steps wait to go on: call `go_on` in the next turn.
  bool end_turn();
  void go_on();
  // Durable timers due before `until`, from where the last call ended.
  std::vector<TimerKey> timers_before(WallMillis until);

  // Deletes what compaction cannot know to be gone: runs of several batches that the horizon has
  // passed, at most `budget` of them.
  void sweep(std::size_t budget);
  // Times out executions that have been open longer than limits.execution_seconds_max: looks at
  // `budget` of the oldest executions that it has not looked at. No timer: hardly any gets so old.
  void time_out_overdue(std::size_t budget);

  // A batch did not become durable: memory is dropped and read again on demand.
  void discard();
  std::size_t resident() const { return cells_.size(); }

 private:
  using Cells = std::unordered_map<ExecutionId, std::unique_ptr<Cell>, ExecutionIdHash>;
  Cell* find(const ExecutionId& id);  // resident or loaded; nullptr: none that can go on
  bool exists(const ExecutionId& id) const;
  void forget(const ExecutionId& id);
  Cell* load(const ExecutionId& id);
  bool rebuild(Cell& cell);
  std::unique_ptr<Cell> make_cell(const ExecutionId& id, StartRequest& request);
  void put_inherited(const Cell& cell, const std::vector<machine::Event>& events);
  Cell& admit(std::unique_ptr<Cell> cell);
  void touch(Cell& cell);
  void drop(Cells::iterator cell);
  void count_bytes(Cell& cell);
  bool is_full() const;
  void evict_idle();
  void evict_after(std::uint64_t batch);

  void erase_rows(const ExecutionId& id, const Summary& summary);
  void find_search_values(Cell& cell);
  void write_search_rows(std::uint64_t machine, const ExecutionId& id, const Summary& summary);
  bool index_run(std::uint64_t machine, const ExecutionId& id, Summary summary);

  // shard_pause.cc
  bool is_held(const Cell& cell) const;
  void keep_hold(Cell& cell, Hold hold);
  void keep_for_resume(Cell& cell);
  void drop_hold(Cell& cell);
  void read_hold(Cell& cell);
  void wake(Cell& cell);
  void wake_row(const ExecutionId& id);
  void wake_some();
  enum class KeptTasks { kAll, kOffers };
  void hand_out_kept_tasks(Cell& cell, KeptTasks which);
  void recover_holds();
  void count_paused(std::int64_t by);

  // shard_halt.cc
  machine::OnFailure on_failure(const Cell& cell) const;
  bool note_halt(Cell& cell, const std::vector<machine::Event>& events);
  void count_halted(std::int64_t by);
  std::optional<std::string> take_revision(Cell& cell, const NewRevision& revision);

  // shard_map_runs.cc
  class Host;
  std::unique_ptr<MapRunHost> make_host();

  void fit_definition(Cell& cell) const;
  machine::Context context_of(const Cell& cell);
  std::uint64_t batch_number();
  bool advance(Cell& cell, const machine::Input& input);
  void reopen(Cell& cell);
  void unwrite_close(Cell& cell);
  void persist(Cell& cell, const machine::Step& step, std::uint64_t first);
  void write_list_row(const Cell& cell);
  void log_events(const Cell& cell, const std::vector<machine::Event>& events);
  void persist_image(Cell& cell, std::size_t record_bytes);
  void leave_closed(Cell& cell);
  void forget_closed();
  void read_open();
  void change_open(std::int64_t by);
  void release(Cell& cell, std::vector<machine::Command> commands);
  void recover_tasks(Cell& cell);
  void hand_out_tasks(Cell& cell);
  void run_task(Cell& cell, machine::RunTask task, machine::EventId submitted_task);
  std::optional<json::Value> hand_to_worker(Cell& cell, machine::EventId task);
  void set_row(Cell& cell, bool& present, bool wanted, const std::string& key);

  store::ShardId id_;
  ShardEnvironment& environment_;
  Cells cells_;
  std::list<ExecutionId> ages_;  // least recently used first
  std::size_t resident_bytes_ = 0;
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  store::Batch batch_;
  std::uint64_t building_ = 0;          // number of the batch being built, 0: none
  std::deque<ExecutionId> unfinished_;  // capped steps
  OpenCount open_;                      // executions that outlived their first batch
  OpenCount open_written_;              // what the batches handed over say of it
  const std::unique_ptr<MapRunHost> host_;
  MapRuns map_runs_;
  std::deque<ClosedCell> closed_;  // leave memory when their batch is durable
  bool eviction_awaited_ = false;
  std::unordered_multimap<ExecutionId, DescribeReply, ExecutionIdHash> watchers_;
  std::unordered_set<ExecutionId, ExecutionIdHash> erasing_;  // their rows are about to go
  // Executions that are not in memory, as a batch that is not durable yet indexes them.
  std::unordered_map<ExecutionId, IndexedRun, ExecutionIdHash> indexed_;
  std::shared_ptr<const Pauses> pauses_;    // nullptr: nothing
  std::optional<std::string> wake_cursor_;  // of a resume: the rows that are looked at next
  std::int64_t paused_ = 0;                 // executions that are paused by themselves
  std::string timer_cursor_;
  std::string overdue_cursor_;  // in the history: what begins before it was looked at
};

}  // namespace pawl::runtime
