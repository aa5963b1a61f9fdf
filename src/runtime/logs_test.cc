#include "runtime/logs.h"

#include <gtest/gtest.h>

#include "base/still_clock.h"
#include "store/sim_store.h"

namespace pawl::runtime {
namespace {

constexpr std::int64_t kDay = 86'400'000;

class LogsTest : public testing::Test {
 protected:
  LogsTest() { restart(); }

  void restart() {
    ++clock_.wall;  // it takes its time
    horizons_ = std::make_unique<LogHorizons>();
    catalog_ = std::make_unique<Catalog>(*store_);
    logs_ = std::make_unique<Logs>(*store_, *catalog_, clock_, *horizons_);
  }
  bool create() {
    bool created = false;
    logs_->create_group(name_, [&created](bool done) { created = done; });
    return created;
  }
  LogGroup group() const { return logs_->find_group(name_).value_or(LogGroup{}); }
  void append(const std::string& stream, std::vector<LogLine> lines) {
    bool durable = false;
    logs_->append(group(), stream, std::move(lines), [&durable](bool done) { durable = done; });
    EXPECT_TRUE(durable);
  }
  // The messages, in the order of time, or of one stream.
  std::string messages(const std::string& stream = {}) const {
    Logs::Query query{.stream = {}, .from = {}, .to = {INT64_MAX, UINT64_MAX}};
    if (!stream.empty()) {
      const auto found = logs_->find_stream(group(), stream);
      query.stream = found ? found->id : 0;
    }
    std::string all;
    logs_->read(group(), query, [&all](const LogEvent& event) {
      all += event.message;
      return true;
    });
    return all;
  }

  StillClock clock_;
  LogGroupName name_{"000000000000", "us-east-1", "/a/b"};
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  std::unique_ptr<LogHorizons> horizons_;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<Logs> logs_;
};

TEST_F(LogsTest, EventsStandInTheOrderOfTimeThenOfArrival) {
  ASSERT_TRUE(create());
  const WallMillis now = clock_.wall;
  append("s", {{now, "b"}, {now, "c"}});
  append("t", {{now - 1, "a"}, {now, "d"}});
  EXPECT_EQ(messages(), "abcd");
  EXPECT_EQ(messages("s"), "bc");
  EXPECT_EQ(messages("t"), "ad");
}

TEST_F(LogsTest, EverythingIsThereAfterARestartAndNewEventsComeBehindTheOldOnes) {
  ASSERT_TRUE(create());
  append("s", {{clock_.wall, "a"}});
  restart();
  EXPECT_FALSE(create());
  append("s", {{clock_.wall, "b"}});
  EXPECT_EQ(messages("s"), "ab");
  EXPECT_EQ(logs_->list_streams(group(), "", "", 10).size(), 1u);
}

TEST_F(LogsTest, RetentionHidesWhatIsOlderAndLetsCompactionDropIt) {
  ASSERT_TRUE(create());
  const WallMillis now = clock_.wall;
  append("s", {{now - 2 * kDay, "a"}, {now, "b"}});
  logs_->set_retention(name_, 1, nullptr);
  EXPECT_EQ(messages(), "b");
  const LogGroupId id = group().id;
  EXPECT_TRUE(horizons_->expired(log_event_key(id, {now - 2 * kDay, 1}), now));
  EXPECT_FALSE(horizons_->expired(log_event_key(id, {now, 1}), now));
  EXPECT_TRUE(horizons_->expired(log_index_key(id, 7, {now - 2 * kDay, 1}), now));
  EXPECT_FALSE(horizons_->expired(log_index_key(id, 7, {now, 1}), now));
}

TEST_F(LogsTest, CompactionKeepsEverythingUntilAllGroupsAreKnown) {
  LogHorizons fresh;
  EXPECT_FALSE(fresh.expired(log_event_key(1, {0, 0}), clock_.wall));
  fresh.open();
  EXPECT_TRUE(fresh.expired(log_event_key(1, {0, 0}), clock_.wall));
}

TEST_F(LogsTest, ADeletedGroupOrStreamLeavesNothingToReadAndItsNameIsFree) {
  ASSERT_TRUE(create());
  append("s", {{clock_.wall, "a"}});
  append("t", {{clock_.wall, "b"}});
  logs_->delete_stream(group(), *logs_->find_stream(group(), "s"), [](bool) {});
  EXPECT_EQ(messages(), "b");
  append("s", {{clock_.wall, "c"}});
  EXPECT_EQ(messages("s"), "c");
  bool deleted = false;
  logs_->delete_group(name_, [&deleted](bool done) { deleted = done; });
  EXPECT_TRUE(deleted);
  EXPECT_FALSE(logs_->find_group(name_));
  ASSERT_TRUE(create());
  EXPECT_EQ(messages(), "");
}

TEST_F(LogsTest, GroupsAreListedByAccountRegionAndName) {
  for (const char* name : {"/b", "/a", "/c"}) {
    logs_->create_group({"000000000000", "us-east-1", name}, nullptr);
  }
  logs_->create_group({"000000000000", "us-west-2", "/d"}, nullptr);
  const auto groups = logs_->list_groups({"000000000000", "us-east-1", "/a"}, 10);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].name.name, "/b");
  EXPECT_EQ(groups[1].name.name, "/c");
}

}  // namespace
}  // namespace pawl::runtime
