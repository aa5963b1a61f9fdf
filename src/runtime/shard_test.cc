// Durability of one shard: what was answered is true after a crash, and nothing else is.
#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

using machine::Status;
using Kind = StartOutcome::Kind;

constexpr const char* kPass =
    R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","End":true}}})";
constexpr const char* kWait =
    R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"Next":"B"},
        "B":{"Type":"Pass","End":true}}})";
constexpr const char* kTask =
    R"({"StartAt":"T","States":{"T":{"Type":"Task",
        "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}})";
constexpr const char* kActivity =
    R"({"StartAt":"T","States":{"T":{"Type":"Task","HeartbeatSeconds":30,
        "Resource":"arn:aws:states:us-east-1:000000000000:activity:a","End":true}}})";

TEST_F(ShardHarness, AStartIsAcknowledgedWhenItIsDurable) {
  define(kPass);
  start();
  turn();
  EXPECT_TRUE(starts_.empty());
  EXPECT_EQ(status(), Status::kNotStarted);
  sync();
  ASSERT_EQ(starts_.size(), 1u);
  EXPECT_EQ(starts_[0].kind, Kind::kStarted);
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(output(), "{}");
}

TEST_F(ShardHarness, ARunThatClosesAtOnceWritesThreeRows) {
  define(kPass);
  start();
  sync();
  EXPECT_EQ(rows(store::Space::kState), 2u);
  EXPECT_EQ(rows(store::Space::kHistory), 1u);
}

TEST_F(ShardHarness, ACrashBeforeTheSyncLeavesNothing) {
  define(kPass);
  start();
  turn();
  crash();
  EXPECT_EQ(status(), Status::kNotStarted);
  EXPECT_TRUE(starts_.empty());
  start();
  sync();
  EXPECT_EQ(starts_.at(0).kind, Kind::kStarted);
}

TEST_F(ShardHarness, ADescriptionOfUnsyncedStateWaitsForItsSync) {
  define(kPass);
  start();
  std::vector<Status> seen;
  shard_->describe(id_, [&](std::optional<ExecutionView> view) {
    seen.push_back(view ? view->summary.status : Status::kNotStarted);
  });
  turn();
  EXPECT_TRUE(seen.empty());
  sync();
  EXPECT_EQ(seen, std::vector<Status>{Status::kSucceeded});
}

TEST_F(ShardHarness, AClosedExecutionLeavesMemoryOnceItIsDurable) {
  define(kPass);
  start();
  turn();
  EXPECT_EQ(shard_->resident(), 1u);
  EXPECT_EQ(closed_->find(id_), nullptr);
  sync();
  turn();
  EXPECT_EQ(shard_->resident(), 0u);
  ASSERT_NE(closed_->find(id_), nullptr);
  EXPECT_EQ(closed_->find(id_)->summary.status, Status::kSucceeded);
}

TEST_F(ShardHarness, OpenExecutionsAreCountedAcrossCrashes) {
  define(kWait);
  start();
  EXPECT_EQ(metrics_.open, 1);
  sync();
  crash();
  EXPECT_EQ(metrics_.open, 1);
  deliver(machine::Stop{});
  EXPECT_EQ(metrics_.open, 0);
  crash();  // before the sync: the execution still waits
  EXPECT_EQ(metrics_.open, 1);
  deliver(machine::Stop{});
  sync();
  crash();
  EXPECT_EQ(metrics_.open, 0);
}

TEST_F(ShardHarness, TheSameStartTwiceIsOne) {
  define(kWait);
  start(R"({"a":1})");
  start(R"({"a":1})");
  start(R"({"a":2})");
  sync();
  ASSERT_EQ(starts_.size(), 3u);
  EXPECT_EQ(starts_[0].kind, Kind::kStarted);
  EXPECT_EQ(starts_[1].kind, Kind::kSameAsBefore);
  EXPECT_EQ(starts_[1].start_time, starts_[0].start_time);
  EXPECT_EQ(starts_[2].kind, Kind::kAlreadyExists);
  crash();
  start(R"({"a":1})");
  sync();
  EXPECT_EQ(starts_.back().kind, Kind::kSameAsBefore);
}

TEST_F(ShardHarness, AClosedExecutionKeepsItsName) {
  define(kPass);
  start();
  sync();
  start();
  sync();
  EXPECT_EQ(starts_.back().kind, Kind::kAlreadyExists);
}

TEST_F(ShardHarness, ATimerSurvivesACrashAndFiresOnce) {
  define(kWait);
  start();
  sync();
  crash();
  EXPECT_TRUE(shard_->timers_before(clock_.wall + 99'999).empty());
  advance_time(100'000);
  const auto due = shard_->timers_before(clock_.wall + 1);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(shard_->resident(), 0u);  // a waiting run costs a row, not memory
  shard_->fire(due[0]);
  shard_->fire(due[0]);
  sync();
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(event_ids(), (std::vector<machine::EventId>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(rows(store::Space::kState), 3u);  // pointer, list, expiry: no timer row is left
}

TEST_F(ShardHarness, AnOpenTaskIsHandedOutAgainWithTheSameIds) {
  define(kTask);
  start(R"({"n":1})");
  turn();
  EXPECT_TRUE(tasks_->requests.empty());
  sync();
  ASSERT_EQ(tasks_->requests.size(), 1u);
  const TaskRequest first = tasks_->requests[0];
  crash();
  ASSERT_EQ(tasks_->requests.size(), 1u);
  EXPECT_EQ(tasks_->requests[0].task, first.task);
  EXPECT_EQ(tasks_->requests[0].execution, first.execution);
  EXPECT_EQ(tasks_->requests[0].scheduled.parameters.text(), R"({"n":1})");
  deliver(machine::TaskReturned{first.task, json::Value::trusted("42")});
  deliver(machine::TaskReturned{first.task, json::Value::trusted("43")});
  sync();
  EXPECT_EQ(deliveries_, (std::vector{Delivery::Kind::kAccepted, Delivery::Kind::kStale}));
  EXPECT_EQ(output(), "42");
  crash();
  EXPECT_TRUE(tasks_->requests.empty());
}

TEST_F(ShardHarness, ALostFunctionCallFailsWhereThatIsWanted) {
  lost_task_ = LostTask::kFail;
  define(kTask);
  start();
  sync();
  EXPECT_EQ(tasks_->requests.size(), 1u);
  crash();
  EXPECT_TRUE(tasks_->requests.empty());
  sync();
  ASSERT_EQ(status(), Status::kFailed);
  EXPECT_EQ(stored()->fault.error, "Lambda.ServiceException");
}

TEST_F(ShardHarness, AnAnswerIsAcceptedWhenItIsDurable) {
  define(kTask);
  start();
  sync();
  deliver(machine::TaskReturned{tasks_->requests.at(0).task, json::Value::trusted("1")});
  turn();
  EXPECT_TRUE(deliveries_.empty());
  crash();
  EXPECT_EQ(tasks_->requests.size(), 1u);  // the lost answer is asked for again
  EXPECT_EQ(status(), Status::kRunning);
}

TEST_F(ShardHarness, AnExecutionLeavesMemoryAndComesBack) {
  resident_max_ = 0;
  restart();
  define(kTask);
  start();
  turn();
  EXPECT_EQ(shard_->resident(), 1u);
  store_->sync(store_->waiting());
  EXPECT_EQ(posted_.size(), 1u);  // the shard has nothing else to do, and hears of it
  turn();
  EXPECT_EQ(shard_->resident(), 0u);
  deliver(machine::TaskReturned{tasks_->requests.at(0).task, json::Value::trusted("7")});
  sync();
  EXPECT_EQ(output(), "7");
  EXPECT_EQ(metrics_.loaded.value(), 1u);
}

// 1 GiB over all shards, whatever their number.
TEST_F(ShardHarness, HeavyExecutionsLeaveMemoryBeforeThereAreMany) {
  define(kTask);
  const std::string heavy = '"' + std::string(200'000, 'x') + '"';
  resident_max_ = 1'000;
  restart();
  for (int number = 0; number < 200; ++number) {
    names_.execution = "e" + std::to_string(number);
    start(heavy);
    sync();
  }
  turn();
  EXPECT_EQ(starts_.size(), 200u);
  EXPECT_GT(shard_->resident(), 50u);
  EXPECT_LT(shard_->resident(), 90u);
}

TEST_F(ShardHarness, ATakenActivityWaitsForItsWorkerAfterACrash) {
  define(kActivity);
  start();
  sync();
  const machine::EventId task = tasks_->requests.at(0).task;
  deliver(machine::TaskTaken{task, "w"});
  sync();
  crash();
  ASSERT_EQ(tasks_->requests.size(), 1u);
  EXPECT_TRUE(tasks_->requests[0].submitted);
  deliver(machine::TaskReturned{task, json::Value::trusted("true")});
  sync();
  EXPECT_EQ(output(), "true");
}

TEST_F(ShardHarness, ACappedStepGoesOnAfterACrash) {
  limits_.step_fuel_max = 2;
  define(kPass);
  start();
  shard_->end_turn();  // the first capped step, and no more of them
  store_->sync(store_->waiting());
  EXPECT_EQ(status(), Status::kRunning);
  crash();
  shard_->go_on();
  sync();
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(event_ids(), (std::vector<machine::EventId>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(rows(store::Space::kState), 3u);  // pointer, list, expiry
}

TEST_F(ShardHarness, ALostBatchIsNeverAFact) {
  define(kPass);
  store_->fail_next(store::Outcome::kUnknown, false);
  start();
  sync();
  ASSERT_EQ(starts_.size(), 1u);
  EXPECT_EQ(starts_[0].kind, Kind::kLost);
  EXPECT_EQ(lost_, 1);
  shard_->discard();
  start();
  sync();
  EXPECT_EQ(starts_.back().kind, Kind::kStarted);
}

TEST_F(ShardHarness, BetweenALossAndItsDiscardNothingIsTold) {
  define(kPass);
  store_->fail_next(store::Outcome::kRefused, false);
  start();
  sync();
  start();  // memory says that it is there
  sync();
  ASSERT_EQ(starts_.size(), 2u);
  EXPECT_EQ(starts_[1].kind, Kind::kLost);
}

TEST_F(ShardHarness, ATimerThatFiredIntoALostBatchIsThereAgain) {
  define(kWait);
  start();
  sync();
  advance_time(100'000);
  const auto due = shard_->timers_before(clock_.wall + 1);
  ASSERT_EQ(due.size(), 1u);
  store_->fail_next(store::Outcome::kRefused, false);
  shard_->fire(due[0]);
  sync();
  shard_->discard();
  EXPECT_EQ(shard_->timers_before(clock_.wall + 1).size(), 1u);
}

TEST_F(ShardHarness, AnUnknownBatchThatWasWrittenIsFoundAgain) {
  define(kPass);
  store_->fail_next(store::Outcome::kUnknown, true);
  start();
  sync();
  EXPECT_EQ(starts_.at(0).kind, Kind::kLost);
  shard_->discard();
  EXPECT_EQ(status(), Status::kSucceeded);
  start();
  sync();
  EXPECT_EQ(starts_.back().kind, Kind::kAlreadyExists);
}

TEST_F(ShardHarness, AnExpiredExecutionIsGoneForItsReadersAtOnce) {
  retention_ms_ = 10'000;
  restart();
  define(kPass);
  start();
  sync();
  advance_time(10'000);
  EXPECT_EQ(status(), Status::kSucceeded);
  advance_time(2'000);
  EXPECT_EQ(status(), Status::kNotStarted);
  start();
  sync();
  EXPECT_EQ(starts_.back().kind, Kind::kStarted);
}

TEST_F(ShardHarness, EveryRowOfARunThatClosedAtOnceSaysSo) {
  define(kPass);
  start();
  sync();
  const auto closed = static_cast<std::uint32_t>(clock_.wall / 1000);
  for (const store::Space space : {store::Space::kState, store::Space::kHistory}) {
    store_->scan(id_.shard(), space, "", "\xff", store::Store::Direction::kForward,
                 [&](std::string_view key, std::string_view value) {
                   EXPECT_EQ(closed_second(space, key, value), closed) << key;
                   return true;
                 });
  }
}

TEST_F(ShardHarness, ARunOfSeveralBatchesIsDeletedAfterItsRetention) {
  retention_ms_ = 10'000;
  restart();
  define(kTask);
  start();
  sync();
  deliver(machine::TaskReturned{tasks_->requests.at(0).task, json::Value::trusted("1")});
  sync();
  shard_->sweep(100);
  sync();
  EXPECT_EQ(status(), Status::kSucceeded);
  advance_time(12'000);
  shard_->sweep(100);
  sync();
  // The list row says when its run closed: it is left to compaction.
  EXPECT_EQ(rows(store::Space::kState), 1u);
  EXPECT_EQ(rows(store::Space::kHistory), 0u);
}

TEST_F(ShardHarness, DeletingAnExpiredRunSparesTheNewOneOfItsName) {
  retention_ms_ = 10'000;
  restart();
  define(kTask);
  start();
  sync();
  deliver(machine::TaskReturned{tasks_->requests.at(0).task, json::Value::trusted("1")});
  sync();
  advance_time(12'000);
  start();
  sync();
  EXPECT_EQ(starts_.back().kind, Kind::kStarted);
  shard_->sweep(100);
  sync();
  crash();
  EXPECT_EQ(status(), Status::kRunning);
  ASSERT_EQ(tasks_->requests.size(), 1u);
}

TEST_F(ShardHarness, NoExecutionIsOpenForLongerThanAYear) {
  define(R"({"StartAt": "A", "States": {"A": {"Type": "Task",
             "Resource": "arn:aws:states:us-east-1:000000000000:activity:a", "End": true}}})");
  start();
  sync();
  constexpr std::int64_t kYear = 31'536'000'000;
  advance_time(kYear - 1);
  shard_->time_out_overdue(10);
  sync();
  EXPECT_EQ(status(), machine::Status::kRunning);
  advance_time(2);
  shard_->time_out_overdue(10);
  sync();
  EXPECT_EQ(status(), machine::Status::kTimedOut);
}

TEST_F(ShardHarness, RetentionKeepsWhatStillRuns) {
  retention_ms_ = 1'000;
  restart();
  define(kWait);
  start();
  sync();
  advance_time(10'000);
  shard_->sweep(100);
  sync();
  EXPECT_EQ(status(), Status::kRunning);
}

TEST_F(ShardHarness, AClockThatJumpsDoesNoHarm) {
  define(kWait);
  start();
  sync();
  const WallMillis due = armed_.at(0).due;
  clock_.wall -= 3'600'000;  // somebody sets the wall clock back: the process' time goes on
  EXPECT_EQ(engine_clock_->now(), due - 100'000);
  clock_.boot += 100'000;
  EXPECT_EQ(engine_clock_->now(), due);
}

}  // namespace
}  // namespace pawl::runtime
