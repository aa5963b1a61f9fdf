#include "runtime/shard.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "machine/codec.h"
#include "runtime/crash_record.h"

namespace pawl::runtime {

namespace {

machine::Identity identity_of(const Summary& summary) {
  return {.execution_arn = summary.names.execution_arn(),
          .execution_name = summary.names.execution,
          .state_machine_arn = summary.names.machine_arn(),
          .state_machine_name = summary.names.machine,
          .role_arn = summary.role_arn,
          .region = summary.names.region};
}

// Enough to tell another input from the same one; equality is on the text as it was sent.
std::string digest_of_input(const json::Value& input) {
  return std::string(id_of_execution(input.text()).view().substr(0, 8));
}

}  // namespace

Shard::Shard(store::ShardId id, ShardEnvironment& environment)
    : id_(id),
      environment_(environment),
      host_(make_host()),
      map_runs_(id, environment, *host_),
      pauses_(environment.pauses),
      timer_cursor_(timer_bound(0)) {}

Shard::~Shard() { gate_->abandon(); }

// All that the start pins; `request` keeps its input.
std::unique_ptr<Cell> Shard::make_cell(const ExecutionId& id, StartRequest& request) {
  auto cell = std::make_unique<Cell>();
  cell->id = id;
  cell->summary = {.names = std::move(request.names),
                   .revision = std::move(request.revision),
                   .start_time = environment_.clock.now(),
                   .trace_header = std::move(request.trace_header),
                   .revision_id = std::move(request.revision_id),
                   .revision_time = request.revision_time,
                   .role_arn = std::move(request.role_arn),
                   .input_digest = digest_of_input(request.input),
                   .started_by = std::move(request.started_by),
                   .version = request.version,
                   .alias = std::move(request.alias),
                   .map_run = std::move(request.map_run),
                   .map_state = std::move(request.map_state)};
  cell->identity = identity_of(cell->summary);
  cell->definition = std::move(request.definition);
  cell->identity.trace_header = cell->summary.trace_header;
  cell->log = std::move(request.log);
  fit_definition(*cell);
  return cell;
}

void Shard::start(const ExecutionId& id, StartRequest request,
                  std::function<void(StartOutcome)> reply) {
  if (const Cell* known = find(id)) {
    const bool same = request.started_by.empty()
                          ? !known->execution.closed() &&
                                known->summary.input_digest == digest_of_input(request.input)
                          : known->summary.started_by == request.started_by;
    const StartOutcome outcome{
        same ? StartOutcome::Kind::kSameAsBefore : StartOutcome::Kind::kAlreadyExists,
        known->summary.start_time};
    gate_->after(known->batch, [reply = std::move(reply), outcome](GateOutcome gate) {
      reply(gate == GateOutcome::kDurable ? outcome : StartOutcome{});
    });
    return;
  }
  if (exists(id)) {  // quarantined: it cannot go on, but its name is taken
    reply({StartOutcome::Kind::kAlreadyExists});
    return;
  }
  erasing_.erase(id);  // its rows are gone
  Cell& started = admit(make_cell(id, request));
  const bool advanced = advance(started, machine::Start{std::move(request.input)});
  ENSURE(advanced);
  batch_.put(
      store::Space::kState, pointer_key(id),
      encode(Pointer{started.summary.stop_time, started.machine, started.summary.start_time}));
  gate_->after(started.batch, [reply = std::move(reply),
                               time = started.summary.start_time](GateOutcome gate) {
    reply({gate == GateOutcome::kDurable ? StartOutcome::Kind::kStarted : StartOutcome::Kind::kLost,
           time});
  });
}

void Shard::deliver(const ExecutionId& id, const machine::Input& input,
                    std::function<void(Delivery)> reply) {
  Cell* cell = find(id);
  if (!cell) {
    if (reply) reply({.kind = Delivery::Kind::kNotFound});
    return;
  }
  Delivery delivery{.kind = Delivery::Kind::kStale};
  if (!cell->execution.closed() && advance(*cell, input)) {
    delivery.kind = Delivery::Kind::kAccepted;
    if (const auto* taken = std::get_if<machine::TaskTaken>(&input)) {
      delivery.task_input = hand_to_worker(*cell, taken->task);
    }
  } else if (std::holds_alternative<machine::TaskTaken>(input) && is_held(*cell)) {
    keep_for_resume(*cell);  // its offer is used up
  }
  delivery.stop_time = cell->execution.closed() ? cell->execution.stop_time : 0;
  if (!reply) return;
  gate_->after(cell->batch, [reply = std::move(reply), delivery](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? delivery : Delivery{});
  });
}

// What the worker gets; from now on the task's heartbeat clock runs.
std::optional<json::Value> Shard::hand_to_worker(Cell& cell, machine::EventId task) {
  for (const auto& [strand_id, strand] : cell.execution.strands) {
    if (!strand.task || strand.task->id != task) continue;
    const machine::TaskScheduled& scheduled = strand.task->scheduled;
    if (scheduled.heartbeat_seconds) run_task(cell, {task, strand.state_name, scheduled}, task);
    return scheduled.parameters;
  }
  return std::nullopt;
}

void Shard::fire(const TimerKey& timer) {
  Cell* cell = find(timer.execution);
  const auto known = cell ? cell->timers.find(timer.timer) : decltype(cell->timers)::iterator{};
  if (!cell || cell->execution.closed() || known == cell->timers.end() ||
      known->second != timer.due) {
    return;  // the timer was moved or cancelled after the worker heard of it
  }
  if (is_held(*cell)) return keep_for_resume(*cell);
  batch_number();
  batch_.erase(store::Space::kState, timer_key(timer));
  cell->timers.erase(known);
  advance(*cell, machine::TimerFired{timer.timer});
  cell->batch = building_;
}

std::uint64_t Shard::batch_number() {
  if (building_ == 0) building_ = gate_->begin_batch();
  return building_;
}

machine::Context Shard::context_of(const Cell& cell) {
  return {.definition = *cell.definition,
          .identity = cell.identity,
          .limits = environment_.limits,
          .now = environment_.clock.now(),
          .seed = environment_.rng.next(),
          .task_token =
              [this, &cell](machine::EventId task) {
                return environment_.tokens.make({cell.id, task});
              },
          .map_run_arn =
              [&cell](const asl::State& state, machine::EventId event) {
                return make_map_run_arn(cell.summary.names,
                                        std::get<asl::MapState>(state.form).label, state.pointer,
                                        event);
              },
          .activity_exists = environment_.activity_exists,
          .inspection = nullptr,
          .processor = cell.processor,
          .motion = is_held(cell) ? machine::Motion::kHeld : machine::Motion::kGoes,
          .on_failure = on_failure(cell)};
}

// A Map Run's child runs the item processor of a state of its parent's machine.
void Shard::fit_definition(Cell& cell) const {
  cell.machine = cell.own_machine = digest_of_machine(cell.summary.list_owner());
  if (cell.summary.map_state.empty()) return;
  cell.own_machine = digest_of_machine(cell.summary.own_machine_arn());
  const asl::State* state = cell.definition->find(cell.summary.map_state);
  ENSURE(state != nullptr && std::holds_alternative<asl::MapState>(state->form),
         cell.summary.map_state);
  cell.processor = &std::get<asl::MapState>(state->form).item_processor;
}

// One Input through the core. Answers whether it changed anything.
bool Shard::advance(Cell& cell, const machine::Input& input) {
  const machine::Context context = context_of(cell);
  const std::uint64_t first = cell.execution.event_count;
  const CrashScope scope(cell.id);
  machine::Step step = machine::decide(cell.execution, input, context);
  if (context.motion == machine::Motion::kHeld && std::exchange(step.more, false)) {
    keep_for_resume(cell);
    set_row(cell, cell.runnable_row, false, runnable_key(cell.id));
  }
  if (step.events.empty() && step.commands.empty() && !step.more) return false;
  batch_number();
  cell.batch = building_;
  environment_.metrics.count(step.events);
  const bool halt_changed = note_halt(cell, step.events);
  if (!step.events.empty()) persist(cell, step, first);
  if (halt_changed && first > 0 && !cell.execution.closed()) write_list_row(cell);
  if (cell.log && !step.events.empty()) log_events(cell, step.events);
  set_row(cell, cell.runnable_row, step.more, runnable_key(cell.id));
  if (step.more) unfinished_.push_back(cell.id);
  release(cell, std::move(step.commands));
  return true;
}

void Shard::persist(Cell& cell, const machine::Step& step, std::uint64_t first) {
  const bool closed = cell.execution.closed();
  cell.summary.redrive_count = cell.execution.redrive_count;
  cell.summary.redrive_time = cell.execution.redrive_time;
  if (closed) {
    cell.summary.history_full =
        cell.execution.last_event + 1 >= environment_.limits.history_events_max;
    cell.summary.status = cell.execution.status;
    cell.summary.stop_time = cell.execution.stop_time;
    cell.summary.event_count = cell.execution.event_count;
    cell.summary.last_record = first;
    if (std::exchange(cell.summary.pause, std::nullopt)) count_paused(-1);
    drop_hold(cell);
  }
  const std::string record = machine::encode_events(step.events);
  batch_.put(store::Space::kHistory, history_key(cell.summary.start_time, cell.id, first),
             encode_record(cell.summary.stop_time, record));
  if (closed && first > 0) {
    const ExpiryKey expiry{cell.summary.stop_time, cell.summary.start_time, cell.id};
    batch_.put(store::Space::kState, expiry_key(expiry), {});
  }
  if (first == 0 || closed) {
    find_search_values(cell);
    write_list_row(cell);
  }
  if (!closed) {
    if (first == 0) change_open(+1);
    persist_image(cell, record.size());
    return;
  }
  if (cell.execution.status != machine::Status::kSucceeded) cell.closing_record = record;
  if (first > 0) change_open(-1);
  if (cell.image_count > 0) {
    batch_.erase(store::Space::kState, image_key(cell.id));
    cell.image_count = 0;
  }
  const auto [first_watcher, last_watcher] = watchers_.equal_range(cell.id);
  for (auto watcher = first_watcher; watcher != last_watcher; ++watcher) {
    describe(cell.id, std::move(watcher->second));
  }
  watchers_.erase(first_watcher, last_watcher);
  leave_closed(cell);
}

void Shard::write_list_row(const Cell& cell) {
  batch_.put(store::Space::kState, list_key(cell.machine, cell.summary.start_time, cell.id),
             encode(cell.summary));
  if (!cell.summary.search.empty()) write_search_rows(cell.machine, cell.id, cell.summary);
}

// From the moment its end is durable the execution is told from the closed views and the rows.
void Shard::leave_closed(Cell& cell) {
  auto view = std::make_shared<const ExecutionView>(ExecutionView{.summary = cell.summary,
                                                                  .input = cell.execution.input,
                                                                  .output = cell.execution.output,
                                                                  .fault = cell.execution.fault});
  gate_->after(cell.batch, [this, id = cell.id, view = std::move(view)](GateOutcome gate) {
    if (gate == GateOutcome::kDurable) environment_.closed.put(id, view);
  });
  closed_.push_back({cell.batch, cell.id});
}

void Shard::forget_closed() {
  while (!closed_.empty() && gate_->is_durable(closed_.front().batch)) {
    const auto found = cells_.find(closed_.front().id);
    // It may have been opened and closed again since.
    const bool leaves = found != cells_.end() && found->second->execution.closed() &&
                        gate_->is_durable(found->second->batch);
    if (leaves) forget(closed_.front().id);
    closed_.pop_front();
  }
}

// Rendered now, handed over when the events are facts.
void Shard::log_events(const Cell& cell, const std::vector<machine::Event>& events) {
  auto deliver = cell.log->prepare(cell.identity, cell.execution.redrive_count, events);
  if (!deliver) return;
  gate_->after(cell.batch, [deliver = std::move(deliver)](GateOutcome gate) {
    if (gate == GateOutcome::kDurable) deliver();
  });
}

void Shard::watch_end(const ExecutionId& id, DescribeReply reply) {
  const Cell* cell = find(id);
  if (cell && !cell->execution.closed()) {
    watchers_.emplace(id, std::move(reply));
  } else {
    describe(id, std::move(reply));
  }
}

// Images grow with the execution, so they are written when the records since the last one weigh
// as much: replay after eviction stays linear, and so does the writing.
void Shard::persist_image(Cell& cell, std::size_t record_bytes) {
  constexpr std::uint64_t kEventsMin = 256;
  cell.bytes_since_image += record_bytes;
  count_bytes(cell);
  if (cell.execution.event_count - cell.image_count < kEventsMin ||
      cell.bytes_since_image < cell.image_bytes) {
    return;
  }
  std::string image;
  put_varint(image, cell.execution.event_count);
  image += machine::encode_image(cell.execution);
  cell.image_count = cell.execution.event_count;
  cell.image_bytes = image.size();
  cell.bytes_since_image = 0;
  count_bytes(cell);
  batch_.put(store::Space::kState, image_key(cell.id), std::move(image));
}

void Shard::set_row(Cell& cell, bool& present, bool wanted, const std::string& key) {
  if (present == wanted) return;
  present = wanted;
  cell.batch = batch_number();
  if (wanted) {
    batch_.put(store::Space::kState, key, {});
  } else {
    batch_.erase(store::Space::kState, key);
  }
}

// Timers set and cancelled within one step leave no row.
void Shard::release(Cell& cell, std::vector<machine::Command> commands) {
  std::map<machine::TimerId, WallMillis> wanted = cell.timers;
  for (machine::Command& command : commands) {
    if (const auto* set = std::get_if<machine::SetTimer>(&command)) {
      wanted[set->timer] = set->due;
    } else if (const auto* unset = std::get_if<machine::CancelTimer>(&command)) {
      wanted.erase(unset->timer);
    } else if (auto* run = std::get_if<machine::RunTask>(&command)) {
      run_task(cell, std::move(*run), 0);
    } else if (const auto* map_run = std::get_if<machine::StartMapRun>(&command)) {
      map_runs_.begin(cell, *map_run);
    } else if (const auto* stopped = std::get_if<machine::StopMapRun>(&command)) {
      map_runs_.stop(stopped->arn);
    } else if (const auto* cancel = std::get_if<machine::CancelTask>(&command)) {
      gate_->after(cell.batch, [this, id = cell.id, task = cancel->task](GateOutcome gate) {
        if (gate == GateOutcome::kDurable) environment_.tasks.cancel(id, task);
      });
    }
  }
  if (cell.execution.closed()) wanted.clear();
  for (const auto& [timer, due] : cell.timers) {
    const auto kept = wanted.find(timer);
    if (kept != wanted.end() && kept->second == due) continue;
    batch_.erase(store::Space::kState, timer_key({due, cell.id, timer}));
  }
  for (const auto& [timer, due] : wanted) {
    const auto known = cell.timers.find(timer);
    if (known != cell.timers.end() && known->second == due) continue;
    const TimerKey key{due, cell.id, timer};
    batch_.put(store::Space::kState, timer_key(key), {});
    environment_.arm(id_, key);
  }
  cell.timers = std::move(wanted);
  const bool has_tasks =
      std::any_of(cell.execution.strands.begin(), cell.execution.strands.end(),
                  [](const auto& entry) { return entry.second.task.has_value(); });
  set_row(cell, cell.open_tasks_row, has_tasks, open_tasks_key(cell.id));
}

void Shard::run_task(Cell& cell, machine::RunTask task, machine::EventId submitted_task) {
  TaskRequest request{.execution = cell.id,
                      .task = task.task,
                      .names = cell.summary.names,
                      .role_arn = cell.summary.role_arn,
                      .state_name = std::move(task.state_name),
                      .scheduled = std::move(task.scheduled),
                      .submitted = submitted_task == task.task};
  gate_->after(cell.batch, [this, request = std::move(request)](GateOutcome gate) {
    if (gate == GateOutcome::kDurable) environment_.tasks.run(request);
  });
}

bool Shard::end_turn() {
  // What this turn built stands on a batch that never became true.
  if (gate_->is_lost()) discard();
  map_runs_.persist_changed();
  if (building_ != 0) {
    if (open_ != open_written_) batch_.put(store::Space::kState, open_count_key(), encode(open_));
    open_written_ = open_;
    const std::uint64_t number = std::exchange(building_, 0);
    environment_.store.commit(
        id_, std::exchange(batch_, {}), [this, gate = gate_, number](store::Outcome outcome) {
          const bool durable = outcome == store::Outcome::kCommitted;
          gate->end_batch(number, durable ? GateOutcome::kDurable : GateOutcome::kLost,
                          [this] { environment_.lost(id_); });
        });
  }
  forget_closed();
  evict_idle();
  return !unfinished_.empty() || wake_cursor_;
}

void Shard::go_on() {
  wake_some();
  for (std::size_t left = unfinished_.size(); left > 0; --left) {
    const ExecutionId id = unfinished_.front();
    unfinished_.pop_front();
    Cell* cell = find(id);
    if (cell && !cell->execution.closed()) advance(*cell, machine::Continue{});
  }
}

}  // namespace pawl::runtime
