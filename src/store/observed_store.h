// A store that tells what it has committed: for those who show what is durable while it changes.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "store/store.h"

namespace pawl::store {

class ObservedStore final : public Store {
 public:
  // Looks at a batch before it is handed over, on the caller's thread; the answer runs once the
  // batch is durable and its own `done` has run, on the store's thread, without blocking. Empty:
  // nobody wants to hear of it.
  using Prepare = std::function<std::function<void()>(ShardId, const Batch&)>;

  ObservedStore(std::unique_ptr<Store> store, Prepare prepare)
      : store_(std::move(store)), prepare_(std::move(prepare)) {}

  void commit(ShardId shard, Batch batch, Committed done) override {
    auto tell = prepare_(shard, batch);
    if (!tell) return store_->commit(shard, std::move(batch), std::move(done));
    store_->commit(shard, std::move(batch),
                   [done = std::move(done), tell = std::move(tell)](Outcome outcome) {
                     if (done) done(outcome);
                     if (outcome == Outcome::kCommitted) tell();
                   });
  }
  void drain() override { store_->drain(); }
  std::optional<std::string> get(ShardId shard, Space space, std::string_view key) const override {
    return store_->get(shard, space, key);
  }
  void scan(ShardId shard, Space space, std::string_view from, std::string_view to,
            Direction direction, const Visit& visit) const override {
    store_->scan(shard, space, from, to, direction, visit);
  }
  Result<void, StoreError> backup(const std::string& directory) override {
    return store_->backup(directory);
  }
  bool has_space() const override { return store_->has_space(); }
  Stats stats() const override { return store_->stats(); }

 private:
  const std::unique_ptr<Store> store_;
  const Prepare prepare_;
};

}  // namespace pawl::store
