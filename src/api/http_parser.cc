// Beast's incremental parser behind our interface. The only file that includes Beast.
#include "api/http_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <utility>

#include "base/ensure.h"

namespace pawl::api {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view view(string_view text) { return {text.data(), text.size()}; }

bool equal_ignoring_case(std::string_view left, std::string_view lower) {
  if (left.size() != lower.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const char byte = left[i];
    const bool upper = byte >= 'A' && byte <= 'Z';
    if ((upper ? static_cast<char>(byte + ('a' - 'A')) : byte) != lower[i]) return false;
  }
  return true;
}

HttpError to_http_error(const error_code& error) {
  if (error == http::error::header_limit) return {431, "Request head is too large"};
  if (error == http::error::body_limit) return {413, "Request body is too large"};
  if (error == http::error::bad_version) return {505, "Only HTTP/1.0 and HTTP/1.1 are spoken"};
  return {400, "Malformed HTTP request: " + error.message()};
}

// Fields that decide where a request goes or who sends it: two of them could be read differently
// by a proxy in front of us.
constexpr std::string_view kSingleFields[] = {
    "host",   "authorization",        "content-type",      "x-amz-target",        "x-amz-date",
    "origin", "x-amz-content-sha256", "transfer-encoding", "x-amz-security-token"};

std::optional<HttpError> check_head(const HttpRequest& request) {
  for (const std::string_view name : kSingleFields) {
    if (request.headers.count(name) > 1) {
      return HttpError{400, "Header field given twice: " + std::string(name)};
    }
  }
  if (request.minor_version >= 1 && !request.headers.has("host")) {
    return HttpError{400, "Header field missing: host"};
  }
  if (!request.headers.has("transfer-encoding")) return std::nullopt;
  if (request.minor_version == 0) {
    return HttpError{400, "HTTP/1.0 has no transfer codings"};
  }
  if (!equal_ignoring_case(request.headers.value("transfer-encoding"), "chunked")) {
    return HttpError{501, "The only transfer coding spoken is chunked"};
  }
  return std::nullopt;
}

}  // namespace

// Collects what the library reports. Fields after the body (trailers) are read and dropped: RFC
// 9110 section 6.5.1 allows that, and merging them would let a body write header fields.
class RequestParser::Adapter final : public http::basic_parser<true> {
 public:
  explicit Adapter(const ParserLimits& limits) : limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    // The library's own limit counts the announced length before we know which limit holds.
    body_limit(boost::none);
    eager(false);
  }

  HttpRequest request;
  bool head_done = false;
  bool body_accepted = false;
  std::size_t body_bytes_max = 0;
  std::size_t body_taken = 0;  // handed over before the end
  // Bytes of chunk headers and trailers since the last byte of the body.
  std::size_t framing_bytes = 0;
  const ParserLimits& limits_;

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code& error) override {
    head_bytes_ = method.size() + target.size();
    request.method.assign(method.data(), method.size());
    request.target.assign(target.data(), target.size());
    request.minor_version = version - 10;
    if (head_bytes_ > limits_.head_bytes_max) error = http::error::header_limit;
  }

  void on_response_impl(int, string_view, int, error_code& error) override {
    error = http::error::bad_method;
  }

  void on_field_impl(http::field, string_view name, string_view value, error_code& error) override {
    // The library limits one read's bytes; a head that comes in pieces is counted here.
    head_bytes_ += name.size() + value.size() + 4;
    if (head_bytes_ > limits_.head_bytes_max || ++fields_ > limits_.fields_max) {
      error = http::error::header_limit;
      return;
    }
    if (!head_done) request.headers.add(view(name), view(value));
  }

  void on_header_impl(error_code&) override { head_done = true; }

  void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override {
    // Trust a small announcement only: the bytes may never come.
    if (length) request.body.reserve(std::min<std::size_t>(*length, 1u << 20));
  }

  std::size_t on_body_impl(string_view bytes, error_code& error) override {
    return append(bytes, error);
  }

  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) override {
    return append(bytes, error);
  }

  void on_finish_impl(error_code&) override {}

  std::size_t append(string_view bytes, error_code& error) {
    if (bytes.size() > body_bytes_max - body_taken - request.body.size()) {
      error = http::error::body_limit;
      return 0;
    }
    framing_bytes = 0;
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  std::size_t head_bytes_ = 0;
  std::size_t fields_ = 0;
};

RequestParser::RequestParser(ParserLimits limits)
    : limits_(limits), adapter_(std::make_unique<Adapter>(limits_)) {}

RequestParser::~RequestParser() = default;

Result<RequestParser::Step, HttpError> RequestParser::parse(std::string_view bytes) {
  Adapter& adapter = *adapter_;
  std::size_t consumed = 0;
  for (;;) {
    if (adapter.is_done()) return Step{Progress::kComplete, consumed};
    if (adapter.head_done && !adapter.body_accepted) return Step{Progress::kHead, consumed};
    const bool had_head = adapter.head_done;
    const std::size_t had_body = adapter.request.body.size();
    // Empty lines before a request line are skipped (RFC 9112 section 2.2).
    while (!adapter.got_some() && bytes.substr(consumed, 2) == "\r\n") consumed += 2;
    const std::string_view rest = bytes.substr(consumed);
    if (rest.empty()) return Step{Progress::kNeedMore, consumed};

    error_code error;
    const std::size_t taken = adapter.put(boost::asio::buffer(rest.data(), rest.size()), error);
    consumed += taken;
    if (error == http::error::need_more) {
      // A chunk header or trailer that never ends would otherwise fill the caller's buffer.
      if (adapter.head_done && rest.size() - taken > limits_.head_bytes_max) {
        return Err{HttpError{431, "Chunk header is too large"}};
      }
      return Step{Progress::kNeedMore, consumed};
    }
    if (error) return Err{to_http_error(error)};
    if (!had_head && adapter.head_done) {
      if (auto refusal = check_head(adapter.request)) return Err{std::move(*refusal)};
    } else if (had_body == adapter.request.body.size()) {
      // Chunks of one byte with long extensions: bound what is read beside the body.
      adapter.framing_bytes += taken;
      if (adapter.framing_bytes > limits_.head_bytes_max) {
        return Err{HttpError{431, "Chunk header is too large"}};
      }
    }
  }
}

const HttpRequest& RequestParser::request() const { return adapter_->request; }

bool RequestParser::keep_alive() const { return adapter_->keep_alive(); }

bool RequestParser::expects_continue() const {
  return adapter_->request.minor_version >= 1 &&
         equal_ignoring_case(adapter_->request.headers.value("expect"), "100-continue");
}

std::optional<std::size_t> RequestParser::content_length() const {
  const auto length = adapter_->content_length();
  if (!length) return std::nullopt;
  return static_cast<std::size_t>(*length);
}

bool RequestParser::has_body() const { return !adapter_->is_done(); }

Result<void, HttpError> RequestParser::accept_body(std::size_t body_bytes_max) {
  ENSURE(adapter_->head_done);
  if (content_length().value_or(0) > body_bytes_max) {
    return Err{HttpError{413, "Request body is too large"}};
  }
  adapter_->body_bytes_max = body_bytes_max;
  adapter_->body_accepted = true;
  return {};
}

bool RequestParser::in_request() const { return adapter_->got_some() && !adapter_->is_done(); }

std::size_t RequestParser::body_bytes() const {
  return adapter_->body_taken + adapter_->request.body.size();
}

std::string RequestParser::take_body() {
  adapter_->body_taken += adapter_->request.body.size();
  return std::exchange(adapter_->request.body, std::string());
}

HttpRequest RequestParser::take() {
  ENSURE(adapter_->is_done());
  HttpRequest request = std::move(adapter_->request);
  adapter_ = std::make_unique<Adapter>(limits_);
  return request;
}

}  // namespace pawl::api
