// Histories in large pages are those of GetExecutionHistory.
#include <gtest/gtest.h>

#include <vector>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

class ExecutionHistoryTest : public ServiceFixture {
 protected:
  // Every page's events. A page token tells when it was made, so no two are equal.
  std::vector<std::string> pages(const std::string& service, const std::string& operation,
                                 const std::string& members) {
    std::vector<std::string> found;
    std::string token;
    do {
      const std::string next = token.empty() ? "" : R"(,"nextToken":")" + token + "\"";
      const std::string page = call_service(service, operation, "{" + members + next + "}");
      found.push_back(member(page, "events"));
      token = member(page, "nextToken");
    } while (token != "absent" && found.size() < 20);
    return found;
  }
};

TEST_F(ExecutionHistoryTest, InLargePagesTellsTheSame) {
  create("m", pass("first"));
  const std::string execution = member(
      call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"), "executionArn");
  end_of(execution);
  struct Row {
    const char* more;
    std::size_t pages;
  };
  // The machine's one Pass state makes four events.
  for (const Row& row :
       {Row{"", 1}, Row{R"(,"reverseOrder":true)", 1}, Row{R"(,"includeExecutionData":false)", 1},
        Row{R"(,"maxResults":1)", 4}, Row{R"(,"maxResults":3)", 2}}) {
    const std::string members = R"("executionArn":")" + execution + "\"" + row.more;
    const auto expected = pages("states", "GetExecutionHistory", members);
    EXPECT_EQ(expected.size(), row.pages) << row.more;
    EXPECT_EQ(pages("pawl", "ReadHistory", members), expected) << row.more;
  }
  EXPECT_EQ(call_service("pawl", "ReadHistory", R"({"executionArn":")" + execution + R"(none"})"),
            "ExecutionDoesNotExist: Execution Does Not Exist: '" + execution + "none'");
}

// A1.7: "changing the other parameters between pages is an error". maxResults may change.
TEST_F(ExecutionHistoryTest, ATokenBelongsToItsRequest) {
  create("m", pass("first"));
  const std::string execution = member(
      call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"), "executionArn");
  end_of(execution);
  const std::string invalid = "InvalidToken: Invalid Token: 'Invalid token'";
  const std::string whose = R"({"executionArn":")" + execution + "\"";
  const std::vector<std::string> forms = {"", R"(,"reverseOrder":true)",
                                          R"(,"includeExecutionData":false)",
                                          R"(,"reverseOrder":true,"includeExecutionData":false)"};
  for (const std::string& first : forms) {
    const std::string page =
        call("GetExecutionHistory", whose + R"(,"maxResults":1)" + first + "}");
    const std::string token = R"(,"nextToken":")" + member(page, "nextToken") + "\"";
    for (const std::string& second : forms) {
      const std::string next = call("GetExecutionHistory", whose + token + second + "}");
      EXPECT_EQ(next == invalid, first != second) << first << " then " << second << ": " << next;
    }
  }
}

}  // namespace
}  // namespace pawl::states
