// The life of a connection: read, parse, hand on, write, again.
#include "api/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <utility>

#include "api/errors.h"
#include "api/protocol.h"

namespace pawl::api {

namespace {

namespace asio = boost::asio;

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kBodyReadBytes = 256 * 1024;
// A client that does not read its answers gets no further ones made.
constexpr std::size_t kOutboxBytesMax = 1u << 20;
constexpr std::size_t kPiecesMax = 64;
// Of a body that is streamed, either way.
constexpr std::size_t kStreamedBytesMax = 1u << 20;
constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::milliseconds kLingerTime{1'000};

Instant now() { return std::chrono::steady_clock::now(); }

AfterResponse after_response(const RequestParser& parser) {
  if (!parser.keep_alive()) return AfterResponse::kClose;
  return parser.request().minor_version == 0 ? AfterResponse::kSayKeepAlive
                                             : AfterResponse::kKeepAlive;
}

// AWS's common errors of the HTTP level.
std::string_view code_of(int status) {
  switch (status) {
    case 408:
      return "RequestTimeoutException";
    case 413:
      return "RequestEntityTooLargeException";
    case 431:
      return "RequestHeaderTooLargeException";
    default:
      return "MalformedHttpRequestException";
  }
}

// What watches over the server is answered also when nothing else is; it waits for nothing.
bool is_watch(const HttpRequest& request) {
  return request.method == "GET" &&
         (request.target == kHealthPath || request.target == kMetricsPath);
}

}  // namespace

Connection::Connection(Worker& worker, asio::ip::tcp::socket socket, std::uint64_t id)
    : worker_(worker),
      stream_(std::move(socket), worker.tls()),
      id_(id),
      parser_(worker.limits().head) {}

Connection::~Connection() { release_body(); }

void Connection::start() {
  boost::system::error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto peer = stream_.socket().remote_endpoint(ignored);
  if (!ignored) peer_ = peer.address().to_string();
  if (stream_.is_tls()) return shake_hands();
  enter(Phase::kIdle, worker_.limits().idle_timeout);
  read();
}

void Connection::shake_hands() {
  enter(Phase::kHandshake, worker_.limits().handshake_timeout);
  stream_.async_handshake([self = shared_from_this()](const boost::system::error_code& error) {
    if (self->phase_ == Phase::kClosed) return;
    if (error || self->draining_) return self->close();
    self->enter(Phase::kIdle, self->worker_.limits().idle_timeout);
    self->read();
  });
}

void Connection::enter(Phase phase, std::chrono::milliseconds patience) {
  phase_ = phase;
  deadline_ = now() + patience;
}

void Connection::read() {
  if (reading_ || ending_ || client_done_ || phase_ == Phase::kClosed) return;
  if (input_begin_ == input_end_) input_begin_ = input_end_ = 0;
  if (input_begin_ > 0 && input_.size() - input_end_ < kReadBytes) {
    std::copy(input_.begin() + static_cast<std::ptrdiff_t>(input_begin_),
              input_.begin() + static_cast<std::ptrdiff_t>(input_end_), input_.begin());
    input_end_ -= input_begin_;
    input_begin_ = 0;
  }
  const bool large = phase_ == Phase::kBody;
  const std::size_t wanted = input_end_ + (large ? kBodyReadBytes : kReadBytes);
  if (input_.size() < wanted) input_.resize(wanted);
  // An idle connection does not keep the room that a large body needed.
  if (input_end_ == 0 && !large && input_.size() > 4 * kReadBytes) {
    input_ = std::string(kReadBytes, '\0');
  }
  reading_ = true;
  stream_.async_read_some(
      asio::buffer(input_.data() + input_end_, input_.size() - input_end_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t bytes) {
        self->reading_ = false;
        if (self->phase_ == Phase::kClosed) return;
        if (error) self->client_done_ = true;
        self->on_read(bytes);
      });
}

void Connection::on_read(std::size_t bytes) {
  if (phase_ == Phase::kLingering) {
    if (client_done_) return close();
    return read();
  }
  if (endless_ && client_done_) return close();
  input_end_ += bytes;
  if (phase_ == Phase::kWaiting) return watch_client();
  process();
}

// A request waits long: is its client still there? One that has only closed its side
// cannot be told from one that has gone: what it waits for is withdrawn, and it is still answered.
void Connection::watch_client() {
  if (client_done_) {
    withdraw();
  } else if (input_end_ - input_begin_ < kReadBytes) {
    read();  // more than that waits with the kernel, as it does behind other requests
  }
}

void Connection::withdraw() {
  if (const auto withdraw = std::exchange(withdraw_, nullptr)) withdraw();
}

void Connection::process() {
  if (processing_) return;
  processing_ = true;
  while (process_step()) {
  }
  processing_ = false;
  write();
}

// One request, or one step towards it. False when it cannot go on for now.
bool Connection::process_step() {
  const bool reads = phase_ == Phase::kIdle || phase_ == Phase::kHead || phase_ == Phase::kBody;
  if (!reads || outbox_.bytes() > kOutboxBytesMax) return false;
  if (object_bytes_ > kStreamedBytesMax) return false;  // goes on with on_answer(Room)
  const std::string_view input(input_.data() + input_begin_, input_end_ - input_begin_);
  const auto step = parser_.parse(input);
  if (!step.ok()) {
    refuse(step.error());
    return false;
  }
  input_begin_ += step->consumed;
  if (object_ != nullptr) pass_on_body();
  switch (step->progress) {
    case RequestParser::Progress::kNeedMore:
      read_more();
      return false;
    case RequestParser::Progress::kHead:
      accept_head();
      return true;
    case RequestParser::Progress::kComplete:
      // Who expects the word for no body gets it too: botocore takes a final answer in its place
      // for that of the connection's next request, and waits a minute.
      if (phase_ != Phase::kBody && parser_.expects_continue()) say_continue();
      dispatch();
      return true;
  }
  return false;
}

void Connection::read_more() {
  if (client_done_) {
    // Half a request will not become whole. Answers that are made are still written.
    phase_ = Phase::kClosing;
    return;
  }
  const ServerLimits& limits = worker_.limits();
  if (phase_ == Phase::kIdle && (parser_.in_request() || input_begin_ < input_end_)) {
    enter(Phase::kHead, limits.head_timeout);
  } else if (phase_ == Phase::kBody) {
    if (object_ == nullptr && !reserve_body(parser_.body_bytes())) return;
    // Each byte earns patience, so that a slow client may finish and a stalled one may not.
    const auto earned = std::chrono::seconds(
        parser_.body_bytes() / std::max<std::size_t>(limits.body_bytes_per_second_min, 1));
    deadline_ = std::min(body_began_ + limits.body_timeout + earned, now() + limits.body_timeout);
    if (object_bytes_ > kStreamedBytesMax) return;  // it is we who are slow
  }
  read();
}

void Connection::accept_head() {
  const HttpRequest& head = parser_.request();
  const ServerLimits& limits = worker_.limits();
  const BodySize size = worker_.handler().body_size(head);
  const bool streamed = size == BodySize::kObject && parser_.has_body() &&
                        parser_.content_length().value_or(SIZE_MAX) > kObjectInMemoryBytesMax;
  const std::size_t body_bytes_max = streamed                    ? limits.object_bytes_max
                                     : size == BodySize::kUpload ? limits.upload_bytes_max
                                                                 : limits.body_bytes_max;
  if (const auto accepted = parser_.accept_body(body_bytes_max); !accepted.ok()) {
    return refuse(accepted.error());
  }
  if (head.headers.has("expect") && !parser_.expects_continue()) {
    return refuse(HttpError{417, "The only expectation met is 100-continue"});
  }
  enter(Phase::kBody, limits.body_timeout);
  body_began_ = now();
  if (!reserve_body(streamed ? kStreamedBytesMax : parser_.content_length().value_or(0))) return;
  if (streamed && !open_object(head)) return;
  if (parser_.expects_continue() && input_begin_ == input_end_) say_continue();
}

void Connection::say_continue() { outbox_.append("HTTP/1.1 100 Continue\r\n\r\n"); }

// False: the request was refused.
bool Connection::open_object(const HttpRequest& head) {
  RequestHandler::Opened opened = worker_.handler().open(head, worker_.make_request_id());
  if (opened.refusal) {
    refuse(std::move(*opened.refusal));
    return false;
  }
  object_ = std::move(opened.object);
  object_bytes_ = 0;
  ++request_number_;
  return true;
}

// What has come of the body goes on; reading waits while much of it is still in memory.
void Connection::pass_on_body() {
  std::string bytes = parser_.take_body();
  if (bytes.empty()) return;
  const std::size_t count = bytes.size();
  object_bytes_ += count;
  object_->write(std::move(bytes),
                 [mailbox = worker_.mailbox(), connection = id_, request = request_number_, count] {
                   mailbox->put({connection, request, Room{count}});
                 });
}

// Counts the body against what all bodies may take. False: the request was refused.
bool Connection::reserve_body(std::size_t bytes) {
  if (bytes <= body_reserved_) return true;
  const std::size_t more = bytes - body_reserved_;
  auto& total = worker_.counters().body_bytes_in_flight;
  if (total.fetch_add(more) + more > worker_.limits().body_bytes_in_flight_max) {
    total -= more;
    refuse(write_error(manner_of(parser_.request()), nullptr, rate_exceeded(),
                       worker_.make_request_id()));
    return false;
  }
  body_reserved_ = bytes;
  return true;
}

void Connection::release_body() {
  worker_.counters().body_bytes_in_flight -= body_reserved_;
  body_reserved_ = 0;
}

void Connection::dispatch() {
  after_response_ = after_response(parser_);
  content_ = parser_.request().method == "HEAD" ? HttpResponse::Content::kLeftOut
                                                : HttpResponse::Content::kSent;
  HttpRequest request = parser_.take();
  request.peer = peer_;
  phase_ = Phase::kWaiting;
  const std::shared_ptr<ObjectRequest> object = std::exchange(object_, nullptr);
  const std::uint64_t number = object == nullptr ? ++request_number_ : request_number_;
  std::string request_id = worker_.make_request_id();
  if (worker_.counters().requests_in_flight >= worker_.limits().requests_in_flight_max &&
      !is_watch(request)) {
    return send(write_error(manner_of(request), nullptr, rate_exceeded(), std::move(request_id)));
  }
  const std::shared_ptr<Ticket> ticket = worker_.make_ticket(id_, number);
  const auto respond = [ticket](HttpResponse response) { ticket->answer(std::move(response)); };
  if (object != nullptr) {
    object->finish(respond);
  } else {
    withdraw_ = worker_.handler().handle(std::move(request), std::move(request_id), respond);
  }
  if (auto response = ticket->take_direct()) return send(std::move(*response));
  if (withdraw_) watch_client();
}

void Connection::on_answer(Answer& answer) {
  if (answer.request != request_number_ || phase_ == Phase::kClosed) return;
  if (const auto* room = std::get_if<Room>(&answer.what)) {
    object_bytes_ -= std::min(object_bytes_, room->bytes);
    if (phase_ != Phase::kBody) return;
    deadline_ = std::max(deadline_, now() + worker_.limits().body_timeout);
    return process();
  }
  if (auto* piece = std::get_if<Piece>(&answer.what)) return on_piece(std::move(*piece));
  if (phase_ != Phase::kWaiting) return;
  send(std::move(std::get<HttpResponse>(answer.what)));
  process();
}

void Connection::send(HttpResponse response) {
  withdraw_ = nullptr;
  release_body();
  object_bytes_ = 0;
  if (draining_) after_response_ = AfterResponse::kClose;
  response.content = content_;
  std::shared_ptr<runtime::BodySource> source = response.source();
  endless_ = response.is_endless();
  if (endless_) after_response_ = AfterResponse::kClose;
  outbox_.append(std::move(response), worker_.date(), after_response_);
  if (source == nullptr || source->size() == 0 || content_ == HttpResponse::Content::kLeftOut) {
    return end_response();
  }
  phase_ = Phase::kSending;
  source_ = std::move(source);
  source_left_ = source_->size();
  fetch();
  if (!endless_) return;
  if (draining_) return close();
  read();  // so that a client that goes is noticed
}

void Connection::end_response() {
  if (after_response_ != AfterResponse::kClose) {
    enter(Phase::kIdle, worker_.limits().idle_timeout);
  } else {
    phase_ = Phase::kClosing;
  }
}

// The next piece of the answer's body, while few of them wait to be written.
void Connection::fetch() {
  if (source_ == nullptr || fetching_ || outbox_.bytes() > kStreamedBytesMax / 2) return;
  fetching_ = true;
  const std::size_t count =
      static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, source_left_));
  source_->read(count, [mailbox = worker_.mailbox(), connection = id_, request = request_number_](
                           Piece piece) { mailbox->put({connection, request, std::move(piece)}); });
}

void Connection::on_piece(Piece piece) {
  fetching_ = false;
  if (phase_ != Phase::kSending) return;
  // The head is out: only the missing rest can say that something went wrong.
  if (!piece.ok() || piece->empty() || piece->size() > source_left_) return close();
  source_left_ -= piece->size();
  outbox_.append_piece(std::move(piece).value());
  if (source_left_ > 0) {
    fetch();
    return write();
  }
  source_ = nullptr;
  end_response();
  process();
}

void Connection::refuse(const HttpError& error) {
  runtime::ServiceError refusal{.code = std::string(code_of(error.status)),
                                .message = error.message,
                                .http_status = error.status,
                                .members = {}};
  refuse(write_error(manner_of(parser_.request()), nullptr, std::move(refusal),
                     worker_.make_request_id()));
}

// Where the next request would begin is not known any more: the connection ends with the answer.
void Connection::refuse(HttpResponse response) {
  object_ = nullptr;
  after_response_ = AfterResponse::kClose;
  content_ = HttpResponse::Content::kSent;
  send(std::move(response));
}

void Connection::write() {
  if (writing_ || phase_ == Phase::kClosed) return;
  if (outbox_.empty()) return finish_writing();
  outbox_.seal();
  std::vector<asio::const_buffer> buffers;
  for (const std::string_view piece : outbox_.front(kPiecesMax)) {
    buffers.emplace_back(piece.data(), piece.size());
  }
  writing_ = true;
  write_deadline_ = now() + worker_.limits().write_timeout;
  stream_.async_write_some(buffers, [self = shared_from_this()](
                                        const boost::system::error_code& error, std::size_t bytes) {
    self->writing_ = false;
    if (self->phase_ == Phase::kClosed) return;
    if (error) return self->close();
    self->on_written(bytes);
  });
}

void Connection::on_written(std::size_t bytes) {
  const bool was_full = outbox_.bytes() > kOutboxBytesMax;
  outbox_.consume(bytes);
  fetch();
  if (was_full && outbox_.bytes() <= kOutboxBytesMax) return process();
  write();
}

// Everything is written: time to close, if this was the end.
void Connection::finish_writing() {
  if (draining_ && phase_ == Phase::kIdle) return close();
  if (phase_ != Phase::kClosing) return;
  if (client_done_ && !stream_.is_tls()) return close();
  enter(Phase::kLingering, kLingerTime);
  ending_ = true;
  stream_.async_end([self = shared_from_this()] {
    self->ending_ = false;
    if (self->phase_ == Phase::kClosed) return;
    if (self->client_done_) return self->close();
    self->input_begin_ = self->input_end_ = 0;
    self->read();
  });
}

void Connection::drain() {
  draining_ = true;
  if (phase_ == Phase::kHandshake || endless_) close();
  if (phase_ == Phase::kIdle && outbox_.empty()) close();
}

void Connection::check_deadline(Instant instant) {
  if (writing_ && instant > write_deadline_) return close();
  if (instant <= deadline_) return;
  switch (phase_) {
    case Phase::kHead:
    case Phase::kBody:
      refuse(HttpError{408, "The request did not come in time"});
      return write();
    case Phase::kIdle:
      if (outbox_.empty()) close();
      return;
    case Phase::kHandshake:
    case Phase::kLingering:
      return close();
    case Phase::kWaiting:
    case Phase::kSending:
    case Phase::kClosing:
    case Phase::kClosed:
      return;
  }
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  stream_.close();
  object_ = nullptr;
  source_ = nullptr;
  withdraw();
  release_body();
  worker_.forget(id_);
}

}  // namespace pawl::api
