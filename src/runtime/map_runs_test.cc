// Map Runs without a shard: a host that keeps what they ask of it, and answers when it is told to.
#include "runtime/map_runs.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "asl/parse.h"
#include "base/still_clock.h"
#include "runtime/stored_views.h"
#include "store/sim_store.h"

namespace pawl::runtime {
namespace {

struct NoTasks final : TaskRunner {
  void run(TaskRequest) override {}
  void cancel(const ExecutionId&, machine::EventId) override {}
};

// One parent, whose Map Run has these children.
class RecordingHost final : public MapRunHost {
 public:
  struct Child {
    StartRequest request;
    std::function<void(StartOutcome)> started;
    std::vector<DescribeReply> watchers;
    int stops = 0;
  };

  explicit RecordingHost(ShardEnvironment& environment) : environment_(environment) {}

  Cell* parent(const ExecutionId& id) override { return id == cell.id ? &cell : nullptr; }
  machine::Context context_of(const Cell& parent) override {
    return {.definition = *parent.definition,
            .identity = parent.identity,
            .limits = environment_.limits,
            .now = environment_.clock.now(),
            .seed = 1,
            .task_token = {},
            .map_run_arn =
                [&parent](const asl::State& state, machine::EventId event) {
                  return make_map_run_arn(parent.summary.names, "Each", state.pointer, event);
                },
            .activity_exists = {}};
  }
  bool holds(Cell&) override { return held; }
  void advance(Cell& parent, const machine::Input& input) override {
    if (const auto* finished = std::get_if<machine::MapRunFinished>(&input))
      ends.push_back(*finished);
    for (auto& command : machine::decide(parent.execution, input, context_of(parent)).commands) {
      commands.push_back(std::move(command));
    }
  }

  std::uint64_t batch_number() override {
    if (building_ == 0) building_ = gate_.begin_batch();
    return building_;
  }
  store::Batch& batch() override {
    batch_number();
    return batch_;
  }
  Gate& gate() override { return gate_; }

  void post(std::function<void(MapRuns&)> message) override {
    messages.push_back(std::move(message));
  }

  void start_child(StartRequest request, std::function<void(StartOutcome)> answer) override {
    const ExecutionId id = id_of_execution(request.names.execution_arn());
    order.push_back(id);
    Child& child = children[id];
    child.request = std::move(request);
    child.started = std::move(answer);
  }
  void watch_child(const ExecutionId& child, DescribeReply answer) override {
    children[child].watchers.push_back(std::move(answer));
  }
  void describe_child(const ExecutionId& child, DescribeReply answer) override {
    sought.emplace_back(child, std::move(answer));
  }
  void redrive_child(ChildRedriveRequest request,
                     std::function<void(ChildRedrive)> answer) override {
    redrives.emplace_back(std::move(request), std::move(answer));
  }
  void stop_child(const ExecutionId& child) override { ++children[child].stops; }

  // Makes what was built durable.
  void commit() {
    const std::uint64_t number = std::exchange(building_, 0);
    if (number == 0) return;
    environment_.store.commit(cell.id.shard(), std::exchange(batch_, {}), [](store::Outcome) {});
    gate_.end_batch(number, GateOutcome::kDurable);
  }

  Cell cell;
  bool held = false;
  std::vector<machine::Command> commands;
  std::vector<machine::MapRunFinished> ends;
  std::vector<std::function<void(MapRuns&)>> messages;
  std::map<ExecutionId, Child> children;
  std::vector<ExecutionId> order;  // in which children were asked to start
  std::vector<std::pair<ExecutionId, DescribeReply>> sought;
  std::vector<std::pair<ChildRedriveRequest, std::function<void(ChildRedrive)>>> redrives;

 private:
  ShardEnvironment& environment_;
  Gate gate_;
  store::Batch batch_;
  std::uint64_t building_ = 0;
};

class MapRunsTest : public testing::Test {
 protected:
  MapRunsTest() {
    environment_.run_blocking = [](const std::function<void()>& job) { job(); };
    cell().id = id_of_execution(cell().summary.names.execution_arn());
  }

  Cell& cell() { return host_.cell; }

  // The parent reaches its Distributed Map of these fields.
  void begin(const std::string& fields, const std::string& items) {
    auto outcome = asl::parse(R"({"StartAt":"M","States":{"M":{"Type":"Map","End":true,)" + fields +
                              R"("ItemProcessor":{"ProcessorConfig":
        {"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
        "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}})");
    ASSERT_TRUE(outcome.ok()) << asl::invalid_definition_message(outcome.diagnostics);
    cell().definition = outcome.machine;
    host_.advance(cell(), machine::Start{json::Value::trusted(items)});
    ASSERT_EQ(host_.commands.size(), 1u);
    const auto& command = std::get<machine::StartMapRun>(host_.commands[0]);
    arn_ = command.arn;
    runs_.begin(cell(), command);
  }

  // Turns until nothing moves any more.
  void settle() {
    do {
      for (const auto& message : std::exchange(host_.messages, {})) message(runs_);
      runs_.persist_changed();
      host_.commit();
    } while (!host_.messages.empty());
  }

  RecordingHost::Child& child(std::size_t number) { return host_.children[host_.order[number]]; }
  void child_starts(std::size_t number, StartOutcome::Kind kind = StartOutcome::Kind::kStarted) {
    child(number).started({.kind = kind});
    settle();
  }
  void child_ends(std::size_t number, machine::Status status) {
    ExecutionView view;
    view.summary.status = status;
    for (const auto& watcher : std::exchange(child(number).watchers, {})) watcher(view);
    settle();
  }

  MapRunRecord row() const {
    return read_map_run(*store_, arn_, environment_.horizon()).value_or(MapRunRecord{});
  }

  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  StillClock clock_;
  EngineClock engine_clock_{clock_};
  NoTasks tasks_;
  TaskTokens tokens_{"key"};
  SeededRng rng_{1};
  ClosedViews closed_;
  EngineMetrics metrics_;
  ShardEnvironment environment_{.store = *store_,
                                .tasks = tasks_,
                                .tokens = tokens_,
                                .clock = engine_clock_,
                                .limits = kAwsLimits,
                                .rng = rng_,
                                .definition = {},
                                .activity_exists = {},
                                .arm = {},
                                .lost = {},
                                .closed = closed_,
                                .metrics = metrics_};
  RecordingHost host_{environment_};
  const ExecutionNames& names_ = cell().summary.names = {"us-east-1", "000000000000", "m", "e", ""};
  MapRuns runs_{id_of_execution(names_.execution_arn()).shard(), environment_, host_};
  std::string arn_;
};

TEST_F(MapRunsTest, AsksForNoChildBeforeItsBeginningIsDurable) {
  begin("", "[1,2]");
  EXPECT_TRUE(host_.order.empty());
  EXPECT_TRUE(host_.messages.empty());
  settle();
  EXPECT_EQ(host_.order.size(), 2u);
  EXPECT_EQ(row().children_total, 2);
}

TEST_F(MapRunsTest, StartsAsManyAsMayRunAtOnce) {
  begin(R"("MaxConcurrency":2,)", "[1,2,3,4,5]");
  settle();
  ASSERT_EQ(host_.order.size(), 2u);
  EXPECT_EQ(child(1).request.input.text(), "2");
  child_starts(1);
  child_starts(0);
  EXPECT_EQ(host_.order.size(), 2u);
  child_ends(1, machine::Status::kSucceeded);
  EXPECT_EQ(host_.order.size(), 3u);
  runs_.update(id_of_execution(arn_), MapRunChanges{4, {}, {}}, [](UpdateOutcome) {});
  settle();
  EXPECT_EQ(host_.order.size(), 5u);
}

TEST_F(MapRunsTest, AMessageThatComesTwiceCountsOnce) {
  begin("", "[1,2]");
  settle();
  child_starts(0);
  child_starts(0);
  const auto watchers = child(0).watchers;
  child_ends(0, machine::Status::kSucceeded);
  for (const auto& watcher : watchers) watcher(ExecutionView{});
  settle();
  EXPECT_EQ(row().children.ended(), 1u);
  EXPECT_EQ(row().children.succeeded, 1u);
  EXPECT_TRUE(host_.ends.empty());
}

TEST_F(MapRunsTest, TellsItsParentWhenAllHaveEnded) {
  begin("", "[1,2]");
  settle();
  for (const std::size_t number : {1u, 0u}) {
    child_starts(number);
    child_ends(number, machine::Status::kSucceeded);
  }
  ASSERT_EQ(host_.ends.size(), 1u);
  EXPECT_EQ(host_.ends[0].end, machine::MapRunEnd::kSucceeded);
  EXPECT_TRUE(cell().execution.closed());
  EXPECT_EQ(row().status, machine::Status::kSucceeded);
  EXPECT_FALSE(runs_.has_run_of(cell().id));
}

TEST_F(MapRunsTest, StopsItsOtherChildrenBeforeItFails) {
  begin("", "[1,2,3]");
  settle();
  child_starts(0);
  child_starts(1);
  child_ends(0, machine::Status::kFailed);
  EXPECT_EQ(child(1).stops, 1);
  child_starts(2);  // it was on its way
  EXPECT_EQ(child(2).stops, 1);
  EXPECT_TRUE(host_.ends.empty());
  child_ends(1, machine::Status::kAborted);
  child_ends(2, machine::Status::kAborted);
  ASSERT_EQ(host_.ends.size(), 1u);
  EXPECT_EQ(host_.ends[0].end, machine::MapRunEnd::kFailed);
  EXPECT_EQ(host_.ends[0].fault.error, "States.ExceedToleratedFailureThreshold");
  EXPECT_EQ(row().children.aborted, 2u);
}

TEST_F(MapRunsTest, BeginsNothingWhileItsParentIsHeld) {
  host_.held = true;
  begin("", "[1]");
  settle();
  EXPECT_TRUE(host_.order.empty());
  host_.held = false;
  runs_.drive(id_of_execution(arn_));
  settle();
  EXPECT_EQ(host_.order.size(), 1u);
}

TEST_F(MapRunsTest, AChildThatIsGoneCountsAsFailed) {
  begin("", "[1]");
  settle();
  child_starts(0);
  for (const auto& watcher : std::exchange(child(0).watchers, {})) watcher(std::nullopt);
  settle();
  EXPECT_EQ(row().children.failed, 1u);
  ASSERT_EQ(host_.ends.size(), 1u);
  EXPECT_EQ(host_.ends[0].end, machine::MapRunEnd::kFailed);
}

// Under the same names, so that starting twice is starting once.
TEST_F(MapRunsTest, AsksAgainForWhatALostMemoryDidNotKnow) {
  begin("", "[1,2,3]");
  settle();
  child_starts(0);
  const std::vector<ExecutionId> before = std::exchange(host_.order, {});
  runs_.discard();
  runs_.recover();
  settle();
  EXPECT_EQ(host_.order, std::vector<ExecutionId>(before.begin() + 1, before.end()));
  EXPECT_EQ(host_.children[before[0]].watchers.size(), 2u);
  EXPECT_TRUE(runs_.has_run_of(cell().id));
}

TEST_F(MapRunsTest, AStartThatWasLostIsMadeAgain) {
  begin("", "[1]");
  settle();
  child_starts(0, StartOutcome::Kind::kLost);
  ASSERT_EQ(host_.order.size(), 2u);
  EXPECT_EQ(host_.order[0], host_.order[1]);
}

TEST_F(MapRunsTest, SeeksTheChildrenThatAnAbortDoesNotKnowOf) {
  begin("", "[1,2]");
  settle();
  child_starts(0);
  runs_.stop(arn_);
  runs_.persist_changed();
  host_.commit();
  runs_.discard();
  host_.messages.clear();
  runs_.recover();
  settle();
  ASSERT_EQ(host_.sought.size(), 1u);
  EXPECT_EQ(host_.sought[0].first, host_.order[1]);
  host_.sought[0].second(std::nullopt);  // it was never started
  child_ends(0, machine::Status::kAborted);
  ASSERT_EQ(host_.ends.size(), 1u);
  EXPECT_EQ(host_.ends[0].end, machine::MapRunEnd::kAborted);
}

TEST_F(MapRunsTest, KnowsWhichRunsCanBeUpdated) {
  std::vector<UpdateOutcome> told;
  const auto update = [&](const ExecutionId& id) {
    runs_.update(id, MapRunChanges{3, {}, {}}, [&told](UpdateOutcome one) { told.push_back(one); });
  };
  begin("", "[1]");
  settle();
  update(cell().id);
  update(id_of_execution(arn_));
  EXPECT_EQ(told, std::vector{UpdateOutcome::kNotFound});  // not before it is durable
  settle();
  EXPECT_EQ(row().concurrency, 3);
  child_starts(0);
  child_ends(0, machine::Status::kSucceeded);
  update(id_of_execution(arn_));
  EXPECT_EQ(told, (std::vector{UpdateOutcome::kNotFound, UpdateOutcome::kUpdated,
                               UpdateOutcome::kEnded}));
}

TEST_F(MapRunsTest, ARedriveAsksEveryChildThatHasNotSucceeded) {
  begin(R"("ToleratedFailurePercentage":0,)", "[1,2]");
  settle();
  child_starts(0);
  child_starts(1);
  child_ends(0, machine::Status::kSucceeded);
  child_ends(1, machine::Status::kFailed);
  ASSERT_TRUE(cell().execution.closed());
  host_.commands.clear();
  host_.advance(cell(), machine::Redrive{});
  ASSERT_EQ(host_.commands.size(), 1u);
  runs_.begin(cell(), std::get<machine::StartMapRun>(host_.commands[0]));
  settle();
  ASSERT_EQ(host_.redrives.size(), 2u);
  host_.redrives[0].second({.kind = ChildRedrive::Kind::kSucceeded});
  host_.redrives[1].second({.kind = ChildRedrive::Kind::kRedriven, .items = 1});
  settle();
  EXPECT_EQ(row().redrive.count, 1);
  child_ends(1, machine::Status::kSucceeded);
  EXPECT_EQ(cell().execution.status, machine::Status::kSucceeded);
  EXPECT_EQ(row().children.succeeded, 2u);
}

}  // namespace
}  // namespace pawl::runtime
