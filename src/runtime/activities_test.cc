#include "runtime/activities.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace pawl::runtime {
namespace {

constexpr const char* kArn = "arn:aws:states:us-east-1:000000000000:activity:a";

// Answers TaskTaken inputs as the engine would: tasks named in `stale` are gone.
struct Harness {
  std::vector<machine::EventId> stale;
  std::vector<machine::EventId> taken;
  std::map<std::string, Activities::PollId> polls;
  std::function<void()> while_taken;  // what happens before the engine answers
  std::string log;
  TaskTokens tokens{"key"};
  Activities activities{tokens, [this](const ExecutionId&, machine::Input input,
                                       std::function<void(Delivery)> reply) {
                          const auto task = std::get<machine::TaskTaken>(input).task;
                          taken.push_back(task);
                          if (while_taken) while_taken();
                          if (std::find(stale.begin(), stale.end(), task) != stale.end()) {
                            return reply({.kind = Delivery::Kind::kStale});
                          }
                          reply({.kind = Delivery::Kind::kAccepted,
                                 .task_input = json::Value::trusted(std::to_string(task))});
                        }};

  Activities::PollReply poller(const std::string& name) {
    return [this, name](std::optional<Activities::Assignment> assignment) {
      log += name + "=" + (assignment ? std::string(assignment->input.text()) : "none") + ";";
    };
  }
  void poll(const std::string& name, BootMillis deadline = 100) {
    const auto id = activities.poll(kArn, name, deadline, poller(name));
    ASSERT_TRUE(id);
    polls[name] = *id;
  }
  void leave(const std::string& name) { activities.withdraw_poll(kArn, polls.at(name)); }
  void offer(machine::EventId task) { activities.offer(kArn, ExecutionId{}, task); }
};

TEST(Activities, OffersAndPollsMeetInOrder) {
  Harness harness;
  harness.offer(1);
  harness.offer(2);
  harness.poll("a");
  harness.poll("b");
  harness.poll("c");
  harness.offer(3);
  EXPECT_EQ(harness.log, "a=1;b=2;c=3;");
}

TEST(Activities, TheSameOfferTwiceIsOne) {
  Harness harness;
  harness.offer(1);
  harness.offer(1);
  harness.poll("a");
  harness.poll("b");
  EXPECT_EQ(harness.log, "a=1;");
}

TEST(Activities, APollWhoseTaskIsGoneGetsTheNext) {
  Harness harness;
  harness.stale = {1};
  harness.offer(1);
  harness.offer(2);
  harness.poll("a");
  EXPECT_EQ(harness.log, "a=2;");
  EXPECT_EQ(harness.taken, (std::vector<machine::EventId>{1, 2}));
}

TEST(Activities, WithdrawnTasksAreNotHandedOut) {
  Harness harness;
  harness.offer(1);
  harness.activities.withdraw(ExecutionId{}, 1);
  harness.poll("a");
  EXPECT_EQ(harness.log, "");
  harness.activities.expire(99);
  EXPECT_EQ(harness.log, "");
  harness.activities.expire(100);
  EXPECT_EQ(harness.log, "a=none;");
}

TEST(Activities, APollerThatHasGoneGetsNoTask) {
  Harness harness;
  harness.poll("gone");
  harness.poll("there");
  harness.leave("gone");
  EXPECT_EQ(harness.log, "gone=none;");
  harness.offer(1);
  EXPECT_EQ(harness.log, "gone=none;there=1;");
  harness.leave("there");
  EXPECT_EQ(harness.log, "gone=none;there=1;") << "it was answered";
  EXPECT_EQ(harness.activities.attendance(kArn).polling, 0u);
}

// That the task was taken may be durable already: nobody may get it a second time.
TEST(Activities, APollerThatGoesWhileItsTaskIsTakenKeepsIt) {
  Harness harness;
  harness.poll("a");
  harness.poll("b");
  harness.while_taken = [&] { harness.leave("a"); };
  harness.offer(1);
  EXPECT_EQ(harness.log, "a=1;");
}

TEST(Activities, APollerThatGoesWhileAGoneTaskIsTakenWaitsForNoOther) {
  Harness harness;
  harness.stale = {1};
  harness.poll("a");
  harness.while_taken = [&] { harness.leave("a"); };
  harness.offer(1);
  EXPECT_EQ(harness.log, "a=none;");
  harness.while_taken = nullptr;
  harness.offer(2);
  EXPECT_EQ(harness.log, "a=none;");
}

TEST(Activities, PollersAreLimited) {
  Harness harness;
  for (std::size_t i = 0; i < Activities::kPollersMax; ++i) harness.poll("p");
  EXPECT_FALSE(harness.activities.poll(kArn, "one more", 100, harness.poller("one more")));
  harness.activities.close();
  EXPECT_TRUE(harness.activities.poll(kArn, "later", 100, harness.poller("later")));
}

// So that those of many activities leave room for other requests (ServerLimits).
TEST(Activities, PollersOfAllActivitiesAreLimited) {
  Harness harness;
  const auto poll = [&](int number) {
    return harness.activities.poll(std::string(kArn) + std::to_string(number % 4), "w", 100,
                                   harness.poller("w"));
  };
  const auto poll_all = [&] {
    int taken = 0;
    while (taken < 4'000 && poll(taken)) ++taken;
    return taken;
  };
  EXPECT_EQ(poll_all(), 3'072);
  harness.activities.close();
  EXPECT_EQ(poll_all(), 3'072);
  // Whoever goes makes room for one more, however he goes.
  harness.activities.offer(std::string(kArn) + "0", ExecutionId{}, 1);
  harness.stale = {2};
  harness.activities.offer(std::string(kArn) + "1", ExecutionId{}, 2);
  EXPECT_EQ(poll_all(), 1);
  harness.activities.close();
  const auto gone = poll(0);
  EXPECT_EQ(poll_all(), 3'071);
  harness.activities.withdraw_poll(std::string(kArn) + "0", *gone);
  EXPECT_EQ(poll_all(), 1);
}

}  // namespace
}  // namespace pawl::runtime
