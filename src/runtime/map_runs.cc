#include "runtime/map_runs.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "machine/map_run.h"
#include "runtime/map_results.h"

namespace pawl::runtime {

using machine::Fault;
using machine::MapRunEnd;

// In the batch of MapRunStarted; nothing is done before that is durable.
void MapRuns::begin(const Cell& parent, const machine::StartMapRun& command) {
  if (command.redrive_count > 0 && redrive(parent, command)) return;
  auto run = std::make_unique<MapRun>();
  run->settings = machine::map_run_settings(command.settings);
  MapRunRecord& record = run->record;
  record.arn = command.arn;
  record.parent = parent.summary.names;
  record.event = record.first_event = command.map_run;
  record.start_time = environment_.clock.now();
  record.settings = command.settings;
  record.concurrency = run->settings.concurrency;
  if (run->settings.has_tolerated_count) {
    record.tolerated_count = run->settings.tolerated_failure_count;
  }
  record.tolerated_percentage = run->settings.tolerated_failure_percentage;
  const ExecutionId id = record.id();
  host_.batch().put(store::Space::kState, open_map_run_key(id), {});
  MapRun& begun = admit(std::move(run), parent);
  persist(begun);
  drive_when_durable(id);
}

void MapRuns::drive_when_durable(const ExecutionId& id) {
  host_.gate().after(host_.batch_number(), [this, id](GateOutcome gate) {
    if (gate != GateOutcome::kDurable) return;
    host_.post([id](MapRuns& runs) { runs.drive(id); });
  });
}

MapRun& MapRuns::admit(std::unique_ptr<MapRun> run, const Cell& parent) {
  run->source = run->settings.reader ? objects::source_of(*run->settings.reader)
                                     : std::string(machine::kStateData);
  run->state_items = machine::items_of_map_run(parent.execution, run->record.event);
  run->next = run->read = run->record.cursor;
  run->redrive_next = run->record.redrive.cursor;
  run->id = run->record.id();
  run->parent = parent.id;
  MapRun& admitted = *run;
  runs_[admitted.id] = std::move(run);
  return admitted;
}

void MapRuns::stop(const std::string& arn) {
  const auto found = runs_.find(id_of_execution(arn));
  if (found == runs_.end()) return;
  found->second->record.redrive.waits = false;
  end_early(*found->second, MapRunEnd::kAborted, {});
  drive_when_durable(found->first);
}

// At start-up, and after a batch was lost: what the row does not know is asked again.
void MapRuns::recover() {
  std::vector<ExecutionId> ids;
  environment_.store.scan(shard_, store::Space::kState, "u", "v", store::Store::Direction::kForward,
                          [&ids](std::string_view key, std::string_view) {
                            if (const auto id = parse_id_key(key)) ids.push_back(*id);
                            return true;
                          });
  for (const ExecutionId& id : ids) recover_one(id);
}

void MapRuns::recover_one(const ExecutionId& id) {
  const auto row = environment_.store.get(shard_, store::Space::kState, map_run_key(id));
  auto record = row ? decode_map_run(*row) : std::nullopt;
  Cell* parent = record ? host_.parent(record->parent_id()) : nullptr;
  if (parent == nullptr) {
    log_error("a Map Run cannot go on: its row or its parent cannot be read");
    return;
  }
  // Children that were asked for, but not durably started, are made again from their items.
  if (record->cursor.child < record->children_total) record->all_read = false;
  auto run = std::make_unique<MapRun>();
  run->record = std::move(*record);
  run->settings = machine::map_run_settings(run->record.settings);
  MapRun& recovered = admit(std::move(run), *parent);
  for (const auto& [child, items] : recovered.record.open) {
    watch_child(recovered, child, id_of_child(recovered, child));
  }
  if (recovered.record.ending) seek_children(recovered);
  host_.post([id](MapRuns& runs) { runs.drive(id); });
}

// A child's start or its end was lost with a batch of its shard.
void MapRuns::reload(const ExecutionId& id) {
  runs_.erase(id);
  recover_one(id);
}

void MapRuns::drive(const ExecutionId& id) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return;
  MapRun& run = *found->second;
  if (run.record.ending) {
    stop_children(run);
    if (is_idle(run)) collect_results(run);
    return;
  }
  Cell* parent = host_.parent(run.parent);
  if (parent == nullptr) return;
  if (run.record.has_failed()) {
    end_early(run, MapRunEnd::kFailed,
              {.error = "States.ExceedToleratedFailureThreshold",
               .cause = "The specified tolerated failure threshold was exceeded"});
    return drive(id);
  }
  if (!host_.holds(*parent)) {
    redrive_children(run);
    read_items(run);
    start_children(run, *parent);
  }
  if (run.record.ending) return drive(id);
  if (run.end_of_items && run.ready.empty() && !run.record.all_read) {
    run.record.all_read = true;
    mark_changed(run);
    if (run.record.has_failed()) return drive(id);
  }
  if (run.record.all_read && is_idle(run)) collect_results(run);
}

bool MapRuns::is_idle(const MapRun& run) {
  const bool redrives = !run.record.ending && run.redrive_next < run.record.redrive.end;
  return run.starting.empty() && run.record.open.empty() && run.doubtful.empty() &&
         run.redriving.empty() && !redrives;
}

void MapRuns::end_early(MapRun& run, MapRunEnd end, Fault fault) {
  if (run.record.ending) return;
  run.record.ending = end;
  run.record.fault = std::move(fault);
  run.ready.clear();
  run.stopped = false;
  mark_changed(run);
}

void MapRuns::collect_results(MapRun& run) {
  if (run.collecting != 0) return;
  run.collecting = ++last_ticket_;
  MapRunRecord& record = run.record;
  const bool writes = run.settings.writer && run.settings.writer->writes;
  const bool failed = record.ending.has_value();
  // What is aborted, or could not even read its items, has nothing to write.
  if (failed && (!writes || record.children.ended() == 0 || record.ending == MapRunEnd::kAborted)) {
    return end(run, {});
  }
  const Cell* parent = host_.parent(run.parent);
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
    host_.post([id = id_of_execution(request->record.arn), results](MapRuns& runs) {
      runs.results_were_collected(id, *results);
    });
  });
}

void MapRuns::results_were_collected(const ExecutionId& id, const MapResults& results) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || found->second->collecting != results.ticket) return;
  end(*found->second, results);
}

// The run's last row and its parent's Input are one batch.
void MapRuns::end(MapRun& run, const MapResults& results) {
  MapRunRecord& record = run.record;
  if (record.redrive.waits) {
    if (const Cell* waiting = host_.parent(run.parent)) return reopen(record, *waiting);
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
  host_.batch().erase(store::Space::kState, open_map_run_key(id));
  persist(run);
  std::erase_if(ended_, [this](const auto& ended) { return host_.gate().is_durable(ended.first); });
  ended_.emplace_back(host_.batch_number(), std::move(record));
  runs_.erase(id);
  Cell* parent = host_.parent(parent_id);
  if (parent != nullptr && !parent->execution.closed()) host_.advance(*parent, finished);
}

void MapRuns::mark_changed(MapRun& run) {
  host_.batch_number();
  if (!std::exchange(run.changed, true)) changed_.push_back(run.id);
}

void MapRuns::persist(MapRun& run) {
  const MapRunRecord& record = run.record;
  run.changed = false;
  host_.batch().put(store::Space::kState, map_run_key(run.id), encode(record));
  const bool first_or_last = record.stop_time != 0 || record.children_total == 0;
  if (first_or_last || record.redrive.count > 0) {
    host_.batch().put(store::Space::kState, map_runs_key(run.parent, record.first_event),
                      encode_record(record.stop_time, record.arn));
  }
}

void MapRuns::persist_changed() {
  for (const ExecutionId& id : std::exchange(changed_, {})) {
    const auto found = runs_.find(id);
    if (found != runs_.end() && found->second->changed) persist(*found->second);
  }
}

void MapRuns::update(const ExecutionId& id, const MapRunChanges& changes,
                     std::function<void(UpdateOutcome)> reply) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) {
    const bool known =
        environment_.store.get(shard_, store::Space::kState, map_run_key(id)).has_value();
    return reply(known ? UpdateOutcome::kEnded : UpdateOutcome::kNotFound);
  }
  MapRunRecord& record = found->second->record;
  if (changes.concurrency) record.concurrency = *changes.concurrency;
  if (changes.tolerated_count) record.tolerated_count = *changes.tolerated_count;
  if (changes.tolerated_percentage) record.tolerated_percentage = *changes.tolerated_percentage;
  mark_changed(*found->second);
  host_.gate().after(host_.batch_number(), [reply = std::move(reply)](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? UpdateOutcome::kUpdated : UpdateOutcome::kLost);
  });
  drive(id);
}

bool MapRuns::has_run_of(const ExecutionId& parent) const {
  return std::any_of(runs_.begin(), runs_.end(),
                     [&parent](const auto& entry) { return entry.second->parent == parent; });
}

void MapRuns::discard() {
  runs_.clear();
  changed_.clear();
  ended_.clear();
}

}  // namespace pawl::runtime
