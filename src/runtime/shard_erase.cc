// Deletes an execution that has ended: all its rows, in one batch. Its name is free afterwards, as
// after the retention.
#include <utility>

#include "runtime/quarantine.h"
#include "runtime/shard.h"

namespace pawl::runtime {

namespace {

// A quarantined execution was not loaded: which timers it has, only their rows tell.
void erase_timers_of(const store::Store& store, const ExecutionId& id, store::Batch& batch) {
  store.scan(id.shard(), store::Space::kState, "t", "u", store::Store::Direction::kForward,
             [&](std::string_view key, std::string_view) {
               const auto timer = parse_timer_key(key);
               if (timer && timer->execution == id) {
                 batch.erase(store::Space::kState, std::string(key));
               }
               return true;
             });
}

}  // namespace

void erase_prefix(const store::Store& store, store::ShardId shard, store::Space space,
                  const std::string& prefix, store::Batch& batch) {
  constexpr std::size_t kFewRows = 100;
  std::vector<std::string> keys;
  store.scan(shard, space, prefix, after_prefix(prefix), store::Store::Direction::kForward,
             [&keys](std::string_view key, std::string_view) {
               keys.emplace_back(key);
               return keys.size() <= kFewRows;
             });
  if (keys.size() > kFewRows) {
    batch.deleted_ranges.push_back({space, prefix, after_prefix(prefix)});
    return;
  }
  for (std::string& key : keys) batch.erase(space, std::move(key));
}

void Shard::erase(const ExecutionId& id, std::function<void(EraseOutcome)> reply) {
  if (const Cell* cell = find(id)) {
    if (!cell->execution.closed()) return reply(EraseOutcome::kRunning);
    // What it was made of is not all readable yet.
    if (!gate_->is_durable(cell->batch)) {
      return gate_->after(cell->batch, [this, id, reply = std::move(reply)](GateOutcome gate) {
        if (gate != GateOutcome::kDurable) return reply(EraseOutcome::kLost);
        environment_.post(id_, [id, reply](Shard& shard) { shard.erase(id, reply); });
      });
    }
  }
  const auto summary = read_summary(environment_.store, id, environment_.horizon());
  if (!summary || erasing_.contains(id)) return reply(EraseOutcome::kNotFound);
  const bool quarantined = is_quarantined(environment_.store, id);
  if (summary->status == machine::Status::kRunning && !quarantined) {
    return reply(EraseOutcome::kRunning);
  }
  if (map_runs_.has_run_of(id)) return reply(EraseOutcome::kRunning);
  const std::uint64_t number = batch_number();
  if (quarantined) {
    erase_timers_of(environment_.store, id, batch_);
    if (summary->status == machine::Status::kRunning) change_open(-1);
    if (summary->halt) count_halted(-1);
  }
  erase_rows(id, *summary);
  forget(id);
  erasing_.insert(id);
  gate_->after(number, [this, id, reply = std::move(reply)](GateOutcome gate) {
    const bool durable = gate == GateOutcome::kDurable;
    if (durable) environment_.closed.erase(id);
    reply(durable ? EraseOutcome::kErased : EraseOutcome::kLost);
    environment_.post(id_, [id](Shard& shard) { shard.erasing_.erase(id); });
  });
}

void Shard::erase_rows(const ExecutionId& id, const Summary& summary) {
  const auto erase = [this](std::string key) {
    batch_.erase(store::Space::kState, std::move(key));
  };
  erase(pointer_key(id));
  erase(list_key(digest_of_machine(summary.list_owner()), summary.start_time, id));
  for (const auto key : {image_key, open_tasks_key, runnable_key, quarantine_key, hold_key}) {
    erase(key(id));
  }
  for (const SearchEntry& entry : summary.search) {
    erase(search_key(digest_of_machine(summary.list_owner()), entry, summary.start_time, id));
  }
  erase(expiry_key({summary.stop_time, summary.start_time, id}));
  const auto map_runs = list_map_runs(environment_.store, id, {});
  for (const std::string& arn : map_runs) erase(map_run_key(id_of_execution(arn)));
  if (!map_runs.empty()) {
    erase_prefix(environment_.store, id_, store::Space::kState, map_runs_prefix(id), batch_);
  }
  // Most have one record: it need not be looked for.
  const bool one_record = summary.last_record == 0 && summary.stop_time != 0 &&
                          summary.redrive_count == 0 && summary.forked_event == 0;
  if (one_record) {
    batch_.erase(store::Space::kHistory, history_key(summary.start_time, id, 0));
    return;
  }
  erase_prefix(environment_.store, id_, store::Space::kHistory,
               history_prefix(summary.start_time, id), batch_);
}

}  // namespace pawl::runtime
