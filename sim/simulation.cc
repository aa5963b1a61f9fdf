#include "simulation.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "asl/parse.h"
#include "distributed_machines.h"
#include "machine/codec.h"
#include "machine/test_machines.h"
#include "map_run_checks.h"
#include "process.h"
#include "runtime/history.h"

namespace pawl::sim {

namespace {

constexpr int kSettlingRoundsMax = 4'000;

// What the world was told about one execution, and what it saw of it.
struct Facts {
  runtime::ExecutionNames names;
  runtime::ExecutionId id;
  std::string revision;
  std::string input;
  bool acknowledged = false;
  std::optional<machine::Status> closed;
  std::vector<std::string> events;  // each as a record of its own
  // While a pause is acknowledged and not lifted: the steps that there were.
  std::optional<std::size_t> paused_at;
  std::optional<std::size_t> machine_paused_at;
  int pause_number = 0;
  std::int32_t redrives = 0;
};

bool is_step(const machine::Event& event) {
  return std::holds_alternative<machine::StateEntered>(event.body) ||
         std::holds_alternative<machine::StateExited>(event.body) ||
         std::holds_alternative<machine::TaskScheduled>(event.body) ||
         std::holds_alternative<machine::RetryScheduled>(event.body) ||
         std::holds_alternative<machine::ExecutionSucceeded>(event.body);
}

class Simulation {
 public:
  Simulation(std::uint64_t seed, const Options& options) : options_(options), rng_(seed) {
    for (int number = 0; number < options.executions; ++number) facts_.push_back(invent(number));
    if (one_in(3)) {
      halting_.set({runtime::digest_of_machine(facts_.front().names.machine_arn())});
    }
    restart();
  }

  Report run() {
    for (round_ = 0; round_ < options_.rounds && !report_.problem; ++round_) {
      disturb();
      act();
      look();
    }
    settle();
    return report_;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return rng_.next() % bound; }
  bool one_in(std::uint64_t chance) { return below(chance) == 0; }
  void problem(const std::string& what) {
    if (!report_.problem) report_.problem = "round " + std::to_string(round_) + ": " + what;
  }

  Facts invent(int number) {
    Facts facts;
    facts.revision = std::to_string(number);
    std::string definition;
    if (one_in(3)) {
      DistributedMaker maker(rng_.next());
      definition = maker.make();
      facts.input = maker.make_input();
    } else {
      machine::test::MachineMaker maker(rng_.next());
      definition = maker.make();
      facts.input = maker.make_input();
    }
    asl::ParseOutcome parsed = asl::parse(definition);
    ENSURE(parsed.ok(), definition);
    definitions_[facts.revision] = parsed.machine;
    facts.names = {"us-east-1", "000000000000", "m", "e" + std::to_string(rng_.next())};
    facts.id = runtime::id_of_execution(facts.names.execution_arn());
    return facts;
  }

  void restart() {
    process_.reset();
    process_ = std::make_unique<Process>(
        Process::World{*store_, clock_, definitions_, rng_, halting_}, pauses_);
  }

  // ---- faults

  void disturb() {
    if (one_in(25)) {
      store_->crash();
      restart();
      ++report_.crashes;
    } else if (one_in(30)) {
      const bool unknown = one_in(2);
      store_->fail_next(unknown ? store::Outcome::kUnknown : store::Outcome::kRefused,
                        unknown && one_in(2));
      ++report_.lost_batches;
    }
  }

  // ---- the world's doings

  void act() {
    switch (below(11)) {
      case 0:
        start(facts_[below(facts_.size())]);
        break;
      case 5:
        if (one_in(3)) reopen(facts_[below(facts_.size())]);
        break;
      case 1:
        clock_.advance(static_cast<std::int64_t>(below(3'000)));
        break;
      case 2:
        if (one_in(10)) stop(facts_[below(facts_.size())]);
        break;
      case 3:
        answer_anything();
        break;
      case 4:
        if (one_in(2)) disturb_pauses(facts_[below(facts_.size())]);
        break;
      default:
        answer_some();
        break;
    }
    process_->turn();
    store_->sync(below(store_->waiting() + 1));
  }

  void start(Facts& facts) {
    process_->shard_of(facts.id).start(
        facts.id,
        {.names = facts.names,
         .definition = definitions_.at(facts.revision),
         .revision = facts.revision,
         .revision_id = {},
         .role_arn = "arn:aws:iam::000000000000:role/sim",
         .trace_header = {},
         .input = json::Value::trusted(facts.input),
         .started_by = {}},
        [this, &facts](runtime::StartOutcome outcome) {
          using Kind = runtime::StartOutcome::Kind;
          if (outcome.kind == Kind::kLost) return;
          if (outcome.kind == Kind::kStarted && facts.acknowledged) {
            problem(facts.names.execution + " started a second time");
          }
          facts.acknowledged = true;
        });
  }

  void stop(const Facts& facts) {
    process_->shard_of(facts.id).deliver(
        facts.id, machine::Stop{machine::Fault{.error = "Stopped", .cause = std::nullopt}},
        [](const runtime::Delivery&) {});
  }

  // What had ended is redriven; what has halted is tried again, or given up.
  void reopen(const Facts& facts) {
    runtime::Shard& shard = process_->shard_of(facts.id);
    switch (below(4)) {
      case 0:
        return shard.deliver(facts.id, machine::GiveUp{}, [](const runtime::Delivery&) {});
      case 1:
        return shard.try_again(facts.id, std::nullopt, [](const runtime::TryAgainOutcome&) {});
      default:
        return shard.redrive(facts.id, {}, [this](const runtime::RedriveOutcome& outcome) {
          const bool redriven = outcome.kind == runtime::RedriveOutcome::Kind::kRedriven;
          report_.redrives += redriven ? 1 : 0;
        });
    }
  }

  // ---- pauses

  void disturb_pauses(Facts& facts) {
    switch (below(5)) {
      case 0:
        return pause_machine();
      case 1:
        return resume_machine();
      case 2:
        return pause(facts);
      default:
        return resume(facts);
    }
  }

  std::size_t durable_steps(const Facts& facts) const {
    std::size_t steps = 0;
    const auto summary = runtime::read_summary(*store_, facts.id, {});
    if (!summary) return steps;
    runtime::walk_history(*store_, *summary, facts.id, runtime::HistoryOrder::kForward,
                          std::nullopt, [&steps](const machine::Event& event) {
                            steps += is_step(event) ? 1 : 0;
                            return true;
                          });
    return steps;
  }

  void pause(Facts& facts) {
    const int number = ++facts.pause_number;
    process_->shard_of(facts.id).pause(facts.id, {clock_.wall, "sim", "chance"},
                                       [this, &facts, number](const runtime::Delivery& delivery) {
                                         if (delivery.kind != runtime::Delivery::Kind::kAccepted)
                                           return;
                                         if (number != facts.pause_number)
                                           return;  // lifted meanwhile
                                         facts.paused_at = durable_steps(facts);
                                         ++report_.pauses;
                                       });
  }
  void resume(Facts& facts) {
    ++facts.pause_number;
    facts.paused_at.reset();
    process_->shard_of(facts.id).resume(facts.id, [](const runtime::Delivery&) {});
  }

  // The catalog, which is durable here from the start, says what a new process begins with.
  void set_pauses(std::optional<runtime::Pause> pause, std::function<void()> done) {
    auto pauses = std::make_shared<runtime::Pauses>();
    const auto digest = runtime::digest_of_machine(facts_.front().names.machine_arn());
    if (pause) pauses->machines[digest] = *pause;
    pauses_ = pauses;
    process_->set_pauses(pauses_, std::move(done));
  }
  void pause_machine() {
    set_pauses(runtime::Pause{clock_.wall, "sim", "chance"}, [this, number = ++pause_number_] {
      if (number != pause_number_) return;
      for (Facts& facts : facts_) facts.machine_paused_at = durable_steps(facts);
      ++report_.pauses;
    });
  }
  void resume_machine() {
    ++pause_number_;
    for (Facts& facts : facts_) facts.machine_paused_at.reset();
    set_pauses(std::nullopt, [] {});
  }

  // A worker that answers late, for another, or what nobody asked.
  void answer_anything() {
    const Facts& facts = facts_[below(facts_.size())];
    process_->shard_of(facts.id).deliver(
        facts.id, machine::TaskReturned{static_cast<machine::EventId>(below(40)), json::Value()},
        [](const runtime::Delivery&) {});
  }

  void answer_some() {
    for (std::uint64_t left = below(3); left > 0 && !process_->requests().empty(); --left) {
      auto& requests = process_->requests();
      const auto chosen = requests.begin() + static_cast<std::ptrdiff_t>(below(requests.size()));
      const runtime::TaskRequest request = *chosen;
      if (!one_in(6)) requests.erase(chosen);  // else it will be answered twice
      answer(request, below(5) == 0);
    }
  }

  void answer(const runtime::TaskRequest& request, bool fails) {
    ++report_.answers;
    runtime::Shard& shard = process_->shard_of(request.execution);
    const auto nothing = [](const runtime::Delivery&) {};
    if (request.scheduled.kind == machine::TaskKind::kActivity) {
      shard.deliver(request.execution, machine::TaskTaken{request.task, std::nullopt}, nothing);
    }
    if (!request.submitted && request.scheduled.resource.ends_with(".waitForTaskToken")) {
      shard.deliver(request.execution,
                    machine::TaskAccepted{request.task, json::Value::trusted("{}")}, nothing);
    }
    if (fails) {
      shard.deliver(
          request.execution,
          machine::TaskFaulted{
              request.task, machine::TaskFailure::kFailed, {.error = "E1", .cause = "why"}},
          nothing);
    } else {
      shard.deliver(request.execution,
                    machine::TaskReturned{request.task, json::Value::trusted(R"({"made":[7]})")},
                    nothing);
    }
  }

  // ---- checks

  void look() {
    for (Facts& facts : facts_) look_at(facts);
    if (round_ % 8 != 0) return;
    for (const Facts& facts : facts_) {
      if (auto wrong = map_runs_.look(*store_, facts.id)) problem(*wrong);
    }
  }

  void look_at(Facts& facts) {
    const auto summary = runtime::read_summary(*store_, facts.id, {});
    if (!summary) {
      if (facts.acknowledged) problem(facts.names.execution + " was acknowledged and is gone");
      return;
    }
    if (summary->redrive_count != facts.redrives) {
      facts.redrives = summary->redrive_count;
      facts.closed.reset();
      facts.paused_at.reset();  // its pause ended with it
    }
    if (summary->status != machine::Status::kRunning) {
      if (facts.closed && *facts.closed != summary->status) {
        problem(facts.names.execution + " ended a second time");
      }
      facts.closed = summary->status;
      facts.paused_at.reset();
    } else if (facts.closed) {
      problem(facts.names.execution + " had ended and runs again");
    }
    compare_history(facts, *summary);
  }

  void compare_history(Facts& facts, const runtime::Summary& summary) {
    std::vector<std::string> events;
    std::size_t steps = 0;
    machine::EventId last = 0;
    WallMillis time = 0;
    const auto walk = runtime::walk_history(
        *store_, summary, facts.id, runtime::HistoryOrder::kForward, std::nullopt,
        [&](const machine::Event& event) {
          if (event.id != last + 1) problem("an event's id is missing or doubled");
          if (event.time < time) {
            problem(facts.names.execution + ": the time of event " + std::to_string(event.id) +
                    " goes back by " + std::to_string(time - event.time) + " ms");
          }
          if (event.time > clock_.wall) problem("an event is of the future");
          last = event.id;
          time = event.time;
          steps += is_step(event) ? 1 : 0;
          events.push_back(machine::encode_events({&event, 1}));
          return true;
        });
    if (!walk.damage.empty()) problem(walk.damage);
    if (events.size() < facts.events.size() ||
        !std::equal(facts.events.begin(), facts.events.end(), events.begin())) {
      problem(facts.names.execution + ": its history lost or changed an event");
    }
    for (const auto& paused_at : {facts.paused_at, facts.machine_paused_at}) {
      if (paused_at && steps != *paused_at) {
        problem(facts.names.execution + " is paused and took a step");
      }
    }
    facts.events = std::move(events);
  }

  // ---- the end

  bool all_closed() const {
    return std::all_of(facts_.begin(), facts_.end(),
                       [](const Facts& facts) { return !facts.acknowledged || facts.closed; });
  }

  void settle() {
    store_->crash();
    restart();
    resume_machine();
    for (Facts& facts : facts_) resume(facts);
    for (int left = kSettlingRoundsMax; left > 0 && !report_.problem; --left, ++round_) {
      process_->turn();
      store_->sync(store_->waiting());
      for (const runtime::TaskRequest& request : std::exchange(process_->requests(), {})) {
        answer(request, false);
      }
      for (const Facts& facts : facts_) {
        if (facts.closed) continue;
        process_->shard_of(facts.id).deliver(facts.id, machine::GiveUp{},
                                             [](const runtime::Delivery&) {});
      }
      if (left % 8 == 0) {
        look();
        if (all_closed() && store_->waiting() == 0 && process_->is_quiet()) break;
        if (const auto due = process_->next_timer()) {
          clock_.advance(std::max<std::int64_t>(*due - clock_.wall, 0));
        }
      }
    }
    finish();
  }

  void finish() {
    for (const Facts& facts : facts_) {
      report_.acknowledged += facts.acknowledged ? 1 : 0;
      report_.events += facts.events.size();
      if (facts.acknowledged && !facts.closed) problem(facts.names.execution + " never ended");
      if (!facts.closed) continue;
      if (auto wrong = map_runs_.finish(*store_, facts.id)) problem(*wrong);
    }
    report_.map_runs += map_runs_.count();
    report_.children += map_runs_.children();
    if (process_->open() != 0 && all_started_known()) {
      problem("the count of open executions is " + std::to_string(process_->open()));
    }
    if (all_started_known()) find_rows_left();
  }

  void find_rows_left() {
    for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
      for (const char kind : {'t', 'o', 'r', 'i', 'h', 'u'}) {
        store_->scan(shard, store::Space::kState, std::string(1, kind),
                     std::string(1, static_cast<char>(kind + 1)), store::Store::Direction::kForward,
                     [&](std::string_view, std::string_view) {
                       problem(std::string("a row is left: ") + kind);
                       return true;
                     });
      }
    }
  }

  // An execution whose start was never acknowledged may be there all the same, and still run.
  bool all_started_known() const {
    return std::all_of(facts_.begin(), facts_.end(), [](const Facts& facts) {
      return facts.closed || (!facts.acknowledged && facts.events.empty());
    });
  }

  const Options options_;
  SeededRng rng_;
  SimClock clock_;
  Definitions definitions_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make(store::SimStore::Mode::kManual);
  std::vector<Facts> facts_;
  std::shared_ptr<const runtime::Pauses> pauses_;
  int pause_number_ = 0;
  runtime::HaltingMachines halting_;
  MapRunChecks map_runs_;
  std::unique_ptr<Process> process_;
  Report report_;
  int round_ = 0;
};

}  // namespace

Report simulate(std::uint64_t seed, const Options& options) {
  return Simulation(seed, options).run();
}

}  // namespace pawl::sim
