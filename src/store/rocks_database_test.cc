#include "store/rocks_database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "store/test_directory.h"

namespace pawl::store {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::map<std::string, std::string> rows_of(const RocksDatabase& database, Space space) {
  std::map<std::string, std::string> rows;
  const std::unique_ptr<rocksdb::Iterator> row(
      database.db().NewIterator(rocksdb::ReadOptions(), database.family(space)));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    rows[row->key().ToString()] = row->value().ToString();
  }
  return rows;
}

TEST(RocksDatabase, CompactionDropsExpiredRows) {
  const TestDirectory directory;
  RocksOptions options;
  options.expired = [](Space space, std::string_view key, std::string_view value) {
    return value == "old" && key == (space == Space::kState ? "state" : "history");
  };
  options.fatal = options.notice = [](const std::string& message) { ADD_FAILURE() << message; };
  const auto opened = RocksDatabase::open(directory.path(), options, Tuning());
  ASSERT_TRUE(opened) << opened.error().message;
  const RocksDatabase& database = **opened;
  for (const Space space : {Space::kState, Space::kHistory}) {
    for (const std::string key : {"01state", "01history", "02state", "02history"}) {
      const std::string value = key.starts_with("01") ? "old" : "new";
      ASSERT_TRUE(database.db().Put({}, database.family(space), key, value).ok());
    }
    ASSERT_EQ(rows_of(database, space).size(), 4u);
    rocksdb::CompactRangeOptions whole;
    whole.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    ASSERT_TRUE(database.db().CompactRange(whole, database.family(space), nullptr, nullptr).ok());
  }
  EXPECT_THAT(
      rows_of(database, Space::kState),
      ElementsAre(Pair("01history", "old"), Pair("02history", "new"), Pair("02state", "new")));
  EXPECT_THAT(
      rows_of(database, Space::kHistory),
      ElementsAre(Pair("01state", "old"), Pair("02history", "new"), Pair("02state", "new")));
}

}  // namespace
}  // namespace pawl::store
