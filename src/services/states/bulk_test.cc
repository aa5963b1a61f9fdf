// The operations Bulk and Delete: filters, chunks, tokens, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;

class BulkOperations : public ServiceFixture {
 protected:
  std::string bulk(const std::string& members) {
    return call_service("pawl", "Bulk", "{" + members + "}");
  }
  void start(int count, const std::string& machine) {
    for (int number = 0; number < count; ++number) {
      call("StartExecution", R"({"stateMachineArn":")" + machine + R"(","name":"run-)" +
                                 std::to_string(number) + R"("})");
    }
  }
  // All chunks: the sum of `member`.
  std::int64_t all(const std::string& members, std::string_view name) {
    std::int64_t sum = 0;
    std::string more;
    do {
      const std::string answer = bulk(members + more);
      sum += std::stoll(member(answer, name));
      const std::string token = member(answer, "nextToken");
      more = token == "absent" ? "" : R"(,"nextToken":")" + token + "\"";
    } while (!more.empty());
    return sum;
  }
  std::string description(int number) {
    return call("DescribeExecution",
                R"({"executionArn":")" + kExecution + std::to_string(number) + R"("})");
  }

  const std::string kWait =
      R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}})";
  const std::string kExecution = "arn:aws:states:us-east-1:000000000000:execution:m:run-";
  const std::string kOf = R"("stateMachineArn":")" + kMachine + "\"";
};

TEST_F(BulkOperations, StopRedriveAndDeleteInChunks) {
  create("m", kWait);
  start(25, kMachine);
  EXPECT_EQ(all(R"("action":"stop","dryRun":true,"limit":4,)" + kOf, "matched"), 25);
  EXPECT_THAT(description(3), HasSubstr("RUNNING"));
  EXPECT_EQ(all(R"("action":"delete","limit":4,)" + kOf, "matched"), 0);  // nothing has ended
  EXPECT_EQ(all(R"("action":"stop","limit":4,"error":"E","cause":"C",)" + kOf, "done"), 25);
  EXPECT_THAT(description(3), HasSubstr(R"("error":"E","cause":"C")"));
  EXPECT_EQ(all(R"("action":"redrive","namePrefix":"run-1",)" + kOf, "done"), 11);
  EXPECT_THAT(description(11), HasSubstr("RUNNING"));
  EXPECT_EQ(all(R"("action":"delete","limit":4)", "done"), 14);
  EXPECT_THAT(description(3), HasSubstr("ExecutionDoesNotExist"));
  EXPECT_THAT(description(11), HasSubstr("RUNNING"));
}

TEST_F(BulkOperations, LeaveOutWhatStartsLater) {
  create("m", kWait);
  start(9, kMachine);
  const std::string first = bulk(R"("action":"stop","limit":1,)" + kOf);
  const std::string token = R"(,"nextToken":")" + member(first, "nextToken") + "\"";
  const WallMillis asked = clock_.wall_now();
  while (clock_.wall_now() < asked + 2) {  // the same millisecond is not later
  }
  call("StartExecution", R"({"name":"later",)" + kOf + "}");
  std::string answer = bulk(R"("action":"stop","limit":1,)" + kOf + token);
  EXPECT_THAT(answer, HasSubstr(R"("done":1)"));
  // The token belongs to its filter.
  EXPECT_THAT(bulk(R"("action":"redrive","limit":1,)" + kOf + token), HasSubstr("InvalidToken"));
  const std::string all_of_token = R"("action":"stop",)" + kOf + token;
  EXPECT_THAT(bulk(all_of_token), HasSubstr(R"("matched":7)"));
  EXPECT_THAT(call("DescribeExecution", R"({"executionArn":"arn:aws:states:us-east-1:)"
                                        R"(000000000000:execution:m:later"})"),
              HasSubstr("RUNNING"));
}

TEST_F(BulkOperations, DeleteOne) {
  create("m", kWait);
  start(1, kMachine);
  const std::string input = R"({"executionArn":")" + kExecution + R"(0"})";
  EXPECT_THAT(call_service("pawl", "Delete", input), HasSubstr("ExecutionRunning"));
  call("StopExecution", input);
  EXPECT_EQ(call_service("pawl", "Delete", input), "{}");
  EXPECT_THAT(call_service("pawl", "Delete", input), HasSubstr("ExecutionDoesNotExist"));
  EXPECT_THAT(call("GetExecutionHistory", input), HasSubstr("ExecutionDoesNotExist"));
  EXPECT_THAT(call("ListExecutions", "{" + kOf + "}"), HasSubstr(R"("executions":[])"));
}

// More of them than one look names.
TEST_F(BulkOperations, DeleteOneWithTheChildrenOfItsMapRuns) {
  constexpr int kChildren = 1'100;
  create("m",
         R"({"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemsPath":"$","ItemProcessor":{
      "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
      "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}})");
  std::string items = "[0";
  for (int number = 1; number < kChildren; ++number) items += ",0";
  call("StartExecution", R"({"name":"run-0","input":")" + items + R"(]",)" + kOf + "}");
  while (description(0).find("RUNNING") != std::string::npos) std::this_thread::yield();
  const std::string input = R"({"executionArn":")" + kExecution + R"(0"})";
  const std::string runs = call("ListMapRuns", input);
  const std::string named = R"("mapRunArn":")";
  const std::size_t from = runs.find(named);
  ASSERT_NE(from, std::string::npos) << runs;
  const std::string run = runs.substr(from, runs.find('"', from + named.size()) + 1 - from);
  EXPECT_EQ(member(call("DescribeMapRun", "{" + run + "}"), "toleratedFailurePercentage"), "0.0");
  const std::string children = R"("action":"delete","dryRun":true,)" + run;
  EXPECT_EQ(all(children, "matched"), kChildren);
  EXPECT_EQ(call_service("pawl", "Delete", input), "{}");
  EXPECT_EQ(all(children, "matched"), 0);
  EXPECT_THAT(call("DescribeExecution", input), HasSubstr("ExecutionDoesNotExist"));
}

TEST_F(BulkOperations, RefuseWhatMeansNothing) {
  EXPECT_THAT(bulk(R"("action":"pause")"), HasSubstr("ValidationException"));
  EXPECT_THAT(bulk(R"("action":"stop","statuses":["GONE"])"), HasSubstr("no such status"));
  EXPECT_THAT(bulk(R"("action":"stop","stateMachineArn":"arn:x")"), HasSubstr("InvalidArn"));
  EXPECT_THAT(bulk(R"("action":"stop","nextToken":"6162")"), HasSubstr("InvalidToken"));
  EXPECT_THAT(bulk(R"("action":"stop","mapRunArn":"m",)" + kOf), HasSubstr("exclude each other"));
}

}  // namespace
}  // namespace pawl::states
