// A shard on a store that commits when told to, with a clock that stands until it is set: for
// tests.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "asl/parse.h"
#include "base/still_clock.h"
#include "runtime/history.h"
#include "runtime/shard.h"
#include "store/sim_store.h"

namespace pawl::runtime {

struct RecordingTasks final : TaskRunner {
  void run(TaskRequest request) override { requests.push_back(std::move(request)); }
  void cancel(const ExecutionId&, machine::EventId task) override { cancelled.push_back(task); }
  std::vector<TaskRequest> requests;
  std::vector<machine::EventId> cancelled;
};

class ShardHarness : public testing::Test {
 protected:
  ShardHarness() { restart(); }

  // The process dies: what was not synced is gone, and so is all memory.
  void crash() {
    store_->crash();
    restart();
  }

  void restart() {
    metrics_.paused = 0;
    metrics_.halted = 0;
    tasks_ = std::make_unique<RecordingTasks>();
    armed_.clear();
    posted_.clear();
    closed_ = std::make_unique<ClosedViews>();
    metrics_.open = 0;
    engine_clock_ = std::make_unique<EngineClock>(clock_);
    environment_ = std::make_unique<ShardEnvironment>(ShardEnvironment{
        .store = *store_,
        .tasks = *tasks_,
        .tokens = tokens_,
        .clock = *engine_clock_,
        .limits = limits_,
        .rng = rng_,
        .definition = [this](const std::string& hash) { return definitions_[hash]; },
        .activity_exists = [](std::string_view) { return true; },
        .arm = [this](store::ShardId, const TimerKey& key) { armed_.push_back(key); },
        .lost = [this](store::ShardId) { ++lost_; },
        .closed = *closed_,
        .metrics = metrics_,
        .post = [this](
                    store::ShardId,
                    std::function<void(Shard&)> message) { posted_.push_back(std::move(message)); },
        .resident_max = resident_max_,
        .retention_ms = retention_ms_,
        .lost_task = lost_task_,
        .pauses = pauses_,
        .search = &search_,
        .halting = &halting_});
    shard_ = std::make_unique<Shard>(id_.shard(), *environment_);
    shard_->recover();
  }

  // One turn, without its sync.
  void turn() {
    for (const auto& message : std::exchange(posted_, {})) message(*shard_);
    while (shard_->end_turn()) shard_->go_on();
  }
  void sync() {
    turn();
    store_->sync(store_->waiting());
  }
  void advance_time(std::int64_t millis) {
    clock_.wall += millis;
    clock_.boot += millis;
  }

  void define(const std::string& definition) {
    auto outcome = asl::parse(definition);
    ASSERT_TRUE(outcome.ok()) << asl::invalid_definition_message(outcome.diagnostics);
    definitions_["hash"] = outcome.machine;
  }

  StartRequest start_request(const std::string& input = "{}") {
    return {.names = names_,
            .definition = definitions_["hash"],
            .revision = "hash",
            .revision_id = {},
            .role_arn = "arn:aws:iam::000000000000:role/r",
            .trace_header = {},
            .input = json::Value::trusted(input),
            .started_by = {}};
  }
  // Starts without syncing; the outcome appears in `starts_`.
  void start(const std::string& input = "{}") {
    shard_->start(id_of_execution(names_.execution_arn()), start_request(input),
                  [this](StartOutcome outcome) { starts_.push_back(outcome); });
  }
  void deliver(machine::Input input) {
    shard_->deliver(id_, input,
                    [this](Delivery delivery) { deliveries_.push_back(delivery.kind); });
  }

  std::optional<ExecutionView> stored() const {
    return read_view(*store_, id_, environment_->horizon());
  }
  machine::Status status() const {
    const auto view = stored();
    return view ? view->summary.status : machine::Status::kNotStarted;
  }
  std::string output() const {
    const auto view = stored();
    return view ? std::string(view->output.text()) : "nothing";
  }
  // Ids of all visible events, in order.
  std::vector<machine::EventId> event_ids() const {
    std::vector<machine::EventId> ids;
    const auto summary = read_summary(*store_, id_, environment_->horizon());
    if (!summary) return ids;
    walk_history(*store_, *summary, id_, HistoryOrder::kForward, std::nullopt,
                 [&ids](const machine::Event& event) {
                   ids.push_back(event.id);
                   return true;
                 });
    return ids;
  }
  // Rows that are about an execution.
  std::size_t rows(store::Space space) const {
    std::size_t count = 0;
    store_->scan(id_.shard(), space, "", "\xff", store::Store::Direction::kForward,
                 [&count](std::string_view key, std::string_view) {
                   if (key != open_count_key()) ++count;
                   return true;
                 });
    return count;
  }

  ExecutionNames names_{"us-east-1", "000000000000", "m", "e"};
  ExecutionId id_ = id_of_execution(names_.execution_arn());
  StillClock clock_;
  SeededRng rng_{1};
  Limits limits_ = kAwsLimits;
  std::size_t resident_max_ = 100;
  std::vector<std::function<void(Shard&)>> posted_;
  std::int64_t retention_ms_ = 0;
  LostTask lost_task_ = LostTask::kRetry;
  SearchDeclarations search_;
  HaltingMachines halting_;
  std::shared_ptr<const Pauses> pauses_;  // that a restart finds
  TaskTokens tokens_{"key"};
  std::map<std::string, std::shared_ptr<const asl::Machine>> definitions_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make(store::SimStore::Mode::kManual);
  std::unique_ptr<RecordingTasks> tasks_;
  std::unique_ptr<EngineClock> engine_clock_;
  std::unique_ptr<ShardEnvironment> environment_;
  std::unique_ptr<Shard> shard_;
  std::vector<TimerKey> armed_;
  std::vector<StartOutcome> starts_;
  std::vector<Delivery::Kind> deliveries_;
  int lost_ = 0;
  std::unique_ptr<ClosedViews> closed_;
  EngineMetrics metrics_;
};

}  // namespace pawl::runtime
