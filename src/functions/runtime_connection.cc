#include "functions/runtime_connection.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <iterator>

#include "base/http_status.h"

namespace pawl::functions {
namespace {

constexpr std::string_view kPrefix = "/2018-06-01/runtime/";
constexpr std::string_view kInvocation = "invocation/";
// More than a socket holds: who wrote before the end is heard, who still writes is not waited for.
constexpr int kLastReadsMax = 64;

RuntimeRequest::Kind kind_of(std::string_view action) {
  if (action == "response") return RuntimeRequest::Kind::kResponse;
  if (action == "error") return RuntimeRequest::Kind::kError;
  return RuntimeRequest::Kind::kUnknown;
}

RuntimeRequest route(HttpRequest request) {
  RuntimeRequest routed;
  std::string_view path = request.path;
  if (!path.starts_with(kPrefix)) return routed;
  path.remove_prefix(kPrefix.size());
  if (request.method == "GET" && path == "invocation/next") {
    routed.kind = RuntimeRequest::Kind::kNext;
  } else if (request.method == "POST" && path == "init/error") {
    routed.kind = RuntimeRequest::Kind::kInitError;
  } else if (request.method == "POST" && path.starts_with(kInvocation)) {
    path.remove_prefix(kInvocation.size());
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return routed;
    routed.request_id = path.substr(0, slash);
    routed.kind = kind_of(path.substr(slash + 1));
  }
  routed.error_type = std::move(request.error_type);
  routed.body = std::move(request.body);
  routed.body_too_large = request.body_too_large;
  return routed;
}

}  // namespace

RuntimeConnection::RuntimeConnection(Loop& loop, FileDescriptor socket, Owner& owner)
    : loop_(loop), socket_(std::move(socket)), owner_(owner), reader_(kResponseBytesMax) {
  loop_.watch(socket_.get(), EPOLLIN, [this](std::uint32_t events) { on_ready(events); });
}

RuntimeConnection::~RuntimeConnection() { loop_.forget(socket_.get()); }

void RuntimeConnection::reply(int status, std::string_view body) {
  if (payload_) {
    out_.append(payload_->text());
    payload_.reset();
  }
  fmt::format_to(std::back_inserter(out_),
                 "HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                 status, reason_phrase(status), body.size(), body);
}

void RuntimeConnection::send(std::string_view head, const json::Value& payload) {
  waiting_ = false;
  out_.append(head);
  payload_ = payload;
  flush();
}

void RuntimeConnection::on_ready(std::uint32_t epoll_events) {
  if (closed_) return;
  if ((epoll_events & EPOLLOUT) != 0) flush();
  if ((epoll_events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read_some();
}

void RuntimeConnection::hear_out() {
  for (int reads = 0; !closed_ && reads < kLastReadsMax && read_some(); ++reads) {
  }
}

bool RuntimeConnection::read_some() {
  std::vector<char>& scratch = loop_.scratch();
  const ssize_t count = read(socket_.get(), scratch.data(), scratch.size());
  if (count < 0 && errno == EINTR) return true;
  if (count < 0 && errno == EAGAIN) return false;
  if (count <= 0) {
    closed();
    return false;
  }
  reader_.feed({scratch.data(), static_cast<std::size_t>(count)});
  while (auto request = reader_.next()) {
    owner_.on_request(*this, route(std::move(*request)));
    if (closed_) return false;
  }
  if (reader_.broken()) {
    closed();
    return false;
  }
  if (reader_.take_expects_continue()) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
  if (!waiting_) flush();
  return true;
}

void RuntimeConnection::flush() {
  while (!closed_) {
    const std::string_view payload = payload_ ? payload_->text() : std::string_view();
    const std::size_t total = out_.size() + payload.size();
    if (sent_ == total) break;
    iovec parts[2];
    std::size_t count = 0;
    if (sent_ < out_.size()) parts[count++] = {out_.data() + sent_, out_.size() - sent_};
    const std::size_t skipped = sent_ > out_.size() ? sent_ - out_.size() : 0;
    if (skipped < payload.size()) {
      parts[count++] = {const_cast<char*>(payload.data()) + skipped, payload.size() - skipped};
    }
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = count;
    const ssize_t sent = sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) return closed();
    if (sent < 0) {
      if (!wants_write_) loop_.change(socket_.get(), EPOLLIN | EPOLLOUT);
      wants_write_ = true;
      return;
    }
    sent_ += static_cast<std::size_t>(sent);
  }
  out_.clear();
  payload_.reset();
  sent_ = 0;
  if (wants_write_ && !closed_) loop_.change(socket_.get(), EPOLLIN);
  wants_write_ = false;
}

void RuntimeConnection::closed() {
  if (closed_) return;
  closed_ = true;
  waiting_ = false;
  loop_.forget(socket_.get());
  owner_.on_closed(*this);
}

}  // namespace pawl::functions
