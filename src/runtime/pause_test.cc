// Pause and resume of one shard's executions: nothing is done while they stand, and nothing is
// lost.
#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

using machine::Status;

constexpr const char* kPass = R"({"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}})";
constexpr const char* kWait =
    R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"End":true}}})";
constexpr const char* kTask =
    R"({"StartAt":"T","States":{"T":{"Type":"Task","TimeoutSeconds":60,
        "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","Next":"P"},
        "P":{"Type":"Pass","End":true}}})";
constexpr const char* kActivity =
    R"({"StartAt":"T","States":{"T":{"Type":"Task",
        "Resource":"arn:aws:states:us-east-1:000000000000:activity:a","End":true}}})";
constexpr const char* kTimeout =
    R"({"TimeoutSeconds":50,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":20,"Next":"V"},
        "V":{"Type":"Wait","Seconds":20,"End":true}}})";

class Pausing : public ShardHarness {
 protected:
  void pause() {
    shard_->pause(id_, {clock_.wall, "me", "why"},
                  [this](Delivery delivery) { deliveries_.push_back(delivery.kind); });
    sync();
  }
  void resume() {
    shard_->resume(id_, [this](Delivery delivery) { deliveries_.push_back(delivery.kind); });
    sync();
  }
  static std::shared_ptr<const Pauses> everything() {
    auto pauses = std::make_shared<Pauses>();
    pauses->everything = Pause{1, "me", ""};
    return pauses;
  }
  std::shared_ptr<const Pauses> machine() const {
    auto pauses = std::make_shared<Pauses>();
    pauses->machines[digest_of_machine(names_.machine_arn())] = Pause{1, "me", ""};
    return pauses;
  }
  // As the engine does it: a restart finds what was set last.
  void set(std::shared_ptr<const Pauses> pauses) {
    pauses_ = pauses;
    shard_->set_pauses(std::move(pauses), [this] { ++told_; });
    sync();
  }
  void lift() { set(std::make_shared<const Pauses>()); }
  void fire_due() {
    for (const TimerKey& timer : shard_->timers_before(clock_.wall + 1)) shard_->fire(timer);
    sync();
  }
  void answer(const std::string& output) {
    deliver(machine::TaskReturned{tasks_->requests.at(0).task, json::Value::trusted(output)});
    sync();
  }
  std::size_t holds() const {
    std::size_t count = 0;
    store_->scan(id_.shard(), store::Space::kState, "h", "i", store::Store::Direction::kForward,
                 [&count](std::string_view, std::string_view) { return ++count > 0; });
    return count;
  }
  int told_ = 0;
};

TEST_F(Pausing, APausedExecutionTakesNoStepThroughCrashes) {
  define(kWait);
  start();
  sync();
  pause();
  EXPECT_EQ(deliveries_, std::vector{Delivery::Kind::kAccepted});
  EXPECT_EQ(metrics_.paused, 1);
  for (int life = 0; life < 2; ++life) {
    crash();
    EXPECT_EQ(metrics_.paused, 1);
    EXPECT_EQ(read_summary(*store_, id_, {})->pause->reason, "why");
    advance_time(200'000);
    fire_due();
    EXPECT_EQ(status(), Status::kRunning);
  }
  resume();
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(metrics_.paused, 0);
  EXPECT_EQ(holds(), 0u);
}

TEST_F(Pausing, AnAnswerThatCameWhilePausedIsTakenOnResume) {
  define(kTask);
  start();
  sync();
  pause();
  answer("7");
  EXPECT_EQ(deliveries_.back(), Delivery::Kind::kAccepted);
  EXPECT_EQ(event_ids().size(), 5u);  // ... TaskStarted, TaskSucceeded
  crash();
  EXPECT_TRUE(tasks_->requests.empty());
  EXPECT_EQ(status(), Status::kRunning);
  resume();
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(output(), "7");
}

TEST_F(Pausing, TimeoutsCountOnAndFireOnResume) {
  define(kTask);
  start();
  sync();
  pause();
  advance_time(61'000);
  fire_due();
  crash();
  fire_due();
  EXPECT_EQ(status(), Status::kRunning);
  resume();
  EXPECT_EQ(status(), Status::kFailed);
}

TEST_F(Pausing, TheExecutionsOwnTimeoutComesFirst) {
  define(kTimeout);
  start();
  sync();
  pause();
  advance_time(60'000);
  fire_due();
  resume();
  EXPECT_EQ(status(), Status::kTimedOut);
}

TEST_F(Pausing, TasksAreHandedOutAgainAfterTheResumeOnly) {
  define(kTask);
  start();
  sync();
  EXPECT_EQ(tasks_->requests.size(), 1u);
  pause();
  crash();
  sync();
  EXPECT_TRUE(tasks_->requests.empty());
  resume();
  EXPECT_EQ(tasks_->requests.size(), 1u);
  answer("1");
  EXPECT_EQ(status(), Status::kSucceeded);
}

TEST_F(Pausing, ARunningTaskIsNotHandedOutTwiceByAResume) {
  define(kTask);
  start();
  sync();
  pause();
  resume();
  EXPECT_EQ(tasks_->requests.size(), 1u);
}

TEST_F(Pausing, WorkersGetNothingOfAPausedExecution) {
  define(kActivity);
  start();
  sync();
  const machine::EventId task = tasks_->requests.at(0).task;
  pause();
  deliver(machine::TaskTaken{task, "w"});
  sync();
  EXPECT_EQ(deliveries_.back(), Delivery::Kind::kStale);
  resume();
  EXPECT_EQ(tasks_->requests.size(), 2u);  // offered again
  deliver(machine::TaskTaken{task, "w"});
  sync();
  EXPECT_EQ(deliveries_.back(), Delivery::Kind::kAccepted);
}

TEST_F(Pausing, AStopEndsThePauseAndTheExecution) {
  define(kWait);
  start();
  sync();
  pause();
  deliver(machine::Stop{});
  sync();
  EXPECT_EQ(status(), Status::kAborted);
  EXPECT_EQ(metrics_.paused, 0);
  EXPECT_FALSE(read_summary(*store_, id_, {})->pause);
  EXPECT_EQ(holds(), 0u);
  pause();
  EXPECT_EQ(deliveries_.back(), Delivery::Kind::kStale);
}

TEST_F(Pausing, ChangesNothingTwice) {
  define(kWait);
  start();
  sync();
  resume();
  EXPECT_EQ(deliveries_.back(), Delivery::Kind::kStale);
  pause();
  pause();
  EXPECT_EQ(deliveries_.back(), Delivery::Kind::kStale);
  EXPECT_EQ(metrics_.paused, 1);
}

TEST_F(Pausing, AStartOnAPausedMachineWaits) {
  define(kPass);
  set(machine());
  EXPECT_EQ(told_, 1);
  start();
  sync();
  ASSERT_EQ(starts_.size(), 1u);
  EXPECT_EQ(starts_[0].kind, StartOutcome::Kind::kStarted);
  EXPECT_EQ(status(), Status::kRunning);
  EXPECT_EQ(event_ids().size(), 1u);
  crash();
  sync();
  EXPECT_EQ(status(), Status::kRunning);
  lift();
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(holds(), 0u);
}

TEST_F(Pausing, ALiftedPauseIsSeenToAfterACrash) {
  define(kPass);
  set(everything());
  start();
  sync();
  pauses_ = nullptr;  // durable, and the process dies before its shards hear of it
  crash();
  sync();
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(holds(), 0u);
}

TEST_F(Pausing, OnePauseMoreIsOnePauseMore) {
  define(kPass);
  set(machine());
  start();
  sync();
  pause();
  lift();
  EXPECT_EQ(status(), Status::kRunning);
  set(everything());
  resume();
  EXPECT_EQ(status(), Status::kRunning);
  lift();
  EXPECT_EQ(status(), Status::kSucceeded);
}

TEST_F(Pausing, OthersMachinesGoOn) {
  define(kPass);
  auto pauses = std::make_shared<Pauses>();
  pauses->machines[42] = Pause{};
  set(pauses);
  start();
  sync();
  EXPECT_EQ(status(), Status::kSucceeded);
}

TEST_F(Pausing, ARunThatIsNeverPausedWritesNoRowMore) {
  define(kPass);
  start();
  sync();
  EXPECT_EQ(rows(store::Space::kState), 2u);
}

TEST_F(Pausing, AResumeFindsWhatWasNotSyncedYet) {
  define(kPass);
  set(machine());
  start();
  turn();  // its row is on its way
  shard_->set_pauses(std::make_shared<const Pauses>(), [] {});
  sync();
  sync();
  EXPECT_EQ(status(), Status::kSucceeded);
}

}  // namespace
}  // namespace pawl::runtime
