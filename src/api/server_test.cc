// The server over real loopback sockets: framing, keep-alive, pipelining, answers from elsewhere,
// limits and the way it stops.
#include "api/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>

#include "api/test_server.h"

namespace pawl::api {
namespace {

using testing::exchange;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::Response;
using testing::states_request;
using testing::TestServer;

void add_states_echoes(runtime::Operations& operations, ServerOptions&) {
  testing::add_echoes(operations, states_model(PayloadLimits::kAws));
}

constexpr std::string_view kArn = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

std::string start_body(std::string_view name) {
  return R"({"stateMachineArn":")" + std::string(kArn) + R"(","name":")" + std::string(name) +
         R"("})";
}

class RunningServer : public ::testing::Test {
 protected:
  TestServer server{add_states_echoes};
};

TEST_F(RunningServer, AnswersAnOperation) {
  const Response response =
      exchange(server.port(), states_request("StartExecution", start_body("a")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, start_body("a"));
  EXPECT_EQ(response.field("Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(response.field("x-amzn-RequestId").size(), 36u);
  EXPECT_EQ(response.field("Date"), "Sat, 21 Nov 2026 12:00:00 GMT");
}

TEST_F(RunningServer, KeepsAConnectionForManyRequests) {
  RawClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    const std::string body = start_body("run" + std::to_string(i));
    ASSERT_TRUE(client.send(states_request("StartExecution", body)));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, body);
  }
}

TEST_F(RunningServer, AnswersPipelinedRequestsInOrder) {
  RawClient client(server.port());
  constexpr int kRequests = 10'000;
  std::thread sender([&] {
    std::string batch;
    for (int i = 0; i < kRequests; ++i) {
      batch += states_request("StartExecution", start_body("run" + std::to_string(i)));
    }
    EXPECT_TRUE(client.send(batch));
  });
  for (int i = 0; i < kRequests; ++i) {
    const auto response = client.receive();
    ASSERT_TRUE(response) << i;
    ASSERT_EQ(response->body, start_body("run" + std::to_string(i)));
  }
  sender.join();
}

TEST_F(RunningServer, ReadsARequestThatComesByteByByte) {
  RawClient client(server.port());
  for (const char byte : states_request("StartExecution", start_body("slow"))) {
    ASSERT_TRUE(client.send({&byte, 1}));
  }
  EXPECT_EQ(client.receive().value().body, start_body("slow"));
}

TEST_F(RunningServer, ReadsAChunkedBodyAndDropsItsTrailers) {
  std::string request = states_request("StartExecution", "");
  const std::string length = "Content-Length: 0";
  request.replace(request.find(length), length.size(), "Transfer-Encoding: chunked");
  const std::string body = start_body("chunked");
  char size[16];
  std::snprintf(size, sizeof size, "%zx", body.size() - 10);
  request += "A;x=y\r\n" + body.substr(0, 10) + "\r\n" + size + "\r\n" + body.substr(10) +
             "\r\n0\r\nX-Amz-Target: AWSStepFunctions.DeleteStateMachine\r\n\r\n";
  RawClient client(server.port());
  client.send(request + request);
  EXPECT_EQ(client.receive().value().body, body);
  EXPECT_EQ(client.receive().value().body, body);
}

TEST_F(RunningServer, SaysContinueToAClientThatWaitsForIt) {
  const std::string body = start_body("patient");
  std::string request = states_request("StartExecution", body);
  request.insert(request.find("Content-Length"), "Expect: 100-continue\r\n");
  const std::size_t head_end = request.find("\r\n\r\n") + 4;
  RawClient client(server.port());
  client.send(request.substr(0, head_end));
  EXPECT_EQ(client.receive().value().status, 100);
  client.send(request.substr(head_end));
  EXPECT_EQ(client.receive().value().body, body);
}

TEST_F(RunningServer, SaysContinueBeforeTheAnswerToAnEmptyBody) {
  std::string request = states_request("StartExecution", "");
  request.insert(request.find("Content-Length"), "Expect: 100-continue\r\n");
  RawClient client(server.port());
  client.send(request);
  EXPECT_EQ(client.receive().value().status, 100);
  EXPECT_GE(client.receive().value().status, 200);
  client.send(request);
  EXPECT_EQ(client.receive().value().status, 100);
}

TEST_F(RunningServer, AnswersAClientThatHasClosedItsSide) {
  RawClient client(server.port());
  client.send(states_request("StartExecution", start_body("last")));
  client.finish_sending();
  EXPECT_EQ(client.receive().value().body, start_body("last"));
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(RunningServer, ClosesWhenTheClientAsksForIt) {
  std::string request = states_request("StartExecution", start_body("bye"));
  request.insert(request.find("Host"), "Connection: close\r\n");
  RawClient client(server.port());
  client.send(request);
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->field("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(RunningServer, TellsItsHealth) {
  const Response response =
      exchange(server.port(), "GET /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"status":"ok"})");
  EXPECT_EQ(exchange(server.port(), "GET /_pawl/ HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

TEST_F(RunningServer, LeavesTheBodyOutOfAnAnswerToHead) {
  RawClient client(server.port());
  client.send(
      "HEAD /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /_pawl/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  client.is_closed_by_server();
  const std::string all = client.unread();
  EXPECT_THAT(all, HasSubstr("Content-Length: 15\r\n"));
  EXPECT_EQ(all.find("{\"status\":\"ok\"}"), all.size() - 15);
}

TEST_F(RunningServer, KeepsAConnectionOfHttp10ThatAsksForIt) {
  RawClient client(server.port());
  client.send("GET /_pawl/health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.receive().value().field("Connection"), "keep-alive");
  client.send("GET /_pawl/health HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive().value().field("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerHealth, RedAnswers503) {
  runtime::Operations operations;
  StillClock clock;
  ServerOptions options;
  options.port = 0;
  Server server(operations, clock, [] { return Health{"disk full"}; }, options);
  ASSERT_TRUE(server.start().ok());
  const Response response =
      exchange(server.port(), "GET /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, R"({"status":"disk full"})");
}

// Replies kept by an operation, to be answered from another thread.
struct Kept {
  std::mutex mutex;
  std::vector<runtime::Reply> replies;
  std::promise<void> first;

  runtime::Operation operation() {
    return [this](const runtime::Call&, runtime::Reply reply) {
      const std::lock_guard lock(mutex);
      replies.push_back(std::move(reply));
      if (replies.size() == 1) first.set_value();
    };
  }
  std::vector<runtime::Reply> take() {
    const std::lock_guard lock(mutex);
    return std::move(replies);
  }
};

TEST(ServerReplies, ComeFromOtherThreads) {
  std::vector<std::thread> threads;
  std::mutex mutex;
  TestServer server([&](runtime::Operations& operations, ServerOptions&) {
    operations.add(
        "states", "StartExecution", [&](const runtime::Call& call, runtime::Reply reply) {
          const std::lock_guard lock(mutex);
          threads.emplace_back([reply = std::move(reply), input = call.input] { reply(input); });
        });
  });
  {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
    for (int round = 0; round < 20; ++round) {
      for (auto& client : clients) client->send(states_request("StartExecution", start_body("x")));
      for (auto& client : clients) EXPECT_EQ(client->receive().value().body, start_body("x"));
    }
  }
  server.stop();
  for (std::thread& thread : threads) thread.join();
}

TEST(ServerReplies, MayComeAfterTheServerHasStopped) {
  Kept kept;
  auto server =
      std::make_unique<TestServer>([&](runtime::Operations& operations, ServerOptions& options) {
        operations.add("states", "StartExecution", kept.operation());
        options.limits.drain_timeout = std::chrono::milliseconds(20);
      });
  RawClient client(server->port());
  client.send(states_request("StartExecution", start_body("x")));
  kept.first.get_future().wait();
  server.reset();
  for (runtime::Reply& reply : kept.take()) reply(json::Value());
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerReplies, ThatAreDroppedAnswerInternalFailure) {
  TestServer server([](runtime::Operations& operations, ServerOptions&) {
    operations.add("states", "StartExecution", [](const runtime::Call&, const runtime::Reply&) {});
  });
  const Response response =
      exchange(server.port(), states_request("StartExecution", start_body("x")));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, HasSubstr("InternalFailure"));
}

TEST(ServerReplies, CarryTheServicesErrors) {
  TestServer server([](runtime::Operations& operations, ServerOptions&) {
    operations.add("states", "StopExecution",
                   [](const runtime::Call&, const runtime::Reply& reply) {
                     reply(Err{runtime::ServiceError{.code = "ValidationException",
                                                     .message = "a \"b\"",
                                                     .members = {{"reason", "\"R\""}}}});
                   });
  });
  const Response response =
      exchange(server.port(), states_request("StopExecution", R"({"executionArn":"a"})"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"__type":"ValidationException","message":"a \"b\"","reason":"R"})");
}

TEST(ServerStop, LetsOpenRequestsFinish) {
  Kept kept;
  auto server =
      std::make_unique<TestServer>([&](runtime::Operations& operations, ServerOptions& options) {
        options.threads = 1;
        operations.add("states", "StartExecution", kept.operation());
      });
  RawClient idle(server->port());
  auto client = std::make_unique<RawClient>(server->port());
  client->send(states_request("StartExecution", start_body("x")));
  kept.first.get_future().wait();
  std::thread stopper([&] { server->stop(); });
  EXPECT_TRUE(idle.is_closed_by_server());
  kept.take().front()(json::Value::trusted("{}"));
  const auto response = client->receive();
  client.reset();
  stopper.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(response->field("Connection"), "close");
}

TEST(LimitsOfServer, RefuseMoreRequestsThanMayBeInFlight) {
  Kept kept;
  TestServer server([&](runtime::Operations& operations, ServerOptions& options) {
    operations.add("states", "StartExecution", kept.operation());
    options.limits.requests_in_flight_max = 1;
  });
  RawClient first(server.port());
  first.send(states_request("StartExecution", start_body("x")));
  kept.first.get_future().wait();
  const Response refused =
      exchange(server.port(), states_request("StartExecution", start_body("y")));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"__type":"ThrottlingException","message":"Rate exceeded"})");
  EXPECT_EQ(exchange(server.port(), "GET /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n").status,
            200)
      << "who watches over the server is answered all the same";
  kept.take().front()(json::Value::trusted("{}"));
  EXPECT_EQ(first.receive().value().status, 200);
}

TEST(LimitsOfServer, RefuseMoreBodyThanMayBeInFlight) {
  TestServer server([&](runtime::Operations&, ServerOptions& options) {
    options.limits.body_bytes_in_flight_max = 1'000;
  });
  std::string request = states_request("StartExecution", std::string(2'000, ' '));
  const Response refused = exchange(server.port(), request);
  EXPECT_EQ(refused.body, R"({"__type":"ThrottlingException","message":"Rate exceeded"})");
  EXPECT_EQ(refused.field("Connection"), "close");
  // What was counted is given back.
  EXPECT_EQ(exchange(server.port(), states_request("ListActivities", std::string(900, ' '))).status,
            400);
  EXPECT_THAT(exchange(server.port(), states_request("ListActivities", std::string(900, ' '))).body,
              HasSubstr("SerializationException"));
}

TEST(LimitsOfServer, TurnAwayConnectionsBeyondTheirNumber) {
  TestServer server(
      [&](runtime::Operations&, ServerOptions& options) { options.limits.connections_max = 1; });
  RawClient first(server.port());
  first.send("GET /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(first.receive().value().status, 200);
  RawClient second(server.port());
  const auto refused = second.receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_TRUE(second.is_closed_by_server());
}

// Only the limit that a case is about is short: the client's thread may stop anywhere for as long
// as the machine likes without running into another.
struct SlowCase {
  const char* what;
  std::chrono::milliseconds ServerLimits::* limit;
  std::string sent;
  std::string answer;  // "" : closed without a word
};

class SlowClients : public ::testing::TestWithParam<SlowCase> {};

TEST_P(SlowClients, AreNotWaitedForForEver) {
  TestServer server([&](runtime::Operations& operations, ServerOptions& options) {
    add_states_echoes(operations, options);
    options.limits.idle_timeout = std::chrono::hours(1);
    options.limits.head_timeout = std::chrono::hours(1);
    options.limits.body_timeout = std::chrono::hours(1);
    options.limits.*GetParam().limit = std::chrono::milliseconds(60);
  });
  RawClient client(server.port());
  client.send(GetParam().sent);
  const auto response = client.receive();
  EXPECT_EQ(response ? std::to_string(response->status) : "", GetParam().answer);
  client.finish_sending();
  EXPECT_TRUE(client.is_closed_by_server());
}

INSTANTIATE_TEST_SUITE_P(
    , SlowClients,
    ::testing::Values(
        SlowCase{"nothing", &ServerLimits::idle_timeout, "", ""},
        SlowCase{"line", &ServerLimits::head_timeout, "POST / HT", "408"},
        SlowCase{"head", &ServerLimits::head_timeout, "POST / HTTP/1.1\r\nHost: localhost\r\nX",
                 "408"},
        SlowCase{"body", &ServerLimits::body_timeout,
                 states_request("StartExecution", std::string(99, ' ')).substr(0, 310), "408"},
        SlowCase{"chunk", &ServerLimits::body_timeout,
                 "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                 "\r\n5\r\nab",
                 "408"}),
    [](const auto& test) { return test.param.what; });

TEST(ServerStart, NeedsCredentialsBeyondLoopback) {
  runtime::Operations operations;
  StillClock clock;
  ServerOptions options;
  options.host = "0.0.0.0";
  options.port = 0;
  Server server(operations, clock, {}, options);
  const auto started = server.start();
  ASSERT_FALSE(started.ok());
  EXPECT_THAT(started.error().message, HasSubstr("needs credentials"));
}

TEST(ServerStart, TellsWhenThePortIsTaken) {
  TestServer first;
  runtime::Operations operations;
  StillClock clock;
  ServerOptions options;
  options.port = first.port();
  Server second(operations, clock, {}, options);
  const auto started = second.start();
  ASSERT_FALSE(started.ok());
  EXPECT_THAT(started.error().message, HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace pawl::api
