// Who watches executions hears when they change: a stream of server-sent events for each watcher.
// A change says which execution has which status and which last event; what happened is asked for
// by the API. So what is told may be left out and put together: a watcher that reads slowly gets
// the last change of each execution, and is told when there were too many for that.
//
// Of other resources that change by themselves (stacks, pipelines, Map Runs) it is told that they
// did, by name: who shows one reads it again.
//
// Hears of events as the traces do, behind the gate: what is told is durable. While nobody watches
// that costs the test of one number for each step.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "machine/event.h"
#include "runtime/body.h"
#include "runtime/execution_log.h"

namespace pawl::console {

struct Change {
  std::string execution_arn;
  std::string state_machine_arn;
  std::string name;
  std::string_view status;     // static: "RUNNING"
  machine::EventId event = 0;  // the last one that the history shows
  WallMillis time = 0;         // of that event
  WallMillis start_time = 0;   // where it began with this change
};

// Resources other than executions.
enum class Resource { kMapRun, kPipeline, kStack };
// As the stream has it: "mapRun".
std::string_view name_of(Resource resource);
std::optional<Resource> resource_of(std::string_view name);

// What a watcher wants; an empty member is any. All must fit.
struct Topic {
  std::string execution_arn;
  std::string state_machine_arn;
  // Changes of such resources instead of executions, of all or of that name.
  std::optional<Resource> resource{};
  std::string name{};
};

struct FeedOptions {
  std::size_t watchers_max = 256;
  // Of one watcher, between two deliveries; beyond them it is told "missed".
  std::size_t changes_max = 1'000;
  std::chrono::milliseconds interval{100};      // between two deliveries to one watcher
  std::chrono::milliseconds heartbeat{15'000};  // a comment, so that a dead client is noticed
};

class ChangeFeed {
 public:
  explicit ChangeFeed(FeedOptions options = {});
  // Ends all streams.
  ~ChangeFeed();
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;

  // To be given to the engine; may outlive the feed.
  std::shared_ptr<const runtime::ExecutionLog> log() const;
  // Something durable of the resource has changed; a stack and a pipeline go by name, a Map Run by
  // ARN. Any thread; costs the test of one number while nobody watches.
  void touch(Resource resource, std::string_view name);
  // A body without an end, which watches from now on; dropped, it watches no more. nullptr: there
  // are too many already.
  std::shared_ptr<runtime::BodySource> watch(Topic topic);
  std::size_t watchers() const;
  // Ends all streams; later ones are refused.
  void stop();

 private:
  class State;
  class Watcher;
  class Log;

  std::shared_ptr<State> state_;
  std::thread thread_;
};

// What a step's events say, or nothing where no event of it is shown. `identity` names them.
struct StepChange {
  std::string_view status;
  machine::EventId event = 0;
  WallMillis time = 0;
  WallMillis start_time = 0;
};
StepChange change_of(const std::vector<machine::Event>& events);

}  // namespace pawl::console
