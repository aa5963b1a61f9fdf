#include <gtest/gtest.h>

#include <deque>

#include "runtime/express_runs.h"
#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

constexpr const char* kWait =
    R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"End":true}}})";
constexpr const char* kForever = R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
    "B":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"S"}],
         "Default":"A"},
    "S":{"Type":"Succeed"}}})";

class ExpressTest : public ShardHarness {
 protected:
  ExpressTest() { names_.express = "u"; }

  void open(const std::string& definition) {
    define(definition);
    runs_ = std::make_unique<ExpressRuns>(
        *environment_, [this](store::ShardId, std::function<void(Shard&)> message) {
          posted_.push_back(std::move(message));
        });
    runs_->recover(*shard_);
  }
  std::unique_ptr<ExpressRun> begin(ExpressRun::Progress& progress) {
    auto run = std::make_unique<ExpressRun>(ExpressRequest{.names = names_,
                                                           .definition = definitions_["hash"],
                                                           .revision = "hash",
                                                           .role_arn = "r",
                                                           .input = json::Value::trusted("{}"),
                                                           .log = nullptr},
                                            express_id());
    const Limits limits = express_limits(limits_);
    progress = run->advance(machine::Start{json::Value::trusted("{}")}, {limits, clock_.wall, 1});
    return run;
  }
  void start_asynchronous() {
    ExpressRun::Progress progress;
    auto run = begin(progress);
    runs_->keep(std::move(run), std::move(progress), *shard_,
                [this](StartOutcome outcome) { starts_.push_back(outcome); });
  }
  void start_synchronous() {
    ExpressRun::Progress progress;
    auto run = begin(progress);
    run->ended = [this](const ExpressEnd& end) { ends_.push_back(end); };
    runs_->go_on(std::move(run), std::move(progress), *shard_);
  }
  // What a worker's turns do, until nothing is left to do now.
  void settle() {
    runs_->fire_due(clock_.wall, [this](store::ShardId) -> Shard& { return *shard_; });
    sync();
    while (!posted_.empty()) {
      const auto message = std::move(posted_.front());
      posted_.pop_front();
      message(*shard_);
      sync();
    }
  }
  ExecutionId express_id() const { return id_of_execution(names_.execution_arn()); }
  bool has_row() const { return !shard_->express_rows().empty(); }

  std::unique_ptr<ExpressRuns> runs_;
  std::deque<std::function<void(Shard&)>> posted_;
  std::vector<ExpressEnd> ends_;
};

TEST_F(ExpressTest, AnExpressArnNamesMachineNameAndRun) {
  EXPECT_EQ(names_.execution_arn(), "arn:aws:states:us-east-1:000000000000:express:m:e:u");
}

TEST_F(ExpressTest, ARunKeepsItsTraceInItsRow) {
  define(kWait);
  const ExpressRequest request{.names = names_,
                               .definition = definitions_["hash"],
                               .revision = "hash",
                               .role_arn = "r",
                               .input = json::Value::trusted("{}"),
                               .log = nullptr,
                               .trace_header = "Root=1-2-3"};
  const auto read = decode_express(encode_express(request));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->trace_header, "Root=1-2-3");
  EXPECT_EQ(ExpressRun(*read, express_id()).identity().trace_header, "Root=1-2-3");
}

TEST_F(ExpressTest, AnAsynchronousRunIsAcceptedOnceItCannotBeLostAndKeepsNoRowAfterItsEnd) {
  open(kWait);
  start_asynchronous();
  turn();
  EXPECT_TRUE(starts_.empty());
  settle();
  ASSERT_EQ(starts_.size(), 1u);
  EXPECT_EQ(starts_[0].kind, StartOutcome::Kind::kStarted);
  EXPECT_TRUE(has_row());
  advance_time(10'000);
  settle();
  EXPECT_FALSE(runs_->holds(express_id()));
  EXPECT_FALSE(has_row());
}

TEST_F(ExpressTest, AnAsynchronousRunThatACrashCutOffRunsAgainFromItsInput) {
  open(kWait);
  start_asynchronous();
  settle();
  advance_time(9'000);
  crash();
  posted_.clear();
  open(kWait);
  EXPECT_TRUE(runs_->holds(express_id()));
  advance_time(9'000);
  settle();
  EXPECT_TRUE(runs_->holds(express_id()));
  advance_time(1'000);
  settle();
  EXPECT_FALSE(runs_->holds(express_id()));
  EXPECT_FALSE(has_row());
}

TEST_F(ExpressTest, ASynchronousRunIsNeverWritten) {
  open(kWait);
  start_synchronous();
  settle();
  EXPECT_EQ(rows(store::Space::kState), 0u);
  EXPECT_EQ(rows(store::Space::kHistory), 0u);
  advance_time(10'000);
  settle();
  ASSERT_EQ(ends_.size(), 1u);
  EXPECT_EQ(ends_[0].status, machine::Status::kSucceeded);
  EXPECT_EQ(ends_[0].stop_time - ends_[0].start_time, 10'000);
}

TEST_F(ExpressTest, ARunWithoutWaitsLetsOthersGoOnAndEndsAfterFiveMinutes) {
  open(kForever);
  start_synchronous();
  for (int turns = 0; turns < 3; ++turns) {
    ASSERT_EQ(posted_.size(), 1u);
    const auto message = std::move(posted_.front());
    posted_.pop_front();
    message(*shard_);
  }
  advance_time(300'000);
  settle();
  ASSERT_EQ(ends_.size(), 1u);
  EXPECT_EQ(ends_[0].status, machine::Status::kTimedOut);
  EXPECT_EQ(ends_[0].fault.error, "States.Timeout");
}

}  // namespace
}  // namespace pawl::runtime
