#include "telemetry/exporter.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/log.h"
#include "outgoing/http_client.h"
#include "telemetry/otlp.h"
#include "telemetry/span_builder.h"

namespace pawl::telemetry {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

SteadyTime now() { return std::chrono::steady_clock::now(); }

// The facts of one step.
struct Step {
  std::string execution_arn;
  std::string trace_header;
  std::vector<Fact> facts;
};
using SharedStep = std::shared_ptr<const Step>;

// OTLP/HTTP, "Retryable Response Codes": these may be sent again, all others may not.
bool is_worth_another_attempt(const outgoing::HttpClient::Outcome& outcome) {
  if (!outcome.ok()) return true;
  const int status = outcome->status;
  return status == 429 || status == 502 || status == 503 || status == 504;
}

bool is_success(const outgoing::HttpClient::Outcome& outcome) {
  return outcome.ok() && outcome->status >= 200 && outcome->status < 300;
}

std::string reason_of(const outgoing::HttpClient::Outcome& outcome) {
  return outcome.ok() ? "status " + std::to_string(outcome->status) : outcome.error().message;
}

}  // namespace

// Between those who make events and the exporter's thread.
class Exporter::Queue {
 public:
  explicit Queue(std::size_t facts_max) : facts_max_(facts_max) {}

  void put(SharedStep step) {
    const std::size_t count = step->facts.size();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || facts_ + count > facts_max_) {
        counters_.facts_dropped += count;
        return;
      }
      facts_ += count;
      steps_.push_back(std::move(step));
      if (steps_.size() > 1) return;
    }
    changed_.notify_one();
  }

  // Waits for steps until then.
  std::vector<SharedStep> take(SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [this] { return stopping_ || !steps_.empty(); });
    facts_ = 0;
    return std::exchange(steps_, {});
  }

  // True when it was time to stop before the time was over.
  bool sleep(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return stopping_; });
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
  }

  bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  void count(std::uint64_t exported, std::uint64_t dropped) {
    const std::lock_guard lock(mutex_);
    counters_.spans_exported += exported;
    counters_.spans_dropped += dropped;
  }

  Counters counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
  }

 private:
  const std::size_t facts_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<SharedStep> steps_;  // this and the following guarded by mutex_
  std::size_t facts_ = 0;
  bool stopping_ = false;
  Counters counters_;
};

class Exporter::Log final : public runtime::ExecutionLog {
 public:
  explicit Log(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}

  Delivery prepare(const machine::Identity& identity, std::int32_t,
                   const std::vector<machine::Event>& events) const override {
    auto step = std::make_shared<Step>(Step{identity.execution_arn, identity.trace_header, {}});
    step->facts.reserve(events.size());
    for (const machine::Event& event : events) step->facts.push_back(fact_of(event));
    return [queue = queue_, step = std::move(step)] { queue->put(step); };
  }

 private:
  const std::shared_ptr<Queue> queue_;
};

// The exporter's thread: facts to spans, spans to batches, batches to the collector.
class Exporter::Loop {
 public:
  Loop(ExporterOptions options, History history, std::shared_ptr<Queue> queue)
      : options_(std::move(options)),
        history_(std::move(history)),
        queue_(std::move(queue)),
        client_({.connections_max = 1}, options_.ca_bundle) {
    while (options_.endpoint.ends_with('/')) options_.endpoint.pop_back();
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    queue_->stop();
    thread_.join();
  }

 private:
  void run() {
    SteadyTime flush = now() + options_.batch_delay;
    while (true) {
      const bool stopping = queue_->stopping();
      for (const SharedStep& step : queue_->take(flush)) take(*step);
      if (spans_.size() >= options_.batch_spans_max || now() >= flush || stopping) {
        export_all();
        flush = now() + options_.batch_delay;
      }
      if (stopping) return;
    }
  }

  void take(const Step& step) {
    SpanBuilder* builder = find(step);
    if (builder == nullptr) return;
    for (const Fact& fact : step.facts) {
      const bool told = fact.id != 0 && fact.id <= builder->last();
      if (!told) builder->apply(fact, spans_);
    }
    if (builder->closed()) builders_.erase(step.execution_arn);
  }

  // The builder that knows all that came before this step. Without it (a restart, facts that were
  // dropped) the history tells everything again.
  SpanBuilder* find(const Step& step) {
    const auto visible = std::ranges::find_if(step.facts, [](const Fact& f) { return f.id != 0; });
    const auto known = builders_.find(step.execution_arn);
    if (visible == step.facts.end()) {
      return known == builders_.end() ? nullptr : &known->second;
    }
    if (known != builders_.end() && known->second.last() + 1 >= visible->id) return &known->second;
    builders_.erase(step.execution_arn);
    if (visible->id == 1) return &add(step.execution_arn, step.trace_header);
    const auto read = history_(runtime::id_of_execution(step.execution_arn));
    if (!read) return nullptr;
    SpanBuilder& builder = add(step.execution_arn, read->trace_header);
    for (const Fact& fact : read->facts) builder.apply(fact, spans_);
    return &builder;
  }

  SpanBuilder& add(const std::string& arn, const std::string& trace_header) {
    if (builders_.size() >= options_.executions_max) builders_.erase(builders_.begin());
    return builders_.try_emplace(arn, arn, trace_header).first->second;
  }

  void export_all() {
    for (std::size_t at = 0; at < spans_.size(); at += options_.batch_spans_max) {
      const std::size_t count = std::min(options_.batch_spans_max, spans_.size() - at);
      export_batch(std::span(spans_).subspan(at, count));
    }
    spans_.clear();
  }

  void export_batch(std::span<const Span> spans) {
    const std::string body = otlp_request(spans, options_.service_name);
    std::string reason;
    std::chrono::milliseconds delay = options_.retry_delay;
    for (int attempt = 1; attempt <= options_.attempts_max; ++attempt, delay *= 2) {
      const auto outcome = send(body);
      if (is_success(outcome)) return queue_->count(spans.size(), 0);
      reason = reason_of(outcome);
      const bool again = attempt < options_.attempts_max && is_worth_another_attempt(outcome);
      if (!again || queue_->sleep(delay)) break;
    }
    queue_->count(0, spans.size());
    warn(reason);
  }

  outgoing::HttpClient::Outcome send(const std::string& body) {
    outgoing::Request request;
    request.url = options_.endpoint + "/v1/traces";
    request.headers = options_.headers;
    request.headers.push_back("Content-Type: application/json");
    request.body = body;
    request.timeout = queue_->stopping() ? time_left() : options_.timeout;
    const auto answer = std::make_shared<std::promise<outgoing::HttpClient::Outcome>>();
    client_.send(std::move(request), [answer](outgoing::HttpClient::Outcome outcome) {
      answer->set_value(std::move(outcome));
    });
    return answer->get_future().get();
  }

  // Once the exporter ends, all that is left shares one short time.
  std::chrono::milliseconds time_left() {
    if (!stop_deadline_) stop_deadline_ = now() + options_.stop_timeout;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(*stop_deadline_ - now());
    return std::max(left, std::chrono::milliseconds(1));
  }

  // Once a minute: a collector that is away for long is one fact.
  void warn(const std::string& reason) {
    if (warned_ && now() < *warned_ + std::chrono::minutes(1)) return;
    warned_ = now();
    const Counters counters = queue_->counters();
    log_warning("traces: {} does not take spans: {} ({} spans and {} events dropped so far)",
                options_.endpoint, reason, counters.spans_dropped, counters.facts_dropped);
  }

  ExporterOptions options_;
  const History history_;
  const std::shared_ptr<Queue> queue_;
  std::unordered_map<std::string, SpanBuilder> builders_;
  std::vector<Span> spans_;
  std::optional<SteadyTime> warned_;
  std::optional<SteadyTime> stop_deadline_;
  outgoing::HttpClient client_;
  std::thread thread_;
};

Exporter::Exporter(ExporterOptions options, History history)
    : queue_(std::make_shared<Queue>(options.facts_waiting_max)),
      loop_(std::make_unique<Loop>(std::move(options), std::move(history), queue_)) {}

Exporter::~Exporter() = default;

std::shared_ptr<const runtime::ExecutionLog> Exporter::log() const {
  return std::make_shared<Log>(queue_);
}

Exporter::Counters Exporter::counters() const { return queue_->counters(); }

}  // namespace pawl::telemetry
