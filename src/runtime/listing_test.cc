// Pages of executions: whatever is asked for and however little a page may look at, together they
// show what is there, the newest first, each once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "runtime/listing_of_many.h"
#include "store/sim_store.h"

namespace pawl::runtime {
namespace {

using machine::Status;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

class Listing : public testing::Test {
 protected:
  // Every 20th has failed, every 7th is of the other machine.
  Listing() {
    for (int number = 0; number < kRuns; ++number) {
      const bool other = number % 7 == 0;
      Summary summary{
          .names = {"r", "a", other ? "other" : "many", "run-" + std::to_string(number)},
          .revision = "x",
          .start_time = 1'000'000 + number / 3,  // some in the same millisecond
          .status = number % 20 == 0 ? Status::kFailed : Status::kSucceeded,
          .stop_time = 2'000'000};
      put(summary);
    }
  }

  void put(const Summary& summary) {
    const ExecutionId id = id_of_execution(summary.names.execution_arn());
    store::Batch batch;
    batch.put(store::Space::kState,
              list_key(digest_of_machine(summary.names.machine_arn()), summary.start_time, id),
              encode(summary));
    store_->commit(id.shard(), std::move(batch), [](store::Outcome) {});
  }

  std::vector<std::string> all(ListRequest request, const std::vector<std::string>& owners) {
    std::vector<std::string> names;
    WallMillis before = std::numeric_limits<WallMillis>::max();
    for (pages_ = 1;; ++pages_) {
      const ListPage page = list_executions(*store_, {.arns = owners}, request, {});
      for (const ListEntry& entry : page.entries) {
        EXPECT_LE(entry.summary.start_time, before);
        before = entry.summary.start_time;
        names.push_back(entry.summary.names.execution);
      }
      if (!page.next) return names;
      request.after = page.next;
    }
  }

  static std::string machine(const std::string& name) {
    return ExecutionNames{"r", "a", name, "e"}.machine_arn();
  }

  static constexpr int kRuns = 400;
  std::unique_ptr<store::SimStore> store_ =
      store::SimStore::make(store::SimStore::Mode::kAutomatic);
  const std::vector<std::string> both_{machine("many"), machine("other")};
  int pages_ = 0;
};

TEST_F(Listing, FewThatFitAreFoundHoweverLittleAPageLooksAt) {
  for (int number = 0; number < 2'600; ++number) {
    put({.names = {"r", "a", "many", "more-" + std::to_string(number)},
         .revision = "x",
         .start_time = 3'000'000 + number,
         .status = Status::kSucceeded,
         .stop_time = 4'000'000});
  }
  std::vector<std::string> expected;
  for (int number = 380; number >= 0; number -= 20) {
    expected.push_back("run-" + std::to_string(number));
  }
  for (const std::size_t rows_max : {std::size_t{1}, std::size_t{100}, std::size_t{200'000}}) {
    const ListRequest failed{.statuses = {Status::kFailed}, .rows_max = rows_max};
    EXPECT_THAT(all(failed, both_), ElementsAreArray(expected)) << rows_max;
    EXPECT_EQ(pages_ > 1, rows_max < kRuns) << rows_max;
  }
}

TEST_F(Listing, EachOnceWithAnyLimit) {
  for (const std::size_t limit : {std::size_t{3}, std::size_t{17}, std::size_t{1'000}}) {
    auto names = all({.limit = limit}, both_);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end()) << limit;
    EXPECT_EQ(names.size(), kRuns) << limit;
  }
}

TEST_F(Listing, ByNameAndStatusAndMore) {
  const std::vector<std::string> other{machine("other")};
  EXPECT_THAT(all({.name_prefix = "run-39", .rows_max = 50}, other),
              ElementsAre("run-399", "run-392"));
  EXPECT_THAT(all({.statuses = {Status::kFailed}, .name_prefix = "run-38"}, both_),
              ElementsAre("run-380"));
  EXPECT_THAT(all({.statuses = {Status::kFailed, Status::kAborted},
                   .wanted = [](const Summary& run) { return run.names.execution.ends_with("9"); }},
                  both_),
              IsEmpty());
  EXPECT_THAT(all({.statuses = {Status::kRunning}}, both_), IsEmpty());
}

TEST_F(Listing, CountsGoOnWhereTheyStopped) {
  StatusCounts sum;
  SelectionCursor place;
  for (int calls = 1;; ++calls) {
    const StatusCounts part = count_executions(*store_, machine("many"), 0, place, 10, {});
    EXPECT_LE(part.examined, 10U);
    sum.examined += part.examined;
    for (const auto& [status, count] : part.counts) sum.counts[status] += count;
    if (!part.next) {
      EXPECT_GT(calls, 20);
      break;
    }
    place = *part.next;
  }
  EXPECT_EQ(sum.counts,
            (std::map<Status, std::uint64_t>{{Status::kSucceeded, 325}, {Status::kFailed, 17}}));
  EXPECT_EQ(sum.examined, 342U);
}

}  // namespace
}  // namespace pawl::runtime
