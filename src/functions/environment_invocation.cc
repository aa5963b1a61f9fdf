// Invocations inside an environment: requests of the Runtime API, log lines, results.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "functions/environment.h"
#include "functions/error_payload.h"

namespace pawl::functions {
namespace {

constexpr std::size_t kTailBytesMax = 4096;
constexpr std::string_view kAccepted = R"({"status":"OK"})";
// A function that floods its log gets this much attention before others have their turn.
constexpr int kReadsPerTurn = 4;

// An X-Ray header made from the request id: unique, and not sampled.
std::string made_trace_id(std::string_view request_id, WallMillis now) {
  std::string digits;
  for (const char c : request_id) {
    if (std::isxdigit(static_cast<unsigned char>(c))) digits.push_back(c);
  }
  digits.resize(40, '0');
  return fmt::format("Root=1-{:08x}-{};Parent={};Sampled=0", now / 1000, digits.substr(0, 24),
                     digits.substr(16, 16));
}

// A header line's value may hold no line break; ours are ids, ARNs and compact JSON.
std::string header_value(std::string_view text) {
  std::string value(text);
  std::erase_if(value, [](char c) { return c == '\r' || c == '\n'; });
  return value;
}

}  // namespace

void Environment::run(Invocation invocation, Done done) {
  ENSURE(state_ == State::kIdle && parked_ != nullptr, id_);
  state_ = State::kBusy;
  running_ = Running{std::move(invocation), std::move(done), monotonic_now(), {}};
  arm_deadline(running_->started + spec_->timeout_seconds * MonotonicMicros{1'000'000});
  log(fmt::format("START RequestId: {} Version: {}", running_->invocation.request_id,
                  spec_->version));
  RuntimeConnection* connection = std::exchange(parked_, nullptr);
  connection->send(invocation_head(running_->invocation), running_->invocation.payload);
}

void Environment::fail_unstarted(Invocation invocation, Done done, const StartFailure& failure) {
  ENSURE(state_ == State::kEnded && !running_, id_);
  running_ = Running{std::move(invocation), std::move(done), started_, {}};
  if (running_->invocation.log_tail == LogTail::kWanted) running_->tail = std::move(start_tail_);
  const std::string id = running_->invocation.request_id;
  const bool timed_out = failure.error_type == "Sandbox.Timedout";
  const std::string status = timed_out ? "timeout" : "error\tError Type: " + failure.error_type;
  log(fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: init\tStatus: {}",
                  static_cast<double>(monotonic_now() - started_) / 1000, status));
  init_reported_ = true;
  log(fmt::format("START RequestId: {} Version: {}", id, spec_->version));
  std::string payload = failure.payload;
  if (payload.empty()) {
    payload = service_error(failure.error_type, id, failure.message);
    log(fmt::format("RequestId: {} Error: {}", id, failure.message));
    log(failure.error_type);
  }
  finish({InvocationResult::Kind::kFunctionError, std::move(payload), {}, 0, 0}, status);
}

std::string Environment::invocation_head(const Invocation& invocation) const {
  const WallMillis now = setting_.clock.wall_now();
  std::string head;
  head.reserve(512);
  auto out = std::back_inserter(head);
  fmt::format_to(out,
                 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                 "Lambda-Runtime-Aws-Request-Id: {}\r\n"
                 "Lambda-Runtime-Deadline-Ms: {}\r\n"
                 "Lambda-Runtime-Invoked-Function-Arn: {}\r\n"
                 "Lambda-Runtime-Trace-Id: {}\r\n",
                 header_value(invocation.request_id), now + spec_->timeout_seconds * 1000,
                 invocation.invoked_arn.empty() ? spec_->arn : header_value(invocation.invoked_arn),
                 invocation.trace_id.empty() ? made_trace_id(invocation.request_id, now)
                                             : header_value(invocation.trace_id));
  if (!invocation.client_context.empty()) {
    fmt::format_to(out, "Lambda-Runtime-Client-Context: {}\r\n",
                   header_value(invocation.client_context));
  }
  fmt::format_to(out, "Content-Length: {}\r\n\r\n", invocation.payload.text().size());
  return head;
}

void Environment::on_request(RuntimeConnection& connection, RuntimeRequest request) {
  switch (request.kind) {
    case RuntimeRequest::Kind::kNext:
      return on_next(connection);
    case RuntimeRequest::Kind::kResponse:
    case RuntimeRequest::Kind::kError:
      return on_answer(connection, std::move(request));
    case RuntimeRequest::Kind::kInitError:
      return on_init_error(connection, std::move(request));
    case RuntimeRequest::Kind::kUnknown:
      return connection.reply(404, R"({"errorMessage":"Not found","errorType":"NotFound"})");
  }
}

void Environment::on_next(RuntimeConnection& connection) {
  if (runtime_gone_) return;  // nobody would take it
  if (state_ == State::kStarting) {
    init_millis_ = static_cast<double>(monotonic_now() - started_) / 1000;
    disarm_deadline();
    start_tail_ = {};
    owner_.on_started(*this);
  } else if (state_ != State::kReturned) {
    return connection.reply(
        403,
        R"({"errorMessage":"State transition is not allowed","errorType":"InvalidStateTransition"})");
  }
  state_ = State::kIdle;
  idle_since_ = monotonic_now();
  parked_ = &connection;
  connection.wait_for_invocation();
  owner_.on_ready(*this);
}

void Environment::on_answer(RuntimeConnection& connection, RuntimeRequest request) {
  if (!running_ || running_->invocation.request_id != request.request_id) {
    return connection.reply(
        400, R"({"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"})");
  }
  const bool failed = request.kind == RuntimeRequest::Kind::kError;
  if (request.body_too_large) {
    connection.reply(413, fmt::format(R"({{"errorMessage":"Exceeded maximum allowed payload size )"
                                      R"(({} bytes).","errorType":"RequestEntityTooLarge"}})",
                                      kResponseBytesMax));
    return finish(
        {InvocationResult::Kind::kFunctionError, response_too_large(kResponseBytesMax), {}, 0, 0},
        "error\tError Type: Function.ResponseSizeTooLarge");
  }
  connection.reply(202, kAccepted);
  InvocationResult result;
  result.kind =
      failed ? InvocationResult::Kind::kFunctionError : InvocationResult::Kind::kSucceeded;
  result.payload = std::move(request.body);
  if (result.payload.empty()) {
    result.payload = failed ? service_error(request.error_type, request.request_id, "") : "null";
  }
  finish(std::move(result),
         failed && !request.error_type.empty() ? "error\tError Type: " + request.error_type : "");
}

void Environment::on_init_error(RuntimeConnection& connection, RuntimeRequest request) {
  connection.reply(202, kAccepted);
  if (state_ != State::kStarting) return;
  // The runtime ends now; what it says first is the reason.
  start_failure_ = StartFailure{request.error_type.empty() ? "Runtime.Unknown" : request.error_type,
                                "initialization failed",
                                request.body_too_large ? std::string() : std::move(request.body)};
  end(start_failure_);
}

void Environment::on_closed(RuntimeConnection& connection) {
  if (parked_ == &connection) parked_ = nullptr;
  const auto found =
      std::find_if(connections_.begin(), connections_.end(),
                   [&](const auto& candidate) { return candidate.get() == &connection; });
  if (found == connections_.end()) return;
  // It is still running its own event: destroyed after it.
  std::shared_ptr<RuntimeConnection> closed(std::move(*found));
  connections_.erase(found);
  setting_.loop.post([closed] {});
  // A TCP client that goes away while it waits cannot be given work any more.
  if (state_ == State::kIdle && parked_ == nullptr) end(std::nullopt);
}

void Environment::on_log() {
  std::vector<char>& scratch = setting_.loop.scratch();
  for (int turn = 0; turn < kReadsPerTurn; ++turn) {
    const ssize_t count = read(log_pipe_.get(), scratch.data(), scratch.size());
    if (count == 0) {
      setting_.loop.forget(log_pipe_.get());
      return;
    }
    if (count < 0) return;
    lines_.feed({scratch.data(), static_cast<std::size_t>(count)},
                [this](std::string_view line) { log(line); });
    if (static_cast<std::size_t>(count) < scratch.size() / 8) return;
  }
}

// Everything that the function has written before its answer.
void Environment::drain_log() {
  if (log_pipe_.open()) on_log();
  lines_.finish([this](std::string_view line) { log(line); });
}

void Environment::log(std::string_view line) {
  log_file_.append(setting_.clock.wall_now(), std::string_view(id_).substr(0, 8), line);
  const bool wanted = running_ && running_->invocation.log_tail == LogTail::kWanted;
  if (!wanted && state_ != State::kStarting) return;
  std::string& tail = wanted ? running_->tail : start_tail_;
  tail.append(line).push_back('\n');
  if (tail.size() > 2 * kTailBytesMax) tail.erase(0, tail.size() - kTailBytesMax);
}

void Environment::finish(InvocationResult result, std::string_view status) {
  disarm_deadline();
  drain_log();
  const MonotonicMicros now = monotonic_now();
  result.duration_ms = static_cast<double>(now - running_->started) / 1000;
  // A timeout is reported as exactly the timeout.
  if (status == "timeout") result.duration_ms = spec_->timeout_seconds * 1000.0;
  result.billed_ms = static_cast<std::int64_t>(std::ceil(result.duration_ms));
  last_duration_millis_ = result.duration_ms;
  log(fmt::format("END RequestId: {}", running_->invocation.request_id));
  log_report(*running_, result, status);
  if (running_->invocation.log_tail == LogTail::kWanted) {
    std::string& tail = running_->tail;
    if (tail.size() > kTailBytesMax) tail.erase(0, tail.size() - kTailBytesMax);
    result.log_tail = std::move(tail);
  }
  const Done done = std::move(running_->done);
  running_.reset();
  if (state_ != State::kEnded) state_ = State::kReturned;
  done(std::move(result));
}

void Environment::log_report(const Running& running, const InvocationResult& result,
                             std::string_view status) {
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: "
      "{} MB\tMax Memory Used: {} MB\t",
      running.invocation.request_id, result.duration_ms, result.billed_ms, spec_->memory_mb,
      (memory_peak_kib_ + 1023) / 1024);
  if (!init_reported_)
    fmt::format_to(std::back_inserter(line), "Init Duration: {:.2f} ms\t", init_millis_);
  init_reported_ = true;
  if (!status.empty()) fmt::format_to(std::back_inserter(line), "Status: {}", status);
  log(line);
}

}  // namespace pawl::functions
