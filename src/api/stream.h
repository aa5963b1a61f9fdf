// The bytes of a connection, plain or under TLS. Includes Asio: only connection.h includes it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <utility>

namespace pawl::api {

// A plain connection costs one test of a pointer a call. All functions run on the worker's thread.
class Stream {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  // `tls` is nullptr for a plain stream, else outlives it.
  Stream(Socket socket, boost::asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls != nullptr) tls_ = std::make_unique<boost::asio::ssl::stream<Socket&>>(socket_, *tls);
  }

  bool is_tls() const { return tls_ != nullptr; }
  Socket& socket() { return socket_; }

  // Of a TLS stream, before anything is read. done(error)
  template <class Done>
  void async_handshake(Done&& done) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Done>(done));
  }

  template <class Buffers, class Done>
  void async_read_some(const Buffers& buffers, Done&& done) {
    if (tls_ && !ended_) return tls_->async_read_some(buffers, std::forward<Done>(done));
    socket_.async_read_some(buffers, std::forward<Done>(done));
  }

  template <class Buffers, class Done>
  void async_write_some(const Buffers& buffers, Done&& done) {
    if (tls_) return tls_->async_write_some(buffers, std::forward<Done>(done));
    socket_.async_write_some(buffers, std::forward<Done>(done));
  }

  // Ends our side: the client sees the end of what was sent. done() comes at once for a plain
  // stream; what is read after it are the client's bytes as they come, of no meaning.
  template <class Done>
  void async_end(Done done) {
    if (!tls_) {
      shut_down();
      return done();
    }
    tls_->async_shutdown([this, done = std::move(done)](const boost::system::error_code&) {
      ended_ = true;
      shut_down();
      done();
    });
  }

  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  void shut_down() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  Socket socket_;
  std::unique_ptr<boost::asio::ssl::stream<Socket&>> tls_;
  bool ended_ = false;
};

}  // namespace pawl::api
