// Binding, accepting, stopping.
#include "api/server.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <vector>

#include "api/connection.h"
#include "api/tls.h"
#include "base/ensure.h"

namespace pawl::api {

namespace asio = boost::asio;

namespace {

constexpr int kBacklog = 1'024;
constexpr std::chrono::milliseconds kAcceptPause{50};

// Said without reading: there is no room for a connection that asks politely.
constexpr std::string_view kTooManyConnections =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/x-amz-json-1.0\r\n"
    "Content-Length: 76\r\nConnection: close\r\n\r\n"
    R"({"__type":"ThrottlingException","message":"Rate exceeded: many connections"})";

}  // namespace

// What exists between start() and stop().
class Server::Running {
 public:
  Running(const runtime::Operations& operations, const Clock& clock, HealthCheck health,
          const ServerOptions& options, std::unique_ptr<asio::ssl::context> tls)
      : limits_(options.limits),
        tls_(std::move(tls)),
        handler_(operations, clock, std::move(health), options.handler),
        counters_(std::make_shared<Counters>()),
        give_up_(options.give_up) {
    for (int i = 0; i < options.threads; ++i) {
      workers_.push_back(std::make_unique<Worker>(handler_, clock, limits_, counters_, tls_.get()));
    }
    acceptor_.emplace(workers_.front()->context());
    pause_.emplace(workers_.front()->context());
  }

  Result<void, ServerError> listen(const asio::ip::tcp::endpoint& endpoint) {
    boost::system::error_code error;
    const auto failed = [&](const char* step) {
      return Err{ServerError{std::string("cannot ") + step + " " + endpoint.address().to_string() +
                             ":" + std::to_string(endpoint.port()) + ": " + error.message()}};
    };
    acceptor_->open(endpoint.protocol(), error);
    if (error) return failed("open a socket for");
    acceptor_->set_option(asio::ip::tcp::acceptor::reuse_address(true), error);
    acceptor_->bind(endpoint, error);
    if (error) return failed("bind");
    acceptor_->listen(kBacklog, error);
    if (error) return failed("listen on");
    port_ = acceptor_->local_endpoint(error).port();
    accept();
    for (const auto& worker : workers_) worker->start();
    return {};
  }

  void stop() {
    asio::post(workers_.front()->context(), [this] {
      boost::system::error_code ignored;
      acceptor_->close(ignored);
      pause_->cancel();
    });
    for (const auto& worker : workers_) worker->drain();
    const Instant deadline = std::chrono::steady_clock::now() + limits_.drain_timeout;
    const Instant patience = deadline - limits_.give_up_before;
    bool all_answered = true;
    for (const auto& worker : workers_) all_answered = worker->ended_by(patience) && all_answered;
    if (!all_answered && give_up_) give_up_();
    for (const auto& worker : workers_) worker->stop(deadline);
    // Sockets handed to another worker's context go before any context does.
    acceptor_.reset();
    pause_.reset();
  }

  std::uint16_t port() const { return port_; }

 private:
  void accept() {
    Worker& worker = *workers_[next_worker_++ % workers_.size()];
    acceptor_->async_accept(
        worker.context(),
        [this, &worker](const boost::system::error_code& error, asio::ip::tcp::socket socket) {
          if (error == asio::error::operation_aborted || !acceptor_->is_open()) return;
          if (error) return accept_later();
          take(worker, std::move(socket));
          accept();
        });
  }

  // Out of file descriptors, most likely: trying again at once would only burn the processor.
  void accept_later() {
    pause_->expires_after(kAcceptPause);
    pause_->async_wait([this](const boost::system::error_code& error) {
      if (!error) accept();
    });
  }

  void take(Worker& worker, asio::ip::tcp::socket socket) {
    if (++counters_->connections <= limits_.connections_max) return worker.adopt(std::move(socket));
    --counters_->connections;
    if (tls_) return;  // nothing can be said before a handshake, and that costs more than closing
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kTooManyConnections.data(), kTooManyConnections.size()),
                      ignored);
  }

  const ServerLimits limits_;
  const std::unique_ptr<asio::ssl::context> tls_;  // nullptr: plain HTTP
  const RequestHandler handler_;
  const std::shared_ptr<Counters> counters_;
  const std::function<void()> give_up_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<asio::ip::tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> pause_;
  std::size_t next_worker_ = 0;
  std::uint16_t port_ = 0;
};

Server::Server(const runtime::Operations& operations, const Clock& clock, HealthCheck health,
               ServerOptions options)
    : operations_(operations),
      clock_(clock),
      health_(std::move(health)),
      options_(std::move(options)) {
  ENSURE(options_.threads > 0, options_.threads);
}

Server::~Server() { stop(); }

Result<void, ServerError> Server::start() {
  ENSURE(running_ == nullptr);
  const std::string host = options_.host == "localhost" ? "127.0.0.1" : options_.host;
  boost::system::error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error) return Err{ServerError{"'" + options_.host + "' is not an IP address"}};
  if (!address.is_loopback() && !options_.handler.credentials) {
    return Err{ServerError{"listening on " + host +
                           " needs credentials: without them anyone who "
                           "reaches this address could run workflows"}};
  }
  ServerOptions options = options_;
  options.handler.host_check = options.handler.credentials ? BrowserGuard::HostCheck::kNone
                                                           : BrowserGuard::HostCheck::kLoopback;
  std::unique_ptr<asio::ssl::context> tls;
  if (options.tls) tls = TRY(make_tls_context(*options.tls));
  auto running = std::make_unique<Running>(operations_, clock_, health_, options, std::move(tls));
  TRY(running->listen({address, options_.port}));
  running_ = std::move(running);
  return {};
}

void Server::stop() {
  if (running_ == nullptr) return;
  running_->stop();
  running_.reset();
}

std::uint16_t Server::port() const {
  ENSURE(running_ != nullptr);
  return running_->port();
}

}  // namespace pawl::api
