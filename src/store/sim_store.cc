#include "store/sim_store.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>

#include "base/bytes.h"
#include "base/ensure.h"

namespace pawl::store {

namespace {

class MemoryStore final : public SimStore {
 public:
  explicit MemoryStore(Mode mode) : mode_(mode) {}

  void commit(ShardId shard, Batch batch, Committed done) override {
    ENSURE(shard < kShardCount, shard);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back({shard, std::move(batch), std::move(done)});
      if (mode_ == Mode::kAutomatic) settle_oldest();
    }
    if (mode_ == Mode::kAutomatic) call_back();
  }

  void drain() override { sync(waiting()); }

  std::optional<std::string> get(ShardId shard, Space space, std::string_view key) const override {
    const std::lock_guard lock(mutex_);
    const Rows& rows = rows_of(space);
    const auto found = rows.find(full_key(shard, key));
    if (found == rows.end()) return std::nullopt;
    return found->second;
  }

  void scan(ShardId shard, Space space, std::string_view from, std::string_view to,
            Direction direction, const Visit& visit) const override {
    // A copy, so that `visit` may use the store and sees one moment of it, as a snapshot does.
    std::vector<Entry> entries = entries_between(shard, space, from, to);
    if (direction == Direction::kBackward) std::reverse(entries.begin(), entries.end());
    for (const Entry& entry : entries) {
      if (!visit(entry.key, entry.value)) return;
    }
  }

  Result<void, StoreError> backup(const std::string&) override {
    return Err{StoreError{"this store lives in memory and cannot be backed up"}};
  }

  void set_space(bool has_space) override { has_space_ = has_space; }
  bool has_space() const override { return has_space_; }

  Stats stats() const override {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

  void sync(std::size_t count) override {
    {
      const std::lock_guard lock(mutex_);
      for (; count > 0 && !waiting_.empty(); --count) settle_oldest();
      ++stats_.syncs;
    }
    call_back();
  }

  std::size_t waiting() const override {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

  void crash() override {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    settled_.clear();
    failure_.reset();
  }

  void fail_next(Outcome outcome, bool written) override {
    ENSURE(outcome != Outcome::kCommitted);
    ENSURE(!(outcome == Outcome::kRefused && written));
    const std::lock_guard lock(mutex_);
    failure_ = Failure{outcome, written};
  }

 private:
  using Rows = std::map<std::string, std::string, std::less<>>;
  struct Waiting {
    ShardId shard;
    Batch batch;
    Committed done;
  };
  struct Settled {
    Committed done;
    Outcome outcome;
  };
  struct Failure {
    Outcome outcome;
    bool written;
  };

  static std::string full_key(ShardId shard, std::string_view key) {
    std::string full;
    put_big_endian_16(full, shard);
    full.append(key);
    return full;
  }

  const Rows& rows_of(Space space) const { return rows_[static_cast<std::size_t>(space)]; }
  Rows& rows_of(Space space) { return rows_[static_cast<std::size_t>(space)]; }

  std::vector<Entry> entries_between(ShardId shard, Space space, std::string_view from,
                                     std::string_view to) const {
    const std::string first = full_key(shard, from);
    const std::string end =
        to.empty() ? full_key(static_cast<ShardId>(shard + 1), "") : full_key(shard, to);
    std::vector<Entry> entries;
    if (end <= first) return entries;
    const std::lock_guard lock(mutex_);
    const Rows& rows = rows_of(space);
    const auto last = rows.lower_bound(end);
    for (auto row = rows.lower_bound(first); row != last; ++row) {
      entries.push_back({row->first.substr(2), row->second});
    }
    return entries;
  }

  void apply(ShardId shard, const Batch& batch) {
    for (const Batch::Range& range : batch.deleted_ranges) {
      const std::string from = full_key(shard, range.from);
      const std::string to = full_key(shard, range.to);
      if (to <= from) continue;
      Rows& rows = rows_of(range.space);
      rows.erase(rows.lower_bound(from), rows.lower_bound(to));
    }
    for (const Batch::Row& row : batch.rows) {
      std::string key = full_key(shard, row.key);
      stats_.bytes += key.size() + (row.value ? row.value->size() : 0);
      if (row.value) {
        rows_of(row.space).insert_or_assign(std::move(key), *row.value);
      } else {
        rows_of(row.space).erase(key);
      }
    }
    ++stats_.batches;
  }

  // A batch that fails takes the shard's later ones with it: they were handed over before the
  // shard could know, and n+1 is never durable unless n is.
  void settle_oldest() {
    Waiting oldest = std::move(waiting_.front());
    waiting_.pop_front();
    if (mode_ == Mode::kAutomatic) ++stats_.syncs;
    const auto failure = std::exchange(failure_, std::nullopt);
    if (!failure || failure->written) apply(oldest.shard, oldest.batch);
    settled_.push_back({std::move(oldest.done), failure ? failure->outcome : Outcome::kCommitted});
    if (!failure) return;
    std::deque<Waiting> kept;
    for (Waiting& later : waiting_) {
      if (later.shard == oldest.shard) {
        settled_.push_back({std::move(later.done), Outcome::kRefused});
      } else {
        kept.push_back(std::move(later));
      }
    }
    waiting_ = std::move(kept);
  }

  // One thread at a time calls back, so that a shard's callbacks keep their order and a callback
  // that commits again does not recurse.
  void call_back() {
    std::unique_lock lock(mutex_);
    if (calling_back_) return;
    calling_back_ = true;
    while (!settled_.empty()) {
      Settled next = std::move(settled_.front());
      settled_.pop_front();
      lock.unlock();
      if (next.done) next.done(next.outcome);
      next.done = nullptr;
      lock.lock();
    }
    calling_back_ = false;
  }

  const Mode mode_;
  std::atomic<bool> has_space_ = true;
  mutable std::mutex mutex_;
  Rows rows_[2];
  std::deque<Waiting> waiting_;
  std::deque<Settled> settled_;
  std::optional<Failure> failure_;
  bool calling_back_ = false;
  Stats stats_;
};

}  // namespace

std::unique_ptr<SimStore> SimStore::make(Mode mode) { return std::make_unique<MemoryStore>(mode); }

}  // namespace pawl::store
