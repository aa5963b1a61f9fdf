#include "functions/http_request.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"

namespace pawl::functions {
namespace {

constexpr std::size_t kHeadBytesMax = 64 << 10;
constexpr std::size_t kLineBytesMax = 8 << 10;
constexpr std::size_t kSizeMax = std::size_t{1} << 40;
constexpr std::string_view kBlanks = " \t";

bool read_number(std::string_view text, int base, std::size_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size() && value < kSizeMax;
}

}  // namespace

void HttpRequestReader::feed(std::string_view bytes) {
  if (broken_) return;
  if (state_ == State::kBody && used_ == buffer_.size()) {
    // The usual case of a large body: straight to where it ends up.
    const std::size_t taken = std::min(left_, bytes.size());
    keep(bytes.substr(0, taken));
    left_ -= taken;
    bytes.remove_prefix(taken);
  }
  if (used_ == buffer_.size()) {
    buffer_.clear();
    used_ = 0;
  } else if (used_ > kHeadBytesMax) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<HttpRequest> HttpRequestReader::next() {
  while (!broken_ && state_ != State::kDone) {
    if (!step()) return std::nullopt;
  }
  if (broken_) return std::nullopt;
  state_ = State::kHead;
  return std::exchange(request_, {});
}

bool HttpRequestReader::take_expects_continue() { return std::exchange(expects_continue_, false); }

bool HttpRequestReader::step() {
  switch (state_) {
    case State::kHead:
      return read_head();
    case State::kBody:
    case State::kChunkData:
      return read_body();
    case State::kChunkSize:
      return read_chunk_size();
    case State::kChunkEnd:
      return read_chunk_end();
    case State::kTrailer:
      return read_trailer();
    case State::kDone:
      return true;
  }
  return false;
}

bool HttpRequestReader::read_head() {
  const std::string_view bytes = rest();
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return bytes.size() > kHeadBytesMax ? fail() : false;
  std::string_view head = bytes.substr(0, end + 2);
  used_ += end + 4;
  left_ = 0;
  chunked_ = false;
  const std::size_t first = head.find("\r\n");
  read_request_line(head.substr(0, first));
  head.remove_prefix(first + 2);
  while (!head.empty() && !broken_) {
    const std::size_t line_end = head.find("\r\n");
    read_header(head.substr(0, line_end));
    head.remove_prefix(line_end + 2);
  }
  if (left_ == 0 && !chunked_) expects_continue_ = false;
  state_ = chunked_ ? State::kChunkSize : State::kBody;
  if (!chunked_) request_.body.reserve(std::min(left_, body_bytes_max_));
  return true;
}

void HttpRequestReader::read_request_line(std::string_view line) {
  const std::size_t method_end = line.find(' ');
  const std::size_t path_end = line.find(' ', method_end + 1);
  if (method_end == std::string_view::npos || path_end == std::string_view::npos ||
      !line.substr(path_end + 1).starts_with("HTTP/1.")) {
    fail();
    return;
  }
  request_.method = line.substr(0, method_end);
  request_.path = line.substr(method_end + 1, path_end - method_end - 1);
}

void HttpRequestReader::read_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    fail();
    return;
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1), kBlanks);
  if (equal_ignoring_case(name, "content-length")) {
    if (!read_number(value, 10, left_)) fail();
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    chunked_ = equal_ignoring_case(value, "chunked");
    if (!chunked_) fail();
  } else if (equal_ignoring_case(name, "lambda-runtime-function-error-type")) {
    request_.error_type = value;
  } else if (equal_ignoring_case(name, "expect")) {
    expects_continue_ = equal_ignoring_case(value, "100-continue");
  } else if (equal_ignoring_case(name, "connection")) {
    request_.close = equal_ignoring_case(value, "close");
  }
}

bool HttpRequestReader::read_body() {
  const std::string_view bytes = rest().substr(0, left_);
  keep(bytes);
  used_ += bytes.size();
  left_ -= bytes.size();
  if (left_ > 0) return false;
  state_ = chunked_ ? State::kChunkEnd : State::kDone;
  return true;
}

bool HttpRequestReader::read_chunk_size() {
  std::string_view line;
  if (!take_line(line)) return false;
  line = trimmed(line.substr(0, line.find(';')), kBlanks);
  if (!read_number(line, 16, left_)) return fail();
  state_ = left_ == 0 ? State::kTrailer : State::kChunkData;
  return true;
}

bool HttpRequestReader::read_chunk_end() {
  std::string_view line;
  if (!take_line(line)) return false;
  if (!line.empty()) return fail();
  state_ = State::kChunkSize;
  return true;
}

bool HttpRequestReader::read_trailer() {
  std::string_view line;
  if (!take_line(line)) return false;
  if (line.empty()) state_ = State::kDone;
  return true;
}

bool HttpRequestReader::take_line(std::string_view& line) {
  const std::string_view bytes = rest();
  const std::size_t end = bytes.find("\r\n");
  if (end == std::string_view::npos) return bytes.size() > kLineBytesMax ? fail() : false;
  line = bytes.substr(0, end);
  used_ += end + 2;
  return true;
}

void HttpRequestReader::keep(std::string_view bytes) {
  const std::size_t room = body_bytes_max_ - std::min(body_bytes_max_, request_.body.size());
  if (bytes.size() > room) request_.body_too_large = true;
  request_.body.append(bytes.substr(0, room));
}

bool HttpRequestReader::fail() {
  broken_ = true;
  return false;
}

}  // namespace pawl::functions
