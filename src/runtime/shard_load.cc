// Executions come into memory on demand and leave it when they have been idle longest
// (decision D17): an idle run costs rows, not memory.
#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/log.h"
#include "machine/codec.h"
#include "runtime/crash_record.h"
#include "runtime/quarantine.h"
#include "runtime/shard.h"

namespace pawl::runtime {

namespace {

bool is_function_call(const machine::RunTask& run) {
  return run.scheduled.kind == machine::TaskKind::kLambdaFunction ||
         run.scheduled.resource_type == "lambda";
}

// One of the errors that AWS's recommended retrier for functions names.
machine::Fault lost_fault() {
  return {"Lambda.ServiceException",
          "The server stopped while the function ran; whether it finished is not known"};
}

}  // namespace

Cell* Shard::find(const ExecutionId& id) {
  if (erasing_.contains(id)) return nullptr;
  const auto found = cells_.find(id);
  if (found == cells_.end()) return load(id);
  const Summary& summary = found->second->summary;
  const auto closed = static_cast<std::uint32_t>(summary.stop_time / 1000);
  if (environment_.horizon().hides(closed)) {
    forget(id);
    return nullptr;
  }
  touch(*found->second);
  return found->second.get();
}

void Shard::forget(const ExecutionId& id) {
  const auto found = cells_.find(id);
  if (found == cells_.end()) return;
  drop(found);
}

void Shard::drop(Cells::iterator cell) {
  ages_.erase(cell->second->age);
  resident_bytes_ -= cell->second->counted_bytes;
  cells_.erase(cell);
}

// What an execution weighs in memory is about what its image and the records since weigh.
void Shard::count_bytes(Cell& cell) {
  const std::size_t bytes = cell.image_bytes + cell.bytes_since_image;
  resident_bytes_ += bytes - cell.counted_bytes;
  cell.counted_bytes = bytes;
}

bool Shard::exists(const ExecutionId& id) const {
  return read_summary(environment_.store, id, environment_.horizon()).has_value();
}

Cell& Shard::admit(std::unique_ptr<Cell> cell) {
  cell->age = ages_.insert(ages_.end(), cell->id);
  Cell& admitted = *cell;
  cells_.emplace(admitted.id, std::move(cell));
  count_bytes(admitted);
  return admitted;
}

void Shard::touch(Cell& cell) { ages_.splice(ages_.end(), ages_, cell.age); }

// Large ones count by their weight; the few that were used last stay, whatever they weigh.
bool Shard::is_full() const {
  constexpr std::size_t kBytesMax = (1u << 30) / store::kShardCount;
  constexpr std::size_t kHeavyMin = 4;
  return cells_.size() > environment_.resident_max ||
         (resident_bytes_ > kBytesMax && cells_.size() > kHeavyMin);
}

// A cell whose last batch is not durable yet may leave memory only when it can be read back, so
// eviction looks at the oldest and stops at the first that is still being written.
void Shard::evict_idle() {
  while (is_full()) {
    const auto oldest = cells_.find(ages_.front());
    ENSURE(oldest != cells_.end());
    if (!gate_->is_durable(oldest->second->batch)) return evict_after(oldest->second->batch);
    if (oldest->second->runnable_row) return;
    drop(oldest);
  }
}

// A shard that has nothing else to do must hear of it.
void Shard::evict_after(std::uint64_t batch) {
  if (!environment_.post || std::exchange(eviction_awaited_, true)) return;
  gate_->after(batch, [post = environment_.post, id = id_](GateOutcome) {
    post(id, [](Shard& shard) {
      shard.eviction_awaited_ = false;
      shard.evict_idle();
    });
  });
}

Cell* Shard::load(const ExecutionId& id) {
  const store::Store& store = environment_.store;
  const auto indexed = indexed_.extract(id);
  auto summary = indexed ? std::optional(indexed.mapped().summary)
                         : read_summary(store, id, environment_.horizon());
  if (!summary) return nullptr;
  auto cell = std::make_unique<Cell>();
  cell->id = id;
  cell->batch = indexed ? indexed.mapped().batch : 0;
  cell->summary = std::move(*summary);
  cell->identity = {.execution_arn = cell->summary.names.execution_arn(),
                    .execution_name = cell->summary.names.execution,
                    .state_machine_arn = cell->summary.names.machine_arn(),
                    .state_machine_name = cell->summary.names.machine,
                    .role_arn = cell->summary.role_arn,
                    .region = cell->summary.names.region,
                    .trace_header = cell->summary.trace_header};
  cell->definition = environment_.definition(cell->summary.revision);
  if (!cell->definition) {
    log_error("execution {} runs a definition that the store does not have; it stays as it is",
              cell->identity.execution_arn);
    return nullptr;
  }
  fit_definition(*cell);
  if (environment_.log_of) cell->log = environment_.log_of(cell->summary.names);
  if (is_quarantined(store, id) || !rebuild(*cell)) return nullptr;
  environment_.metrics.loaded.add();
  read_hold(*cell);
  return &admit(std::move(cell));
}

// Image, then the records after it (decision D2: replay is `apply` alone).
bool Shard::rebuild(Cell& cell) {
  const CrashScope scope(cell.id);
  const store::Store& store = environment_.store;
  if (const auto row = store.get(id_, store::Space::kState, image_key(cell.id))) {
    ByteReader in(*row);
    const std::uint64_t count = in.varint();
    auto image = machine::decode_image(in.rest());
    if (image.ok() && image->event_count == count) {
      cell.execution = std::move(image).value();
      cell.image_bytes = row->size();
    }
    cell.image_count = count;  // a row is there, even when it cannot be used
  }
  const std::string from =
      history_key(cell.summary.start_time, cell.id, cell.execution.event_count);
  const std::string to = after_prefix(history_prefix(cell.summary.start_time, cell.id));
  bool readable = true;
  store.scan(id_, store::Space::kHistory, from, to, store::Store::Direction::kForward,
             [&](std::string_view, std::string_view record) {
               auto events = machine::decode_events(record_of(record));
               if (!events.ok()) {
                 log_error("history of {} cannot be read: {}", cell.identity.execution_arn,
                           events.error().message);
                 return readable = false;
               }
               for (const machine::Event& event : *events) apply(cell.execution, event);
               cell.bytes_since_image += record.size();
               return true;
             });
  if (!readable) return false;
  for (const machine::Command& command : machine::pending_commands(cell.execution)) {
    if (const auto* set = std::get_if<machine::SetTimer>(&command)) {
      cell.timers[set->timer] = set->due;
    }
  }
  cell.open_tasks_row =
      std::any_of(cell.execution.strands.begin(), cell.execution.strands.end(),
                  [](const auto& entry) { return entry.second.task.has_value(); });
  return true;
}

void Shard::change_open(std::int64_t by) {
  open_.open += by;
  environment_.metrics.open += by;
}

void Shard::read_open() {
  const auto row = environment_.store.get(id_, store::Space::kState, open_count_key());
  const OpenCount stored = row ? decode_open_count(*row) : OpenCount{};
  change_open(stored.open - open_.open);
  count_halted(stored.halted - open_.halted);
  open_written_ = stored;
}

void Shard::recover() {
  read_open();
  recover_holds();
  const auto ids_of = [this](char type) {
    std::vector<ExecutionId> ids;
    environment_.store.scan(id_, store::Space::kState, std::string(1, type),
                            std::string(1, static_cast<char>(type + 1)),
                            store::Store::Direction::kForward,
                            [&](std::string_view key, std::string_view) {
                              if (const auto id = parse_id_key(key)) ids.push_back(*id);
                              return true;
                            });
    return ids;
  };
  for (const ExecutionId& id : ids_of('o')) {
    if (Cell* cell = find(id)) recover_tasks(*cell);
    evict_idle();
  }
  for (const ExecutionId& id : ids_of('r')) {
    if (Cell* cell = find(id)) {
      cell->runnable_row = true;
      unfinished_.push_back(id);
    }
  }
  map_runs_.recover();
}

// A paused execution's tasks wait for its resume.
void Shard::recover_tasks(Cell& cell) {
  const bool held = is_held(cell);
  if (held || cell.hold) {
    Hold hold = cell.hold.value_or(Hold{});
    hold.tasks_kept = held;
    keep_hold(cell, hold);
  }
  if (!held) hand_out_tasks(cell);
}

void Shard::hand_out_tasks(Cell& cell) {
  for (machine::Command& command : machine::pending_commands(cell.execution)) {
    auto* run = std::get_if<machine::RunTask>(&command);
    if (!run) continue;
    machine::EventId submitted = 0;
    bool taken = false;
    for (const auto& [strand_id, strand] : cell.execution.strands) {
      if (!strand.task || strand.task->id != run->task) continue;
      if (strand.task->submitted) submitted = run->task;
      taken = strand.task->started && strand.task->scheduled.kind == machine::TaskKind::kActivity;
    }
    const bool lost =
        environment_.lost_task == LostTask::kFail && is_function_call(*run) && submitted == 0;
    if (lost) {
      advance(cell, machine::TaskFaulted{run->task, machine::TaskFailure::kFailed, lost_fault()});
      continue;
    }
    // A worker outside still has it: only its heartbeat and answer matter.
    if (taken) submitted = run->task;
    run_task(cell, std::move(*run), submitted);
  }
}

std::vector<TimerKey> Shard::timers_before(WallMillis until) {
  std::vector<TimerKey> timers;
  const std::string bound = timer_bound(until);
  environment_.store.scan(id_, store::Space::kState, timer_cursor_, bound,
                          store::Store::Direction::kForward,
                          [&](std::string_view key, std::string_view) {
                            if (const auto timer = parse_timer_key(key)) timers.push_back(*timer);
                            return true;
                          });
  timer_cursor_ = std::max(timer_cursor_, bound);
  return timers;
}

void Shard::discard() {
  cells_.clear();
  ages_.clear();
  resident_bytes_ = 0;
  unfinished_.clear();
  closed_.clear();
  map_runs_.discard();
  erasing_.clear();
  indexed_.clear();
  batch_ = {};
  building_ = 0;
  timer_cursor_ = timer_bound(0);  // a timer that fired into the lost batch is there again
  std::exchange(gate_, std::make_shared<Gate>())->close();
  recover();
}

}  // namespace pawl::runtime
