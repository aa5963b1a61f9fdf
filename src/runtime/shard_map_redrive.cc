// Redrives of Map Runs (step-functions.md A4.23): the children that have not succeeded run again,
// under their own names; then items go on where the run had ended.
//
// Every child that there was before is asked, in the order of their numbers. A child keeps the
// token of the redrive that opened it, so asking twice is asking once; the row's cursor bounds what
// a restart asks again.
#include <utility>

#include "runtime/map_redrive.h"
#include "runtime/shard.h"

namespace pawl::runtime {

// Answers whether there is such a run.
bool Shard::redrive_map_run(Cell& cell, const machine::StartMapRun& command) {
  const ExecutionId id = id_of_execution(command.arn);
  const auto ending = map_runs_.find(id);
  auto record = ending == map_runs_.end() ? ended_map_run(id) : ending->second->record;
  if (!record) return false;
  record->event = command.map_run;
  record->redrive.count = command.redrive_count;
  record->redrive.time = environment_.clock.now();
  if (ending == map_runs_.end()) {
    reopen_map_run(std::move(*record), cell);
    return true;
  }
  // Its children are being stopped: it begins again when they all are.
  record->redrive.waits = true;
  ending->second->record = std::move(*record);
  mark_changed(*ending->second);
  return true;
}

std::optional<MapRunRecord> Shard::ended_map_run(const ExecutionId& id) const {
  for (auto ended = ended_map_runs_.rbegin(); ended != ended_map_runs_.rend(); ++ended) {
    if (ended->second.id() == id) return ended->second;
  }
  const auto row = environment_.store.get(id_, store::Space::kState, map_run_key(id));
  return row ? decode_map_run(*row) : std::nullopt;
}

void Shard::reopen_map_run(MapRunRecord record, const Cell& cell) {
  MapRunRedrive& redrive = record.redrive;
  redrive.waits = false;
  redrive.pending.items += record.items.failed + record.items.timed_out + record.items.aborted;
  redrive.pending.children +=
      record.children.failed + record.children.timed_out + record.children.aborted;
  redrive.impossible = {};
  redrive.cursor = redrive.asked = 0;
  redrive.ahead.clear();
  redrive.end = record.ended_ahead.empty() ? record.cursor.child : *record.ended_ahead.rbegin() + 1;
  record.items = {.succeeded = record.items.succeeded};
  record.children = {.succeeded = record.children.succeeded};
  record.status = machine::Status::kRunning;
  record.stop_time = 0;
  record.results_written = 0;
  record.ending.reset();
  record.fault = {};
  if (record.cursor.child < record.children_total) record.all_read = false;
  auto run = std::make_unique<MapRun>();
  run->settings = machine::map_run_settings(record.settings);
  run->record = std::move(record);
  batch_number();
  MapRun& reopened = admit_map_run(std::move(run), cell);
  batch_.put(store::Space::kState, open_map_run_key(reopened.id), {});
  persist_map_run(reopened);
  drive_when_durable(reopened.id);
}

void Shard::redrive_children(MapRun& run) {
  MapRunRecord& record = run.record;
  MapRunRedrive& redrive = record.redrive;
  if (run.redrive_next >= redrive.end) return;
  const std::string token = token_of_redrive(record);
  while (run.redrive_next < redrive.end && room_for_children(run) > 0) {
    const std::int64_t child = run.redrive_next++;
    redrive.asked = std::max(redrive.asked, run.redrive_next);
    const bool known = child < record.cursor.child || record.ended_ahead.contains(child);
    if (!known || redrive.ahead.contains(child)) continue;
    run.redriving.insert(child);
    const std::int32_t generation =
        generation_of_child(environment_.store, record, run.settings, child);
    const ExecutionId id =
        id_of_execution(names_of_child(record, run.settings, child, generation).execution_arn());
    const auto answer = [this, run_id = run.id, child](ChildRedrive outcome) {
      environment_.post(id_, [run_id, child, outcome = std::move(outcome)](Shard& shard) {
        shard.child_was_redriven(run_id, child, outcome);
      });
    };
    const ChildRedriveRequest request{.id = id,
                                      .token = token,
                                      .type = run.settings.execution_type,
                                      .is_new = generation == redrive.count};
    environment_.post(id.shard(),
                      [request, answer](Shard& shard) { shard.redrive_child(request, answer); });
  }
  move_redrive_cursor(run);
}

void Shard::redrive_child(const ChildRedriveRequest& request,
                          std::function<void(ChildRedrive)> reply) {
  using Kind = ChildRedrive::Kind;
  if (!cells_.contains(request.id)) {  // most children have succeeded, and need not be loaded
    const auto summary = read_summary(environment_.store, request.id, environment_.horizon());
    if (!summary) return reply({.kind = Kind::kNone});
    if (summary->status == machine::Status::kSucceeded && !request.is_new &&
        !was_redriven(*summary, request.token)) {
      return reply({.kind = Kind::kSucceeded});
    }
  }
  Cell* cell = find(request.id);
  if (cell == nullptr) return reply({.kind = Kind::kImpossible, .items = 1});
  Summary& summary = cell->summary;
  ChildRedrive outcome{.kind = Kind::kRedriven, .items = items_of_child(summary.started_by)};
  const WallMillis now = environment_.clock.now();
  const auto obstacle = redrive_obstacle(summary, environment_.limits, now);
  const bool before = request.is_new || was_redriven(summary, request.token);
  if (before || obstacle == RedriveObstacle::kRunning) {
    // By this redrive, before a restart.
  } else if (summary.status == machine::Status::kSucceeded) {
    outcome.kind = Kind::kSucceeded;
  } else if (request.type == asl::MachineType::kExpress) {
    outcome.kind = Kind::kRestart;
    outcome.input = cell->execution.input;
  } else if (obstacle) {
    outcome.kind = Kind::kImpossible;
    outcome.status = summary.status;
  } else {
    summary.redrive_tokens = {{now, request.token}};
    reopen(*cell);
  }
  gate_->after(cell->batch, [reply = std::move(reply), outcome](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? outcome : ChildRedrive{});
  });
}

void Shard::child_was_redriven(const ExecutionId& id, std::int64_t child,
                               const ChildRedrive& outcome) {
  const auto found = map_runs_.find(id);
  if (found == map_runs_.end() || !found->second->redriving.contains(child)) return;
  MapRun& run = *found->second;
  MapRunRedrive& redrive = run.record.redrive;
  switch (outcome.kind) {
    case ChildRedrive::Kind::kLost:
      return reload_map_run(id);
    case ChildRedrive::Kind::kRestart:
      if (!run.record.ending) return restart_child(run, child, outcome);
      break;
    case ChildRedrive::Kind::kRedriven:
      redrive.pending.take(outcome.items);
      redrive.ahead.insert(child);
      run.record.open[child] = outcome.items;
      watch_child(run, child, id_of_child(run, child));
      if (run.record.ending) stop_child(run, child);
      break;
    case ChildRedrive::Kind::kImpossible:
      redrive.pending.take(outcome.items);
      redrive.ahead.insert(child);
      redrive.impossible.add(outcome.items);
      run.record.items.add(outcome.status, static_cast<std::uint64_t>(outcome.items));
      run.record.children.add(outcome.status, 1);
      break;
    case ChildRedrive::Kind::kNone:
    case ChildRedrive::Kind::kSucceeded:
      break;
  }
  run.redriving.erase(child);
  move_redrive_cursor(run);
  drive_map_run(id);
}

// From its input; it stays among `redriving` until that is durable.
void Shard::restart_child(MapRun& run, std::int64_t child, const ChildRedrive& found) {
  const Cell* parent = find(run.parent);
  if (parent == nullptr) return;
  start_child(run, *parent, child, {found.input, run.next, found.items}, run.record.redrive.count);
}

void Shard::move_redrive_cursor(MapRun& run) {
  MapRunRedrive& redrive = run.record.redrive;
  redrive.cursor = run.redriving.empty() ? run.redrive_next : *run.redriving.begin();
  redrive.ahead.erase(redrive.ahead.begin(), redrive.ahead.lower_bound(redrive.cursor));
  mark_changed(run);
}

}  // namespace pawl::runtime
