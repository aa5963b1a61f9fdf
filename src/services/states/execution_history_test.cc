// Histories in large pages are those of GetExecutionHistory.
#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using ExecutionHistoryTest = ServiceFixture;

TEST_F(ExecutionHistoryTest, InLargePagesTellsTheSame) {
  create("m", pass("first"));
  const std::string execution = member(
      call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"), "executionArn");
  end_of(execution);
  for (const char* more : {"", R"(,"reverseOrder":true)", R"(,"includeExecutionData":false)",
                           R"(,"maxResults":1)", R"(,"maxResults":3)"}) {
    const std::string input = R"({"executionArn":")" + execution + "\"" + more + "}";
    const std::string expected = call("GetExecutionHistory", input);
    EXPECT_EQ(call_service("pawl", "ReadHistory", input), expected) << more;
  }
  EXPECT_EQ(call_service("pawl", "ReadHistory", R"({"executionArn":")" + execution + R"(none"})"),
            "ExecutionDoesNotExist: Execution Does Not Exist: '" + execution + "none'");
}

}  // namespace
}  // namespace pawl::states
