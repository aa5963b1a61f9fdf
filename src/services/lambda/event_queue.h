// Asynchronous invocations (InvocationType Event): accepted once they are durable, run at least
// once, tried again after a failure (AWS: after one and two minutes), kept over restarts. What was
// said about a function's events (Policy) decides how often, and which function hears of the end.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "functions/loop.h"
#include "json/value.h"
#include "services/lambda/catalog_writer.h"
#include "services/lambda/function_name.h"

namespace pawl::lambda {

struct Event {
  std::string request_id;
  FunctionName function;
  std::string client_context;
  json::Value payload;
  int failures = 0;   // of the function
  int throttles = 0;  // times there was no room for it
  int hops = 0;       // events that led here, each the other's destination
  WallMillis accepted = 0;
  WallMillis due = 0;
};

enum class EventOutcome {
  kSucceeded,
  kFailed,     // the function's own error
  kThrottled,  // did not run
  kGone,       // there is no such function any more
  kStopped,    // the server ends; the next one goes on
};

struct EventAnswer {
  EventOutcome outcome = EventOutcome::kSucceeded;
  std::string payload{};  // JSON text, or empty: it did not run
  std::string version{};  // that ran
};

// The invocation record that a destination is called with (AWS Lambda, "Destinations").
json::Value destination_record(const Event& event, std::string_view condition,
                               const EventAnswer& answer, WallMillis now);

class EventQueue {
 public:
  using Finished = std::function<void(EventAnswer)>;
  // Runs one event; answers on any thread.
  using Run = std::function<void(const Event&, Finished)>;
  struct Policy {
    int retries_max = 2;
    std::int64_t age_ms_max = 6 * 3'600'000;  // AWS's maximum event age
    std::string on_success{};                 // ARNs of functions; empty: none
    std::string on_failure{};
  };
  using PolicyOf = std::function<Policy(const Event&)>;
  struct Options {
    // Before the second, third ... try after a failure.
    std::vector<std::int64_t> retry_delays_ms = {60'000, 120'000};
    std::size_t waiting_max = 100'000;
  };

  // All outlive the queue. Timers run on `loop`.
  EventQueue(CatalogWriter& catalog, functions::Loop& loop, const Clock& clock, Options options,
             Run run, PolicyOf policy_of);

  // Goes on with what a server before this one has accepted. Before anything else.
  void recover();
  // False: too many wait. Else `accepted` is called once the event is durable; one that waits under
  // the same request id already (a task delivered twice) is not taken a second time. Thread-safe.
  bool accept(Event event, std::function<void()> accepted);
  std::size_t waiting() const;

 private:
  using SharedEvent = std::shared_ptr<const Event>;

  void schedule(const SharedEvent& event);
  void start(const SharedEvent& event);
  void finished(const SharedEvent& event, const EventAnswer& answer);
  // Ends the event; its destination's own event takes its place in the same change.
  void settle(const SharedEvent& event, const std::string& destination, std::string_view condition,
              const EventAnswer& answer);
  void try_again(Event event, std::int64_t delay_ms);
  void remove(const SharedEvent& event);
  void forget();

  CatalogWriter& catalog_;
  functions::Loop& loop_;
  const Clock& clock_;
  Options options_;
  Run run_;
  PolicyOf policy_of_;
  mutable std::mutex mutex_;
  std::size_t waiting_ = 0;  // guarded by mutex_
};

}  // namespace pawl::lambda
