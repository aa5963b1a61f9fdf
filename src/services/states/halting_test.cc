// The operations ChooseOnFailure, ListHalting, ContinueExecution and FailExecution; the same in
// bulk; and what Explain and List say of what has halted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kBroken =
    R"({"StartAt":"P","States":{"P":{"Type":"Pass","InputPath":"$.absent","End":true}}})";
constexpr const char* kMended =
    R"({"StartAt":"P","States":{"P":{"Type":"Pass","Result":"mended","End":true}}})";

class HaltingOperations : public ServiceFixture {
 protected:
  std::string pawl(const std::string& operation, const std::string& input) {
    return call_service("pawl", operation, input);
  }
  std::string start(const std::string& name) {
    return member(call("StartExecution",
                       R"({"stateMachineArn":")" + kMachine + R"(","name":")" + name + R"("})"),
                  "executionArn");
  }
  static std::string of_execution(const std::string& arn, const std::string& more = "") {
    return R"({"executionArn":")" + arn + "\"" + more + "}";
  }
  std::string on_failure(const std::string& action) {
    return pawl("ChooseOnFailure", R"({"by":"ann","action":")" + action +
                                       R"(","stateMachineArn":")" + kMachine + "\"}");
  }
  std::string bulk(const std::string& action, const std::string& more = "") {
    return pawl("Bulk", R"({"action":")" + action + "\"" + more + "}");
  }
};

TEST_F(HaltingOperations, OneExecutionIsMendedAndGoesOn) {
  create("m", kBroken);
  EXPECT_EQ(on_failure("halt"), R"({"changed":true})");
  EXPECT_EQ(on_failure("halt"), R"({"changed":false})");
  EXPECT_THAT(pawl("ListHalting", "{}"), HasSubstr(R"("by":"ann")"));
  const std::string execution = start("a");
  EXPECT_EQ(member(call("DescribeExecution", of_execution(execution)), "status"), "RUNNING");
  const std::string explained = pawl("Explain", of_execution(execution));
  EXPECT_THAT(explained, HasSubstr(R"("kind":"halted","since":)"));
  EXPECT_THAT(explained, HasSubstr(R"("error":"States.Runtime","cause":")"));
  EXPECT_THAT(explained, HasSubstr(R"("explanation":"halted since )"));
  EXPECT_THAT(pawl("List", R"({"halted":true})"), HasSubstr(R"("halted":{"since":)"));
  EXPECT_EQ(pawl("ContinueExecution", of_execution(execution)), "{}");
  EXPECT_THAT(pawl("Explain", of_execution(execution)), HasSubstr("halted"));
  update(kMended);
  EXPECT_EQ(pawl("ContinueExecution", of_execution(execution, R"(,"latest":true)")), "{}");
  EXPECT_EQ(member(end_of(execution), "output"), "\"mended\"");
  EXPECT_THAT(call("DescribeStateMachineForExecution", of_execution(execution)),
              HasSubstr("mended"));
  EXPECT_THAT(pawl("ContinueExecution", of_execution(execution)), HasSubstr("ExecutionNotHalted"));
}

TEST_F(HaltingOperations, FailedForGood) {
  create("m", kBroken);
  on_failure("halt");
  const std::string execution = start("a");
  EXPECT_EQ(on_failure("fail"), R"({"changed":true})");
  EXPECT_EQ(pawl("ListHalting", "{}"), R"({"stateMachines":[]})");
  EXPECT_EQ(pawl("FailExecution", of_execution(execution)), "{}");
  EXPECT_EQ(member(end_of(execution), "error"), "States.Runtime");
  EXPECT_THAT(pawl("FailExecution", of_execution(execution)), HasSubstr("ExecutionNotHalted"));
  EXPECT_EQ(member(end_of(start("b")), "status"), "FAILED");
}

TEST_F(HaltingOperations, InBulk) {
  create("m", kBroken);
  on_failure("halt");
  const std::string first = start("a");
  const std::string second = start("b");
  EXPECT_THAT(bulk("fail", R"(,"namePrefix":"b","dryRun":true)"), HasSubstr(second));
  EXPECT_THAT(bulk("fail", R"(,"namePrefix":"b")"), HasSubstr(R"("done":1,"skipped":0)"));
  EXPECT_EQ(member(end_of(second), "status"), "FAILED");
  update(kMended);
  EXPECT_THAT(bulk("continue", R"(,"latest":true)"), HasSubstr(R"("done":1,"skipped":0)"));
  EXPECT_EQ(member(end_of(first), "status"), "SUCCEEDED");
  EXPECT_THAT(bulk("continue"), HasSubstr(R"("matched":0)"));
}

TEST_F(HaltingOperations, ADefinitionThatDoesNotFitIsRefused) {
  create("m", kBroken);
  on_failure("halt");
  const std::string execution = start("a");
  update(R"({"StartAt":"Q","States":{"Q":{"Type":"Pass","End":true}}})");
  EXPECT_THAT(pawl("ContinueExecution", of_execution(execution, R"(,"latest":true)")),
              HasSubstr("the definition has no state /States/P"));
  EXPECT_THAT(bulk("continue", R"(,"latest":true)"), HasSubstr(R"("skipped":1)"));
}

TEST_F(HaltingOperations, ADeletedMachineDoesNotHaltWhenItComesAgain) {
  create("m", kBroken);
  on_failure("halt");
  const std::string execution = start("a");
  call("DeleteStateMachine", R"({"stateMachineArn":")" + kMachine + R"("})");
  EXPECT_EQ(member(end_of(execution), "status"), "ABORTED");
  while (pawl("ListHalting", "{}") != R"({"stateMachines":[]})") std::this_thread::yield();
}

TEST_F(HaltingOperations, RefuseWhatCannotHalt) {
  const std::string machine = R"(,"stateMachineArn":")" + kMachine;
  EXPECT_THAT(on_failure("halt"), HasSubstr("StateMachineDoesNotExist"));
  create("m", kMended, R"(,"type":"EXPRESS")");
  EXPECT_THAT(on_failure("halt"), HasSubstr("Express"));
  EXPECT_THAT(pawl("ChooseOnFailure", R"({"action":"halt")" + machine + R"(:1"})"),
              HasSubstr("as a whole"));
  const std::string none = "arn:aws:states:us-east-1:000000000000:execution:m:x";
  EXPECT_THAT(pawl("ContinueExecution", of_execution(none)), HasSubstr("ExecutionDoesNotExist"));
  EXPECT_THAT(pawl("FailExecution", of_execution(none)), HasSubstr("ExecutionDoesNotExist"));
}

}  // namespace
}  // namespace pawl::states
