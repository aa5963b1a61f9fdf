// Executions of all state machines in one order, page by page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

class ListTest : public ServiceFixture {
 protected:
  struct Entry {
    std::string arn;
    std::string started;  // as the answer has it
  };
  struct Page {
    std::vector<Entry> entries;
    std::string next;
  };

  std::string start(const std::string& machine) {
    const std::string arn = "arn:aws:states:us-east-1:000000000000:stateMachine:" + machine;
    const std::string execution =
        member(call("StartExecution", R"({"stateMachineArn":")" + arn + R"("})"), "executionArn");
    end_of(execution);
    return execution;
  }
  Page list(const std::string& members) {
    const std::string text = call_service("pawl", "List", "{" + members + "}");
    const auto answer = json::Value::parse(text);
    Page page;
    const json::Node* executions = answer.ok() ? answer->root().find("executions") : nullptr;
    if (executions == nullptr) return {{{text, ""}}, ""};
    for (const json::Node& execution : *executions) {
      page.entries.push_back({std::string(execution.find("executionArn")->string()),
                              std::string(execution.find("startDate")->number_text())});
    }
    if (const json::Node* next = answer->root().find("nextToken")) page.next = next->string();
    return page;
  }
  std::vector<Entry> list_all(const std::string& members) {
    std::vector<Entry> all;
    std::string token;
    do {
      const Page page = list(members + (token.empty() ? "" : R"(,"nextToken":")" + token + R"(")"));
      all.insert(all.end(), page.entries.begin(), page.entries.end());
      token = page.next;
    } while (!token.empty());
    return all;
  }
  static std::multiset<std::string> arns(const std::vector<Entry>& entries) {
    std::multiset<std::string> found;
    for (const Entry& entry : entries) found.insert(entry.arn);
    return found;
  }
};

TEST_F(ListTest, IsInOneOrderWhateverTheMachine) {
  std::multiset<std::string> started;
  for (const char* machine : {"a", "b", "c", "d", "e", "f"}) create(machine, pass(machine));
  create("fast", pass("fast"), R"(,"type":"EXPRESS")");
  for (int round = 0; round < 5; ++round) {
    for (const char* machine : {"c", "a", "f", "b"}) started.insert(start(machine));
  }
  for (const char* limit : {R"("limit":3)", R"("limit":1)", R"("limit":100)"}) {
    const std::vector<Entry> found = list_all(limit);
    EXPECT_EQ(arns(found), started) << limit;
    EXPECT_TRUE(std::ranges::is_sorted(found, std::ranges::greater(), &Entry::started)) << limit;
  }
}

TEST_F(ListTest, FindsByNameStatusAndTime) {
  create("a", pass("a"));
  create("b", pass("b"));
  const std::string first = start("a");
  const std::string second = start("b");
  const std::string name = second.substr(second.rfind(':') + 1);
  EXPECT_EQ(arns(list_all(R"("limit":10,"namePrefix":")" + name + R"(")")),
            std::multiset<std::string>{second});
  EXPECT_THAT(list_all(R"("statuses":["RUNNING"])"), testing::IsEmpty());
  EXPECT_THAT(list_all(R"("startedFrom":4000000000)"), testing::IsEmpty());
  EXPECT_THAT(list_all(R"("startedBefore":1)"), testing::IsEmpty());
  EXPECT_EQ(arns(list_all(R"("startedFrom":1)")), (std::multiset<std::string>{first, second}));
}

TEST_F(ListTest, RefusesATokenOfAnotherList) {
  create("a", pass("a"));
  start("a");
  start("a");
  const std::string token = list(R"("limit":1)").next;
  ASSERT_FALSE(token.empty());
  EXPECT_THAT(list(R"("limit":1,"namePrefix":"x","nextToken":")" + token + R"(")").entries[0].arn,
              testing::HasSubstr("InvalidToken"));
}

}  // namespace
}  // namespace pawl::states
