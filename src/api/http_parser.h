// Reads HTTP/1.0 and HTTP/1.1 requests out of a stream of bytes (RFC 9112), one after the other.
// What could be read in two ways is refused: two lengths, a length and a transfer coding, a coding
// other than chunked, a field twice that says who or where. No sockets; not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/http_message.h"
#include "base/result.h"

namespace pawl::api {

struct HttpError {
  int status = 400;
  std::string message;
};

struct ParserLimits {
  std::size_t head_bytes_max = 64 * 1024;
  std::size_t fields_max = 256;
};

class RequestParser {
 public:
  enum class Progress {
    kNeedMore,  // consumed what it could; give it more, with the rest in front
    kHead,      // the head is complete: call accept_body() before going on
    kComplete,  // take() the request
  };
  struct Step {
    Progress progress;
    std::size_t consumed;  // bytes not to be given again
  };

  explicit RequestParser(ParserLimits limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // `bytes` begins where the last Step ended. After an error, or kComplete without take(), the
  // parser is of no more use.
  Result<Step, HttpError> parse(std::string_view bytes);

  // Valid from kHead on.
  const HttpRequest& request() const;
  bool keep_alive() const;
  bool expects_continue() const;
  // The length the head announces; nothing for a chunked body.
  std::optional<std::size_t> content_length() const;
  bool has_body() const;
  // Allows a body of so many bytes; an error when the head announces more.
  Result<void, HttpError> accept_body(std::size_t body_bytes_max);

  // Hands over what has come of the body since: for bodies that are not gathered.
  std::string take_body();

  // Some bytes of a request have come, but not all.
  bool in_request() const;
  std::size_t body_bytes() const;

  // Hands the request over and makes ready for the next one.
  HttpRequest take();

 private:
  class Adapter;
  const ParserLimits limits_;
  std::unique_ptr<Adapter> adapter_;
};

}  // namespace pawl::api
