#include "services/states/definition_sweep.h"

#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

class DefinitionSweepTest : public ServiceFixture {
 protected:
  bool is_stored(const std::string& definition) {
    return directory_.definition_text(hash_of_definition("STANDARD", definition)).has_value();
  }
  std::string start() {
    return member(call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"),
                  "executionArn");
  }
  DefinitionSweep sweep_{*engine_, *store_, catalog_, directory_};
};

TEST_F(DefinitionSweepTest, TakesWhatTwoPassesFindWithoutUse) {
  create("m", pass("first"));
  update(pass("second"));
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_TRUE(is_stored(pass("first")));
  EXPECT_EQ(sweep_.pass(), 1u);
  EXPECT_FALSE(is_stored(pass("first")));
  EXPECT_EQ(directory_.definition(hash_of_definition("STANDARD", pass("first"))), nullptr);
  EXPECT_TRUE(is_stored(pass("second")));
  EXPECT_EQ(sweep_.pass(), 0u);
}

TEST_F(DefinitionSweepTest, LeavesWhatAnExecutionRan) {
  create("m", pass("first"));
  const std::string execution = start();
  end_of(execution);
  update(pass("second"));
  sweep_.pass();
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_EQ(
      member(call("DescribeStateMachineForExecution", R"({"executionArn":")" + execution + R"("})"),
             "definition"),
      pass("first"));
}

TEST_F(DefinitionSweepTest, LeavesWhatAVersionPublished) {
  create("m", pass("first"), R"(,"publish":true)");
  update(pass("second"));
  sweep_.pass();
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_TRUE(is_stored(pass("first")));
}

TEST_F(DefinitionSweepTest, LeavesWhatIsUsedAgainBetweenPasses) {
  create("m", pass("first"));
  update(pass("second"));
  sweep_.pass();
  update(pass("first"));
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_TRUE(is_stored(pass("first")));
  // It was in use since: the next disuse is counted anew.
  update(pass("second"));
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_EQ(sweep_.pass(), 1u);
}

}  // namespace
}  // namespace pawl::states
