// Deleting executions: nothing is left of them, and nothing of others goes.
#include <gmock/gmock.h>

#include "runtime/selection.h"
#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

using machine::Status;

constexpr const char* kPass = R"({"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}})";
constexpr const char* kWait =
    R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"End":true}}})";

class Erasing : public ShardHarness {
 protected:
  EraseOutcome erase() {
    std::optional<EraseOutcome> outcome;
    shard_->erase(id_, [&outcome](EraseOutcome found) { outcome = found; });
    sync();
    sync();
    return outcome.value_or(EraseOutcome::kLost);
  }
  void expect_nothing() {
    EXPECT_EQ(rows(store::Space::kState), 0u);
    EXPECT_EQ(rows(store::Space::kHistory), 0u);
    EXPECT_FALSE(closed_->find(id_));
    EXPECT_EQ(shard_->resident(), 0u);
  }
};

TEST_F(Erasing, LeavesNothingOfARunOfOneBatch) {
  define(kPass);
  start();
  sync();
  EXPECT_EQ(erase(), EraseOutcome::kErased);
  expect_nothing();
  EXPECT_EQ(erase(), EraseOutcome::kNotFound);
}

TEST_F(Erasing, LeavesNothingOfARunOfSeveralBatches) {
  define(kWait);
  start();
  sync();
  EXPECT_EQ(erase(), EraseOutcome::kRunning);
  deliver(machine::Stop{});
  EXPECT_EQ(erase(), EraseOutcome::kErased);  // waits for the batch of the stop
  expect_nothing();
  crash();
  expect_nothing();
}

TEST_F(Erasing, LeavesNothingOfARedrivenRun) {
  define(kWait);
  start();
  deliver(machine::Stop{});
  sync();
  shard_->redrive(id_, "", [](const RedriveOutcome&) {});
  sync();
  deliver(machine::Stop{});
  sync();
  EXPECT_EQ(erase(), EraseOutcome::kErased);
  expect_nothing();
}

// So many records that they go as a range, and not one by one.
TEST_F(Erasing, LeavesNothingOfARunOfManyBatches) {
  define(kWait);
  start();
  for (int round = 0; round < 120; ++round) {
    sync();
    deliver(machine::Stop{});
    sync();
    shard_->redrive(id_, "", [](const RedriveOutcome&) {});
  }
  deliver(machine::Stop{});
  sync();
  ASSERT_GT(rows(store::Space::kHistory), 200u);
  EXPECT_EQ(erase(), EraseOutcome::kErased);
  expect_nothing();
}

TEST_F(Erasing, FreesTheNameOnceItIsDurable) {
  define(kWait);
  start(R"({"a":1})");
  deliver(machine::Stop{});
  sync();
  shard_->erase(id_, [](EraseOutcome) {});
  start(R"({"a":2})");
  ASSERT_EQ(starts_.size(), 2u);  // refused at once: the rows are still there
  EXPECT_EQ(starts_[1].kind, StartOutcome::Kind::kAlreadyExists);
  store_->sync(store_->waiting());
  turn();
  store_->sync(store_->waiting());
  start(R"({"a":3})");
  sync();
  EXPECT_EQ(starts_.back().kind, StartOutcome::Kind::kStarted);
  EXPECT_EQ(stored()->input.text(), R"({"a":3})");
  deliver(machine::Stop{});
  sync();
  EXPECT_EQ(status(), Status::kAborted);
}

TEST_F(Erasing, ACrashBeforeTheSyncLosesNothing) {
  define(kPass);
  start();
  sync();
  shard_->erase(id_, [](EraseOutcome) {});
  turn();
  crash();
  EXPECT_EQ(status(), Status::kSucceeded);
  EXPECT_EQ(erase(), EraseOutcome::kErased);
}

class Selecting : public ShardHarness {
 protected:
  // Starts executions e0, e1 ... in whatever shards they fall to, a second apart.
  void start_many(int count) {
    for (int number = 0; number < count; ++number) {
      StartRequest request = start_request();
      request.names.execution = "e" + std::to_string(number);
      const ExecutionId id = id_of_execution(request.names.execution_arn());
      Shard owner(id.shard(), *environment_);
      owner.start(id, std::move(request), [](StartOutcome) {});
      owner.end_turn();
      store_->sync(store_->waiting());
      advance_time(1'000);
    }
  }
  std::set<std::string> all(const Selection& selection, std::size_t page_size) {
    std::set<std::string> names;
    std::optional<SelectionCursor> cursor = SelectionCursor{};
    while (cursor) {
      const SelectedPage page = select_executions(*store_, selection, *cursor, page_size, {});
      EXPECT_LE(page.matches.size(), page_size);
      for (const auto& match : page.matches) {
        EXPECT_TRUE(names.insert(match.summary.names.execution).second);
      }
      cursor = page.next ? decode_selection_cursor(encode(*page.next)) : std::nullopt;
      EXPECT_EQ(cursor.has_value(), page.next.has_value());
    }
    return names;
  }
};

TEST_F(Selecting, FindsEachOnceInPagesOfAnySize) {
  define(kPass);
  start_many(40);
  for (const std::size_t page_size : {1u, 7u, 100u}) {
    EXPECT_EQ(all({}, page_size).size(), 40u);
    EXPECT_EQ(all({.owner = names_.machine_arn()}, page_size).size(), 40u);
  }
  EXPECT_EQ(all({.owner = names_.machine_arn() + "x"}, 10).size(), 0u);
}

TEST_F(Selecting, ObeysEveryCondition) {
  define(kPass);
  const WallMillis first = clock_.wall;
  start_many(12);
  for (const auto& owner : {std::optional<std::string>(), std::optional(names_.machine_arn())}) {
    Selection selection{.owner = owner};
    selection.started_from = first + 3'000;
    selection.started_before = first + 6'000;
    EXPECT_THAT(all(selection, 2), testing::ElementsAre("e3", "e4", "e5"));
    selection = {.owner = owner, .name_prefix = "e1"};
    EXPECT_THAT(all(selection, 2), testing::ElementsAre("e1", "e10", "e11"));
    selection = {.owner = owner, .statuses = {Status::kFailed, Status::kAborted}};
    EXPECT_TRUE(all(selection, 2).empty());
    selection = {.owner = owner, .paused = true};
    EXPECT_TRUE(all(selection, 2).empty());
  }
}

}  // namespace
}  // namespace pawl::runtime
