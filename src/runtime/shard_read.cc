// Reading executions: from memory when they are resident, else from their rows.
#include <utility>

#include "base/log.h"
#include "machine/codec.h"
#include "runtime/read_view.h"
#include "runtime/shard.h"

namespace pawl::runtime {

void Shard::describe(const ExecutionId& id, DescribeReply reply) {
  const auto found = cells_.find(id);
  if (found == cells_.end()) {
    reply(read_view(environment_.store, id, environment_.horizon()));
    return;
  }
  const Cell& cell = *found->second;
  ExecutionView view{.summary = cell.summary,
                     .input = cell.execution.input,
                     .output = cell.execution.output,
                     .fault = cell.execution.fault};
  gate_->after(cell.batch,
               [reply = std::move(reply), view = std::move(view)](GateOutcome gate) mutable {
                 if (gate == GateOutcome::kDurable) {
                   reply(std::move(view));
                 } else {
                   reply(std::nullopt);
                 }
               });
}

void Shard::inspect(const ExecutionId& id, InspectReply reply) {
  const Cell* cell = find(id);
  if (!cell) return reply(std::nullopt);
  auto seen = std::make_shared<Inspection>(Inspection{cell->summary, cell->execution});
  gate_->after(cell->batch, [reply = std::move(reply), seen](GateOutcome gate) {
    if (gate == GateOutcome::kDurable) {
      reply(std::move(*seen));
    } else {
      reply(std::nullopt);
    }
  });
}

Delivery Shard::open_task(const ExecutionId& id, machine::EventId task) {
  const Cell* cell = find(id);
  if (!cell) return {.kind = Delivery::Kind::kNotFound};
  for (const auto& [strand_id, strand] : cell->execution.strands) {
    if (strand.task && strand.task->id == task) return {.kind = Delivery::Kind::kAccepted};
  }
  return {.kind = Delivery::Kind::kStale};
}

namespace {

// The events of the record that begins with event number `first`; empty when it is not there.
std::vector<machine::Event> read_record(const store::Store& store, const Summary& summary,
                                        const ExecutionId& id, std::uint64_t first) {
  const auto record =
      store.get(id.shard(), store::Space::kHistory, history_key(summary.start_time, id, first));
  if (!record) return {};
  auto events = machine::decode_events(record_of(*record));
  if (events.ok()) return std::move(events).value();
  log_error("history of {} cannot be read: {}", summary.names.execution_arn(),
            events.error().message);
  return {};
}

void take_outcome(ExecutionView& view, const machine::Event& event) {
  if (const auto* succeeded = std::get_if<machine::ExecutionSucceeded>(&event.body)) {
    view.output = succeeded->output;
  } else if (const auto* failed = std::get_if<machine::ExecutionFailed>(&event.body)) {
    view.fault = failed->fault;
  } else if (const auto* aborted = std::get_if<machine::ExecutionAborted>(&event.body)) {
    view.fault = aborted->fault;
  }
}

}  // namespace

std::optional<Summary> read_summary(const store::Store& store, const ExecutionId& id,
                                    Horizon horizon) {
  const auto pointer_row = store.get(id.shard(), store::Space::kState, pointer_key(id));
  if (!pointer_row) return std::nullopt;
  const auto pointer = decode_pointer(*pointer_row);
  if (!pointer) return std::nullopt;
  const std::string key = list_key(pointer->machine, pointer->start_time, id);
  const auto list_row = store.get(id.shard(), store::Space::kState, key);
  if (!list_row || horizon.hides(closed_second(store::Space::kState, key, *list_row))) {
    return std::nullopt;
  }
  return decode_summary(*list_row);
}

std::optional<ExecutionView> read_view(const store::Store& store, const ExecutionId& id,
                                       Horizon horizon) {
  auto summary = read_summary(store, id, horizon);
  if (!summary) return std::nullopt;
  return view_of(store, std::move(*summary), id);
}

ExecutionView view_of(const store::Store& store, Summary summary, const ExecutionId& id) {
  ExecutionView view{.summary = std::move(summary), .input = {}, .output = {}, .fault = {}};
  const auto first = read_record(store, view.summary, id, 0);
  if (!first.empty()) {
    if (const auto* started = std::get_if<machine::ExecutionStarted>(&first.front().body)) {
      view.input = started->input;
    }
  }
  if (view.summary.status == machine::Status::kRunning) return view;
  if (view.summary.last_record == 0) {
    for (const machine::Event& event : first) take_outcome(view, event);
  } else {
    for (const machine::Event& event :
         read_record(store, view.summary, id, view.summary.last_record)) {
      take_outcome(view, event);
    }
  }
  return view;
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
