#include "services/lambda/event_queue.h"

#include <algorithm>
#include <utility>

#include "base/rng.h"
#include "base/utc_text.h"
#include "functions/log_store.h"
#include "json/writer.h"
#include "services/lambda/answer_text.h"
#include "services/lambda/fields.h"
#include "services/lambda/records.h"

namespace pawl::lambda {
namespace {

constexpr std::int64_t kThrottleDelayMs = 1'000;
constexpr std::int64_t kThrottleDelayMsMax = 300'000;
// AWS ends loops of functions that call each other here.
constexpr int kHopsMax = 16;

std::string encode(const Event& event) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Account").string(event.function.account);
  out.key("Region").string(event.function.region);
  out.key("Name").string(event.function.name);
  out.key("Qualifier").string(event.function.qualifier);
  out.key("ClientContext").string(event.client_context);
  out.key("Failures").integer(event.failures).key("Hops").integer(event.hops);
  out.key("Accepted").integer(event.accepted);
  out.key("Due").integer(event.due);
  out.key("Payload").raw(event.payload.text()).end_object();
  return text;
}

Event decode(const std::string& request_id, const std::string& record) {
  const json::Value value = json::Value::trusted(record);
  const json::Node root = value.root();
  const auto text = [&](const char* name) { return text_member(root, name).value_or(""); };
  Event event;
  event.request_id = request_id;
  event.function = {text("Account"), text("Region"), text("Name"), text("Qualifier")};
  event.client_context = text("ClientContext");
  event.failures = static_cast<int>(integer_member(root, "Failures").value_or(0));
  event.hops = static_cast<int>(integer_member(root, "Hops").value_or(0));
  event.accepted = integer_member(root, "Accepted").value_or(0);
  event.due = integer_member(root, "Due").value_or(0);
  if (const json::Node* payload = root.find("Payload")) event.payload = json::Value::of(*payload);
  return event;
}

std::vector<runtime::Catalog::Change> put(const Event& event) {
  return {{std::string(kEventTable), event.request_id, encode(event)}};
}

}  // namespace

json::Value destination_record(const Event& event, std::string_view condition,
                               const EventAnswer& answer, WallMillis now) {
  FunctionName function = event.function;
  if (function.qualifier.empty()) function.qualifier = kLatest;
  std::string text;
  json::Writer out(text);
  out.begin_object().key("version").string("1.0");
  out.key("timestamp").string(iso_time_millis(now));
  out.key("requestContext").begin_object().key("requestId").string(event.request_id);
  out.key("functionArn").string(function.qualified_arn()).key("condition").string(condition);
  out.key("approximateInvokeCount").integer(event.failures + (answer.payload.empty() ? 0 : 1));
  out.end_object().key("requestPayload").raw(event.payload.text());
  if (!answer.payload.empty()) {
    out.key("responseContext").begin_object().key("statusCode").integer(200);
    out.key("executedVersion").string(answer.version);
    if (answer.outcome == EventOutcome::kFailed) out.key("functionError").string("Unhandled");
    out.end_object().key("responsePayload").raw(value_of_answer(answer.payload).text());
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

EventQueue::EventQueue(CatalogWriter& catalog, functions::Loop& loop, const Clock& clock,
                       Options options, Run run, PolicyOf policy_of)
    : catalog_(catalog),
      loop_(loop),
      clock_(clock),
      options_(std::move(options)),
      run_(std::move(run)),
      policy_of_(std::move(policy_of)) {}

void EventQueue::recover() {
  std::vector<SharedEvent> events;
  catalog_.catalog().for_each(kEventTable, [&](const std::string& id, const std::string& record) {
    events.push_back(std::make_shared<const Event>(decode(id, record)));
  });
  {
    const std::lock_guard lock(mutex_);
    waiting_ += events.size();
  }
  for (const SharedEvent& event : events) schedule(event);
}

bool EventQueue::accept(Event event, std::function<void()> accepted) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_ >= options_.waiting_max) return false;
    ++waiting_;
  }
  event.accepted = event.due = clock_.wall_now();
  auto shared = std::make_shared<const Event>(std::move(event));
  auto known = std::make_shared<bool>(false);
  catalog_.update(
      [shared, known](const runtime::Catalog::View& view) {
        *known = view.find(kEventTable, shared->request_id) != nullptr;
        return *known ? std::vector<runtime::Catalog::Change>() : put(*shared);
      },
      [this, shared, known, accepted = std::move(accepted)] {
        accepted();
        if (*known) return forget();
        start(shared);
      });
  return true;
}

std::size_t EventQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void EventQueue::schedule(const SharedEvent& event) {
  const std::int64_t delay_ms = std::max<std::int64_t>(0, event->due - clock_.wall_now());
  loop_.post([this, event, delay_ms] {
    loop_.at(monotonic_now() + delay_ms * 1000, [this, event] { start(event); });
  });
}

void EventQueue::start(const SharedEvent& event) {
  run_(*event, [this, event](const EventAnswer& answer) { finished(event, answer); });
}

void EventQueue::finished(const SharedEvent& event, const EventAnswer& answer) {
  if (answer.outcome == EventOutcome::kStopped) return;  // it stays in the catalog
  if (answer.outcome == EventOutcome::kGone) return remove(event);
  const Policy policy = policy_of_(*event);
  if (answer.outcome == EventOutcome::kSucceeded) {
    return settle(event, policy.on_success, "Success", answer);
  }
  const bool failed = answer.outcome == EventOutcome::kFailed;
  if (failed && event->failures >= policy.retries_max) {
    return settle(event, policy.on_failure, "RetriesExhausted", answer);
  }
  if (clock_.wall_now() - event->accepted > policy.age_ms_max) {
    return settle(event, policy.on_failure, "EventAgeExceeded", answer);
  }
  Event next = *event;
  if (failed) {
    const auto& delays = options_.retry_delays_ms;
    const auto tries = static_cast<std::size_t>(next.failures++);
    return try_again(std::move(next), delays[std::min(tries, delays.size() - 1)]);
  }
  ++next.throttles;
  try_again(std::move(next),
            std::min(kThrottleDelayMs << std::min(event->throttles, 10), kThrottleDelayMsMax));
}

void EventQueue::settle(const SharedEvent& event, const std::string& destination,
                        std::string_view condition, const EventAnswer& answer) {
  const runtime::Principal principal{event->function.account, event->function.region, {}};
  const auto function = parse_function_name(principal, destination);
  if (destination.empty() || !function.ok() || event->hops >= kHopsMax) return remove(event);
  thread_local SystemRng rng;
  Event next;
  next.request_id = make_uuid(rng);
  next.function = *function;
  next.hops = event->hops + 1;
  next.accepted = next.due = clock_.wall_now();
  next.payload = destination_record(*event, condition, answer, next.accepted);
  auto shared = std::make_shared<const Event>(std::move(next));
  catalog_.update(
      [event, shared](const auto&) {
        auto changes = put(*shared);
        changes.push_back({std::string(kEventTable), event->request_id, std::nullopt});
        return changes;
      },
      [this, shared] { start(shared); });
}

void EventQueue::try_again(Event event, std::int64_t delay_ms) {
  event.due = clock_.wall_now() + delay_ms;
  auto shared = std::make_shared<const Event>(std::move(event));
  catalog_.update([shared](const auto&) { return put(*shared); },
                  [this, shared] { schedule(shared); });
}

void EventQueue::remove(const SharedEvent& event) {
  catalog_.update(
      [event](const auto&) -> std::vector<runtime::Catalog::Change> {
        return {{std::string(kEventTable), event->request_id, std::nullopt}};
      },
      [this] { forget(); });
}

void EventQueue::forget() {
  const std::lock_guard lock(mutex_);
  --waiting_;
}

}  // namespace pawl::lambda
