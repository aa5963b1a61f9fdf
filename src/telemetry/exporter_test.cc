// The exporter against a small collector on loopback.
#include "telemetry/exporter.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/ensure.h"

namespace pawl::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Takes one connection after the other; answers each request with the next status, the last one
// for ever. Holds its answers back while it is `held`.
class Collector {
 public:
  explicit Collector(std::vector<int> statuses) : statuses_(std::move(statuses)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ENSURE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    ENSURE(::listen(listener_, 8) == 0);
    ENSURE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Collector() {
    release();
    ::shutdown(listener_, SHUT_RDWR);
    if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

  // Once so many have come; fewer when ten seconds are over.
  std::vector<std::string> requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return requests_.size() >= count; });
    return requests_;
  }
  void hold() { set_held(true); }
  void release() { set_held(false); }

 private:
  void set_held(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }

  void serve() {
    while (true) {
      const int accepted = ::accept(listener_, nullptr, nullptr);
      if (accepted < 0) return;
      connection_ = accepted;
      std::string buffer;
      while (answer(accepted, buffer)) {
      }
      connection_ = -1;
      ::close(accepted);
    }
  }

  bool answer(int connection, std::string& buffer) {
    constexpr std::string_view kLength = "Content-Length: ";
    while (true) {
      const std::size_t head = buffer.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::size_t body = std::stoul(buffer.substr(buffer.find(kLength) + kLength.size()));
        if (buffer.size() >= head + 4 + body) {
          const int status = take(buffer.substr(0, head + 4 + body));
          buffer.erase(0, head + 4 + body);
          const std::string text =
              "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 2\r\n\r\n{}";
          return ::send(connection, text.data(), text.size(), MSG_NOSIGNAL) > 0;
        }
      }
      char bytes[65'536];
      const ssize_t count = ::recv(connection, bytes, sizeof bytes, 0);
      if (count <= 0) return false;
      buffer.append(bytes, static_cast<std::size_t>(count));
    }
  }

  int take(std::string request) {
    std::unique_lock lock(mutex_);
    requests_.push_back(std::move(request));
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    return statuses_[std::min(requests_.size(), statuses_.size()) - 1];
  }

  const std::vector<int> statuses_;
  int listener_ = -1;
  std::atomic<int> connection_{-1};
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> requests_;
  bool held_ = false;
  std::thread thread_;
};

std::string arn(int number) {
  return "arn:aws:states:us-east-1:000000000000:execution:m:e" + std::to_string(number);
}

machine::Event event(machine::EventId id, machine::Event::Body body) {
  return {.id = id, .previous = id - 1, .time = 1'000 + id, .strand = 0, .body = std::move(body)};
}

std::vector<machine::Event> begin() {
  return {event(1, machine::ExecutionStarted{}),
          event(2, machine::StateEntered{machine::StateType::kWait, "W", "/States/W", {}})};
}
std::vector<machine::Event> finish() {
  return {event(3, machine::StateExited{machine::StateType::kWait, "W", {}, {}, ""}),
          event(4, machine::ExecutionSucceeded{})};
}

class Export : public ::testing::Test {
 protected:
  static std::optional<ExecutionFacts> no_history(const runtime::ExecutionId&) { return {}; }

  ExporterOptions options(const Collector& collector) {
    ExporterOptions made;
    made.endpoint = collector.url();
    made.headers = {"X-Key: secret"};
    made.batch_delay = std::chrono::milliseconds(10);
    made.retry_delay = std::chrono::milliseconds(1);
    return made;
  }

  static void tell(const Exporter& exporter, int number,
                   const std::vector<machine::Event>& events) {
    machine::Identity identity;
    identity.execution_arn = arn(number);
    exporter.log()->prepare(identity, 0, events)();
  }
};

TEST_F(Export, SendsTheSpansOfAnExecution) {
  Collector collector({200});
  Exporter exporter(options(collector), no_history);
  tell(exporter, 1, begin());
  tell(exporter, 1, finish());
  const auto requests = collector.requests(1);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_THAT(requests[0], HasSubstr("POST /v1/traces HTTP/1.1\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("X-Key: secret\r\n"));
  EXPECT_THAT(requests[0], HasSubstr(R"("name":"W")"));
  EXPECT_THAT(requests[0], HasSubstr(R"("name":"m")"));
}

TEST_F(Export, SendsWhatIsLeftWhenItEnds) {
  Collector collector({200});
  ExporterOptions patient = options(collector);
  patient.batch_delay = std::chrono::hours(1);
  {
    const Exporter exporter(patient, no_history);
    tell(exporter, 1, begin());
    tell(exporter, 1, finish());
  }
  EXPECT_EQ(collector.requests(1).size(), 1u);
}

TEST_F(Export, ReadsTheBeginningOfAnExecutionItHasNotSeen) {
  Collector collector({200});
  Exporter exporter(options(collector), [](const runtime::ExecutionId& id) {
    EXPECT_EQ(id, runtime::id_of_execution(arn(1)));
    ExecutionFacts read;
    for (const auto& each : begin()) read.facts.push_back(fact_of(each));
    return read;
  });
  tell(exporter, 1, finish());
  const auto requests = collector.requests(1);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_THAT(requests[0], HasSubstr(R"("startTimeUnixNano":"1002000000")"));
}

TEST_F(Export, TriesAgainWhereThatHelps) {
  Collector collector({503, 429, 200});
  Exporter exporter(options(collector), no_history);
  tell(exporter, 1, begin());
  tell(exporter, 1, finish());
  const auto requests = collector.requests(3);
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0], requests[2]);
}

TEST_F(Export, CountsWhatACollectorRefuses) {
  Collector collector({400});
  Exporter::Counters counters;
  {
    Exporter exporter(options(collector), no_history);
    tell(exporter, 1, begin());
    tell(exporter, 1, finish());
    ASSERT_EQ(collector.requests(1).size(), 1u);
    tell(exporter, 2, begin());
    tell(exporter, 2, finish());
    // The first batch has been counted when the second one comes.
    ASSERT_EQ(collector.requests(2).size(), 2u);
    counters = exporter.counters();
  }
  EXPECT_GE(counters.spans_dropped, 2u);
  EXPECT_EQ(counters.spans_exported, 0u);
}

TEST_F(Export, DropsWhatASlowCollectorLeavesNoRoomFor) {
  Collector collector({200});
  collector.hold();
  ExporterOptions small = options(collector);
  small.facts_waiting_max = 10;
  Exporter exporter(small, no_history);
  tell(exporter, 0, begin());
  tell(exporter, 0, finish());
  ASSERT_EQ(collector.requests(1).size(), 1u);  // the exporter waits for its answer
  for (int i = 1; i <= 100; ++i) {
    tell(exporter, i, begin());
    tell(exporter, i, finish());
  }
  EXPECT_EQ(exporter.counters().facts_dropped, 400u - 10u);
  collector.release();
  const auto requests = collector.requests(2);
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_THAT(requests[1], HasSubstr(arn(2) + "\""));
  EXPECT_THAT(requests[1], Not(HasSubstr(arn(4) + "\"")));
}

}  // namespace
}  // namespace pawl::telemetry
