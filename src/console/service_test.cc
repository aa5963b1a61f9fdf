// The stream of changes over HTTP.
#include "console/service.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "api/test_server.h"

namespace pawl::console {
namespace {

using api::testing::RawClient;
using api::testing::TestServer;

constexpr std::string_view kWatch = "GET /_pawl/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

FeedOptions quick() {
  FeedOptions options;
  options.interval = std::chrono::milliseconds(1);
  return options;
}

class Stream : public ::testing::Test {
 protected:
  // Until that many watch: a client that goes is noticed a moment later.
  bool watchers_become(std::size_t count) const {
    for (int tries = 0; tries < 5'000 && feed_.watchers() != count; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return feed_.watchers() == count;
  }

  ChangeFeed feed_{quick()};
  Service service_{feed_};
  TestServer server_{[this](runtime::Operations& operations, api::ServerOptions&) {
    service_.add_to(operations);
  }};
};

TEST_F(Stream, HasNoLengthAndEndsWithTheServer) {
  RawClient client(server_.port());
  client.send(kWatch);
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->field("Content-Type"), "text/event-stream");
  EXPECT_EQ(response->field("Content-Length"), "");
  EXPECT_EQ(response->field("Connection"), "close");
  // The server may still be writing the first event when the head has come.
  EXPECT_TRUE(client.receives("event: ready"));
  server_.stop();
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(Stream, EndsWithItsClient) {
  {
    RawClient client(server_.port());
    client.send(kWatch);
    ASSERT_TRUE(client.receive());
    EXPECT_TRUE(watchers_become(1));
  }
  EXPECT_TRUE(watchers_become(0));
}

TEST_F(Stream, EndsWithTheFeed) {
  RawClient client(server_.port());
  client.send(kWatch);
  ASSERT_TRUE(client.receive());
  feed_.stop();
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_EQ(api::testing::exchange(server_.port(), kWatch).status, 429);
}

TEST_F(Stream, IsNotForPagesOfOthers) {
  const std::string request =
      "GET /_pawl/events HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n";
  EXPECT_EQ(api::testing::exchange(server_.port(), request).status, 403);
}

}  // namespace
}  // namespace pawl::console
