// For tests: a server on loopback with operations made for the occasion, and a client that sends
// bytes as they are.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/server.h"
#include "base/ensure.h"
#include "base/still_clock.h"

namespace pawl::api::testing {

// Every operation of the tables answers with what it was called with.
inline void add_echoes(runtime::Operations& operations, const ServiceModel& model) {
  for (const OperationModel& row : model.operations()) {
    operations.add(model.wire().signing_name, row.name,
                   [](const runtime::Call& call, runtime::Reply reply) { reply(call.input); });
  }
}

class TestServer {
 public:
  using Prepare = std::function<void(runtime::Operations&, ServerOptions&)>;

  explicit TestServer(const Prepare& prepare = {}) {
    ServerOptions options;
    options.port = 0;
    if (prepare) prepare(operations_, options);
    server_ = std::make_unique<Server>(operations_, clock_, [] { return Health{}; }, options);
    const auto started = server_->start();
    ENSURE(started.ok(), started.error().message);
  }

  std::uint16_t port() const { return server_->port(); }
  void stop() { server_->stop(); }

 private:
  StillClock clock_;
  runtime::Operations operations_;
  std::unique_ptr<Server> server_;
};

struct Response {
  int status = 0;
  std::string head;
  std::string body;

  // The value of a header field (as spelled by the server), or empty.
  std::string field(std::string_view name) const {
    const std::string start = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(start);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + start.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

// A socket that never waits longer than ten seconds.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ENSURE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  // Reads one response; nothing when the connection ended, or nothing came.
  std::optional<Response> receive() {
    std::size_t head_end;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_some()) return std::nullopt;
    }
    Response response;
    response.head = buffer_.substr(0, head_end + 2);
    response.status = std::stoi(response.head.substr(9, 3));
    const std::string length = response.field("Content-Length");
    const std::size_t body_bytes = length.empty() ? 0 : std::stoul(length);
    while (buffer_.size() < head_end + 4 + body_bytes) {
      if (!read_some()) return std::nullopt;
    }
    response.body = buffer_.substr(head_end + 4, body_bytes);
    buffer_.erase(0, head_end + 4 + body_bytes);
    return response;
  }

  // Reads on until `text` is among what is no part of a response received; false when the
  // connection ended, or nothing came.
  bool receives(std::string_view text) {
    while (buffer_.find(text) == std::string::npos) {
      if (!read_some()) return false;
    }
    return true;
  }

  // What has been read and is no part of a response received.
  const std::string& unread() const { return buffer_; }

  // Whether the server has closed its side, once all it sent is read.
  bool is_closed_by_server() {
    while (read_some()) {
    }
    return ended_;
  }

 private:
  bool read_some() {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, 10'000) != 1) return false;
    char bytes[65'536];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  std::string buffer_;
  bool ended_ = false;
};

// An Authorization field that names a caller; its signature is of nobody.
inline std::string authorization(std::string_view service, std::string_view key = "test") {
  return "Authorization: AWS4-HMAC-SHA256 Credential=" + std::string(key) + "/20261121/eu-west-1/" +
         std::string(service) +
         "/aws4_request, SignedHeaders=host;x-amz-date, Signature=00\r\n"
         "X-Amz-Date: 20261121T120000Z\r\n";
}

// A json-1.0 request for Step Functions.
inline std::string states_request(std::string_view operation, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n" +
         authorization("states") + "X-Amz-Target: AWSStepFunctions." + std::string(operation) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string lambda_request(std::string_view method, std::string_view path,
                                  std::string_view body, std::string_view fields = "") {
  return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" +
         authorization("lambda") + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// One request on a connection of its own.
inline Response exchange(std::uint16_t port, std::string_view request) {
  RawClient client(port);
  client.send(request);
  return client.receive().value_or(Response{});
}

}  // namespace pawl::api::testing
