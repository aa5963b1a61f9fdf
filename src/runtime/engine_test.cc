// The engine with its real threads, on a store in memory: what TSan is for.
#include "runtime/engine.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "asl/parse.h"
#include "store/sim_store.h"

namespace pawl::runtime {
namespace {

// Answers every task with its own input, from a thread of its own.
class EchoTasks final : public TaskRunner {
 public:
  ~EchoTasks() override { stop(); }

  void begin(Engine& engine) {
    thread_ = std::thread([this, &engine] { loop(engine); });
  }
  void run(TaskRequest request) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(request));
    wake_.notify_one();
  }
  void cancel(const ExecutionId&, machine::EventId) override {}
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void loop(Engine& engine) {
    for (;;) {
      std::vector<TaskRequest> requests;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        requests.swap(waiting_);
      }
      for (const TaskRequest& request : requests) {
        engine.deliver(request.execution,
                       machine::TaskReturned{request.task, request.scheduled.parameters}, nullptr);
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<TaskRequest> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

class EngineTest : public testing::Test {
 protected:
  void open(const std::string& definition) {
    auto outcome = asl::parse(definition);
    ASSERT_TRUE(outcome.ok()) << asl::invalid_definition_message(outcome.diagnostics);
    definition_ = outcome.machine;
    Engine::Options options;
    options.threads = 2;
    engine_ = std::make_unique<Engine>(
        Engine::Seams{.store = *store_,
                      .clock = clock_,
                      .make_rng = [] { return std::make_unique<SystemRng>(); },
                      .tasks = tasks_,
                      .definition = [this](const std::string&) { return definition_; },
                      .activity_exists = [](std::string_view) { return true; }},
        options, "key");
    tasks_.begin(*engine_);
    engine_->run();
  }

  ExecutionNames names(int number) const {
    return {"us-east-1", "000000000000", "m", "e" + std::to_string(number)};
  }
  StartOutcome start(int number) {
    std::promise<StartOutcome> outcome;
    engine_->start({.names = names(number),
                    .definition = definition_,
                    .revision = "r",
                    .revision_id = {},
                    .role_arn = "arn:aws:iam::000000000000:role/r",
                    .trace_header = {},
                    .input = json::Value::trusted(std::to_string(number)),
                    .started_by = {}},
                   [&](StartOutcome answer) { outcome.set_value(answer); });
    return outcome.get_future().get();
  }
  ExecutionId id(int number) const { return id_of_execution(names(number).execution_arn()); }
  // Waits for the end, and answers the description.
  ExecutionView end_of(int number) {
    std::promise<std::optional<ExecutionView>> end;
    engine_->watch_end(id(number),
                       [&](std::optional<ExecutionView> view) { end.set_value(std::move(view)); });
    auto view = end.get_future().get();
    return view ? std::move(*view) : ExecutionView{};
  }

  SystemClock clock_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  EchoTasks tasks_;
  std::shared_ptr<const asl::Machine> definition_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTest, ManyExecutionsWithTasksEndWithTheirOwnResults) {
  constexpr int kCount = 300;
  open(R"({"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"A","States":{"A":{"Type":"Task","End":true,
          "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"}}},
        {"StartAt":"B","States":{"B":{"Type":"Task","End":true,
          "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"}}}]}}})");
  for (int i = 0; i < kCount; ++i) EXPECT_EQ(start(i).kind, StartOutcome::Kind::kStarted);
  for (int i = 0; i < kCount; ++i) {
    const std::string text = std::to_string(i);
    EXPECT_EQ(end_of(i).output.text(), "[" + text + "," + text + "]");
  }
}

TEST_F(EngineTest, StoppingTellsOfWhatIsCommitted) {
  store_ = store::SimStore::make(store::SimStore::Mode::kManual);
  open(R"({"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}})");
  std::optional<StartOutcome> told;
  engine_->start({.names = names(1),
                  .definition = definition_,
                  .revision = "r",
                  .revision_id = {},
                  .role_arn = "arn:aws:iam::000000000000:role/r",
                  .trace_header = {},
                  .input = json::Value::trusted("1"),
                  .started_by = {}},
                 [&told](StartOutcome outcome) { told = outcome; });
  while (store_->waiting() == 0) std::this_thread::yield();
  engine_->stop();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->kind, StartOutcome::Kind::kStarted);
}

TEST_F(EngineTest, WaitsFireOnTheirOwn) {
  open(R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}})");
  const WallMillis before = clock_.wall_now();
  for (int i = 0; i < 20; ++i) start(i);
  for (int i = 0; i < 20; ++i) {
    const ExecutionView view = end_of(i);
    EXPECT_EQ(view.summary.status, machine::Status::kSucceeded);
    EXPECT_GE(view.summary.stop_time - view.summary.start_time, 1000);
  }
  EXPECT_GE(clock_.wall_now() - before, 1000);
}

TEST_F(EngineTest, AnActivityIsPolledAnsweredAndItsHeartbeatKept) {
  const std::string arn = "arn:aws:states:us-east-1:000000000000:activity:a";
  open(R"({"StartAt":"T","States":{"T":{"Type":"Task","End":true,"HeartbeatSeconds":60,
        "Resource":")" +
       arn + R"("}}})");
  start(1);
  std::promise<std::optional<Activities::Assignment>> polled;
  ASSERT_TRUE(engine_->activities().poll(
      arn, "w", clock_.boot_now() + 60'000,
      [&](std::optional<Activities::Assignment> assignment) { polled.set_value(assignment); }));
  const auto assignment = polled.get_future().get();
  ASSERT_TRUE(assignment);
  EXPECT_EQ(assignment->input.text(), "1");
  const auto task = engine_->tokens().parse(assignment->task_token);
  ASSERT_TRUE(task);
  std::promise<Delivery::Kind> beaten;
  engine_->heartbeat(task->execution, task->task,
                     [&](Delivery delivery) { beaten.set_value(delivery.kind); });
  EXPECT_EQ(beaten.get_future().get(), Delivery::Kind::kAccepted);
  engine_->deliver(task->execution,
                   machine::TaskReturned{task->task, json::Value::trusted("\"done\"")}, nullptr);
  EXPECT_EQ(end_of(1).output.text(), "\"done\"");
  std::promise<Delivery::Kind> late;
  engine_->heartbeat(task->execution, task->task,
                     [&](Delivery delivery) { late.set_value(delivery.kind); });
  EXPECT_EQ(late.get_future().get(), Delivery::Kind::kStale);
}

TEST_F(EngineTest, StopEndsPolls) {
  open(R"({"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}})");
  std::promise<bool> polled;
  engine_->activities().poll("arn", std::nullopt, INT64_MAX,
                             [&](std::optional<Activities::Assignment> assignment) {
                               polled.set_value(assignment.has_value());
                             });
  engine_->stop();
  EXPECT_FALSE(polled.get_future().get());
}

}  // namespace
}  // namespace pawl::runtime
