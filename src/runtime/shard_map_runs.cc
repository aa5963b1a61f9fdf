// Map Runs (docs/adr/0012): children are started in the order of their items, as many as may run at
// once; their ends are counted; the run's own end is an Input of its parent.
//
// Everything here runs on the shard's thread. What comes from other shards and from the threads
// that read objects comes as messages, and may come twice, late, or for a run that is gone.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "machine/map_run.h"
#include "runtime/crash_record.h"
#include "runtime/map_results.h"
#include "runtime/shard.h"

namespace pawl::runtime {

namespace {

using machine::Fault;
using machine::MapRunEnd;

// Children asked for but not yet durably started: bounds what a restart asks for again, and how
// many starts one run puts before other work.
constexpr std::size_t kStartingMax = 500;
// Items held in memory, and how they are read.
constexpr std::size_t kReadyMax = 2'000;
constexpr std::size_t kPageItems = 1'000;
constexpr std::size_t kPageBytes = 1u << 20;

// Blocks; on a thread of its own.
ReadPage read_page(objects::ObjectStore& store, const machine::ReaderSettings& settings,
                   const std::string& position, std::shared_ptr<objects::ItemStream> stream) {
  ReadPage page;
  if (!stream) {
    auto opened = objects::open_items(store, settings, position);
    if (!opened.ok()) {
      page.fault = std::move(opened).error();
      return page;
    }
    stream = std::move(opened).value();
  }
  std::size_t bytes = 0;
  while (page.items.size() < kPageItems && bytes < kPageBytes) {
    auto item = stream->next();
    if (!item.ok()) {
      page.fault = std::move(item).error();
      return page;
    }
    if (!*item) {
      page.at_end = true;
      break;
    }
    bytes += (*item)->text.size();
    page.items.push_back({.value = json::Value::trusted(std::move((*item)->text)),
                          .position = std::move((*item)->position)});
  }
  page.stream = std::move(stream);
  return page;
}

Fault too_large() {
  return {.error = "States.DataLimitExceeded",
          .cause = "The item or batch exceeds the maximum number of bytes service limit."};
}

// {"BatchInput": ..., "Items": [...]}.
json::Value batch_of(const machine::BatchSettings& batches, std::string items) {
  std::string text = "{";
  if (batches.input) text.append("\"BatchInput\":").append(batches.input->text()).append(",");
  text.append("\"Items\":[").append(items).append("]}");
  return json::Value::trusted(std::move(text));
}

}  // namespace

// In the batch of MapRunStarted; nothing is done before that is durable.
void Shard::begin_map_run(Cell& cell, const machine::StartMapRun& command) {
  auto run = std::make_unique<MapRun>();
  run->settings = machine::map_run_settings(command.settings);
  MapRunRecord& record = run->record;
  record.arn = command.arn;
  record.parent = cell.summary.names;
  record.event = command.map_run;
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
  gate_->after(building_, [this, id](GateOutcome gate) {
    if (gate != GateOutcome::kDurable) return;
    environment_.post(id_, [id](Shard& shard) { shard.drive_map_run(id); });
  });
}

MapRun& Shard::admit_map_run(std::unique_ptr<MapRun> run, const Cell& cell) {
  run->source = run->settings.reader ? objects::source_of(*run->settings.reader) : "STATE_DATA";
  run->state_items = machine::items_of_map_run(cell.execution, run->record.event);
  run->next = run->read = run->record.cursor;
  MapRun& admitted = *run;
  map_runs_[admitted.record.id()] = std::move(run);
  return admitted;
}

void Shard::stop_map_run(const std::string& arn) {
  const auto found = map_runs_.find(id_of_execution(arn));
  if (found == map_runs_.end()) return;
  end_early(*found->second, MapRunEnd::kAborted, {});
  const ExecutionId id = found->first;
  gate_->after(building_, [this, id](GateOutcome gate) {
    if (gate != GateOutcome::kDurable) return;
    environment_.post(id_, [id](Shard& shard) { shard.drive_map_run(id); });
  });
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
  for (const auto& [child, items] : recovered.record.open) watch_child(recovered, child);
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
    if (run.starting.empty() && run.record.open.empty()) collect_results(run);
    return;
  }
  Cell* parent = find(run.record.parent_id());
  if (parent == nullptr) return;
  if (run.record.has_failed()) {
    end_early(run, MapRunEnd::kFailed,
              {.error = "States.ExceedToleratedFailureThreshold",
               .cause = "The specified tolerated failure threshold was exceeded"});
    return drive_map_run(id);
  }
  read_items(run);
  start_children(run, *parent);
  if (run.record.ending) return drive_map_run(id);
  if (run.end_of_items && run.ready.empty() && !run.record.all_read) {
    run.record.all_read = true;
    mark_changed(run);
    if (run.record.has_failed()) return drive_map_run(id);
  }
  if (run.record.all_read && run.starting.empty() && run.record.open.empty()) {
    collect_results(run);
  }
}

void Shard::read_items(MapRun& run) {
  if (run.end_of_items || run.ticket != 0 || run.ready.size() >= kReadyMax) return;
  if (!run.settings.reader) return read_state_items(run);
  if (environment_.objects == nullptr) {
    return end_early(run, MapRunEnd::kFailed,
                     objects::item_reader_failed("There is no object store."));
  }
  run.ticket = ++run.last_ticket;
  environment_.run_blocking([this, id = run.record.id(), ticket = run.ticket,
                             settings = *run.settings.reader, position = run.read.position,
                             stream = std::exchange(run.stream, nullptr)] {
    auto page =
        std::make_shared<ReadPage>(read_page(*environment_.objects, settings, position, stream));
    page->ticket = ticket;
    environment_.post(id_, [id, page](Shard& shard) { shard.items_were_read(id, *page); });
  });
}

void Shard::read_state_items(MapRun& run) {
  const json::Node items = run.state_items.root();
  for (; run.ready.size() < kReadyMax; ++run.read.item) {
    if (run.read.item >= static_cast<std::int64_t>(items.size())) {
      run.end_of_items = true;
      break;
    }
    const json::Node item = items.at(static_cast<std::size_t>(run.read.item));
    run.ready.push_back({.value = json::Value::of(item), .position = {}});
  }
  run.record.items_total = run.read.item;
}

void Shard::items_were_read(const ExecutionId& id, ReadPage& page) {
  const auto found = map_runs_.find(id);
  if (found == map_runs_.end() || found->second->ticket != page.ticket) return;
  MapRun& run = *found->second;
  run.ticket = 0;
  run.stream = std::move(page.stream);
  const std::int64_t most = run.settings.reader->items_max;
  for (ReadItem& item : page.items) {
    if (most > 0 && run.read.item >= most) break;
    ++run.read.item;
    run.read.position = item.position;
    run.ready.push_back(std::move(item));
  }
  run.end_of_items = page.at_end || (most > 0 && run.read.item >= most);
  run.record.items_total = std::max(run.record.items_total, run.read.item);
  if (page.fault && !run.end_of_items && !run.record.ending) {
    end_early(run, MapRunEnd::kFailed, *page.fault);
  }
  drive_map_run(id);
}

void Shard::start_children(MapRun& run, Cell& parent) {
  const std::int64_t most = environment_.limits.map_run_concurrency_max;
  const std::int64_t wanted = run.record.concurrency > 0 ? run.record.concurrency : most;
  const auto room = static_cast<std::size_t>(std::min(wanted, most));
  while (!run.ready.empty() && run.starting.size() < kStartingMax &&
         run.starting.size() + run.record.open.size() < room) {
    // A child that had ended before a restart is passed over, and so is one that still runs.
    auto input = child_input(run, parent);
    if (!input.ok()) return end_early(run, MapRunEnd::kFailed, input.error());
    if (input->items == 0) {
      read_items(run);
      return;
    }
    take_items(run, static_cast<std::size_t>(input->items));
    const std::int64_t child = run.next.child++;
    run.record.children_total = std::max(run.record.children_total, run.next.child);
    mark_changed(run);
    if (run.record.ended_ahead.contains(child) || run.record.open.contains(child)) continue;
    start_child(run, parent, child, *input);
    read_items(run);
  }
}

void Shard::take_items(MapRun& run, std::size_t count) {
  for (; count > 0; --count) {
    ++run.next.item;
    run.next.position = std::move(run.ready.front().position);
    run.ready.pop_front();
  }
}

// The input of the next child: one item, or a batch. No items: a batch waits for more of them.
Result<Shard::ChildInput, Fault> Shard::child_input(MapRun& run, Cell& parent) {
  const std::size_t bytes_max = environment_.limits.payload_bytes_max;
  if (!run.settings.batches) {
    json::Value input = TRY(selected_item(run, parent, 0));
    if (input.bytes() > bytes_max) return Err{too_large()};
    return ChildInput{std::move(input), run.next, 1};
  }
  const machine::BatchSettings& batches = *run.settings.batches;
  const std::size_t limit = batches.bytes_max > 0
                                ? std::min(static_cast<std::size_t>(batches.bytes_max), bytes_max)
                                : bytes_max;
  std::string items;
  std::size_t count = 0;
  const std::size_t hull = batch_of(batches, {}).bytes();
  for (; count < run.ready.size(); ++count) {
    if (batches.items_max > 0 && count == static_cast<std::size_t>(batches.items_max)) break;
    const json::Value item = TRY(selected_item(run, parent, count));
    if (count > 0 && hull + items.size() + 1 + item.bytes() > limit) break;
    if (hull + item.bytes() > bytes_max) return Err{too_large()};
    if (count > 0) items += ',';
    items += item.text();
  }
  const bool full = count < run.ready.size() ||
                    (batches.items_max > 0 && count == static_cast<std::size_t>(batches.items_max));
  if (!full && !run.end_of_items && run.ready.size() < kReadyMax) {
    return ChildInput{{}, run.next, 0};
  }
  return ChildInput{batch_of(batches, std::move(items)), run.next,
                    static_cast<std::int64_t>(count)};
}

Result<json::Value, Fault> Shard::selected_item(MapRun& run, Cell& parent, std::size_t place) {
  ReadItem& item = run.ready[place];
  if (!item.selected) {
    const CrashScope scope(parent.id);
    item.selected = TRY(machine::selected_item(
        parent.execution, run.record.event,
        {run.next.item + static_cast<std::int64_t>(place), item.value.root(), run.source},
        context_of(parent)));
  }
  return *item.selected;
}

void Shard::start_child(MapRun& run, const Cell& parent, std::int64_t child,
                        const ChildInput& input) {
  run.starting[child] = {.before = input.before, .items = input.items};
  StartRequest request{.names = names_of_child(run.record, run.settings, child),
                       .definition = parent.definition,
                       .revision = parent.summary.revision,
                       .revision_id = parent.summary.revision_id,
                       .revision_time = parent.summary.revision_time,
                       .role_arn = parent.summary.role_arn,
                       .trace_header = {},
                       .input = input.input,
                       .started_by = starter_of_child(run.record, child, input.items),
                       .map_run = run.record.arn,
                       .map_state = run.settings.state_pointer};
  const ExecutionId id = id_of_execution(request.names.execution_arn());
  const auto answer = [this, run_id = run.record.id(), child](StartOutcome outcome) {
    environment_.post(id_, [run_id, child, kind = outcome.kind](Shard& shard) {
      shard.child_was_started(run_id, child, kind);
    });
  };
  environment_.post(id.shard(), [request = std::move(request), answer](Shard& shard) mutable {
    shard.start(std::move(request), answer);
  });
  watch_child(run, child);
}

void Shard::watch_child(const MapRun& run, std::int64_t child) {
  const ExecutionId id =
      id_of_execution(names_of_child(run.record, run.settings, child).execution_arn());
  const auto answer = [this, run_id = run.record.id(),
                       child](const std::optional<ExecutionView>& view) {
    const auto status = view ? std::optional(view->summary.status) : std::nullopt;
    environment_.post(id_, [run_id, child, status](Shard& shard) {
      shard.child_has_ended(run_id, child, status);
    });
  };
  environment_.post(id.shard(), [id, answer](Shard& shard) { shard.watch_end(id, answer); });
}

void Shard::child_was_started(const ExecutionId& id, std::int64_t child, StartOutcome::Kind kind) {
  const auto found = map_runs_.find(id);
  if (found == map_runs_.end()) return;
  MapRun& run = *found->second;
  const auto starting = run.starting.find(child);
  if (starting == run.starting.end()) return;
  if (kind == StartOutcome::Kind::kLost) return reload_map_run(id);
  run.record.open[child] = starting->second.items;
  run.starting.erase(starting);
  move_cursor(run);
  if (run.record.ending) {
    stop_child(run, child);
  } else {
    drive_map_run(id);
  }
}

void Shard::child_has_ended(const ExecutionId& id, std::int64_t child,
                            std::optional<machine::Status> status) {
  const auto found = map_runs_.find(id);
  if (found == map_runs_.end()) return;
  MapRun& run = *found->second;
  const auto open = run.record.open.find(child);
  if (open == run.record.open.end()) return;
  if (!status) return reload_map_run(id);
  // One that cannot go on, since it is quarantined, counts as failed.
  run.record.items.add(*status, static_cast<std::uint64_t>(open->second));
  run.record.children.add(*status, 1);
  run.record.open.erase(open);
  if (child >= run.record.cursor.child) run.record.ended_ahead.insert(child);
  move_cursor(run);
  drive_map_run(id);
}

// Up to the first child that is not durably started.
void Shard::move_cursor(MapRun& run) {
  MapRunRecord& record = run.record;
  record.cursor = run.starting.empty() ? run.next : run.starting.begin()->second.before;
  while (!record.ended_ahead.empty() && *record.ended_ahead.begin() < record.cursor.child) {
    record.ended_ahead.erase(record.ended_ahead.begin());
  }
  mark_changed(run);
}

void Shard::end_early(MapRun& run, MapRunEnd end, Fault fault) {
  if (run.record.ending) return;
  run.record.ending = end;
  run.record.fault = std::move(fault);
  run.ready.clear();
  run.stopped = false;
  mark_changed(run);
}

void Shard::stop_children(MapRun& run) {
  if (std::exchange(run.stopped, true)) return;
  for (const auto& [child, items] : run.record.open) stop_child(run, child);
}

void Shard::stop_child(const MapRun& run, std::int64_t child) {
  const ExecutionId id =
      id_of_execution(names_of_child(run.record, run.settings, child).execution_arn());
  environment_.post(id.shard(),
                    [id](Shard& shard) { shard.deliver(id, machine::Stop{}, nullptr); });
}

void Shard::collect_results(MapRun& run) {
  if (std::exchange(run.collecting, true)) return;
  MapRunRecord& record = run.record;
  const bool writes = run.settings.writer && run.settings.writer->writes;
  const bool failed = record.ending.has_value();
  // What is aborted, or could not even read its items, has nothing to write.
  if (failed && (!writes || record.children.ended() == 0 || record.ending == MapRunEnd::kAborted)) {
    return end_map_run(run, {});
  }
  const Cell* parent = find(record.parent_id());
  const asl::State* state =
      parent == nullptr ? nullptr : parent->definition->find(run.settings.state_pointer);
  auto request = std::make_shared<MapResultsRequest>(
      MapResultsRequest{.record = record,
                        .settings = run.settings,
                        .state_name = state == nullptr ? std::string() : state->name,
                        .output_bytes_max = environment_.limits.payload_bytes_max});
  environment_.run_blocking([this, request] {
    const auto results = std::make_shared<MapResults>(collect_map_results(
        environment_.store, environment_.horizon(), environment_.objects, *request));
    environment_.post(id_, [id = request->record.id(), results](Shard& shard) {
      shard.results_were_collected(id, *results);
    });
  });
}

void Shard::results_were_collected(const ExecutionId& id, const MapResults& results) {
  const auto found = map_runs_.find(id);
  if (found != map_runs_.end()) end_map_run(*found->second, results);
}

// The run's last row and its parent's Input are one batch.
void Shard::end_map_run(MapRun& run, const MapResults& results) {
  MapRunRecord& record = run.record;
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
  const ExecutionId id = record.id();
  const ExecutionId parent_id = record.parent_id();
  batch_number();
  batch_.erase(store::Space::kState, open_map_run_key(id));
  persist_map_run(run);
  map_runs_.erase(id);
  Cell* parent = find(parent_id);
  if (parent != nullptr && !parent->execution.closed()) advance(*parent, finished);
}

void Shard::mark_changed(MapRun& run) {
  batch_number();
  if (!std::exchange(run.changed, true)) changed_map_runs_.push_back(run.record.id());
}

void Shard::persist_map_run(MapRun& run) {
  const MapRunRecord& record = run.record;
  run.changed = false;
  batch_.put(store::Space::kState, map_run_key(record.id()), encode(record));
  const bool first_or_last = record.stop_time != 0 || record.children_total == 0;
  if (first_or_last) {
    batch_.put(store::Space::kState, map_runs_key(record.parent_id(), record.event),
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
