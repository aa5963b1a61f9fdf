#include "functions/scheduler.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/log.h"
#include "functions/error_payload.h"

namespace pawl::functions {
namespace {

constexpr std::size_t kEnvironmentsMaxDefault = 64;
// Assumed until a function has started once.
constexpr double kInitMillisGuess = 100;
// How fast the means follow.
constexpr double kMeanWeight = 0.1;
constexpr MonotonicMicros kSweepMicros = 1'000'000;
constexpr MonotonicMicros kFlushMicros = 200'000;
// A function without any environment waits this long for room before a busy one must give way.
constexpr MonotonicMicros kStarvedMicros = 500'000;
// An environment that is never idle ends all the same, long before its credentials do.
constexpr MonotonicMicros kAgeMicrosMax = 6 * 3'600'000'000;

double mean(double old, double next) { return old == 0 ? next : old + kMeanWeight * (next - old); }

InvocationResult refused(InvocationResult::Kind kind) { return {kind, {}, {}, 0, 0}; }

}  // namespace

Scheduler::Scheduler(EnvironmentSetting setting, const PoolOptions& options)
    : setting_(std::move(setting)), options_(options) {
  if (options_.environments_max == 0) options_.environments_max = kEnvironmentsMaxDefault;
  if (options_.starting_max == 0) {
    options_.starting_max = std::max(2u, std::thread::hardware_concurrency());
  }
  sweep_timer_ = setting_.loop.at(monotonic_now() + kSweepMicros, [this] { sweep(); });
}

Scheduler::~Scheduler() {
  if (sweep_timer_) setting_.loop.cancel(*sweep_timer_);
  if (flush_timer_) setting_.loop.cancel(*flush_timer_);
  environments_.clear();
  setting_.logs.flush();
}

void Scheduler::add(SharedSpec spec, Invocation invocation, Done done) {
  if (stopping_) return done(refused(InvocationResult::Kind::kStopped));
  const std::size_t bytes = invocation.payload.bytes();
  if (queued_ >= options_.queued_max || queued_bytes_ + bytes > options_.queued_bytes_max) {
    return done(refused(InvocationResult::Kind::kThrottled));
  }
  ++queued_;
  queued_bytes_ += bytes;
  ++invocations_;
  Function& function = function_of(spec);
  function.waiting.push_back({std::move(invocation), std::move(done), monotonic_now()});
  pump(spec->identity);
  if (!flush_timer_) {
    flush_timer_ = setting_.loop.at(monotonic_now() + kFlushMicros, [this] { flush_logs(); });
  }
}

Scheduler::Function& Scheduler::function_of(const SharedSpec& spec) {
  Function& function = functions_[spec->identity];
  if (!function.spec) function.spec = spec;
  return function;
}

// Gives waiting invocations to idle environments, then decides whether to start another.
void Scheduler::pump(const std::string& identity) {
  const auto found = functions_.find(identity);
  if (found == functions_.end() || stopping_) return;
  Function& function = found->second;
  while (!function.waiting.empty() && !function.idle.empty()) {
    Environment& environment = *function.idle.back();
    function.idle.pop_back();
    dispatch(function, environment);
  }
  // Each starting environment will take one.
  while (function.waiting.size() > function.starting && starting_pays(function) && make_room()) {
    start_environment(function);
  }
  if (!function.waiting.empty()) look_again_later(identity, function);
}

void Scheduler::dispatch(Function& function, Environment& environment) {
  Waiting next = std::move(function.waiting.front());
  function.waiting.pop_front();
  --queued_;
  queued_bytes_ -= next.invocation.payload.bytes();
  environment.run(std::move(next.invocation), std::move(next.done));
}

// The queue's expected wait against the time that a start takes; the oldest's real wait too, since
// what runs now may take longer than what ran before.
bool Scheduler::starting_pays(const Function& function) const {
  if (starting_ >= options_.starting_max) return false;
  if (function.living == 0) return true;
  const double init = function.mean_init_millis > 0 ? function.mean_init_millis : kInitMillisGuess;
  const double waited =
      static_cast<double>(monotonic_now() - function.waiting.front().since) / 1000;
  if (waited >= init) return true;
  const std::size_t warm = function.living - function.starting;
  if (warm == 0 || function.mean_duration_millis == 0) return true;
  const double expected = static_cast<double>(function.waiting.size()) *
                          function.mean_duration_millis / static_cast<double>(warm);
  return expected > init;
}

// True when one more environment may start, if need be after ending the longest idle one.
bool Scheduler::make_room() {
  if (living_ < options_.environments_max) return true;
  Environment* oldest = nullptr;
  for (auto& [identity, function] : functions_) {
    for (Environment* idle : function.idle) {
      if (oldest == nullptr || idle->idle_since() < oldest->idle_since()) oldest = idle;
    }
  }
  if (oldest == nullptr) return false;
  oldest->stop();
  return true;
}

void Scheduler::start_environment(Function& function) {
  std::string id = make_uuid(rng_);
  std::erase(id, '-');
  Environment::Owner& self = *this;
  auto environment = std::make_unique<Environment>(setting_, function.spec, std::move(id), self);
  Environment& started = *environment;
  environments_.emplace(&started, std::move(environment));
  ++function.starting;
  ++function.living;
  function.last_start = monotonic_now();
  ++starting_;
  ++living_;
  ++started_;
  announce(function.spec->runtime);
  started.start();
}

// The name of a runtime promises a version; what runs is the one that is here.
void Scheduler::announce(const std::string& runtime) {
  const auto family = runtime_family(runtime);
  if (!family || family == RuntimeFamily::kProvided || !announced_.insert(runtime).second) return;
  const Interpreters& found = setting_.interpreters;
  log_info("functions of runtime {} run on {}{}", runtime,
           family == RuntimeFamily::kNode ? found.node : found.python,
           runtime.starts_with("python2") ? ", rewritten where they are no Python 3" : "");
}

// Starting may pay once the first has waited as long as a start takes.
void Scheduler::look_again_later(const std::string& identity, Function& function) {
  if (function.timed) return;
  function.timed = true;
  const double init = function.mean_init_millis > 0 ? function.mean_init_millis : kInitMillisGuess;
  setting_.loop.at(monotonic_now() + static_cast<MonotonicMicros>(init * 1000), [this, identity] {
    const auto found = functions_.find(identity);
    if (found == functions_.end()) return;
    found->second.timed = false;
    pump(identity);
  });
}

void Scheduler::on_started(Environment& environment) {
  Function& function = functions_.at(environment.spec().identity);
  --function.starting;
  --starting_;
  function.mean_init_millis = mean(function.mean_init_millis, environment.init_millis());
}

void Scheduler::on_ready(Environment& environment) {
  const std::string& identity = environment.spec().identity;
  Function& function = functions_.at(identity);
  const double millis = environment.last_duration_millis();
  if (millis > 0) {
    function.mean_duration_millis = mean(function.mean_duration_millis, millis);
  }
  const bool unwanted = (function.retired && function.waiting.empty()) ||
                        monotonic_now() - environment.started() > kAgeMicrosMax;
  if (unwanted || (someone_starves_ && millis > 0)) {
    someone_starves_ = false;
    return environment.stop();
  }
  function.idle.push_back(&environment);
  pump(identity);
}

void Scheduler::on_ended(Environment& environment, std::optional<StartFailure> failure) {
  const std::string identity = environment.spec().identity;
  Function& function = functions_.at(identity);
  std::erase(function.idle, &environment);
  --function.living;
  --living_;
  if (environment.init_millis() == 0) {
    --function.starting;
    --starting_;
  }
  if (failure && !function.waiting.empty()) fail_first(function, environment, *failure);
  // Not from inside the environment's own event.
  setting_.loop.post([this, identity] {
    serve_the_starved();
    pump(identity);
    drop_if_unused(identity);
  });
}

// An environment that cannot start fails the invocation it was started for.
void Scheduler::fail_first(Function& function, Environment& environment,
                           const StartFailure& failure) {
  Waiting first = std::move(function.waiting.front());
  function.waiting.pop_front();
  --queued_;
  queued_bytes_ -= first.invocation.payload.bytes();
  environment.fail_unstarted(std::move(first.invocation), std::move(first.done), failure);
}

void Scheduler::on_gone(Environment& environment) {
  const auto found = environments_.find(&environment);
  if (found == environments_.end()) return;
  std::shared_ptr<Environment> gone(std::move(found->second));
  environments_.erase(found);
  setting_.loop.post([gone] {});
}

void Scheduler::drop_if_unused(const std::string& identity) {
  const auto found = functions_.find(identity);
  if (found == functions_.end()) return;
  const Function& function = found->second;
  if (function.living == 0 && function.waiting.empty()) functions_.erase(found);
}

void Scheduler::retire(const std::string& identity) {
  const auto found = functions_.find(identity);
  if (found == functions_.end()) return;
  found->second.retired = true;
  const std::vector<Environment*> idle = found->second.idle;
  for (Environment* environment : idle) environment->stop();
}

// With every place taken by functions that are never idle, one of theirs goes for a function that
// has none.
void Scheduler::serve_the_starved() {
  if (stopping_) return;
  std::vector<Function*> starved;
  for (auto& [identity, function] : functions_) {
    if (function.living == 0 && !function.waiting.empty()) starved.push_back(&function);
  }
  // Whoever had its turn longest ago comes first.
  std::sort(starved.begin(), starved.end(), [](const Function* left, const Function* right) {
    return left->last_start < right->last_start;
  });
  const MonotonicMicros limit = monotonic_now() - kStarvedMicros;
  for (Function* function : starved) {
    if (starting_ < options_.starting_max && make_room()) {
      start_environment(*function);
    } else if (function->waiting.front().since < limit) {
      someone_starves_ = living_ >= options_.environments_max;
    }
  }
}

void Scheduler::end_the_old() {
  const MonotonicMicros limit =
      monotonic_now() - options_.idle_seconds_max * MonotonicMicros{1'000'000};
  std::vector<Environment*> old;
  for (const auto& [identity, function] : functions_) {
    for (Environment* environment : function.idle) {
      if (environment->idle_since() < limit) old.push_back(environment);
    }
  }
  for (Environment* environment : old) environment->stop();
}

void Scheduler::sweep() {
  end_the_old();
  serve_the_starved();
  sweep_timer_ = setting_.loop.at(monotonic_now() + kSweepMicros, [this] { sweep(); });
}

void Scheduler::flush_logs() {
  flush_timer_.reset();
  setting_.logs.flush();
  if (living_ > 0) {
    flush_timer_ = setting_.loop.at(monotonic_now() + kFlushMicros, [this] { flush_logs(); });
  }
}

void Scheduler::stop() {
  stopping_ = true;
  for (auto& [identity, function] : functions_) {
    std::deque<Waiting> waiting = std::move(function.waiting);
    function.waiting.clear();
    for (Waiting& each : waiting) each.done(refused(InvocationResult::Kind::kStopped));
  }
  std::vector<Environment*> all;
  for (const auto& [pointer, environment] : environments_) all.push_back(pointer);
  for (Environment* environment : all) environment->stop();
}

PoolStats Scheduler::stats() const {
  PoolStats stats;
  stats.environments = living_;
  for (const auto& [identity, function] : functions_) stats.idle += function.idle.size();
  stats.queued = queued_;
  stats.started = started_;
  stats.invocations = invocations_;
  return stats;
}

}  // namespace pawl::functions
