// Which invocation runs in which environment. Lives on the loop's thread.
//
// Warm environments are taken last-in first-out, so that those not needed grow old and end. A new
// one starts only when waiting for a warm one would take longer than starting it.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/rng.h"
#include "functions/environment.h"
#include "functions/pool.h"

namespace pawl::functions {

class Scheduler final : private Environment::Owner {
 public:
  Scheduler(EnvironmentSetting setting, const PoolOptions& options);
  ~Scheduler() override;

  void add(SharedSpec spec, Invocation invocation, Done done);
  void retire(const std::string& identity);
  void set_endpoint(std::string url) { setting_.endpoint_url = std::move(url); }
  PoolStats stats() const;

  // Ends every environment and answers everything with kStopped.
  void stop();
  // Every process of ours is gone.
  bool all_gone() const { return environments_.empty(); }

 private:
  struct Waiting {
    Invocation invocation;
    Done done;
    MonotonicMicros since;
  };
  struct Function {
    SharedSpec spec;
    std::deque<Waiting> waiting;
    std::vector<Environment*> idle;  // the last one was used last
    std::size_t starting = 0;
    std::size_t living = 0;  // with the starting ones
    MonotonicMicros last_start = 0;
    bool retired = false;
    double mean_duration_millis = 0;
    double mean_init_millis = 0;
    bool timed = false;  // a timer looks at the queue again
  };

  // Environment::Owner
  void on_started(Environment& environment) override;
  void on_ready(Environment& environment) override;
  void on_ended(Environment& environment, std::optional<StartFailure> failure) override;
  void on_gone(Environment& environment) override;

  Function& function_of(const SharedSpec& spec);
  void pump(const std::string& identity);
  void dispatch(Function& function, Environment& environment);
  bool starting_pays(const Function& function) const;
  bool make_room();
  void start_environment(Function& function);
  void look_again_later(const std::string& identity, Function& function);
  void serve_the_starved();
  void fail_first(Function& function, Environment& environment, const StartFailure& failure);
  void drop_if_unused(const std::string& identity);
  void end_the_old();
  void sweep();
  void flush_logs();
  void announce(const std::string& runtime);

  EnvironmentSetting setting_;
  PoolOptions options_;
  SystemRng rng_;
  std::unordered_map<std::string, Function> functions_;  // by identity
  std::unordered_map<Environment*, std::unique_ptr<Environment>> environments_;
  std::size_t living_ = 0;  // not ended
  std::size_t starting_ = 0;
  std::size_t queued_ = 0;
  std::size_t queued_bytes_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t invocations_ = 0;
  bool stopping_ = false;
  std::unordered_set<std::string> announced_;  // runtimes
  bool someone_starves_ = false;               // the next environment to become idle goes
  std::optional<Loop::Timer> sweep_timer_;
  std::optional<Loop::Timer> flush_timer_;
};

}  // namespace pawl::functions
