#include "console/change_feed.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json/writer.h"

namespace pawl::console {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

SteadyTime now() { return std::chrono::steady_clock::now(); }

// The stream's first words: from here on nothing is left out unsaid.
constexpr std::string_view kReady = "retry: 2000\nevent: ready\ndata: {}\n\n";
constexpr std::string_view kMissed = "event: missed\ndata: {}\n\n";
constexpr std::string_view kHeartbeat = ": still here\n\n";

// As the API's timestamps are: 1763762400.123.
std::string seconds(WallMillis time) {
  return std::to_string(time / 1000) + "." + std::to_string(1000 + time % 1000).substr(1);
}

// JSON text has no line break, so that one line of data is enough.
void append_event(std::string& out, const Change& change) {
  out += "event: change\ndata: ";
  json::Writer writer(out);
  writer.begin_object().key("executionArn").string(change.execution_arn);
  writer.key("stateMachineArn").string(change.state_machine_arn);
  writer.key("name").string(change.name).key("status").string(change.status);
  writer.key("lastEventId").integer(change.event);
  writer.key("date").raw(seconds(change.time));
  if (change.start_time != 0) writer.key("startDate").raw(seconds(change.start_time));
  writer.end_object();
  out += "\n\n";
}

void append_event(std::string& out, Resource resource, std::string_view name) {
  out += "event: resource\ndata: ";
  json::Writer writer(out);
  writer.begin_object().key("resource").string(name_of(resource)).key("name").string(name);
  writer.end_object();
  out += "\n\n";
}

// Those of services' own workflows are nobody's to see, Express executions have no page.
bool is_shown(const machine::Identity& identity) {
  return identity.kind == machine::Identity::Kind::kStandard &&
         identity.execution_arn.find(":pawl:execution:") == std::string::npos;
}

constexpr std::array<std::pair<Resource, std::string_view>, 3> kResources = {
    {{Resource::kMapRun, "mapRun"},
     {Resource::kPipeline, "pipeline"},
     {Resource::kStack, "stack"}}};

}  // namespace

std::string_view name_of(Resource resource) {
  for (const auto& [each, name] : kResources) {
    if (each == resource) return name;
  }
  return {};
}

std::optional<Resource> resource_of(std::string_view wanted) {
  for (const auto& [resource, name] : kResources) {
    if (name == wanted) return resource;
  }
  return std::nullopt;
}

StepChange change_of(const std::vector<machine::Event>& events) {
  StepChange change{.status = "RUNNING"};
  for (const machine::Event& event : events) {
    if (event.visible()) {
      change.event = event.id;
      change.time = event.time;
    }
    if (std::holds_alternative<machine::ExecutionStarted>(event.body))
      change.start_time = event.time;
    if (std::holds_alternative<machine::ExecutionSucceeded>(event.body))
      change.status = "SUCCEEDED";
    if (std::holds_alternative<machine::ExecutionFailed>(event.body)) change.status = "FAILED";
    if (std::holds_alternative<machine::ExecutionAborted>(event.body)) change.status = "ABORTED";
    if (std::holds_alternative<machine::ExecutionTimedOut>(event.body)) change.status = "TIMED_OUT";
    if (std::holds_alternative<machine::ExecutionRedriven>(event.body)) change.status = "RUNNING";
  }
  return change;
}

// Shared by the feed, its streams and the log, none of which knows which of them goes first.
class ChangeFeed::State {
 public:
  explicit State(FeedOptions options) : options_(options) {}

  bool has_watchers() const { return count_.load(std::memory_order_relaxed) > 0; }
  std::size_t watchers() const { return count_.load(); }

  bool add(Watcher* watcher);
  void remove(Watcher* watcher);
  bool wanted(const machine::Identity& identity) const;
  void publish(const Change& change);
  void touch(Resource resource, std::string_view name);
  void read(Watcher& watcher, std::size_t count, runtime::BodySource::Done done);
  void run();
  void stop();

 private:
  struct Delivery {
    runtime::BodySource::Done done;
    std::string text;
  };
  std::vector<Delivery> collect(SteadyTime time);

  const FeedOptions options_;
  std::atomic<std::size_t> count_{0};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<Watcher*> watchers_;
};

class ChangeFeed::Watcher final : public runtime::BodySource {
 public:
  Watcher(std::shared_ptr<State> state, Topic topic)
      : topic_(std::move(topic)), state_(std::move(state)) {}
  ~Watcher() override { state_->remove(this); }

  std::uint64_t size() const override { return kEndless; }
  void read(std::size_t count, Done done) override { state_->read(*this, count, std::move(done)); }

  // All below under the state's lock.
  bool wants(std::string_view execution, std::string_view machine) const {
    return !topic_.resource &&
           (topic_.execution_arn.empty() || topic_.execution_arn == execution) &&
           (topic_.state_machine_arn.empty() || topic_.state_machine_arn == machine);
  }

  void touch(Resource resource, std::string_view name, std::size_t changes_max) {
    if (topic_.resource != resource || (!topic_.name.empty() && topic_.name != name)) return;
    if (touched_.size() < changes_max) {
      touched_.emplace(name);
    } else if (!touched_.contains(name)) {
      missed_ = true;
    }
  }

  void take(const Change& change, std::size_t changes_max) {
    const auto known = places_.find(change.execution_arn);
    if (known != places_.end()) {
      Change& last = pending_[known->second];
      const WallMillis start_time = std::max(last.start_time, change.start_time);
      last = change;
      last.start_time = start_time;
    } else if (pending_.size() < changes_max) {
      places_.emplace(change.execution_arn, pending_.size());
      pending_.push_back(change);
    } else {
      missed_ = true;
    }
  }

  // The next bytes, or none.
  std::string text_for(std::size_t count, bool heartbeat) {
    if (text_.empty()) {
      if (std::exchange(missed_, false)) text_ = kMissed;
      for (const Change& change : pending_) append_event(text_, change);
      for (const std::string& name : touched_) append_event(text_, *topic_.resource, name);
      pending_.clear();
      places_.clear();
      touched_.clear();
    }
    if (text_.empty() && heartbeat) text_ = kHeartbeat;
    std::string piece = text_.substr(0, count);
    text_.erase(0, piece.size());
    return piece;
  }

  const Topic topic_;
  std::vector<Change> pending_;
  std::unordered_map<std::string, std::size_t> places_;  // in pending_
  std::set<std::string, std::less<>> touched_;           // names of resources
  bool missed_ = false;
  std::string text_{kReady};  // rendered, not yet read
  Done reader_;               // waits for the next bytes; empty: nobody does
  std::size_t count_ = 0;     // what it takes at most
  SteadyTime read_time_{};

 private:
  const std::shared_ptr<State> state_;
};

bool ChangeFeed::State::add(Watcher* watcher) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || watchers_.size() >= options_.watchers_max) return false;
  watchers_.push_back(watcher);
  count_ = watchers_.size();
  changed_.notify_all();
  return true;
}

void ChangeFeed::State::remove(Watcher* watcher) {
  const std::lock_guard lock(mutex_);
  std::erase(watchers_, watcher);
  count_ = watchers_.size();
}

bool ChangeFeed::State::wanted(const machine::Identity& identity) const {
  const std::lock_guard lock(mutex_);
  for (const Watcher* watcher : watchers_) {
    if (watcher->wants(identity.execution_arn, identity.state_machine_arn)) return true;
  }
  return false;
}

void ChangeFeed::State::publish(const Change& change) {
  const std::lock_guard lock(mutex_);
  for (Watcher* watcher : watchers_) {
    if (watcher->wants(change.execution_arn, change.state_machine_arn)) {
      watcher->take(change, options_.changes_max);
    }
  }
}

void ChangeFeed::State::touch(Resource resource, std::string_view name) {
  const std::lock_guard lock(mutex_);
  for (Watcher* watcher : watchers_) watcher->touch(resource, name, options_.changes_max);
}

void ChangeFeed::State::read(Watcher& watcher, std::size_t count, runtime::BodySource::Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      watcher.read_time_ = now();
      if (watcher.text_.empty()) {
        watcher.reader_ = std::move(done);
        watcher.count_ = count;
        return;
      }
    }
  }
  if (watcher.text_.empty()) return done(Err{runtime::BodyError{"the server stops"}});
  // Nobody but the one reader touches the text while it is not empty.
  done(watcher.text_for(count, false));
}

std::vector<ChangeFeed::State::Delivery> ChangeFeed::State::collect(SteadyTime time) {
  std::vector<Delivery> deliveries;
  for (Watcher* watcher : watchers_) {
    if (!watcher->reader_) continue;
    const bool heartbeat = time - watcher->read_time_ >= options_.heartbeat;
    std::string text = watcher->text_for(watcher->count_, heartbeat);
    if (!text.empty()) {
      deliveries.push_back({std::exchange(watcher->reader_, nullptr), std::move(text)});
    }
  }
  return deliveries;
}

// Looks at the watchers a few times a second; sleeps while there are none.
void ChangeFeed::State::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (watchers_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !watchers_.empty(); });
      continue;
    }
    std::vector<Delivery> deliveries = collect(now());
    lock.unlock();
    for (Delivery& delivery : deliveries) delivery.done(std::move(delivery.text));
    deliveries.clear();
    lock.lock();
    changed_.wait_for(lock, options_.interval, [this] { return stopping_; });
  }
}

void ChangeFeed::State::stop() {
  std::vector<runtime::BodySource::Done> readers;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Watcher* watcher : watchers_) {
      if (watcher->reader_) readers.push_back(std::exchange(watcher->reader_, nullptr));
    }
  }
  changed_.notify_all();
  for (const auto& done : readers) done(Err{runtime::BodyError{"the server stops"}});
}

class ChangeFeed::Log final : public runtime::ExecutionLog {
 public:
  explicit Log(std::shared_ptr<State> state) : state_(std::move(state)) {}

  Delivery prepare(const machine::Identity& identity, std::int32_t /*redrive_count*/,
                   const std::vector<machine::Event>& events) const override {
    if (!state_->has_watchers() || !is_shown(identity) || !state_->wanted(identity)) return {};
    const StepChange step = change_of(events);
    if (step.event == 0) return {};
    return [state = state_, change = Change{.execution_arn = identity.execution_arn,
                                            .state_machine_arn = identity.state_machine_arn,
                                            .name = identity.execution_name,
                                            .status = step.status,
                                            .event = step.event,
                                            .time = step.time,
                                            .start_time = step.start_time}] {
      state->publish(change);
    };
  }

 private:
  const std::shared_ptr<State> state_;
};

ChangeFeed::ChangeFeed(FeedOptions options)
    : state_(std::make_shared<State>(options)), thread_([state = state_] { state->run(); }) {}

ChangeFeed::~ChangeFeed() {
  stop();
  thread_.join();
}

std::shared_ptr<const runtime::ExecutionLog> ChangeFeed::log() const {
  return std::make_shared<Log>(state_);
}

void ChangeFeed::touch(Resource resource, std::string_view name) {
  if (state_->has_watchers()) state_->touch(resource, name);
}

std::shared_ptr<runtime::BodySource> ChangeFeed::watch(Topic topic) {
  auto watcher = std::make_shared<Watcher>(state_, std::move(topic));
  if (!state_->add(watcher.get())) return nullptr;
  return watcher;
}

std::size_t ChangeFeed::watchers() const { return state_->watchers(); }

void ChangeFeed::stop() { state_->stop(); }

}  // namespace pawl::console
