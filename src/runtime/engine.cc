#include "runtime/engine.h"

#include <utility>

#include "runtime/log_pair.h"
#include "runtime/worker.h"

namespace pawl::runtime {

class Engine::Router final : public TaskRunner {
 public:
  explicit Router(Engine& engine) : engine_(engine) {}

  void run(TaskRequest request) override {
    // Batches that become durable while the server stops: the next process hands their tasks out.
    if (engine_.stopping_) return;
    request.handed_out = monotonic_now();
    const bool activity = request.scheduled.kind == machine::TaskKind::kActivity;
    // An activity's heartbeat clock begins when a worker has it.
    if (request.scheduled.heartbeat_seconds && (!activity || request.submitted)) {
      watch(request);
    }
    if (!activity) {
      engine_.seams_.tasks.run(std::move(request));
    } else if (!request.submitted) {
      engine_.activities_.offer(request.scheduled.resource, request.execution, request.task);
    }
  }

  void cancel(const ExecutionId& execution, machine::EventId task) override {
    if (engine_.stopping_) return;
    engine_.activities_.withdraw(execution, task);
    engine_.seams_.tasks.cancel(execution, task);
  }

 private:
  void watch(const TaskRequest& request) {
    engine_.worker_of(request.execution.shard())
        .watch_heartbeat(request.execution, request.task,
                         *request.scheduled.heartbeat_seconds * 1000);
  }

  Engine& engine_;
};

Engine::Engine(Seams seams, Options options, std::string token_key)
    : seams_(std::move(seams)),
      options_(std::move(options)),
      clock_(seams_.clock),
      express_limits_(express_limits(options_.limits)),
      express_seed_(seams_.make_rng()->next()),
      tokens_(std::move(token_key)),
      activities_(
          tokens_,
          [this](const ExecutionId& id, machine::Input input, std::function<void(Delivery)> reply) {
            deliver(id, std::move(input), std::move(reply));
          }),
      router_(std::make_unique<Router>(*this)) {
  if (seams_.traces) {
    seams_.log_of = [log_of = seams_.log_of, traces = seams_.traces](const ExecutionNames& names) {
      return both_logs(log_of ? log_of(names) : nullptr, traces);
    };
  }
  if (!options_.pauses.empty()) keep_pauses(std::make_shared<const Pauses>(options_.pauses));
  const auto threads = static_cast<store::ShardId>(options_.threads);
  ENSURE(threads >= 1 && threads <= store::kShardCount, threads);
  for (store::ShardId number = 0; number < threads; ++number) {
    rngs_.push_back(seams_.make_rng());
    environments_.push_back(std::make_unique<ShardEnvironment>(ShardEnvironment{
        .store = seams_.store,
        .tasks = *router_,
        .tokens = tokens_,
        .clock = clock_,
        .limits = options_.limits,
        .rng = *rngs_.back(),
        .definition = seams_.definition,
        .activity_exists = seams_.activity_exists,
        .log_of = seams_.log_of,
        .arm = [this, number](store::ShardId shard,
                              const TimerKey& timer) { workers_[number]->arm(shard, timer); },
        .lost = [this, number](store::ShardId shard) { workers_[number]->reopen(shard); },
        .closed = closed_,
        .metrics = metrics_,
        .post =
            [this](store::ShardId shard, std::function<void(Shard&)> message) {
              if (!stopping_) worker_of(shard).post(shard, std::move(message));
            },
        .run_blocking = [this](std::function<void()> job) { background_.run(std::move(job)); },
        .objects = seams_.objects,
        .resident_max = options_.resident_max / store::kShardCount,
        .retention_ms = options_.retention_ms,
        .lost_task = options_.lost_task,
        .pauses = pauses_,
        .search = &search_,
        .halting = &halting_}));
    Worker::Options worker;
    if (number == 0) worker.tick = [this] { activities_.expire(seams_.clock.boot_now()); };
    workers_.push_back(
        std::make_unique<Worker>(*environments_.back(), number, threads, std::move(worker)));
  }
}

Engine::~Engine() { stop(); }

Worker& Engine::worker_of(store::ShardId shard) { return *workers_[shard % workers_.size()]; }

void Engine::run() {
  for (const auto& worker : workers_) worker->run();
}

void Engine::stop() {
  stopping_ = true;
  activities_.close();
  background_.stop();
  for (const auto& worker : workers_) worker->stop();
  // What is committed is told by the store's threads, with effects that use all of this.
  seams_.store.drain();
}

void Engine::start(StartRequest request, std::function<void(StartOutcome)> reply) {
  const ExecutionId id = id_of_execution(request.names.execution_arn());
  Worker& worker = worker_of(id.shard());
  if (worker.overloaded()) return reply({StartOutcome::Kind::kOverloaded});
  if (!seams_.store.has_space()) return reply({StartOutcome::Kind::kNoSpace});
  if (seams_.traces) request.log = both_logs(std::move(request.log), seams_.traces);
  worker.post(id.shard(),
              [id, request = std::move(request), reply = std::move(reply)](Shard& owner) mutable {
                owner.start(id, std::move(request), std::move(reply));
              });
}

// The first step runs here, on the caller's thread: a run that never waits costs no message.
struct Engine::Begun {
  std::unique_ptr<ExpressRun> run;
  ExpressRun::Progress progress;
};

Engine::Begun Engine::begin_express(ExpressRequest request) {
  const ExecutionId id = id_of_execution(request.names.execution_arn());
  if (seams_.traces) request.log = both_logs(std::move(request.log), seams_.traces);
  auto run = std::make_unique<ExpressRun>(std::move(request), id);
  SeededRng rng(express_seed_ + express_count_.fetch_add(1, std::memory_order_relaxed));
  auto progress = run->advance(machine::Start{run->request().input},
                               {express_limits_, clock_.now(), rng.next()});
  return {std::move(run), std::move(progress)};
}

void Engine::run_express(ExpressRequest request, std::function<void(ExpressEnd)> ended) {
  Begun begun = begin_express(std::move(request));
  if (begun.run->execution().closed()) return ended(begun.run->end());
  const store::ShardId shard = begun.run->id().shard();
  Worker& worker = worker_of(shard);
  if (worker.overloaded()) return ended({.kind = ExpressEnd::Kind::kOverloaded});
  begun.run->ended = std::move(ended);
  worker.post(shard, [&worker, begun = std::make_shared<Begun>(std::move(begun))](Shard& owner) {
    worker.express().go_on(std::move(begun->run), std::move(begun->progress), owner);
  });
}

void Engine::abandon_express() {
  for (store::ShardId number = 0; number < workers_.size(); ++number) {
    Worker& worker = *workers_[number];
    worker.post(number, [&worker](Shard&) { worker.express().abandon(); });
  }
}

void Engine::start_express(ExpressRequest request, std::function<void(StartOutcome)> reply) {
  if (is_paused(request.names)) return withhold_express(std::move(request), std::move(reply));
  Begun begun = begin_express(std::move(request));
  if (begun.run->execution().closed()) {
    return reply({StartOutcome::Kind::kStarted, begun.run->execution().start_time});
  }
  const store::ShardId shard = begun.run->id().shard();
  Worker& worker = worker_of(shard);
  if (worker.overloaded()) return reply({StartOutcome::Kind::kOverloaded});
  if (!seams_.store.has_space()) return reply({StartOutcome::Kind::kNoSpace});
  worker.post(shard, [&worker, reply = std::move(reply),
                      begun = std::make_shared<Begun>(std::move(begun))](Shard& owner) {
    worker.express().keep(std::move(begun->run), std::move(begun->progress), owner, reply);
  });
}

void Engine::run_task(TaskRequest request, WallMillis deadline,
                      std::function<void(machine::Input)> answered) {
  const store::ShardId shard = request.execution.shard();
  Worker& worker = worker_of(shard);
  worker.post(shard, [&worker, deadline, request = std::move(request),
                      answered = std::move(answered)](Shard&) mutable {
    worker.express().run_task(std::move(request), deadline, std::move(answered));
  });
}

void Engine::deliver(const ExecutionId& id, machine::Input input,
                     std::function<void(Delivery)> reply) {
  worker_of(id.shard()).deliver(id, std::move(input), std::move(reply));
}

void Engine::write_metrics(MetricsText& out) const {
  metrics_.write(out);
  const auto pauses = this->pauses();
  out.gauge("pawl_state_machines_paused", "State machines that are paused.")
      .sample(pauses ? pauses->machines.size() : 0);
  out.gauge("pawl_everything_paused", "1 while everything is paused.")
      .sample(pauses && pauses->everything ? 1 : 0);
  std::size_t waiting = 0;
  for (const auto& worker : workers_) waiting += worker->waiting();
  out.gauge("pawl_engine_queue", "Messages that wait for the threads that run executions.")
      .sample(waiting);
}

std::shared_ptr<const ExecutionView> Engine::describe(const ExecutionId& id) const {
  const Horizon now = horizon();
  if (auto closed = closed_.find(id)) {
    const auto second = static_cast<std::uint32_t>(closed->summary.stop_time / 1000);
    return now.hides(second) ? nullptr : closed;
  }
  auto view = read_view(seams_.store, id, now);
  return view ? std::make_shared<const ExecutionView>(std::move(*view)) : nullptr;
}

void Engine::watch_end(const ExecutionId& id,
                       std::function<void(std::optional<ExecutionView>)> reply) {
  worker_of(id.shard()).post(id.shard(), [id, reply = std::move(reply)](Shard& owner) mutable {
    owner.watch_end(id, std::move(reply));
  });
}

void Engine::inspect(const ExecutionId& id, std::function<void(std::optional<Inspection>)> reply) {
  worker_of(id.shard()).post(id.shard(), [id, reply = std::move(reply)](Shard& owner) mutable {
    owner.inspect(id, std::move(reply));
  });
}

void Engine::redrive(const ExecutionId& id, const std::string& token,
                     std::function<void(RedriveOutcome)> reply) {
  Worker& worker = worker_of(id.shard());
  if (worker.overloaded()) return reply({.kind = RedriveOutcome::Kind::kOverloaded});
  if (!seams_.store.has_space()) return reply({.kind = RedriveOutcome::Kind::kNoSpace});
  worker.post(id.shard(), [id, token, reply = std::move(reply)](Shard& owner) mutable {
    owner.redrive(id, token, std::move(reply));
  });
}

void Engine::fork(ForkRequest request, std::function<void(ForkOutcome)> reply) {
  const store::ShardId shard = id_of_execution(request.start.names.execution_arn()).shard();
  Worker& worker = worker_of(shard);
  if (worker.overloaded()) return reply({.kind = ForkOutcome::Kind::kOverloaded});
  if (!seams_.store.has_space()) return reply({.kind = ForkOutcome::Kind::kNoSpace});
  worker.post(shard,
              [request = std::move(request), reply = std::move(reply)](Shard& owner) mutable {
                owner.fork(std::move(request), std::move(reply));
              });
}

void Engine::update_map_run(const ExecutionId& id, MapRunChanges changes,
                            std::function<void(UpdateOutcome)> reply) {
  worker_of(id.shard())
      .post(id.shard(), [id, changes, reply = std::move(reply)](Shard& owner) mutable {
        owner.map_runs().update(id, changes, std::move(reply));
      });
}

void Engine::heartbeat(const ExecutionId& id, machine::EventId task,
                       std::function<void(Delivery)> reply) {
  worker_of(id.shard())
      .post(id.shard(), [this, id, task, reply = std::move(reply)](Shard& owner) mutable {
        Delivery delivery = owner.open_task(id, task);
        if (delivery.kind == Delivery::Kind::kAccepted) worker_of(id.shard()).beat(id, task);
        reply(std::move(delivery));
      });
}

}  // namespace pawl::runtime
