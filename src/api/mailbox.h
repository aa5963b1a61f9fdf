// Answers on their way from whatever thread made them to the thread of their connection. Outlives
// the thread: what comes late is dropped.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "api/http_message.h"

namespace pawl::api {

// Of a request's body so many bytes are out of memory.
struct Room {
  std::size_t bytes = 0;
};
// The next bytes of an answer's body.
using Piece = Result<std::string, runtime::BodyError>;

struct Answer {
  std::uint64_t connection = 0;
  std::uint64_t request = 0;  // the connection's number of it
  std::variant<HttpResponse, Room, Piece> what;
};

class Mailbox {
 public:
  // `wake` is called, under the mailbox's lock, when the first of some answers comes.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void put(Answer answer);
  std::vector<Answer> take();
  // From now on answers are dropped, and wake() is not called.
  void close();

 private:
  std::mutex mutex_;
  std::function<void()> wake_;  // empty: closed
  std::vector<Answer> answers_;
};

// What the server's threads count together.
struct Counters {
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> requests_in_flight{0};
  std::atomic<std::size_t> body_bytes_in_flight{0};
};

// One request handed to the handler. Answers once; a ticket dropped without an answer answers
// InternalFailure, so that no client waits for ever.
class Ticket {
 public:
  // What the refusal of a dropped request looks like is the connection's business.
  using Dropped = std::function<HttpResponse()>;

  Ticket(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Counters> counters,
         std::uint64_t connection, std::uint64_t request, Dropped dropped);
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  // Any thread. Calls after the first are ignored.
  void answer(HttpResponse response);

  // On the connection's thread, after the handler returned: an answer that came meanwhile on this
  // thread. Later ones go through the mailbox.
  std::optional<HttpResponse> take_direct();

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Counters> counters_;
  const std::uint64_t connection_;
  const std::uint64_t request_;
  const Dropped dropped_;
  const std::thread::id owner_ = std::this_thread::get_id();
  std::atomic<bool> answered_{false};
  // Only the owner's thread touches these two.
  bool direct_ = true;
  std::optional<HttpResponse> direct_response_;
};

}  // namespace pawl::api
