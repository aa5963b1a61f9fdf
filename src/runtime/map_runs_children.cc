// The children of Map Runs: executions of any shard, which are started, watched and stopped by
// messages. A message may come twice, late, or for a run that is gone.
#include <utility>

#include "base/log.h"
#include "runtime/map_redrive.h"
#include "runtime/map_runs.h"
#include "runtime/stored_views.h"

namespace pawl::runtime {

namespace {

using machine::Fault;
using machine::MapRunEnd;

// Children asked for but not yet durably started: bounds what a restart asks for again, and how
// many starts one run puts before other work.
constexpr std::size_t kStartingMax = 500;
// How far starts may run ahead of a child whose start is not durable yet: bounds the row.
constexpr std::int64_t kAheadMax = 20'000;

}  // namespace

ExecutionId MapRuns::id_of_child(const MapRun& run, std::int64_t child) const {
  const std::int32_t generation =
      generation_of_child(environment_.store, run.record, run.settings, child);
  return id_of_execution(
      names_of_child(run.record, run.settings, child, generation).execution_arn());
}

// How many children may be begun now.
std::size_t MapRuns::room_for_children(const MapRun& run) const {
  const std::int64_t most = environment_.limits.map_run_concurrency_max;
  const std::int64_t wanted = run.record.concurrency > 0 ? run.record.concurrency : most;
  const auto room = static_cast<std::size_t>(std::min(wanted, most));
  const std::size_t begun = run.starting.size() + run.redriving.size();
  const std::size_t busy = begun + run.record.open.size();
  if (begun >= kStartingMax || busy >= room) return 0;
  return std::min(kStartingMax - begun, room - busy);
}

void MapRuns::start_children(MapRun& run, Cell& parent) {
  if (run.redrive_next < run.record.redrive.end) return;  // those come first
  while (!run.ready.empty() && room_for_children(run) > 0 &&
         run.next.child - run.record.cursor.child < kAheadMax) {
    // A child that had ended before a restart is passed over, and so is one that still runs.
    auto input = child_input(run, parent);
    if (!input.ok()) return end_early(run, MapRunEnd::kFailed, input.error());
    if (input->items == 0) {
      run.batch_waits = true;
      read_items(run);
      if (run.settings.reader) return;  // its page comes later
      continue;
    }
    take_items(run, static_cast<std::size_t>(input->items));
    const std::int64_t child = run.next.child++;
    run.record.children_total = std::max(run.record.children_total, run.next.child);
    mark_changed(run);
    if (run.record.ended_ahead.contains(child) || run.record.open.contains(child)) {
      move_cursor(run);
    } else {
      start_child(run, parent, child, *input);
    }
    read_items(run);
  }
}

void MapRuns::start_child(MapRun& run, const Cell& parent, std::int64_t child,
                          const MapChildInput& input, std::int32_t generation) {
  StartRequest request{.names = names_of_child(run.record, run.settings, child, generation),
                       .definition = parent.definition,
                       .revision = parent.summary.revision,
                       .revision_id = parent.summary.revision_id,
                       .revision_time = parent.summary.revision_time,
                       .role_arn = parent.summary.role_arn,
                       .trace_header = {},
                       .input = input.input,
                       .started_by = starter_of_child(run.record, child, input.items),
                       .log = parent.log,
                       .map_run = run.record.arn,
                       .map_state = run.settings.state_pointer};
  const ExecutionId id = id_of_execution(request.names.execution_arn());
  run.starting[child] = {.id = id, .before = input.before, .items = input.items};
  const auto answer = [this, run_id = run.id, child](StartOutcome outcome) {
    host_.post([run_id, child, kind = outcome.kind](MapRuns& runs) {
      runs.child_was_started(run_id, child, kind);
    });
  };
  host_.start_child(std::move(request), answer);
  watch_child(run, child, id);
}

void MapRuns::watch_child(const MapRun& run, std::int64_t child, const ExecutionId& id) {
  const auto answer = [this, run_id = run.id, child, id](const std::optional<ExecutionView>& view) {
    const auto status = view ? std::optional(view->summary.status) : std::nullopt;
    host_.post([run_id, child, id, status](MapRuns& runs) {
      runs.child_has_ended(run_id, child, id, status);
    });
  };
  host_.watch_child(id, answer);
}

void MapRuns::child_was_started(const ExecutionId& id, std::int64_t child,
                                StartOutcome::Kind kind) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return;
  MapRun& run = *found->second;
  const auto starting = run.starting.find(child);
  if (starting == run.starting.end()) return;
  if (kind == StartOutcome::Kind::kLost) return reload(id);
  open_child(run, child);
  if (run.record.ending) {
    stop_child(run, child);
  } else {
    drive(id);
  }
}

// One of those that are starting has started.
void MapRuns::open_child(MapRun& run, std::int64_t child) {
  const auto starting = run.starting.find(child);
  run.record.open[child] = starting->second.items;
  if (run.redriving.erase(child) > 0) {
    run.record.redrive.pending.take(starting->second.items);
    run.record.redrive.ahead.insert(child);
    move_redrive_cursor(run);
  }
  run.starting.erase(starting);
  move_cursor(run);
}

void MapRuns::child_has_ended(const ExecutionId& id, std::int64_t child, const ExecutionId& ended,
                              std::optional<machine::Status> status) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return;
  MapRun& run = *found->second;
  // The store's thread tells of its start, the child's shard may tell of its end before that.
  const auto starting = run.starting.find(child);
  if (status && starting != run.starting.end() && starting->second.id == ended) {
    open_child(run, child);
  }
  const auto open = run.record.open.find(child);
  if (open == run.record.open.end()) return;
  if (!status) return watch_child_again(run, child);
  // One that cannot go on, since it is quarantined, counts as failed.
  run.record.items.add(*status, static_cast<std::uint64_t>(open->second));
  run.record.children.add(*status, 1);
  run.record.open.erase(open);
  if (child >= run.record.cursor.child) run.record.ended_ahead.insert(child);
  move_cursor(run);
  drive(id);
}

// Its end was lost with a batch of its shard, or it is older than what is kept.
void MapRuns::watch_child_again(MapRun& run, std::int64_t child) {
  const ExecutionId id = id_of_child(run, child);
  if (read_summary(environment_.store, id, environment_.horizon())) {
    return watch_child(run, child, id);
  }
  log_error("a child of Map Run {} is gone; it counts as failed", run.record.arn);
  child_has_ended(run.id, child, id, machine::Status::kFailed);
}

// A run that ends early starts no child again, so those whose start it does not know of are sought:
// they must not go on without it.
void MapRuns::seek_children(MapRun& run) {
  const MapRunRecord& record = run.record;
  for (std::int64_t child = record.cursor.child; child < record.children_total; ++child) {
    if (record.open.contains(child) || record.ended_ahead.contains(child)) continue;
    run.doubtful.insert(child);
  }
  for (std::int64_t child = record.redrive.cursor; child < record.redrive.asked; ++child) {
    if (!record.open.contains(child) && !record.redrive.ahead.contains(child)) {
      run.doubtful.insert(child);
    }
  }
  const std::string token = token_of_redrive(record);
  for (const std::int64_t child : run.doubtful) {
    const ExecutionId id = id_of_child(run, child);
    const ExecutionId first =
        id_of_execution(names_of_child(record, run.settings, child).execution_arn());
    const bool old = child < record.redrive.end && id == first;
    const auto answer = [this, run_id = run.id, child, old,
                         token](const std::optional<ExecutionView>& view) {
      const bool begun = view && (!old || was_redriven(view->summary, token));
      const auto items =
          begun ? std::optional(items_of_child(view->summary.started_by)) : std::nullopt;
      host_.post(
          [run_id, child, items](MapRuns& runs) { runs.child_was_sought(run_id, child, items); });
    };
    host_.describe_child(id, answer);
  }
}

void MapRuns::child_was_sought(const ExecutionId& id, std::int64_t child,
                               std::optional<std::int64_t> items) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || found->second->doubtful.erase(child) == 0) return;
  MapRun& run = *found->second;
  if (items) {
    run.record.open[child] = *items;
    if (child < run.record.redrive.end) run.record.redrive.pending.take(*items);
    mark_changed(run);
    watch_child(run, child, id_of_child(run, child));
    stop_child(run, child);
  }
  drive(id);
}

// Up to the first child that is not durably started.
void MapRuns::move_cursor(MapRun& run) {
  MapRunRecord& record = run.record;
  record.cursor = run.starting.empty() ? run.next : run.starting.begin()->second.before;
  while (!record.ended_ahead.empty() && *record.ended_ahead.begin() < record.cursor.child) {
    record.ended_ahead.erase(record.ended_ahead.begin());
  }
  mark_changed(run);
}

void MapRuns::stop_children(MapRun& run) {
  if (std::exchange(run.stopped, true)) return;
  for (const auto& [child, items] : run.record.open) stop_child(run, child);
}

void MapRuns::stop_child(const MapRun& run, std::int64_t child) {
  host_.stop_child(id_of_child(run, child));
}

}  // namespace pawl::runtime
