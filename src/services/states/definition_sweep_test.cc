#include "services/states/definition_sweep.h"

#include <gtest/gtest.h>

#include "services/states/past_revisions.h"
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
  // So many other revisions that those before them are forgotten.
  void revise_until_forgotten() {
    for (std::size_t count = 0; count <= kPastRevisionsMax; ++count) {
      update(pass(count % 2 == 0 ? "even" : "odd"));
    }
  }
  DefinitionSweep sweep_{*engine_, *store_, catalog_, directory_};
};

TEST_F(DefinitionSweepTest, TakesWhatTwoPassesFindWithoutUse) {
  create("m", pass("first"));
  revise_until_forgotten();
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_TRUE(is_stored(pass("first")));
  EXPECT_EQ(sweep_.pass(), 1u);
  EXPECT_FALSE(is_stored(pass("first")));
  EXPECT_EQ(directory_.definition(hash_of_definition("STANDARD", pass("first"))), nullptr);
  EXPECT_TRUE(is_stored(pass("even")));
  EXPECT_EQ(sweep_.pass(), 0u);
}

TEST_F(DefinitionSweepTest, LeavesWhatThePastRevisionsHave) {
  create("m", pass("first"));
  update(pass("second"));
  sweep_.pass();
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_TRUE(is_stored(pass("first")));
}

TEST_F(DefinitionSweepTest, LeavesWhatAnExecutionRan) {
  create("m", pass("first"));
  const std::string execution = start();
  end_of(execution);
  revise_until_forgotten();
  sweep_.pass();
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_EQ(
      member(call("DescribeStateMachineForExecution", R"({"executionArn":")" + execution + R"("})"),
             "definition"),
      pass("first"));
}

TEST_F(DefinitionSweepTest, LeavesWhatAVersionPublished) {
  create("m", pass("first"), R"(,"publish":true)");
  revise_until_forgotten();
  sweep_.pass();
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_TRUE(is_stored(pass("first")));
}

TEST_F(DefinitionSweepTest, LeavesWhatIsUsedAgainBetweenPasses) {
  create("m", pass("first"));
  revise_until_forgotten();
  sweep_.pass();
  update(pass("first"));
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_TRUE(is_stored(pass("first")));
  // It was in use since: the next disuse is counted anew.
  revise_until_forgotten();
  EXPECT_EQ(sweep_.pass(), 0u);
  EXPECT_EQ(sweep_.pass(), 1u);
}

}  // namespace
}  // namespace pawl::states
