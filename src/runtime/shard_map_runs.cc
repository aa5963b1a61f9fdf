// Map Runs (docs/adr/0012): children are started in the order of their items, as many as may run at
// once; their ends are counted; the run's own end is an Input of its parent.
//
// Everything here runs on the shard's thread. What comes from other shards and from the threads
// that read objects comes as messages, and may come twice, late, or for a run that is gone.
#include <utility>

#include "base/log.h"
#include "machine/map_run.h"
#include "runtime/map_results.h"
#include "runtime/shard.h"

namespace pawl::runtime {

using machine::Fault;
using machine::MapRunEnd;

// In the batch of MapRunStarted; nothing is done before that is durable.
void Shard::begin_map_run(Cell& cell, const machine::StartMapRun& command) {
  if (command.redrive_count > 0 && redrive_map_run(cell, command)) return;
  auto run = std::make_unique<MapRun>();
  run->settings = machine::map_run_settings(command.settings);
  MapRunRecord& record = run->record;
  record.arn = command.arn;
  record.parent = cell.summary.names;
  record.event = record.first_event = command.map_run;
  record.start_time = environment_.clock.now();
  record.settings = command.settings;
  record.concurrency = run->settings.concurrency;
  if (run->settings.has_tolerated_count) {
    record.tolerated_count = run->settings.tolerated_failure_count;
  }
  record.tolerated_percentage = run->settings.tolerated_failure_percentage;
  const ExecutionId id = record.id();
  batch_number();
  batch_.put(store::Space::kState, open_map_run_key(id), {});
  MapRun& begun = admit_map_run(std::move(run), cell);
  persist_map_run(begun);
  drive_when_durable(id);
}

void Shard::drive_when_durable(const ExecutionId& id) {
  gate_->after(building_, [this, id](GateOutcome gate) {
    if (gate != GateOutcome::kDurable) return;
    environment_.post(id_, [id](Shard& shard) { shard.drive_map_run(id); });
  });
}

MapRun& Shard::admit_map_run(std::unique_ptr<MapRun> run, const Cell& cell) {
  run->source = run->settings.reader ? objects::source_of(*run->settings.reader)
                                     : std::string(machine::kStateData);
  run->state_items = machine::items_of_map_run(cell.execution, run->record.event);
  run->next = run->read = run->record.cursor;
  run->redrive_next = run->record.redrive.cursor;
  run->id = run->record.id();
  run->parent = cell.id;
  MapRun& admitted = *run;
  map_runs_[admitted.id] = std::move(run);
  return admitted;
}

void Shard::stop_map_run(const std::string& arn) {
  const auto found = map_runs_.find(id_of_execution(arn));
  if (found == map_runs_.end()) return;
  found->second->record.redrive.waits = false;
  end_early(*found->second, MapRunEnd::kAborted, {});
  drive_when_durable(found->first);
}

// At start-up, and after a batch was lost: what the row does not know is asked again.
void Shard::recover_map_runs() {
  std::vector<ExecutionId> ids;
  environment_.store.scan(id_, store::Space::kState, "u", "v", store::Store::Direction::kForward,
                          [&ids](std::string_view key, std::string_view) {
                            if (const auto id = parse_id_key(key)) ids.push_back(*id);
                            return true;
                          });
  for (const ExecutionId& id : ids) recover_map_run(id);
}

void Shard::recover_map_run(const ExecutionId& id) {
  const auto row = environment_.store.get(id_, store::Space::kState, map_run_key(id));
  auto record = row ? decode_map_run(*row) : std::nullopt;
  Cell* parent = record ? find(record->parent_id()) : nullptr;
  if (parent == nullptr) {
    log_error("a Map Run cannot go on: its row or its parent cannot be read");
    return;
  }
  // Children that were asked for, but not durably started, are made again from their items.
  if (record->cursor.child < record->children_total) record->all_read = false;
  auto run = std::make_unique<MapRun>();
  run->record = std::move(*record);
  run->settings = machine::map_run_settings(run->record.settings);
  MapRun& recovered = admit_map_run(std::move(run), *parent);
  for (const auto& [child, items] : recovered.record.open) {
    watch_child(recovered, child, id_of_child(recovered, child));
  }
  if (recovered.record.ending) seek_children(recovered);
  environment_.post(id_, [id](Shard& shard) { shard.drive_map_run(id); });
}

// A child's start or its end was lost with a batch of its shard.
void Shard::reload_map_run(const ExecutionId& id) {
  map_runs_.erase(id);
  recover_map_run(id);
}

void Shard::drive_map_run(const ExecutionId& id) {
  const auto found = map_runs_.find(id);
  if (found == map_runs_.end()) return;
  MapRun& run = *found->second;
  if (run.record.ending) {
    stop_children(run);
    if (is_idle(run)) collect_results(run);
    return;
  }
  Cell* parent = find(run.parent);
  if (parent == nullptr) return;
  if (run.record.has_failed()) {
    end_early(run, MapRunEnd::kFailed,
              {.error = "States.ExceedToleratedFailureThreshold",
               .cause = "The specified tolerated failure threshold was exceeded"});
    return drive_map_run(id);
  }
  if (is_held(*parent)) {
    keep_for_resume(*parent);
  } else {
    redrive_children(run);
    read_items(run);
    start_children(run, *parent);
  }
  if (run.record.ending) return drive_map_run(id);
  if (run.end_of_items && run.ready.empty() && !run.record.all_read) {
    run.record.all_read = true;
    mark_changed(run);
    if (run.record.has_failed()) return drive_map_run(id);
  }
  if (run.record.all_read && is_idle(run)) collect_results(run);
}

bool Shard::is_idle(const MapRun& run) {
  const bool redrives = !run.record.ending && run.redrive_next < run.record.redrive.end;
  return run.starting.empty() && run.record.open.empty() && run.doubtful.empty() &&
         run.redriving.empty() && !redrives;
}

void Shard::end_early(MapRun& run, MapRunEnd end, Fault fault) {
  if (run.record.ending) return;
  run.record.ending = end;
  run.record.fault = std::move(fault);
  run.ready.clear();
  run.stopped = false;
  mark_changed(run);
}

void Shard::collect_results(MapRun& run) {
  if (run.collecting != 0) return;
  run.collecting = ++last_ticket_;
  MapRunRecord& record = run.record;
  const bool writes = run.settings.writer && run.settings.writer->writes;
  const bool failed = record.ending.has_value();
  // What is aborted, or could not even read its items, has nothing to write.
  if (failed && (!writes || record.children.ended() == 0 || record.ending == MapRunEnd::kAborted)) {
    return end_map_run(run, {});
  }
  const Cell* parent = find(run.parent);
  const asl::State* state =
      parent == nullptr ? nullptr : parent->definition->find(run.settings.state_pointer);
  auto request = std::make_shared<MapResultsRequest>(
      MapResultsRequest{.record = record,
                        .settings = run.settings,
                        .state_name = state == nullptr ? std::string() : state->name,
                        .output_bytes_max = environment_.limits.payload_bytes_max});
  environment_.run_blocking([this, request, ticket = run.collecting] {
    const auto results = std::make_shared<MapResults>(collect_map_results(
        environment_.store, environment_.horizon(), environment_.objects, *request));
    results->ticket = ticket;
    environment_.post(id_, [id = id_of_execution(request->record.arn), results](Shard& shard) {
      shard.results_were_collected(id, *results);
    });
  });
}

void Shard::results_were_collected(const ExecutionId& id, const MapResults& results) {
  const auto found = map_runs_.find(id);
  if (found == map_runs_.end() || found->second->collecting != results.ticket) return;
  end_map_run(*found->second, results);
}

// The run's last row and its parent's Input are one batch.
void Shard::end_map_run(MapRun& run, const MapResults& results) {
  MapRunRecord& record = run.record;
  if (record.redrive.waits) {
    if (const Cell* waiting = find(run.parent)) return reopen_map_run(record, *waiting);
  }
  record.results_written = results.written;
  machine::MapRunFinished finished{.map_run = record.event,
                                   .end = record.ending.value_or(MapRunEnd::kSucceeded),
                                   .fault = record.fault,
                                   .result = results.output};
  if (!record.ending && results.fault) {
    finished.end = MapRunEnd::kFailed;
    finished.fault = *results.fault;
  }
  record.stop_time = environment_.clock.now();
  record.status = finished.end == MapRunEnd::kSucceeded ? machine::Status::kSucceeded
                  : finished.end == MapRunEnd::kFailed  ? machine::Status::kFailed
                                                        : machine::Status::kAborted;
  const ExecutionId id = run.id;
  const ExecutionId parent_id = run.parent;
  batch_number();
  batch_.erase(store::Space::kState, open_map_run_key(id));
  persist_map_run(run);
  std::erase_if(ended_map_runs_,
                [this](const auto& ended) { return gate_->is_durable(ended.first); });
  ended_map_runs_.emplace_back(building_, std::move(record));
  map_runs_.erase(id);
  Cell* parent = find(parent_id);
  if (parent != nullptr && !parent->execution.closed()) advance(*parent, finished);
}

void Shard::mark_changed(MapRun& run) {
  batch_number();
  if (!std::exchange(run.changed, true)) changed_map_runs_.push_back(run.id);
}

void Shard::persist_map_run(MapRun& run) {
  const MapRunRecord& record = run.record;
  run.changed = false;
  batch_.put(store::Space::kState, map_run_key(run.id), encode(record));
  const bool first_or_last = record.stop_time != 0 || record.children_total == 0;
  if (first_or_last || record.redrive.count > 0) {
    batch_.put(store::Space::kState, map_runs_key(run.parent, record.first_event),
               encode_record(record.stop_time, record.arn));
  }
}

void Shard::persist_map_runs() {
  for (const ExecutionId& id : std::exchange(changed_map_runs_, {})) {
    const auto found = map_runs_.find(id);
    if (found != map_runs_.end() && found->second->changed) persist_map_run(*found->second);
  }
}

void Shard::update_map_run(const ExecutionId& id, const MapRunChanges& changes,
                           std::function<void(UpdateOutcome)> reply) {
  const auto found = map_runs_.find(id);
  if (found == map_runs_.end()) {
    const bool known =
        environment_.store.get(id_, store::Space::kState, map_run_key(id)).has_value();
    return reply(known ? UpdateOutcome::kEnded : UpdateOutcome::kNotFound);
  }
  MapRunRecord& record = found->second->record;
  if (changes.concurrency) record.concurrency = *changes.concurrency;
  if (changes.tolerated_count) record.tolerated_count = *changes.tolerated_count;
  if (changes.tolerated_percentage) record.tolerated_percentage = *changes.tolerated_percentage;
  mark_changed(*found->second);
  gate_->after(building_, [reply = std::move(reply)](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? UpdateOutcome::kUpdated : UpdateOutcome::kLost);
  });
  drive_map_run(id);
}

std::optional<MapRunRecord> read_map_run(const store::Store& store, std::string_view arn,
                                         Horizon horizon) {
  const ExecutionId id = id_of_execution(arn);
  const std::string key = map_run_key(id);
  const auto row = store.get(id.shard(), store::Space::kState, key);
  if (!row || horizon.hides(closed_second(store::Space::kState, key, *row))) return std::nullopt;
  return decode_map_run(*row);
}

std::vector<std::string> list_map_runs(const store::Store& store, const ExecutionId& parent,
                                       Horizon horizon) {
  std::vector<std::string> arns;
  const std::string prefix = map_runs_prefix(parent);
  store.scan(parent.shard(), store::Space::kState, prefix, after_prefix(prefix),
             store::Store::Direction::kBackward, [&](std::string_view key, std::string_view row) {
               if (!horizon.hides(closed_second(store::Space::kState, key, row))) {
                 arns.emplace_back(record_of(row));
               }
               return true;
             });
  return arns;
}

}  // namespace pawl::runtime
