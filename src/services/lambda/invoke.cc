// Invocations: synchronous, asynchronous and dry.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/rng.h"
#include "services/lambda/answer_text.h"
#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

using functions::InvocationResult;
using json::Node;
using json::Value;
using runtime::FunctionCall;
using runtime::FunctionOutcome;

constexpr std::size_t kPayloadBytesMax = 6'291'456;
constexpr std::size_t kEventBytesMax = 1'048'576;

// The client sends JSON in base64; the function sees the JSON. What is neither is dropped.
std::string decode_client_context(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length <= 0) return {};
  bytes.resize(static_cast<std::size_t>(length));
  while (!bytes.empty() && bytes.back() == '\0') bytes.pop_back();
  return Value::parse(bytes).ok() ? bytes : std::string();
}

functions::LogTail log_tail_of(const FunctionCall& call) {
  return call.log_tail == FunctionCall::LogTail::kWanted ? functions::LogTail::kWanted
                                                         : functions::LogTail::kNone;
}

// Counts one invocation against the function's reserved concurrency for as long as it lives.
class Place {
 public:
  explicit Place(std::shared_ptr<const Reservation> reservation)
      : reservation_(std::move(reservation)) {
    if (!reservation_) return;
    taken_ = reservation_->running->fetch_add(1) < reservation_->limit;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (reservation_) reservation_->running->fetch_sub(1);
  }
  bool taken() const { return taken_; }

 private:
  std::shared_ptr<const Reservation> reservation_;
  bool taken_ = true;
};

FunctionOutcome outcome_of(InvocationResult result, const std::string& version) {
  const bool succeeded = result.kind == InvocationResult::Kind::kSucceeded;
  return {
      .kind = succeeded ? FunctionOutcome::Kind::kSucceeded : FunctionOutcome::Kind::kFunctionError,
      .payload = value_of_answer(std::move(result.payload)),
      .executed_version = version,
      .log_tail = std::move(result.log_tail)};
}

Value operation_output(const FunctionOutcome& outcome) {
  std::string text;
  text.reserve(outcome.payload.bytes() + 128);
  json::Writer out(text);
  out.begin_object().key("StatusCode").integer(200);
  if (outcome.kind == FunctionOutcome::Kind::kFunctionError)
    out.key("FunctionError").string("Unhandled");
  if (!outcome.log_tail.empty()) out.key("LogResult").string(encode_base64(outcome.log_tail));
  out.key("ExecutedVersion").string(outcome.executed_version);
  out.key("Payload").raw(outcome.payload.text()).end_object();
  return Value::trusted(std::move(text));
}

Result<FunctionCall, ServiceError> read_call(const runtime::Call& call) {
  const Node input = call.input.root();
  FunctionCall wanted;
  wanted.principal = call.principal;
  wanted.function = TRY(required_text(input, "FunctionName"));
  wanted.qualifier = text_member(input, "Qualifier").value_or("");
  const Node* payload = input.find("Payload");
  wanted.payload = payload == nullptr ? Value::trusted("{}") : Value::of(*payload);
  if (const auto context = text_member(input, "ClientContext")) {
    wanted.client_context = decode_client_context(*context);
  }
  wanted.request_id = call.request_id;
  if (text_member(input, "LogType") == "Tail") wanted.log_tail = FunctionCall::LogTail::kWanted;
  return wanted;
}

}  // namespace

void Service::invoke(FunctionCall call, runtime::FunctionInvoker::Reply reply) {
  if (call.payload.bytes() > kPayloadBytesMax) {
    return reply(Err{payload_too_large(kPayloadBytesMax)});
  }
  auto target = resolver_.resolve(call.principal, call.function, call.qualifier);
  if (!target.ok()) return reply(Err{std::move(target).error()});
  const Target& found = **target;
  std::shared_ptr<Place> place;
  if (found.reservation) {
    place = std::make_shared<Place>(found.reservation);
    if (!place->taken()) {
      return reply(Err{rate_exceeded("ReservedFunctionConcurrentInvocationLimitExceeded")});
    }
  }
  functions::SharedSpec spec = found.spec;
  if (found.second) {
    SeededRng draw(draws_.fetch_add(0x9E3779B97F4A7C15));
    if (uniform_unit(draw) < found.second_weight) spec = found.second;
  }
  functions::Invocation invocation{std::move(call.request_id),
                                   std::move(call.payload),
                                   found.invoked_arn,
                                   std::move(call.client_context),
                                   {},
                                   log_tail_of(call)};
  pool_->invoke(spec, std::move(invocation),
                [reply = std::move(reply), spec, place](InvocationResult result) {
                  switch (result.kind) {
                    case InvocationResult::Kind::kStopped:
                      return;
                    case InvocationResult::Kind::kThrottled:
                      return reply(Err{rate_exceeded("ConcurrentInvocationLimitExceeded")});
                    case InvocationResult::Kind::kSucceeded:
                    case InvocationResult::Kind::kFunctionError:
                      return reply(outcome_of(std::move(result), spec->version));
                  }
                });
}

void Service::invoke_operation(const Call& call, const Reply& reply) {
  auto wanted = read_call(call);
  if (!wanted.ok()) return reply(Err{std::move(wanted).error()});
  const std::string type =
      text_member(call.input.root(), "InvocationType").value_or("RequestResponse");
  if (type == "Event") return invoke_event(call, std::move(wanted).value(), reply);
  if (type == "DryRun") {
    const auto target = resolver_.resolve(call.principal, wanted->function, wanted->qualifier);
    if (!target.ok()) return reply(Err{target.error()});
    return reply(Value::trusted(R"({"StatusCode":204})"));
  }
  invoke(std::move(wanted).value(), [reply](Result<FunctionOutcome, ServiceError> answer) {
    if (!answer.ok()) return reply(Err{std::move(answer).error()});
    reply(operation_output(*answer));
  });
}

void Service::invoke_event(const Call& call, FunctionCall wanted, const Reply& reply) {
  if (wanted.payload.bytes() > kEventBytesMax) {
    return reply(Err{payload_too_large(kEventBytesMax)});
  }
  const auto target = resolver_.resolve(call.principal, wanted.function, wanted.qualifier);
  if (!target.ok()) return reply(Err{target.error()});
  const auto name = parse_function_name(call.principal, wanted.function, wanted.qualifier);
  if (!name.ok()) return reply(Err{name.error()});
  Event event;
  event.request_id = wanted.request_id.empty() ? new_id() : std::move(wanted.request_id);
  event.function = *name;
  event.client_context = std::move(wanted.client_context);
  event.payload = std::move(wanted.payload);
  const bool taken =
      events_.accept(std::move(event), [reply] { reply(Value::trusted(R"({"StatusCode":202})")); });
  if (!taken) reply(Err{rate_exceeded("ConcurrentInvocationLimitExceeded")});
}

void Service::run_event(const Event& event, EventQueue::Finished finished) {
  const runtime::Principal principal{event.function.account, event.function.region, {}};
  const auto target = resolver_.resolve(principal, event.function.arn(), event.function.qualifier);
  if (!target.ok()) return finished({EventOutcome::kGone});
  functions::Invocation invocation{
      event.request_id,         event.payload, (*target)->invoked_arn, event.client_context, {},
      functions::LogTail::kNone};
  auto place = std::make_shared<Place>((*target)->reservation);
  if (!place->taken()) return finished({EventOutcome::kThrottled});
  const functions::SharedSpec spec = (*target)->spec;
  pool_->invoke(
      spec, std::move(invocation),
      [finished = std::move(finished), place, spec](InvocationResult result) {
        switch (result.kind) {
          case InvocationResult::Kind::kSucceeded:
            return finished({EventOutcome::kSucceeded, std::move(result.payload), spec->version});
          case InvocationResult::Kind::kFunctionError:
            return finished({EventOutcome::kFailed, std::move(result.payload), spec->version});
          case InvocationResult::Kind::kThrottled:
            return finished({EventOutcome::kThrottled});
          case InvocationResult::Kind::kStopped:
            return finished({EventOutcome::kStopped});
        }
      });
}

}  // namespace pawl::lambda
