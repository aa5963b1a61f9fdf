// HTTP requests that Pawl makes itself, to other services and collectors: any number of callers,
// one thread, connections that are kept and reused, a limit for everything.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pawl::outgoing {

struct Request {
  std::string method = "POST";
  std::string url;                   // http or https; sent as it is
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  std::chrono::milliseconds timeout{60'000};  // from the first attempt to connect to the last byte
};

struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // The value of the first field of that name (lower case), or empty.
  std::string_view header(std::string_view name) const;
};

struct Failure {
  enum class Kind {
    kUnreachable,  // no connection, no such host, no trust
    kTimedOut,
    kBusy,    // too many requests wait already
    kFailed,  // the connection broke, or the answer was none
  } kind = Kind::kFailed;
  std::string message;  // "Connection refused"
};

struct Limits {
  std::size_t connections_max = 128;
  std::size_t waiting_max = 10'000;  // requests without a connection yet
  std::size_t answer_bytes_max = 16u << 20;
  std::chrono::milliseconds connect_timeout{10'000};
};

class HttpClient {
 public:
  using Outcome = Result<Answer, Failure>;
  // Called once, on the client's thread (kBusy: on the caller's), unless the client ends first.
  using Reply = std::function<void(Outcome)>;

  // `ca_bundle` is a PEM file of the authorities trusted; empty: those of the system.
  HttpClient(Limits limits, std::string ca_bundle);
  // Drops what is under way: a reply not made is never made.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Does not block; any thread.
  void send(Request request, Reply reply);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace pawl::outgoing
