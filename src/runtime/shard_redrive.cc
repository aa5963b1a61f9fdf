// Redrive: a closed execution opens again. All rows that said when it closed are written anew, in
// the batch of the event that opens it.
#include <algorithm>
#include <utility>

#include "runtime/closed_views.h"
#include "runtime/map_redrive.h"
#include "runtime/shard.h"

namespace pawl::runtime {

std::optional<RedriveObstacle> redrive_obstacle(const Summary& summary, const Limits& limits,
                                                WallMillis now) {
  constexpr std::int64_t kMillis = 1'000;
  if (summary.status == machine::Status::kSucceeded) return RedriveObstacle::kSucceeded;
  if (summary.status == machine::Status::kRunning) return RedriveObstacle::kRunning;
  if (summary.history_full) return RedriveObstacle::kHistoryFull;
  if (now - summary.start_time >= limits.execution_seconds_max * kMillis) {
    return RedriveObstacle::kExecutionTooOld;
  }
  if (now - summary.stop_time > limits.redrive_seconds_max * kMillis) {
    return RedriveObstacle::kPeriodOver;
  }
  return std::nullopt;
}

namespace {

const Summary::RedriveToken* find_token(const Summary& summary, const std::string& token) {
  const auto& known = summary.redrive_tokens;
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.token == token; });
  return token.empty() || found == known.end() ? nullptr : &*found;
}

void forget_old_tokens(Summary& summary, const Limits& limits, WallMillis now) {
  auto& known = summary.redrive_tokens;
  const WallMillis oldest = now - limits.redrive_token_seconds * 1'000;
  std::erase_if(known, [oldest](const auto& one) { return one.time < oldest; });
  while (known.size() >= limits.redrive_tokens_max) known.erase(known.begin());
}

}  // namespace

void Shard::redrive(const ExecutionId& id, const std::string& token, RedriveReply reply) {
  Cell* cell = find(id);
  if (!cell) return reply({.kind = RedriveOutcome::Kind::kNotFound});
  Summary& summary = cell->summary;
  const WallMillis now = environment_.clock.now();
  const Limits& limits = environment_.limits;
  RedriveOutcome outcome{.kind = RedriveOutcome::Kind::kRedriven};
  const auto* repeated = find_token(summary, token);
  const auto obstacle = redrive_obstacle(summary, limits, now);
  if (repeated && now - repeated->time <= limits.redrive_token_seconds * 1'000) {
    outcome.time = repeated->time;
  } else if (obstacle) {
    outcome = {.kind = RedriveOutcome::Kind::kNotRedrivable, .obstacle = *obstacle};
  } else {
    forget_old_tokens(summary, limits, now);
    if (!token.empty()) summary.redrive_tokens.push_back({now, token});
    reopen(*cell);
    outcome.time = summary.redrive_time;
  }
  gate_->after(cell->batch, [reply = std::move(reply), outcome](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? outcome : RedriveOutcome{});
  });
}

// What a Map Run's redrive asks of the shard of each child.
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

void Shard::reopen(Cell& cell) {
  cell.batch = batch_number();
  gate_->after(cell.batch, [this, id = cell.id](GateOutcome) { environment_.closed.erase(id); });
  unwrite_close(cell);
  Summary& summary = cell.summary;
  summary.status = machine::Status::kRunning;
  summary.stop_time = 0;
  change_open(+1);
  const bool advanced = advance(cell, machine::Redrive{});
  ENSURE(advanced, summary.names.execution_arn());
  if (cell.execution.closed()) return;  // persist() has written that
  write_list_row(cell);
}

// What said that the execution had closed. The list row follows when its state is known.
void Shard::unwrite_close(Cell& cell) {
  const Summary& summary = cell.summary;
  const std::string key = history_key(summary.start_time, cell.id, summary.last_record);
  std::string record = std::exchange(cell.closing_record, {});
  if (record.empty()) {
    const auto row = environment_.store.get(id_, store::Space::kHistory, key);
    ENSURE(row, summary.names.execution_arn());
    record = record_of(*row);
  }
  batch_.put(store::Space::kHistory, key, encode_record(0, record));
  batch_.put(store::Space::kState, pointer_key(cell.id),
             encode(Pointer{0, cell.machine, summary.start_time}));
  if (summary.last_record > 0) {
    batch_.erase(store::Space::kState,
                 expiry_key({summary.stop_time, summary.start_time, cell.id}));
  }
}

}  // namespace pawl::runtime
