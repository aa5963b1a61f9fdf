// A server thread: its loop, deadlines and incoming answers.
#include <algorithm>
#include <boost/asio/post.hpp>

#include "api/connection.h"
#include "api/errors.h"
#include "api/protocol.h"
#include "base/utc_text.h"

namespace pawl::api {

namespace {

namespace asio = boost::asio;

// Deadlines are looked at a few times within the shortest of them.
std::chrono::milliseconds sweep_interval(const ServerLimits& limits) {
  const auto shortest = std::min({limits.idle_timeout, limits.handshake_timeout,
                                  limits.head_timeout, limits.body_timeout, limits.write_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

}  // namespace

Worker::Worker(const RequestHandler& handler, const Clock& clock, const ServerLimits& limits,
               std::shared_ptr<Counters> counters, asio::ssl::context* tls)
    : handler_(handler),
      clock_(clock),
      limits_(limits),
      counters_(std::move(counters)),
      tls_(tls),
      work_(context_.get_executor()),
      sweep_timer_(context_),
      mailbox_(std::make_shared<Mailbox>([this] { asio::post(context_, [this] { deliver(); }); })) {
}

Worker::~Worker() { mailbox_->close(); }

void Worker::start() {
  schedule_sweep();
  std::packaged_task<void()> loop([this] { context_.run(); });
  ended_ = loop.get_future();
  thread_ = std::thread(std::move(loop));
}

bool Worker::ended_by(Instant deadline) {
  return !thread_.joinable() || ended_.wait_until(deadline) == std::future_status::ready;
}

void Worker::stop(Instant deadline) {
  if (!thread_.joinable()) return;
  ended_.wait_until(deadline);
  context_.stop();
  thread_.join();
  mailbox_->close();
}

void Worker::adopt(asio::ip::tcp::socket socket) {
  asio::post(context_, [this, socket = std::move(socket)]() mutable {
    if (draining_) {
      --counters_->connections;
      return;
    }
    const std::uint64_t id = ++next_connection_;
    const auto connection = std::make_shared<Connection>(*this, std::move(socket), id);
    connections_.emplace(id, connection);
    connection->start();
  });
}

void Worker::drain() {
  asio::post(context_, [this] {
    draining_ = true;
    std::vector<std::shared_ptr<Connection>> open;
    for (const auto& [id, connection] : connections_) open.push_back(connection);
    for (const auto& connection : open) connection->drain();
    end_when_drained();
  });
}

void Worker::end_when_drained() {
  if (!draining_ || !connections_.empty()) return;
  sweep_timer_.cancel();
  work_.reset();
}

void Worker::forget(std::uint64_t connection) {
  if (connections_.erase(connection) == 0) return;
  --counters_->connections;
  end_when_drained();
}

void Worker::deliver() {
  for (Answer& answer : mailbox_->take()) {
    const auto found = connections_.find(answer.connection);
    if (found == connections_.end()) continue;
    const std::shared_ptr<Connection> connection = found->second;
    connection->on_answer(answer);
  }
}

void Worker::schedule_sweep() {
  sweep_timer_.expires_after(sweep_interval(limits_));
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

void Worker::sweep() {
  const Instant now = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<Connection>> open;
  open.reserve(connections_.size());
  for (const auto& [id, connection] : connections_) open.push_back(connection);
  for (const auto& connection : open) connection->check_deadline(now);
  if (!draining_ || !connections_.empty()) schedule_sweep();
}

std::shared_ptr<Ticket> Worker::make_ticket(std::uint64_t connection, std::uint64_t request) {
  const auto dropped = [] {
    HttpResponse response = write_error(Protocol::kJson10, nullptr, internal_failure(), "");
    return response;
  };
  return std::make_shared<Ticket>(mailbox_, counters_, connection, request, dropped);
}

std::string Worker::make_request_id() { return make_uuid(rng_); }

std::string_view Worker::date() {
  const std::int64_t seconds = clock_.wall_now() / 1000;
  if (seconds != date_seconds_) {
    date_seconds_ = seconds;
    date_ = http_time(seconds * 1000);
  }
  return date_;
}

}  // namespace pawl::api
