// Redrives of Map Runs (step-functions.md A4.23): the children that have not succeeded run again,
// under their own names; then items go on where the run had ended.
//
// Every child that there was before is asked, in the order of their numbers. A child keeps the
// token of the redrive that opened it, so asking twice is asking once; the row's cursor bounds what
// a restart asks again.
#include <utility>

#include "runtime/map_redrive.h"
#include "runtime/map_runs.h"

namespace pawl::runtime {

// Answers whether there is such a run.
bool MapRuns::redrive(const Cell& parent, const machine::StartMapRun& command) {
  const ExecutionId id = id_of_execution(command.arn);
  const auto ending = runs_.find(id);
  auto record = ending == runs_.end() ? find_ended(id) : ending->second->record;
  if (!record) return false;
  record->event = command.map_run;
  record->redrive.count = command.redrive_count;
  record->redrive.time = environment_.clock.now();
  if (ending == runs_.end()) {
    reopen(std::move(*record), parent);
    return true;
  }
  // Its children are being stopped: it begins again when they all are.
  record->redrive.waits = true;
  ending->second->record = std::move(*record);
  mark_changed(*ending->second);
  return true;
}

std::optional<MapRunRecord> MapRuns::find_ended(const ExecutionId& id) const {
  for (auto ended = ended_.rbegin(); ended != ended_.rend(); ++ended) {
    if (ended->second.id() == id) return ended->second;
  }
  const auto row = environment_.store.get(shard_, store::Space::kState, map_run_key(id));
  return row ? decode_map_run(*row) : std::nullopt;
}

void MapRuns::reopen(MapRunRecord record, const Cell& parent) {
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
  MapRun& reopened = admit(std::move(run), parent);
  host_.batch().put(store::Space::kState, open_map_run_key(reopened.id), {});
  persist(reopened);
  drive_when_durable(reopened.id);
}

void MapRuns::redrive_children(MapRun& run) {
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
      host_.post([run_id, child, outcome = std::move(outcome)](MapRuns& runs) {
        runs.child_was_redriven(run_id, child, outcome);
      });
    };
    const ChildRedriveRequest request{.id = id,
                                      .token = token,
                                      .type = run.settings.execution_type,
                                      .is_new = generation == redrive.count};
    host_.redrive_child(request, answer);
  }
  move_redrive_cursor(run);
}

void MapRuns::child_was_redriven(const ExecutionId& id, std::int64_t child,
                                 const ChildRedrive& outcome) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || !found->second->redriving.contains(child)) return;
  MapRun& run = *found->second;
  MapRunRedrive& redrive = run.record.redrive;
  switch (outcome.kind) {
    case ChildRedrive::Kind::kLost:
      return reload(id);
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
  drive(id);
}

// From its input; it stays among `redriving` until that is durable.
void MapRuns::restart_child(MapRun& run, std::int64_t child, const ChildRedrive& found) {
  const Cell* parent = host_.parent(run.parent);
  if (parent == nullptr) return;
  start_child(run, *parent, child, {found.input, run.next, found.items}, run.record.redrive.count);
}

void MapRuns::move_redrive_cursor(MapRun& run) {
  MapRunRedrive& redrive = run.record.redrive;
  redrive.cursor = run.redriving.empty() ? run.redrive_next : *run.redriving.begin();
  redrive.ahead.erase(redrive.ahead.begin(), redrive.ahead.lower_bound(redrive.cursor));
  mark_changed(run);
}

}  // namespace pawl::runtime
