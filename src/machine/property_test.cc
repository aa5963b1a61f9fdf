// Properties of random runs: random machines, answered by a random or by a fixed outside world.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/codec.h"
#include "machine/fork.h"
#include "machine/test_machines.h"
#include "machine/test_world.h"

namespace pawl::machine::test {
namespace {

constexpr int kRoundsMax = 20'000;

std::shared_ptr<const asl::Machine> parse(const std::string& definition) {
  const asl::ParseOutcome parsed = asl::parse(definition);
  RC_ASSERT(parsed.ok());
  return parsed.machine;
}

// Replays what a restart would read: the events as they were encoded.
class Replay {
 public:
  void follow(const Step& step) {
    const auto decoded = decode_events(encode_events(step.events));
    RC_ASSERT(decoded.ok());
    for (const Event& event : *decoded) apply(execution, event);
  }

  Execution execution;
};

OpenCommands pending(const Execution& execution) {
  OpenCommands open;
  open.add(pending_commands(execution));
  return open;
}

Input succeeded_run(EventId map_run) {
  return MapRunFinished{map_run, MapRunEnd::kSucceeded, {}, json::Value::trusted("[{\"made\":1}]")};
}
Input failed_run(EventId map_run) {
  return MapRunFinished{
      map_run, MapRunEnd::kFailed, {.error = "States.ItemReaderFailed", .cause = "why"}, {}};
}

// An Input for something that is open, or one that fits nothing.
Input random_input(const World& world, SeededRng& rng) {
  const auto below = [&rng](std::uint64_t bound) { return rng.next() % bound; };
  const std::uint64_t tasks = world.open.tasks().size();
  const std::uint64_t timers = world.open.timers().size();
  if (below(40) == 0) return Stop{Fault{.error = "Stopped", .cause = std::nullopt}};
  if (below(10) == 0) return TaskReturned{static_cast<EventId>(below(30)), json::Value()};
  if (below(10) == 0) return Continue{};
  if (first_halted(world.execution) != nullptr) {
    if (below(4) == 0) return GiveUp{};
    if (below(2) == 0) return TryAgain{};
  }
  if (timers > 0 && (tasks == 0 || below(3) == 0)) {
    return TimerFired{std::next(world.open.timers().begin(), below(timers))->first};
  }
  if (!world.open.map_runs().empty() && below(2) == 0) {
    const EventId map_run = *world.open.map_runs().begin();
    return below(3) == 0 ? failed_run(map_run) : succeeded_run(map_run);
  }
  if (tasks == 0) return Continue{};
  const EventId task = std::next(world.open.tasks().begin(), below(tasks))->first;
  switch (below(6)) {
    case 0:
      return TaskTaken{task, std::nullopt};
    case 1:
      return TaskAccepted{task, json::Value::trusted(R"({"MessageId": "m"})")};
    case 2:
      return TaskFaulted{task, TaskFailure::kFailed, {.error = "E1", .cause = "why"}};
    case 3:
      return HeartbeatExpired{task};
    default:
      return TaskReturned{task, json::Value::trusted("[1,  {\"made\":2}]")};
  }
}

// Twice, so that what a redrive keeps of a redriven execution is looked at too.
bool may_redrive(const Execution& execution) {
  return execution.closed() && execution.status != Status::kSucceeded &&
         execution.redrive_count < 2;
}

void check_history(const World& world) {
  EventId last = 0;
  WallMillis time = 0;
  for (const Event& event : world.events) {
    RC_ASSERT(event.time >= time);
    time = event.time;
    if (!event.visible()) continue;
    RC_ASSERT(event.id == ++last);
    RC_ASSERT(event.previous < event.id);
  }
}

// Restart after every step: what is replayed from the durable bytes is what lives in memory, and
// the commands that were asked for and not ended are those that a restart releases again.
RC_GTEST_PROP(RandomRuns, ReplayEqualsLiveAfterEveryStep, (std::uint64_t seed)) {
  MachineMaker maker(seed);
  World world(parse(maker.make()));
  SeededRng rng(seed ^ 0x5eed);
  Replay replay;
  if (seed % 2 == 0) world.on_failure = OnFailure::kHalts;
  Step step = world.feed(Start{json::Value::trusted(maker.make_input())});
  for (int round = 0; round < kRoundsMax; ++round) {
    replay.follow(step);
    RC_ASSERT(hash(replay.execution) == hash(world.execution));
    RC_ASSERT(pending(replay.execution) == pending(world.execution));
    RC_ASSERT(pending(world.execution) == world.open);
    const auto image = decode_image(encode_image(world.execution));
    RC_ASSERT(image.ok());
    RC_ASSERT(hash(*image) == hash(world.execution));
    RC_ASSERT(image->waiting == world.execution.waiting);
    RC_ASSERT(step.more || world.execution.ready.empty());
    world.now += static_cast<WallMillis>(rng.next() % 2'000);
    if (!world.execution.closed()) {
      step = world.feed(random_input(world, rng));
    } else if (may_redrive(world.execution)) {
      step = world.feed(Redrive{});
    } else {
      break;
    }
  }
  check_history(world);
}

// A world that always answers the same: by what is asked, not by when.
class FixedWorld {
 public:
  FixedWorld(std::shared_ptr<const asl::Machine> machine, Limits limits)
      : world(std::move(machine), limits) {
    world.draws_new_seeds = false;
  }

  // With its redrives. What is due first, timers before tasks; an open activity task is taken
  // before it is answered.
  void run_to_end() {
    for (int round = 0; round < kRoundsMax; ++round) {
      pause_at_random();
      if (may_redrive(world.execution)) {
        world.feed(Redrive{});
      } else if (world.execution.closed()) {
        break;
      } else if (gives_up && first_halted(world.execution) != nullptr) {
        world.feed(GiveUp{});
      } else if (!world.execution.ready.empty()) {
        world.feed(Continue{});
      } else if (first_halted(world.execution) != nullptr) {
        deal_with_halt();
      } else if (!world.open.tasks().empty()) {
        answer(*world.open.tasks().begin());
      } else if (!world.open.map_runs().empty()) {
        const EventId map_run = *world.open.map_runs().begin();
        world.feed(world.execution.input.bytes() % 2 == 0 ? failed_run(map_run)
                                                          : succeeded_run(map_run));
      } else {
        fire_next();
      }
    }
    RC_ASSERT(world.execution.closed());
  }

  World world;
  std::unique_ptr<SeededRng> pauses;  // nullptr: it is never held
  bool gives_up = false;              // what halts is not tried again

 private:
  // What fails once fails every time.
  void deal_with_halt() {
    constexpr std::uint64_t kPatience = 150;
    if (world.execution.event_count > kPatience) {
      world.feed(GiveUp{});
    } else {
      world.feed(TryAgain{});
    }
  }

  // While it is held, only what an answer says is added.
  void pause_at_random() {
    if (!pauses) return;
    world.motion = Motion::kHeld;
    const std::size_t before = world.events.size();
    for (const auto& [timer, due] : std::map(world.open.timers())) world.feed(TimerFired{timer});
    RC_ASSERT(world.events.size() == before);
    world.motion = pauses->next() % 2 == 0 || world.execution.closed() ||
                           !world.execution.ready.empty() || world.open.tasks().empty()
                       ? Motion::kGoes
                       : Motion::kHeld;
  }

  void answer(const std::pair<const EventId, TaskStage>& open) {
    const auto [task, stage] = open;
    const RunTask run = find(task);
    if (run.scheduled.kind == TaskKind::kActivity && stage == TaskStage::kScheduled) {
      world.feed(TaskTaken{task, "worker"});
      return;
    }
    // By the state and the attempt, so that it is the same from whatever event on.
    const std::size_t choice =
        std::hash<std::string>()(run.state_name + std::to_string(run.scheduled.retry_count)) % 3;
    if (choice == 0) {
      world.feed(TaskFaulted{task, TaskFailure::kFailed, {.error = "E1", .cause = run.state_name}});
    } else {
      world.feed(
          TaskReturned{task, json::Value::trusted("{\"made\": [\"" + run.state_name + "\"]}")});
    }
  }

  RunTask find(EventId task) const {
    for (const Command& command : pending_commands(world.execution)) {
      const auto* run = std::get_if<RunTask>(&command);
      if (run != nullptr && run->task == task) return *run;
    }
    RC_FAIL("no such task");
    return {};
  }

  void fire_next() {
    const auto& timers = world.open.timers();
    RC_ASSERT(!timers.empty());
    const auto next = std::min_element(
        timers.begin(), timers.end(),
        [](const auto& left, const auto& right) { return left.second < right.second; });
    world.now = std::max(world.now, next->second);
    world.feed(TimerFired{next->first});
  }
};

bool same_end(const Execution& left, const Execution& right) {
  return left.status == right.status && left.fault == right.fault && left.output == right.output;
}

// Decision D3: every prefix of a run's events is a state from which it goes on, to the same end.
RC_GTEST_PROP(RandomRuns, EveryPrefixGoesOnToTheSameEnd, (std::uint64_t seed)) {
  MachineMaker maker(seed);
  const auto machine = parse(maker.make());
  const OnFailure on_failure = seed % 2 == 0 ? OnFailure::kHalts : OnFailure::kFails;
  FixedWorld whole(machine, kAwsLimits);
  whole.world.on_failure = on_failure;
  whole.world.feed(Start{json::Value::trusted(maker.make_input())});
  whole.run_to_end();
  const std::vector<Event>& events = whole.world.events;
  // All prefixes of short runs, about sixty of long ones.
  const std::size_t stride = 1 + events.size() / 60;
  for (std::size_t length = 1; length < events.size(); length += stride) {
    FixedWorld resumed(machine, kAwsLimits);
    resumed.world.on_failure = on_failure;
    for (std::size_t i = 0; i < length; ++i) apply(resumed.world.execution, events[i]);
    resumed.world.now = events[length - 1].time;
    resumed.world.open = pending(resumed.world.execution);
    resumed.run_to_end();
    if (on_failure == OnFailure::kFails) {
      RC_ASSERT(same_end(resumed.world.execution, whole.world.execution));
    } else {  // which state is given up first depends on when it was tried again
      RC_ASSERT(resumed.world.execution.status == whole.world.execution.status);
    }
  }
}

// Caps change where steps end, not what they decide.
RC_GTEST_PROP(RandomRuns, CappedStepsDecideTheSameEvents, (std::uint64_t seed)) {
  MachineMaker maker(seed);
  const auto machine = parse(maker.make());
  const Start start{json::Value::trusted(maker.make_input())};
  FixedWorld whole(machine, kAwsLimits);
  whole.world.feed(start);
  whole.run_to_end();
  Limits limits = kAwsLimits;
  limits.step_fuel_max = 1 + static_cast<std::int64_t>(seed % 4);
  FixedWorld capped(machine, limits);
  capped.world.feed(start);
  capped.run_to_end();
  RC_ASSERT(encode_events(capped.world.events) == encode_events(whole.world.events));
}

// A pause changes when things happen, not what: whoever is held and let go at random comes to the
// same events as whoever was never held.
RC_GTEST_PROP(RandomRuns, PausesChangeNoEvents, (std::uint64_t seed)) {
  MachineMaker maker(seed);
  const auto machine = parse(maker.make());
  const Start start{json::Value::trusted(maker.make_input())};
  FixedWorld whole(machine, kAwsLimits);
  whole.world.feed(start);
  whole.run_to_end();
  FixedWorld paused(machine, kAwsLimits);
  paused.pauses = std::make_unique<SeededRng>(seed ^ 0x9a05e);
  paused.world.motion = Motion::kHeld;
  paused.world.feed(start);
  RC_ASSERT(paused.world.events.size() == 1u);
  paused.run_to_end();
  RC_ASSERT(same_end(paused.world.execution, whole.world.execution));
  RC_ASSERT(encode_events(paused.world.events) == encode_events(whole.world.events));
}

std::vector<Event> visible(const std::vector<Event>& events) {
  std::vector<Event> shown;
  for (const Event& event : events) {
    if (event.visible()) shown.push_back(event);
  }
  return shown;
}

// Halting only puts off what a failure comes to: whoever gives up at once has the same history as
// whoever never halted. Steps of one event, so that nothing happens between the two.
RC_GTEST_PROP(RandomRuns, GivingUpAtOnceIsFailing, (std::uint64_t seed)) {
  MachineMaker maker(seed);
  const auto machine = parse(maker.make());
  const Start start{json::Value::trusted(maker.make_input())};
  Limits limits = kAwsLimits;
  limits.step_fuel_max = 1;
  FixedWorld fails(machine, limits);
  fails.world.feed(start);
  fails.run_to_end();
  FixedWorld halts(machine, limits);
  halts.world.on_failure = OnFailure::kHalts;
  halts.gives_up = true;
  halts.world.feed(start);
  halts.run_to_end();
  RC_ASSERT(same_end(halts.world.execution, fails.world.execution));
  RC_ASSERT(encode_events(visible(halts.world.events)) ==
            encode_events(visible(fails.world.events)));
}

// From any event of any run another one can go on, and replay tells it as it was.
RC_GTEST_PROP(RandomRuns, ForksGoOnFromAnyEvent, (std::uint64_t seed)) {
  MachineMaker maker(seed);
  const auto machine = parse(maker.make());
  FixedWorld whole(machine, kAwsLimits);
  whole.world.feed(Start{json::Value::trusted(maker.make_input())});
  whole.run_to_end();
  const std::vector<Event>& events = whole.world.events;
  const std::size_t stride = 1 + events.size() / 30;
  for (std::size_t length = 1; length <= events.size(); length += stride) {
    FixedWorld fork(machine, kAwsLimits);
    Replay replay;
    for (std::size_t i = 0; i < length; ++i) {
      apply(fork.world.execution, events[i]);
      apply(replay.execution, events[i]);
    }
    fork.world.now = events[length - 1].time;
    const Fork input{json::Value::trusted("{}"), events[length - 1].strand};
    if (fork_obstacle(fork.world.execution, input, fork.world.definition())) continue;
    const Step step = fork.world.feed(input);
    replay.follow(step);
    RC_ASSERT(hash(replay.execution) == hash(fork.world.execution));
    RC_ASSERT(pending(fork.world.execution) == fork.world.open);
    fork.run_to_end();
  }
}

RC_GTEST_PROP(RandomBytes, NeverCrashTheDecoders, (const std::string& bytes)) {
  (void)decode_events(bytes);
  (void)decode_image(bytes);
}

}  // namespace
}  // namespace pawl::machine::test
