// What is told of a state machine's revisions, the current one first.
#include "services/states/past_revisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class PastRevisionsTest : public ServiceFixture {
 protected:
  std::vector<std::string> ids() {
    const std::string text =
        call_service("pawl", "ListRevisions", R"({"stateMachineArn":")" + kMachine + R"("})");
    const auto answer = json::Value::parse(text);
    std::vector<std::string> found;
    const json::Node* revisions = answer.ok() ? answer->root().find("revisions") : nullptr;
    if (revisions == nullptr) return {text};
    for (const json::Node& revision : *revisions) {
      found.emplace_back(revision.find("revisionId")->string());
    }
    return found;
  }
  std::string describe(const std::string& id) {
    return call_service(
        "pawl", "DescribeRevision",
        R"({"stateMachineArn":")" + kMachine + R"(","revisionId":")" + id + R"("})");
  }
};

TEST_F(PastRevisionsTest, KeepsWhatWasThere) {
  create("m", pass("first"));
  EXPECT_EQ(ids(), std::vector<std::string>{"INITIAL"});
  const std::string second = member(update(pass("second")), "revisionId");
  const std::string third = member(update(pass("third")), "revisionId");
  EXPECT_EQ(ids(), (std::vector<std::string>{third, second, "INITIAL"}));
  EXPECT_EQ(member(describe("INITIAL"), "definition"), pass("first"));
  EXPECT_EQ(member(describe(second), "definition"), pass("second"));
  EXPECT_EQ(member(describe(third), "definition"), pass("third"));
  EXPECT_THAT(describe("other"), HasSubstr("ResourceNotFound"));
}

TEST_F(PastRevisionsTest, AnUpdateThatChangesNothingIsNone) {
  create("m", pass("first"));
  update(pass("first"));
  EXPECT_THAT(ids(), SizeIs(1));
}

TEST_F(PastRevisionsTest, ForgetsTheOldest) {
  create("m", pass("first"));
  for (std::size_t count = 0; count < kPastRevisionsMax + 5; ++count) {
    update(pass(std::to_string(count)));
  }
  EXPECT_THAT(ids(), SizeIs(kPastRevisionsMax + 1));
}

TEST_F(PastRevisionsTest, GoWithTheirMachine) {
  create("m", pass("first"));
  update(pass("second"));
  call("DeleteStateMachine", R"({"stateMachineArn":")" + kMachine + R"("})");
  EXPECT_THAT(ids(), testing::ElementsAre(HasSubstr("StateMachineDoesNotExist")));
  create("m", pass("another"));
  EXPECT_EQ(ids(), std::vector<std::string>{"INITIAL"});
}

}  // namespace
}  // namespace pawl::states
