// HTTP/1.1 requests as clients of the Runtime API send them (RFC 9112): keep-alive, pipelined, with
// a length or chunked. Other people's programs sit at the other end, so everything is bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::functions {

struct HttpRequest {
  std::string method;
  std::string path;
  std::string error_type;  // Lambda-Runtime-Function-Error-Type
  std::string body;        // cut at the reader's limit
  bool body_too_large = false;
  bool close = false;  // Connection: close
};

class HttpRequestReader {
 public:
  explicit HttpRequestReader(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  // Takes bytes as they arrive.
  void feed(std::string_view bytes);
  // The next complete request, or none yet.
  std::optional<HttpRequest> next();
  // The bytes are no HTTP: the connection is of no more use.
  bool broken() const { return broken_; }
  // The client waits for "100 Continue" before it sends the body. True once a request.
  bool take_expects_continue();
  // How many body bytes are known to be missing: what a read may ask for.
  std::size_t wanted() const { return state_ == State::kBody ? left_ : 0; }

 private:
  enum class State { kHead, kBody, kChunkSize, kChunkData, kChunkEnd, kTrailer, kDone };

  // Each answers false when it needs more bytes.
  bool step();
  bool read_head();
  bool read_body();
  bool read_chunk_size();
  bool read_chunk_end();
  bool read_trailer();
  bool take_line(std::string_view& line);
  void read_request_line(std::string_view line);
  void read_header(std::string_view line);
  void keep(std::string_view bytes);
  std::string_view rest() const { return std::string_view(buffer_).substr(used_); }
  bool fail();

  std::size_t body_bytes_max_;
  std::string buffer_;
  std::size_t used_ = 0;  // bytes of buffer_ that are read
  State state_ = State::kHead;
  HttpRequest request_;
  std::size_t left_ = 0;  // of the body or the chunk
  bool chunked_ = false;
  bool expects_continue_ = false;
  bool broken_ = false;
};

}  // namespace pawl::functions
