#include "runtime/redrive.h"

#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

constexpr const char* kTask =
    R"({"StartAt": "A", "States": {"A": {"Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:1:function:f", "End": true}}})";
constexpr const char* kFail = R"({"StartAt": "F", "States": {"F": {"Type": "Fail"}}})";
constexpr std::int64_t kDay = 86'400'000;

class Redrives : public ShardHarness {
 protected:
  RedriveOutcome::Kind redrive(const std::string& token = "") {
    std::optional<RedriveOutcome> answer;
    shard_->redrive(id_, token, [&answer](const RedriveOutcome& outcome) { answer = outcome; });
    sync();
    EXPECT_TRUE(answer);
    if (!answer) return RedriveOutcome::Kind::kLost;
    last_ = *answer;
    return answer->kind;
  }
  void fail_task() {
    deliver(machine::TaskFaulted{
        tasks_->requests.back().task, machine::TaskFailure::kFailed, {"E", std::nullopt}});
    sync();
  }
  std::size_t rows(store::Space space) const {
    std::size_t count = 0;
    store_->scan(id_.shard(), space, "", "\xff", store::Store::Direction::kForward,
                 [&](std::string_view, std::string_view) {
                   ++count;
                   return true;
                 });
    return count;
  }

  RedriveOutcome last_;
};

TEST_F(Redrives, AFailedTaskRunsAgainAndItsEndIsTheExecutions) {
  define(kTask);
  start();
  sync();
  fail_task();
  EXPECT_EQ(status(), machine::Status::kFailed);
  advance_time(5'000);
  EXPECT_EQ(redrive(), RedriveOutcome::Kind::kRedriven);
  const auto running = stored();
  ASSERT_TRUE(running);
  EXPECT_EQ(running->summary.status, machine::Status::kRunning);
  EXPECT_EQ(running->summary.stop_time, 0);
  EXPECT_EQ(running->summary.redrive_count, 1);
  EXPECT_EQ(running->summary.redrive_time, last_.time);
  ASSERT_EQ(tasks_->requests.size(), 2u);
  deliver(machine::TaskReturned{tasks_->requests.back().task, json::Value::trusted("7")});
  sync();
  const auto ended = stored();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->summary.status, machine::Status::kSucceeded);
  EXPECT_EQ(ended->output.text(), "7");
  EXPECT_EQ(redrive(), RedriveOutcome::Kind::kNotRedrivable);
  EXPECT_EQ(last_.obstacle, RedriveObstacle::kSucceeded);
}

TEST_F(Redrives, ARedriveSurvivesACrashAtAnyPoint) {
  define(kTask);
  start();
  sync();
  fail_task();
  // Not durable: it never was.
  shard_->redrive(id_, "", [](RedriveOutcome) {});
  turn();
  crash();
  EXPECT_EQ(status(), machine::Status::kFailed);
  ASSERT_TRUE(tasks_->requests.empty());
  // Durable: the task is handed out again, with the same id.
  EXPECT_EQ(redrive(), RedriveOutcome::Kind::kRedriven);
  ASSERT_EQ(tasks_->requests.size(), 1u);
  const machine::EventId task = tasks_->requests.back().task;
  crash();
  sync();
  ASSERT_EQ(tasks_->requests.size(), 1u);
  EXPECT_EQ(tasks_->requests.back().task, task);
  deliver(machine::TaskReturned{task, json::Value::trusted("7")});
  sync();
  EXPECT_EQ(status(), machine::Status::kSucceeded);
}

TEST_F(Redrives, OfARunThatIsNotDurableYet) {
  define(kFail);
  start();
  EXPECT_EQ(redrive(), RedriveOutcome::Kind::kRedriven);
  EXPECT_EQ(status(), machine::Status::kFailed);
  EXPECT_EQ(stored()->summary.redrive_count, 1);
  crash();
  EXPECT_EQ(redrive(), RedriveOutcome::Kind::kRedriven);
  EXPECT_EQ(stored()->summary.redrive_count, 2);
}

TEST_F(Redrives, AnOpenExecutionIsKeptHoweverLongAgoItHadClosed) {
  retention_ms_ = kDay;
  restart();
  define(kTask);
  start();
  sync();
  fail_task();
  advance_time(kDay / 2);
  EXPECT_EQ(redrive(), RedriveOutcome::Kind::kRedriven);
  advance_time(10 * kDay);
  shard_->sweep(100);
  store_->sync(store_->waiting());
  EXPECT_EQ(status(), machine::Status::kRunning);
  std::size_t events = 0;
  walk_history(*store_, stored()->summary, id_, HistoryOrder::kForward, {},
               [&](const machine::Event&) { return ++events > 0; });
  EXPECT_EQ(events, 9u);
  crash();
  sync();
  EXPECT_EQ(status(), machine::Status::kRunning);
  fail_task();
  advance_time(2 * kDay);
  EXPECT_EQ(status(), machine::Status::kNotStarted) << "hidden a day after its second end";
  shard_->sweep(100);
  store_->sync(store_->waiting());
  EXPECT_EQ(rows(store::Space::kHistory), 0u);
}

TEST_F(Redrives, AClientTokenIsGoodForOneRedrive) {
  define(kFail);
  start();
  sync();
  EXPECT_EQ(redrive("token"), RedriveOutcome::Kind::kRedriven);
  const WallMillis first = last_.time;
  advance_time(60'000);
  crash();
  EXPECT_EQ(redrive("token"), RedriveOutcome::Kind::kRedriven);
  EXPECT_EQ(last_.time, first);
  EXPECT_EQ(stored()->summary.redrive_count, 1);
  EXPECT_EQ(redrive("other"), RedriveOutcome::Kind::kRedriven);
  EXPECT_EQ(stored()->summary.redrive_count, 2);
  advance_time(15 * 60'000);
  EXPECT_EQ(redrive("token"), RedriveOutcome::Kind::kRedriven);
  EXPECT_EQ(stored()->summary.redrive_count, 3) << "after a quarter of an hour it is new again";
}

TEST(RedriveObstacle, IsNamedForEachRule) {
  const Limits& limits = kAwsLimits;
  const Summary failed{.start_time = 1'000, .status = machine::Status::kFailed, .stop_time = 2'000};
  Summary running = failed;
  running.status = machine::Status::kRunning;
  Summary full = failed;
  full.history_full = true;
  Summary late = failed;
  late.stop_time = 365 * kDay;
  EXPECT_EQ(redrive_obstacle(failed, limits, 2'000 + 14 * kDay), std::nullopt);
  EXPECT_EQ(redrive_obstacle(failed, limits, 2'001 + 14 * kDay), RedriveObstacle::kPeriodOver);
  EXPECT_EQ(redrive_obstacle(running, limits, 3'000), RedriveObstacle::kRunning);
  EXPECT_EQ(redrive_obstacle(full, limits, 3'000), RedriveObstacle::kHistoryFull);
  EXPECT_EQ(redrive_obstacle(late, limits, 1'000 + 365 * kDay), RedriveObstacle::kExecutionTooOld);
}

}  // namespace
}  // namespace pawl::runtime
