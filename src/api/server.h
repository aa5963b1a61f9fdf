// The server: one port, all protocols. Owns its threads and connections; the requests' work is
// RequestHandler's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "api/http_parser.h"
#include "api/request_handler.h"
#include "base/clock.h"
#include "base/result.h"
#include "runtime/operations.h"

namespace pawl::api {

// What clients may take of the server's memory and patience.
struct ServerLimits {
  ParserLimits head;
  std::size_t body_bytes_max = 16u << 20;
  std::size_t upload_bytes_max = 70'167'211;  // Lambda's limit for code in a request
  std::size_t object_bytes_max = (5ull << 30) + (64u << 20);  // of S3, with room for its framing
  std::size_t connections_max = 8'192;
  // Beyond these a request is answered with ThrottlingException, "Rate exceeded".
  std::size_t requests_in_flight_max = 4'096;           // handed to a service, not yet answered
  std::size_t body_bytes_in_flight_max = 512u << 20;    // bodies being read or worked on
  std::chrono::milliseconds idle_timeout{120'000};      // between requests
  std::chrono::milliseconds handshake_timeout{15'000};  // of TLS
  std::chrono::milliseconds head_timeout{15'000};       // from a head's first byte to its last
  std::chrono::milliseconds body_timeout{30'000};  // without progress; see body_bytes_per_second
  std::size_t body_bytes_per_second_min = 1'024;
  std::chrono::milliseconds write_timeout{30'000};  // without progress
  std::chrono::milliseconds drain_timeout{10'000};  // stop() waits so long for open requests
  std::chrono::milliseconds give_up_before{1'000};  // that; see ServerOptions::give_up
};

// PEM files: the certificate with the chain that leads to its authority, and its private key.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // a numeric address
  std::uint16_t port = 4566;       // 0 picks one
  int threads = 2;
  std::optional<TlsFiles> tls;  // nothing: plain HTTP
  ServerLimits limits;
  // host_check is set by start().
  HandlerOptions handler;
  // Called by stop() when requests are still open at the end of its patience: those that wait for
  // something far away are to be answered now.
  std::function<void()> give_up{};
};

struct ServerError {
  std::string message;
};

class Server {
 public:
  // `operations` and `clock` outlive the server. Replies may come after stop(): they are dropped.
  Server(const runtime::Operations& operations, const Clock& clock, HealthCheck health,
         ServerOptions options);
  // Stops first.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds and serves on its own threads. Without credentials only loopback addresses are served.
  Result<void, ServerError> start();
  // Accepts nothing more, lets open requests finish within the drain timeout, joins the threads.
  void stop();
  // The port bound; valid between start() and stop().
  std::uint16_t port() const;

 private:
  class Running;
  const runtime::Operations& operations_;
  const Clock& clock_;
  HealthCheck health_;
  ServerOptions options_;
  std::unique_ptr<Running> running_;
};

}  // namespace pawl::api
