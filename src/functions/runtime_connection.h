// One connection of the Lambda Runtime API: an environment's inherited socket or a TCP connection.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "functions/http_request.h"
#include "functions/loop.h"
#include "json/value.h"

namespace pawl::functions {

// A response to Invoke may have this many bytes (AWS's figure).
inline constexpr std::size_t kResponseBytesMax = 6'291'556;

struct RuntimeRequest {
  enum class Kind { kNext, kResponse, kError, kInitError, kUnknown };
  Kind kind = Kind::kUnknown;
  std::string request_id;
  std::string error_type;
  std::string body;
  bool body_too_large = false;
};

class RuntimeConnection {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_request(RuntimeConnection& connection, RuntimeRequest request) = 0;
    // The other side has gone or talks nonsense. The owner may destroy the connection later, not
    // from here.
    virtual void on_closed(RuntimeConnection& connection) = 0;
  };

  // Takes a connected, non-blocking socket.
  RuntimeConnection(Loop& loop, FileDescriptor socket, Owner& owner);
  ~RuntimeConnection();
  RuntimeConnection(const RuntimeConnection&) = delete;
  RuntimeConnection& operator=(const RuntimeConnection&) = delete;

  // Answers one request.
  void reply(int status, std::string_view body);
  // The request for the next invocation stays unanswered until `send`; what is queued before it
  // waits too, so that an acknowledgement and the next invocation wake the client once.
  void wait_for_invocation() { waiting_ = true; }
  bool waiting() const { return waiting_; }
  // `head`: the response's lines up to and with the blank one.
  void send(std::string_view head, const json::Value& payload);
  // Hears all that has arrived; for when the other side has ended and will say no more.
  void hear_out();

 private:
  void on_ready(std::uint32_t epoll_events);
  // False when nothing more has arrived.
  bool read_some();
  void flush();
  void closed();

  Loop& loop_;
  FileDescriptor socket_;
  Owner& owner_;
  HttpRequestReader reader_;
  std::string out_;  // to send, before payload_
  std::optional<json::Value> payload_;
  std::size_t sent_ = 0;  // of both
  bool waiting_ = false;
  bool wants_write_ = false;
  bool closed_ = false;
};

}  // namespace pawl::functions
