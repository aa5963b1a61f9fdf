// What operators do to executions: pause, resume, delete (docs/operate.md).
#include <utility>

#include "runtime/engine.h"
#include "runtime/worker.h"

namespace pawl::runtime {

void Engine::pause(const ExecutionId& id, Pause pause, std::function<void(Delivery)> reply) {
  worker_of(id.shard())
      .post(id.shard(),
            [id, pause = std::move(pause), reply = std::move(reply)](Shard& owner) mutable {
              owner.pause(id, std::move(pause), std::move(reply));
            });
}

void Engine::resume(const ExecutionId& id, std::function<void(Delivery)> reply) {
  worker_of(id.shard()).post(id.shard(), [id, reply = std::move(reply)](Shard& owner) mutable {
    owner.resume(id, std::move(reply));
  });
}

void Engine::try_again(const ExecutionId& id, std::optional<NewRevision> revision,
                       std::function<void(TryAgainOutcome)> reply) {
  worker_of(id.shard())
      .post(id.shard(),
            [id, revision = std::move(revision), reply = std::move(reply)](Shard& owner) mutable {
              owner.try_again(id, revision, std::move(reply));
            });
}

void Engine::erase(const ExecutionId& id, std::function<void(EraseOutcome)> reply) {
  worker_of(id.shard()).post(id.shard(), [id, reply = std::move(reply)](Shard& owner) mutable {
    owner.erase(id, std::move(reply));
  });
}

void Engine::keep_pauses(std::shared_ptr<const Pauses> pauses) {
  const std::lock_guard lock(pauses_mutex_);
  any_pauses_ = !pauses->empty();
  pauses_ = std::move(pauses);
}

std::shared_ptr<const Pauses> Engine::pauses() const {
  if (!any_pauses_) return nullptr;
  const std::lock_guard lock(pauses_mutex_);
  return pauses_;
}

bool Engine::is_paused(const ExecutionNames& names) const {
  const auto pauses = this->pauses();
  return pauses && pauses->of(digest_of_machine(names.machine_arn())) != nullptr;
}

void Engine::withhold_express(ExpressRequest request, std::function<void(StartOutcome)> reply) {
  const store::ShardId shard = id_of_execution(request.names.execution_arn()).shard();
  Worker& worker = worker_of(shard);
  if (worker.overloaded()) return reply({StartOutcome::Kind::kOverloaded});
  if (!seams_.store.has_space()) return reply({StartOutcome::Kind::kNoSpace});
  worker.post(shard, [&worker, request = std::move(request),
                      reply = std::move(reply)](Shard& owner) mutable {
    worker.express().withhold(request, owner, std::move(reply));
  });
}

void Engine::drop_search_attribute(std::uint64_t machine, std::uint32_t attribute,
                                   std::function<void()> done) {
  auto left = std::make_shared<std::atomic<int>>(store::kShardCount);
  for (store::ShardId id = 0; id < store::kShardCount; ++id) {
    worker_of(id).post(id, [machine, attribute, left, done](Shard& owner) {
      owner.drop_search_attribute(machine, attribute, [left, done] {
        if (left->fetch_sub(1) == 1) done();
      });
    });
  }
}

void Engine::index_existing(store::ShardId shard, std::uint64_t machine, std::string from,
                            IndexReply reply) {
  worker_of(shard).post(
      shard, [machine, from = std::move(from), reply = std::move(reply)](Shard& owner) mutable {
        owner.index_existing(machine, from, std::move(reply));
      });
}

void Engine::set_pauses(Pauses pauses, std::function<void()> done) {
  const auto shared = std::make_shared<const Pauses>(std::move(pauses));
  keep_pauses(shared);
  auto left = std::make_shared<std::atomic<int>>(store::kShardCount);
  for (store::ShardId id = 0; id < store::kShardCount; ++id) {
    Worker& worker = worker_of(id);
    worker.post(id, [id, shared, left, done, &worker](Shard& owner) {
      worker.express().set_pauses(shared, owner, id);
      owner.set_pauses(shared, [left, done] {
        if (left->fetch_sub(1) == 1) done();
      });
    });
  }
}

}  // namespace pawl::runtime
