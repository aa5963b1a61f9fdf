#include "store/shard.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pawl::store {
namespace {

// Durable: a change here would look for every object in the wrong shard.
TEST(ShardOf, NeverChanges) {
  EXPECT_EQ(shard_of(""), 17);
  EXPECT_EQ(shard_of("a"), 34);
  EXPECT_EQ(shard_of("arn:aws:states:us-east-1:000000000000:stateMachine:Hello"), 19);
  EXPECT_EQ(shard_of("arn:aws:states:us-east-1:000000000000:execution:Hello:run-1"), 40);
}

TEST(ShardOf, SpreadsSimilarNamesEvenly) {
  std::vector<int> owners(kShardCount);
  for (int number = 0; number < 64'000; ++number) {
    ++owners[shard_of("arn:aws:states:us-east-1:000000000000:execution:Hello:run-" +
                      std::to_string(number))];
  }
  for (const int count : owners) {
    EXPECT_GT(count, 800);
    EXPECT_LT(count, 1200);
  }
}

}  // namespace
}  // namespace pawl::store
