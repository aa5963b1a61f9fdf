// Pause and resume (docs/operate.md). A paused execution stands at a prefix of its events: what it
// is told is written down, what it would do by itself waits for the resume. Timers that come due
// keep their rows; whatever a resume has to see to leaves an 'h' row, so that resuming a machine
// looks at what waits and at nothing else.
#include <algorithm>
#include <utility>

#include "runtime/shard.h"

namespace pawl::runtime {

namespace {
// What one turn does of a resume, so that other work of the thread gets on.
constexpr std::size_t kWakesOfTurn = 200;
constexpr std::size_t kRowsOfTurn = 5'000;
}  // namespace

bool Shard::is_held(const Cell& cell) const {
  if (cell.summary.pause) return true;
  return pauses_ && pauses_->of(cell.own_machine) != nullptr;
}

bool Shard::is_held(const ExecutionId& id) {
  const Cell* cell = find(id);
  return cell != nullptr && !cell->execution.closed() && is_held(*cell);
}

void Shard::keep_hold(Cell& cell, Hold hold) {
  hold.machine = cell.own_machine;
  if (cell.hold == hold) return;
  cell.batch = batch_number();
  batch_.put(store::Space::kState, hold_key(cell.id), encode(hold));
  cell.hold = hold;
}

// Something came that a resume has to see to.
void Shard::keep_for_resume(Cell& cell) { keep_hold(cell, cell.hold.value_or(Hold{})); }

void Shard::drop_hold(Cell& cell) {
  if (!std::exchange(cell.hold, std::nullopt)) return;
  cell.batch = batch_number();
  batch_.erase(store::Space::kState, hold_key(cell.id));
}

void Shard::count_paused(std::int64_t by) {
  paused_ += by;
  environment_.metrics.paused += by;
}

void Shard::pause(const ExecutionId& id, Pause pause, std::function<void(Delivery)> reply) {
  Cell* cell = find(id);
  if (!cell) return reply({.kind = Delivery::Kind::kNotFound});
  Delivery delivery{.kind = Delivery::Kind::kStale};
  if (!cell->execution.closed() && !cell->summary.pause) {
    delivery.kind = Delivery::Kind::kAccepted;
    cell->batch = batch_number();
    cell->summary.pause = std::move(pause);
    write_list_row(*cell);
    Hold hold = cell->hold.value_or(Hold{});
    hold.paused = true;
    keep_hold(*cell, hold);
    count_paused(+1);
  }
  delivery.stop_time = cell->execution.closed() ? cell->execution.stop_time : 0;
  gate_->after(cell->batch, [reply = std::move(reply), delivery](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? delivery : Delivery{});
  });
}

void Shard::resume(const ExecutionId& id, std::function<void(Delivery)> reply) {
  Cell* cell = find(id);
  if (!cell) return reply({.kind = Delivery::Kind::kNotFound});
  Delivery delivery{.kind = Delivery::Kind::kStale};
  if (cell->summary.pause) {
    delivery.kind = Delivery::Kind::kAccepted;
    cell->batch = batch_number();
    cell->summary.pause.reset();
    write_list_row(*cell);
    count_paused(-1);
    if (is_held(*cell)) {
      Hold hold = cell->hold.value_or(Hold{});
      hold.paused = false;
      keep_hold(*cell, hold);
    } else {
      wake(*cell);
    }
  }
  gate_->after(cell->batch, [reply = std::move(reply), delivery](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? delivery : Delivery{});
  });
}

// Of a cell that comes into memory. Where nothing is paused, and no resume is under way, there are
// no such rows to look for.
void Shard::read_hold(Cell& cell) {
  const bool may_have_one = cell.summary.pause || wake_cursor_ || (pauses_ && !pauses_->empty());
  if (!may_have_one) return;
  const auto row = environment_.store.get(id_, store::Space::kState, hold_key(cell.id));
  if (row) cell.hold = decode_hold(*row);
}

// Everything that waited for the resume, as if it came now: what ran out of time first, then what
// the execution would have done by itself.
void Shard::wake(Cell& cell) {
  const bool tasks_kept = cell.hold && cell.hold->tasks_kept;
  drop_hold(cell);
  const WallMillis now = environment_.clock.now();
  std::vector<TimerKey> due;
  for (const auto& [timer, time] : cell.timers) {
    if (time <= now) due.push_back({time, cell.id, timer});
  }
  std::sort(due.begin(), due.end(), [](const TimerKey& left, const TimerKey& right) {
    const auto rank = [](const TimerKey& key) {
      return std::pair(key.timer.kind != machine::TimerId::Kind::kExecutionTimeout, key.due);
    };
    return rank(left) < rank(right);
  });
  for (const TimerKey& timer : due) fire(timer);
  const std::int64_t open = now - cell.summary.start_time;
  if (!cell.execution.closed() && open >= environment_.limits.execution_seconds_max * 1'000) {
    advance(cell, machine::TimerFired{{machine::TimerId::Kind::kExecutionTimeout, 0}});
  }
  if (cell.execution.closed()) return;
  hand_out_kept_tasks(cell, tasks_kept ? KeptTasks::kAll : KeptTasks::kOffers);
  if (!cell.execution.closed() && !cell.execution.ready.empty()) {
    advance(cell, machine::Continue{});
  }
  for (const auto& [strand_id, strand] : cell.execution.strands) {
    if (strand.phase != machine::Phase::kMapRun) continue;
    const ExecutionId map_run = id_of_execution(strand.map_run->arn);
    environment_.post(id_, [map_run](Shard& shard) { shard.map_runs_.drive(map_run); });
  }
}

// Workers that asked while the execution was paused were sent away with the offer that they had.
void Shard::hand_out_kept_tasks(Cell& cell, KeptTasks which) {
  if (which == KeptTasks::kAll) return hand_out_tasks(cell);
  for (const auto& [strand_id, strand] : cell.execution.strands) {
    if (!strand.task || strand.task->started ||
        strand.task->scheduled.kind != machine::TaskKind::kActivity) {
      continue;
    }
    run_task(cell, {strand.task->id, strand.state_name, strand.task->scheduled}, 0);
  }
}

void Shard::set_pauses(std::shared_ptr<const Pauses> pauses, std::function<void()> done) {
  pauses_ = std::move(pauses);
  // Rows that are not readable yet are of executions in memory.
  std::vector<ExecutionId> resident;
  for (const auto& [id, cell] : cells_) {
    if (cell->hold && !is_held(*cell)) resident.push_back(id);
  }
  for (const ExecutionId& id : resident) wake_row(id);
  wake_cursor_ = hold_key({});
  // What was decided before is written before.
  gate_->after(gate_->begun(), [done = std::move(done)](GateOutcome) { done(); });
}

// The row says that the execution waits for a resume, and it is not paused any more.
void Shard::wake_row(const ExecutionId& id) {
  Cell* cell = find(id);
  if (cell && !cell->execution.closed()) {
    if (!is_held(*cell)) wake(*cell);
    return;
  }
  batch_number();
  batch_.erase(store::Space::kState, hold_key(id));
}

void Shard::wake_some() {
  if (!wake_cursor_) return;
  std::vector<ExecutionId> woken;
  std::size_t left = kRowsOfTurn;
  std::optional<std::string> next;
  environment_.store.scan(id_, store::Space::kState, *wake_cursor_, "i",
                          store::Store::Direction::kForward,
                          [&](std::string_view key, std::string_view row) {
                            if (left-- == 0 || woken.size() == kWakesOfTurn) {
                              next = std::string(key);
                              return false;
                            }
                            const auto id = parse_id_key(key);
                            const auto hold = decode_hold(row);
                            if (!id || !hold || hold->paused) return true;
                            const auto resident = cells_.find(*id);
                            // The row may be gone already, with a batch that is being written.
                            if (resident != cells_.end() && !resident->second->hold) return true;
                            if (!pauses_ || pauses_->of(hold->machine) == nullptr)
                              woken.push_back(*id);
                            return true;
                          });
  for (const ExecutionId& id : woken) wake_row(id);
  wake_cursor_ = std::move(next);  // only now: while there is one, rows are looked for
}

// At start-up, and after a batch was lost: counts what is paused, and goes on with what was woken
// when the last process ended.
void Shard::recover_holds() {
  std::int64_t paused = 0;
  environment_.store.scan(id_, store::Space::kState, "h", "i", store::Store::Direction::kForward,
                          [&paused](std::string_view, std::string_view row) {
                            const auto hold = decode_hold(row);
                            paused += hold && hold->paused ? 1 : 0;
                            return true;
                          });
  count_paused(paused - paused_);
  wake_cursor_ = hold_key({});
}

}  // namespace pawl::runtime
