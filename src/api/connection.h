// One client's connection, and the thread it lives on. Includes Asio: only connection.cc, worker.cc
// and server.cc include this file.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "api/http_parser.h"
#include "api/mailbox.h"
#include "api/outbox.h"
#include "api/server.h"
#include "api/stream.h"
#include "base/rng.h"

namespace pawl::api {

using Instant = std::chrono::steady_clock::time_point;

class Worker;

// Reads requests one after the other; the next one is handed on when the last one is answered, so
// pipelined answers keep their order. All functions run on the worker's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Worker& worker, boost::asio::ip::tcp::socket socket, std::uint64_t id);
  ~Connection();

  void start();
  void on_answer(Answer& answer);
  // Lets the request that is open finish, then closes.
  void drain();
  // Closes what has waited too long.
  void check_deadline(Instant now);
  void close();

 private:
  enum class Phase {
    kHandshake,  // of TLS
    kIdle,       // between requests
    kHead,       // part of a head has come
    kBody,       // part of a body has come
    kWaiting,    // a request is with the handler
    kSending,    // an answer's body is being read and written
    kClosing,    // the last bytes are being written
    kLingering,  // all is written; reads what the client still sends, so that it sees our answer
    kClosed,
  };

  void shake_hands();
  void process();
  bool process_step();
  void accept_head();
  void say_continue();
  void read_more();
  void dispatch();
  void watch_client();
  void withdraw();
  void refuse(const HttpError& error);
  void refuse(HttpResponse response);
  void send(HttpResponse response);
  void end_response();
  void finish_writing();
  bool open_object(const HttpRequest& head);
  void pass_on_body();
  void on_piece(Piece piece);
  void fetch();
  bool reserve_body(std::size_t bytes);
  void release_body();
  void enter(Phase phase, std::chrono::milliseconds patience);

  void read();
  void on_read(std::size_t bytes);
  void write();
  void on_written(std::size_t bytes);

  Worker& worker_;
  Stream stream_;
  const std::uint64_t id_;
  std::string peer_;  // the client's address
  RequestParser parser_;
  std::string input_;  // read, from input_begin_ on not yet parsed
  std::size_t input_begin_ = 0;
  std::size_t input_end_ = 0;
  Outbox outbox_;
  Phase phase_ = Phase::kIdle;
  Instant deadline_;
  Instant write_deadline_;
  Instant body_began_;
  std::uint64_t request_number_ = 0;
  runtime::Withdraw withdraw_;  // of the request that waits, when it can be withdrawn
  std::size_t body_reserved_ = 0;
  // A body that is handed on as it comes, and how much of it is still in memory.
  std::shared_ptr<ObjectRequest> object_;
  std::size_t object_bytes_ = 0;
  // An answer's body that is written as it is read.
  std::shared_ptr<runtime::BodySource> source_;
  std::uint64_t source_left_ = 0;
  bool fetching_ = false;
  bool endless_ = false;  // that body has no end: it goes on until one side closes
  AfterResponse after_response_ = AfterResponse::kKeepAlive;
  HttpResponse::Content content_ = HttpResponse::Content::kSent;
  bool draining_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool processing_ = false;
  bool ending_ = false;       // our side is being ended
  bool client_done_ = false;  // the client has closed its side
};

// A thread with its loop, its connections and their mailbox.
class Worker {
 public:
  Worker(const RequestHandler& handler, const Clock& clock, const ServerLimits& limits,
         std::shared_ptr<Counters> counters, boost::asio::ssl::context* tls);
  ~Worker();

  void start();
  // Takes over a socket made for context(); any thread.
  void adopt(boost::asio::ip::tcp::socket socket);
  // Lets open requests finish and ends the loop when the last one has; any thread.
  void drain();
  // Waits until then for the loop to end, then ends it, and joins the thread.
  // Whether the loop has ended, waiting for it until then.
  bool ended_by(Instant deadline);
  void stop(Instant deadline);

  boost::asio::io_context& context() { return context_; }
  const RequestHandler& handler() const { return handler_; }
  const ServerLimits& limits() const { return limits_; }
  boost::asio::ssl::context* tls() const { return tls_; }  // nullptr: plain HTTP
  Counters& counters() { return *counters_; }

  // For the worker's own connections.
  std::shared_ptr<Ticket> make_ticket(std::uint64_t connection, std::uint64_t request);
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  std::string make_request_id();
  std::string_view date();
  void forget(std::uint64_t connection);

 private:
  void deliver();
  void schedule_sweep();
  void sweep();
  void end_when_drained();

  const RequestHandler& handler_;
  const Clock& clock_;
  const ServerLimits& limits_;
  const std::shared_ptr<Counters> counters_;
  boost::asio::ssl::context* const tls_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer sweep_timer_;
  const std::shared_ptr<Mailbox> mailbox_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
  std::uint64_t next_connection_ = 0;
  bool draining_ = false;
  SystemRng rng_;
  std::int64_t date_seconds_ = -1;
  std::string date_;
  std::thread thread_;
  std::future<void> ended_;
};

}  // namespace pawl::api
