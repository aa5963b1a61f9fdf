#include "runtime/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "store/sim_store.h"

namespace pawl::runtime {
namespace {

using store::SimStore;
using testing::ElementsAre;
using testing::Pair;
using Changes = std::vector<Catalog::Change>;
using Keys = std::vector<std::string>;

// An update that writes `changes` whatever is there.
void write(Catalog& catalog, Changes changes, std::function<void()> done = {}) {
  catalog.update([changes = std::move(changes)](const Catalog::View&) { return changes; },
                 std::move(done));
}

Keys keys(const Catalog& catalog, std::string_view table, std::string_view after = "",
          std::size_t limit = 100) {
  Keys found;
  for (const auto& [key, record] : catalog.list(table, after, limit)) found.push_back(key);
  return found;
}

class CatalogTest : public testing::Test {
 protected:
  std::unique_ptr<SimStore> store_ = SimStore::make();
};

class ManualCatalogTest : public testing::Test {
 protected:
  std::unique_ptr<SimStore> store_ = SimStore::make(SimStore::Mode::kManual);
};

TEST_F(CatalogTest, ShowsWhatWasWritten) {
  Catalog catalog(*store_);
  write(catalog, {{"machines", "a", "record a"}, {"activities", "a", "activity a"}});
  EXPECT_EQ(catalog.get("machines", "a"), "record a");
  EXPECT_EQ(catalog.get("activities", "a"), "activity a");
  EXPECT_EQ(catalog.get("machines", "b"), std::nullopt);
  EXPECT_EQ(catalog.get("no such table", "a"), std::nullopt);
}

TEST_F(CatalogTest, DeletesAndOverwrites) {
  Catalog catalog(*store_);
  write(catalog, {{"machines", "a", "1"}, {"machines", "b", "1"}});
  write(catalog, {{"machines", "a", std::nullopt}, {"machines", "b", "2"}});
  write(catalog, {{"machines", "never there", std::nullopt}});
  EXPECT_EQ(catalog.get("machines", "a"), std::nullopt);
  EXPECT_EQ(catalog.get("machines", "b"), "2");
}

TEST_F(CatalogTest, ListsAfterAKeyUpToALimit) {
  Catalog catalog(*store_);
  write(catalog, {{"t", "b", ""}, {"t", "d", ""}, {"t", "a", ""}, {"t", "c", ""}, {"u", "bb", ""}});
  EXPECT_EQ(keys(catalog, "t"), Keys({"a", "b", "c", "d"}));
  EXPECT_EQ(keys(catalog, "t", "b"), Keys({"c", "d"}));
  EXPECT_EQ(keys(catalog, "t", "bb", 1), Keys({"c"}));
  EXPECT_EQ(keys(catalog, "t", "d"), Keys{});
  EXPECT_EQ(keys(catalog, "t", "", 0), Keys{});
  EXPECT_EQ(keys(catalog, "none"), Keys{});
}

TEST_F(CatalogTest, VisitsEveryRecordOfATable) {
  Catalog catalog(*store_);
  write(catalog, {{"t", "b", "2"}, {"t", "a", "1"}, {"u", "c", "3"}});
  std::vector<std::pair<std::string, std::string>> seen;
  catalog.for_each("t", [&](const std::string& key, const std::string& record) {
    seen.emplace_back(key, record);
  });
  EXPECT_THAT(seen, ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST_F(CatalogTest, IsLoadedFromTheStore) {
  const std::string odd("a\0b\xff", 4);
  {
    Catalog catalog(*store_);
    write(catalog, {{"t", odd, odd}, {"t", "", "the empty key"}, {"tt", "a", "1"}, {"", "k", "2"}});
    write(catalog, {{"t", "gone", "x"}});
    write(catalog, {{"t", "gone", std::nullopt}});
  }
  const Catalog catalog(*store_);
  EXPECT_EQ(keys(catalog, "t"), Keys({"", odd}));
  EXPECT_EQ(catalog.get("t", odd), odd);
  EXPECT_EQ(catalog.get("t", ""), "the empty key");
  EXPECT_EQ(catalog.get("tt", "a"), "1");
  EXPECT_EQ(catalog.get("", "k"), "2");
}

TEST_F(CatalogTest, LeavesOtherRowsOfTheStoreAlone) {
  store::Batch batch;
  for (const std::string key : {"b", "b\xff", "d", ""}) {
    batch.put(store::Space::kState, key, "another's");
  }
  store_->commit(0, std::move(batch), [](store::Outcome) {});
  Catalog catalog(*store_);
  write(catalog, {{"t", "a", "1"}});
  EXPECT_EQ(keys(catalog, ""), Keys{});
  EXPECT_EQ(store_->get(0, store::Space::kState, "d"), "another's");
}

TEST_F(CatalogTest, AnUpdateThatDecidesNothingWritesNothing) {
  Catalog catalog(*store_);
  const auto before = store_->stats().batches;
  bool done = false;
  write(catalog, {}, [&] { done = true; });
  EXPECT_TRUE(done);
  EXPECT_EQ(store_->stats().batches, before);
}

TEST_F(ManualCatalogTest, NothingIsVisibleBeforeItIsDurable) {
  Catalog catalog(*store_);
  bool done = false;
  write(catalog, {{"t", "a", "1"}}, [&] {
    EXPECT_EQ(catalog.get("t", "a"), "1");
    done = true;
  });
  EXPECT_EQ(catalog.get("t", "a"), std::nullopt);
  EXPECT_FALSE(done);
  store_->sync(1);
  EXPECT_TRUE(done);
  EXPECT_EQ(catalog.get("t", "a"), "1");
}

TEST_F(ManualCatalogTest, UpdatesSeeAllEarlierOnes) {
  Catalog catalog(*store_);
  std::vector<std::string> order;
  const auto add_one = [](const Catalog::View& view) -> Changes {
    const std::string* count = view.find("t", "count");
    return {{"t", "count", std::to_string(count == nullptr ? 1 : std::stoi(*count) + 1)}};
  };
  catalog.update(add_one, [&] { order.push_back("first at " + *catalog.get("t", "count")); });
  catalog.update(add_one, [&] { order.push_back("second at " + *catalog.get("t", "count")); });
  catalog.update(
      [](const Catalog::View& view) -> Changes {
        EXPECT_EQ(*view.find("t", "count"), "2");
        EXPECT_EQ(view.table("t").size(), 1u);
        EXPECT_TRUE(view.table("none").empty());
        return {};
      },
      [&] { order.push_back("third"); });
  while (store_->waiting() > 0) store_->sync(1);
  EXPECT_THAT(order, ElementsAre("first at 1", "second at 2", "third"));
}

TEST_F(ManualCatalogTest, ACrashForgetsWhatWasNotDurable) {
  {
    Catalog catalog(*store_);
    write(catalog, {{"t", "a", "1"}});
    store_->sync(1);
    write(catalog, {{"t", "a", "2"}}, [] { FAIL() << "called back after a crash"; });
    store_->crash();
  }
  const Catalog catalog(*store_);
  EXPECT_EQ(catalog.get("t", "a"), "1");
}

TEST_F(ManualCatalogTest, ARefusedOrUnknownBatchIsHandedOverAgain) {
  const std::pair<store::Outcome, bool> failures[] = {{store::Outcome::kRefused, false},
                                                      {store::Outcome::kUnknown, false},
                                                      {store::Outcome::kUnknown, true}};
  Catalog catalog(*store_);
  int number = 0;
  for (const auto& [outcome, written] : failures) {
    const std::string record = std::to_string(++number);
    int done = 0;
    store_->fail_next(outcome, written);
    write(catalog, {{"t", "a", record}}, [&] { ++done; });
    store_->sync(1);
    EXPECT_EQ(done, 0);
    EXPECT_NE(catalog.get("t", "a"), record);
    ASSERT_EQ(store_->waiting(), 1u);
    store_->sync(1);
    EXPECT_EQ(done, 1);
    EXPECT_EQ(catalog.get("t", "a"), record);
  }
}

TEST_F(CatalogTest, AnUpdateMayFollowFromAnother) {
  Catalog catalog(*store_);
  int left = 10'000;
  std::function<void()> next = [&] {
    if (--left > 0) write(catalog, {{"t", "left", std::to_string(left)}}, next);
  };
  next();
  EXPECT_EQ(left, 0);
  EXPECT_EQ(catalog.get("t", "left"), "1");
}

TEST_F(CatalogTest, ThreadsUpdateAndReadAtOnce) {
  constexpr int kThreads = 4;
  constexpr int kUpdates = 500;
  Catalog catalog(*store_);
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int number = 0; number < kUpdates; ++number) {
        catalog.update(
            [](const Catalog::View& view) -> Changes {
              const std::string* count = view.find("t", "count");
              return {{"t", "count", std::to_string(count == nullptr ? 1 : std::stoi(*count) + 1)}};
            },
            [&] { ++done; });
        const auto count = catalog.get("t", "count");
        EXPECT_LE(count ? std::stoi(*count) : 0, kThreads * kUpdates);
        EXPECT_LE(catalog.list("t", "", 10).size(), 1u);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, kThreads * kUpdates);
  EXPECT_EQ(catalog.get("t", "count"), std::to_string(kThreads * kUpdates));
}

}  // namespace
}  // namespace pawl::runtime
