// Requests that wait long for their answer, and clients that go meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "api/test_server.h"

namespace pawl::api {
namespace {

using testing::RawClient;
using testing::states_request;
using testing::TestServer;

constexpr std::string_view kNothing = R"({"taskToken":""})";

// GetActivityTask that waits until the test answers, or until its client goes.
struct Polls {
  struct Poll {
    runtime::Reply reply;
    std::promise<void> withdrawn;
  };
  std::mutex mutex;
  std::vector<std::shared_ptr<Poll>> polls;
  std::condition_variable changed;

  void add_to(runtime::Operations& operations) {
    operations.add_waiting("states", "GetActivityTask",
                           [this](const runtime::Call&, runtime::Reply reply) {
                             const auto poll = std::make_shared<Poll>();
                             poll->reply = std::move(reply);
                             const std::lock_guard lock(mutex);
                             polls.push_back(poll);
                             changed.notify_all();
                             return [poll] {
                               poll->withdrawn.set_value();
                               poll->reply(json::Value::trusted(std::string(kNothing)));
                             };
                           });
  }
  Poll& at(std::size_t index) {
    std::unique_lock lock(mutex);
    ENSURE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return polls.size() > index; }));
    return *polls[index];
  }
  static bool is_withdrawn(Poll& poll, std::chrono::seconds patience = std::chrono::seconds(10)) {
    return poll.withdrawn.get_future().wait_for(patience) == std::future_status::ready;
  }
};

class WaitingRequest : public ::testing::Test {
 protected:
  Polls polls;
  TestServer server{[this](runtime::Operations& operations, ServerOptions&) {
    polls.add_to(operations);
    operations.add(
        "states", "StartExecution",
        [](const runtime::Call& call, const runtime::Reply& reply) { reply(call.input); });
  }};

  const std::string poll = states_request(
      "GetActivityTask", R"({"activityArn":"arn:aws:states:us-east-1:000000000000:activity:a"})");
  const std::string body =
      R"({"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m"})";
  const std::string start = states_request("StartExecution", body);
};

TEST_F(WaitingRequest, IsWithdrawnWhenItsClientGoes) {
  {
    RawClient client(server.port());
    client.send(poll);
    polls.at(0);
  }
  EXPECT_TRUE(Polls::is_withdrawn(polls.at(0)));
}

TEST_F(WaitingRequest, IsWithdrawnWhenItsClientResetsTheConnection) {
  {
    RawClient client(server.port());
    client.send("GET /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n" + poll);
    polls.at(0);  // what is not read of the first answer makes closing a reset
  }
  EXPECT_TRUE(Polls::is_withdrawn(polls.at(0)));
}

// It may still read, or be gone: nobody can tell.
TEST_F(WaitingRequest, IsAnsweredAtOnceWhenItsClientHasClosedItsSide) {
  RawClient client(server.port());
  client.send(poll + poll + start);
  polls.at(0);
  client.finish_sending();
  EXPECT_EQ(client.receive().value().body, kNothing);
  EXPECT_EQ(client.receive().value().body, kNothing) << "the one behind it does not wait either";
  EXPECT_EQ(client.receive().value().body, body);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(WaitingRequest, KeepsTheOrderOfWhatIsSentBehindIt) {
  RawClient client(server.port());
  client.send(poll);
  Polls::Poll& first = polls.at(0);
  client.send(start.substr(0, 40));
  client.send(start.substr(40) + poll);
  first.reply(json::Value::trusted(R"({"taskToken":"t"})"));
  EXPECT_EQ(client.receive().value().body, R"({"taskToken":"t"})");
  EXPECT_EQ(client.receive().value().body, body);
  polls.at(1).reply(json::Value::trusted("{}"));
  EXPECT_EQ(client.receive().value().body, "{}");
  client.send(start);
  EXPECT_EQ(client.receive().value().body, body);
}

TEST_F(WaitingRequest, MayHaveMoreBehindItThanIsKept) {
  RawClient client(server.port());
  client.send(poll);
  Polls::Poll& first = polls.at(0);
  constexpr int kRequests = 200;
  for (int i = 0; i < kRequests; ++i) client.send(start);
  first.reply(json::Value::trusted("{}"));
  EXPECT_EQ(client.receive().value().body, "{}");
  for (int i = 0; i < kRequests; ++i) ASSERT_EQ(client.receive().value().body, body) << i;
}

TEST_F(WaitingRequest, ThatWasAnsweredIsNotWithdrawn) {
  {
    RawClient client(server.port());
    client.send(poll);
    polls.at(0).reply(json::Value::trusted("{}"));
    EXPECT_EQ(client.receive().value().body, "{}");
  }
  server.stop();
  EXPECT_FALSE(Polls::is_withdrawn(polls.at(0), std::chrono::seconds(0)));
}

}  // namespace
}  // namespace pawl::api
