// What every store promises (store.h), checked on each implementation.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/rocks_store.h"
#include "store/sim_store.h"
#include "store/store.h"
#include "store/test_directory.h"

namespace pawl::store {
namespace {

using Direction = Store::Direction;
using Keys = std::vector<std::string>;

// A store that can be closed and opened again with what was durable.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Store& store() = 0;
  virtual void reopen() = 0;
};

class RocksSubject final : public Subject {
 public:
  RocksSubject() { open(); }
  Store& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    open();
  }

 private:
  void open() {
    auto opened = open_rocks_store({.directory = directory_.path()});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened).value();
  }
  TestDirectory directory_;
  std::unique_ptr<Store> store_;
};

class SimSubject final : public Subject {
 public:
  Store& store() override { return *store_; }
  void reopen() override { store_->crash(); }

 private:
  std::unique_ptr<SimStore> store_ = SimStore::make();
};

struct Implementation {
  std::string name;
  std::function<std::unique_ptr<Subject>()> make;
};

class StoreContract : public testing::TestWithParam<Implementation> {
 protected:
  Store& store() { return subject_->store(); }
  void reopen() { subject_->reopen(); }

  // Hands the batch over and waits for its outcome.
  Outcome commit(ShardId shard, Batch batch) {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Outcome> outcome;
    store().commit(shard, std::move(batch), [&](Outcome result) {
      const std::lock_guard lock(mutex);
      outcome = result;
      changed.notify_all();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return outcome.has_value(); });
    return *outcome;
  }

  void put(ShardId shard, const Keys& keys, Space space = Space::kState) {
    Batch batch;
    for (const std::string& key : keys) batch.put(space, key, "value of " + key);
    ASSERT_EQ(commit(shard, std::move(batch)), Outcome::kCommitted);
  }

  Keys keys(ShardId shard, std::string_view from = "", std::string_view to = "",
            Direction direction = Direction::kForward, std::size_t limit = 1000,
            Space space = Space::kState) {
    Keys found;
    store().scan(shard, space, from, to, direction,
                 [&](std::string_view key, std::string_view value) {
                   EXPECT_EQ(value, "value of " + std::string(key));
                   found.emplace_back(key);
                   return found.size() < limit;
                 });
    return found;
  }

  std::unique_ptr<Subject> subject_ = GetParam().make();
};

TEST_P(StoreContract, CommittedRowsAreRead) {
  put(3, {"a"});
  EXPECT_EQ(store().get(3, Space::kState, "a"), "value of a");
  EXPECT_EQ(store().get(3, Space::kState, "b"), std::nullopt);
}

TEST_P(StoreContract, ShardsAndSpacesAreApart) {
  put(3, {"a"});
  EXPECT_EQ(store().get(4, Space::kState, "a"), std::nullopt);
  EXPECT_EQ(store().get(2, Space::kState, "a"), std::nullopt);
  EXPECT_EQ(store().get(3, Space::kHistory, "a"), std::nullopt);
  put(3, {"h"}, Space::kHistory);
  EXPECT_EQ(keys(3), Keys({"a"}));
  EXPECT_EQ(keys(3, "", "", Direction::kForward, 10, Space::kHistory), Keys({"h"}));
}

TEST_P(StoreContract, AnyBytesAreKeysAndValues) {
  const std::string bytes("\0\xff\x80\n\0", 5);
  Batch batch;
  batch.put(Space::kState, bytes, bytes + bytes);
  batch.put(Space::kState, "", "the empty key");
  batch.put(Space::kState, "empty value", "");
  ASSERT_EQ(commit(63, std::move(batch)), Outcome::kCommitted);
  EXPECT_EQ(store().get(63, Space::kState, bytes), bytes + bytes);
  EXPECT_EQ(store().get(63, Space::kState, ""), "the empty key");
  EXPECT_EQ(store().get(63, Space::kState, "empty value"), "");
}

TEST_P(StoreContract, ABatchOverwritesAndErases) {
  put(1, {"a", "b"});
  Batch batch;
  batch.erase(Space::kState, "a");
  batch.put(Space::kState, "b", "new");
  batch.put(Space::kState, "c", "first");
  batch.put(Space::kState, "c", "second");
  batch.put(Space::kState, "d", "short-lived");
  batch.erase(Space::kState, "d");
  batch.erase(Space::kState, "never there");
  ASSERT_EQ(commit(1, std::move(batch)), Outcome::kCommitted);
  EXPECT_EQ(store().get(1, Space::kState, "a"), std::nullopt);
  EXPECT_EQ(store().get(1, Space::kState, "b"), "new");
  EXPECT_EQ(store().get(1, Space::kState, "c"), "second");
  EXPECT_EQ(store().get(1, Space::kState, "d"), std::nullopt);
}

TEST_P(StoreContract, AnEmptyBatchCommits) { EXPECT_EQ(commit(1, Batch{}), Outcome::kCommitted); }

TEST_P(StoreContract, ScansWithinBounds) {
  put(5, {"b", "d", "f", "h"});
  put(4, {"z"});
  put(6, {"a"});
  EXPECT_EQ(keys(5), Keys({"b", "d", "f", "h"}));
  EXPECT_EQ(keys(5, "d", "h"), Keys({"d", "f"}));
  EXPECT_EQ(keys(5, "c", "g"), Keys({"d", "f"}));
  EXPECT_EQ(keys(5, "i"), Keys{});
  EXPECT_EQ(keys(5, "d", "d"), Keys{});
  EXPECT_EQ(keys(5, "h", "b"), Keys{});
  EXPECT_EQ(keys(5, "", "", Direction::kForward, 2), Keys({"b", "d"}));
  EXPECT_EQ(keys(63), Keys{});
}

TEST_P(StoreContract, ScansBackwards) {
  put(5, {"b", "d", "f", "h"});
  put(4, {"z"});
  put(6, {"a"});
  EXPECT_EQ(keys(5, "", "", Direction::kBackward), Keys({"h", "f", "d", "b"}));
  EXPECT_EQ(keys(5, "d", "h", Direction::kBackward), Keys({"f", "d"}));
  EXPECT_EQ(keys(5, "", "e", Direction::kBackward, 1), Keys({"d"}));
  EXPECT_EQ(keys(5, "", "a", Direction::kBackward), Keys{});
}

TEST_P(StoreContract, KeysAreOrderedAsUnsignedBytes) {
  put(5, {"\x7f", "\x80", "a\xff", "b", "", std::string("\0", 1)});
  EXPECT_EQ(keys(5), Keys({"", std::string("\0", 1), "a\xff", "b", "\x7f", "\x80"}));
}

TEST_P(StoreContract, DeletesRanges) {
  put(5, {"a", "b", "c", "d"});
  put(6, {"b"});
  put(5, {"b"}, Space::kHistory);
  Batch batch;
  batch.deleted_ranges.push_back({Space::kState, "b", "d"});
  batch.put(Space::kState, "c", "value of c");  // ranges come first
  ASSERT_EQ(commit(5, std::move(batch)), Outcome::kCommitted);
  EXPECT_EQ(keys(5), Keys({"a", "c", "d"}));
  EXPECT_EQ(keys(6), Keys({"b"}));
  EXPECT_EQ(keys(5, "", "", Direction::kForward, 10, Space::kHistory), Keys({"b"}));
}

TEST_P(StoreContract, AnEmptyRangeDeletesNothing) {
  put(5, {"a", "b"});
  Batch batch;
  batch.deleted_ranges.push_back({Space::kState, "b", "a"});
  batch.deleted_ranges.push_back({Space::kState, "a", "a"});
  batch.deleted_ranges.push_back({Space::kState, "a", ""});
  ASSERT_EQ(commit(5, std::move(batch)), Outcome::kCommitted);
  EXPECT_EQ(keys(5), Keys({"a", "b"}));
}

TEST_P(StoreContract, ACallbackReadsItsOwnBatch) {
  std::optional<std::string> seen;
  std::barrier done(2);
  Batch batch;
  batch.put(Space::kState, "a", "1");
  std::thread committer([&] {
    store().commit(9, std::move(batch), [&](Outcome) {
      seen = store().get(9, Space::kState, "a");
      std::ignore = done.arrive();
    });
  });
  done.arrive_and_wait();
  committer.join();
  EXPECT_EQ(seen, "1");
}

TEST_P(StoreContract, ACallbackMayCommit) {
  std::barrier done(2);
  int left = 1000;
  std::function<void(Outcome)> next = [&](Outcome outcome) {
    EXPECT_EQ(outcome, Outcome::kCommitted);
    if (--left == 0) {
      std::ignore = done.arrive();
      return;
    }
    Batch batch;
    batch.put(Space::kState, "count", std::to_string(left));
    store().commit(9, std::move(batch), next);
  };
  std::thread committer([&] { store().commit(9, Batch{}, next); });
  done.arrive_and_wait();
  committer.join();
  EXPECT_EQ(store().get(9, Space::kState, "count"), "1");
}

TEST_P(StoreContract, ADrainedStoreHasToldOfEverything) {
  constexpr int kBatches = 200;
  std::atomic<int> told = 0;
  for (int i = 1; i <= kBatches; ++i) {
    Batch batch;
    batch.put(Space::kState, "count", std::to_string(i));
    store().commit(9, std::move(batch), [&told](Outcome) {
      std::this_thread::yield();
      ++told;
    });
    if (i % 50 != 0) continue;
    store().drain();
    EXPECT_EQ(told, i);
  }
}

TEST_P(StoreContract, ManyThreadsBatchesCommitInTheirOrder) {
  constexpr int kThreads = 4;
  constexpr int kBatches = 500;
  std::atomic<int> finished = 0;
  std::vector<std::vector<int>> called(kThreads);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int number = 0; number < kBatches; ++number) {
        Batch batch;
        batch.put(Space::kState, "last", std::to_string(number));
        batch.put(Space::kHistory, std::to_string(number), "event");
        store().commit(static_cast<ShardId>(thread), std::move(batch),
                       [&, thread, number](Outcome) {
                         called[static_cast<std::size_t>(thread)].push_back(number);
                         if (++finished == kThreads * kBatches) finished.notify_all();
                       });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int seen = finished; seen < kThreads * kBatches; seen = finished) finished.wait(seen);
  for (int thread = 0; thread < kThreads; ++thread) {
    const auto& numbers = called[static_cast<std::size_t>(thread)];
    ASSERT_EQ(numbers.size(), kBatches);
    EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
    EXPECT_EQ(store().get(static_cast<ShardId>(thread), Space::kState, "last"),
              std::to_string(kBatches - 1));
  }
  EXPECT_EQ(store().stats().batches, kThreads * kBatches);
}

TEST_P(StoreContract, ReopeningKeepsWhatWasCommitted) {
  put(1, {"a", "b", "c"});
  Batch batch;
  batch.erase(Space::kState, "a");
  batch.deleted_ranges.push_back({Space::kState, "b", "c"});
  batch.put(Space::kHistory, "h", std::string(100'000, 'x'));
  ASSERT_EQ(commit(1, std::move(batch)), Outcome::kCommitted);
  reopen();
  EXPECT_EQ(keys(1), Keys({"c"}));
  EXPECT_EQ(store().get(1, Space::kHistory, "h"), std::string(100'000, 'x'));
  put(1, {"d"});
  EXPECT_EQ(keys(1), Keys({"c", "d"}));
}

TEST_P(StoreContract, AScanIsOneMoment) {
  put(1, {"a", "b", "c"});
  Keys seen;
  store().scan(1, Space::kState, "", "", Direction::kForward,
               [&](std::string_view key, std::string_view) {
                 if (seen.empty()) {
                   Batch batch;
                   batch.erase(Space::kState, "b");
                   batch.put(Space::kState, "bb", "new");
                   EXPECT_EQ(commit(1, std::move(batch)), Outcome::kCommitted);
                 }
                 seen.emplace_back(key);
                 return true;
               });
  EXPECT_EQ(seen, Keys({"a", "b", "c"}));
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreContract,
    testing::Values(Implementation{"Rocks", [] { return std::make_unique<RocksSubject>(); }},
                    Implementation{"Sim", [] { return std::make_unique<SimSubject>(); }}),
    [](const auto& implementation) { return implementation.param.name; });

}  // namespace
}  // namespace pawl::store
