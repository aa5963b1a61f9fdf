// The operations Pause, Resume and ListPauses, and what Explain says of a pause.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;

class PauseOperations : public ServiceFixture {
 protected:
  std::string pawl(const std::string& operation, const std::string& input) {
    return call_service("pawl", operation, input);
  }
  std::string start() {
    return member(call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"),
                  "executionArn");
  }
  std::string of_execution(const std::string& arn, const std::string& more = "") {
    return R"({"executionArn":")" + arn + "\"" + more + "}";
  }
  const std::string of_machine_ = R"({"stateMachineArn":")" + kMachine + R"(","reason":"broken"})";
};

TEST_F(PauseOperations, OneExecution) {
  create("m", R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}})");
  const std::string execution = start();
  EXPECT_EQ(pawl("Pause", of_execution(execution, R"(,"reason":"look","by":"ann")")),
            R"({"changed":true})");
  EXPECT_EQ(pawl("Pause", of_execution(execution)), R"({"changed":false})");
  const std::string explained = pawl("Explain", of_execution(execution));
  EXPECT_THAT(explained, HasSubstr(R"("paused":{"scope":"execution","since":)"));
  EXPECT_THAT(explained, HasSubstr(R"("by":"ann","reason":"look","explanation":"paused since )"));
  EXPECT_THAT(explained, HasSubstr(R"("status":"RUNNING")"));
  EXPECT_EQ(pawl("Resume", of_execution(execution)), R"({"changed":true})");
  EXPECT_EQ(pawl("Resume", of_execution(execution)), R"({"changed":false})");
  EXPECT_THAT(pawl("Explain", of_execution(execution)), Not(HasSubstr("paused")));
  call("StopExecution", of_execution(execution));
  EXPECT_THAT(pawl("Pause", of_execution(execution)), HasSubstr("ExecutionNotRunning"));
}

TEST_F(PauseOperations, AMachineAndEverything) {
  create("m", pass("p"));
  EXPECT_EQ(pawl("Pause", of_machine_), R"({"changed":true})");
  EXPECT_EQ(pawl("Pause", R"({"all":true})"), R"({"changed":true})");
  const std::string execution = start();
  EXPECT_THAT(pawl("Explain", of_execution(execution)), HasSubstr(R"("scope":"stateMachine")"));
  const std::string listed = pawl("ListPauses", "{}");
  EXPECT_THAT(listed, HasSubstr(R"({"all":{"since":)"));
  EXPECT_THAT(listed, HasSubstr(R"([{"stateMachineArn":")" + kMachine + R"(","since":)"));
  EXPECT_THAT(listed, HasSubstr(R"("reason":"broken"}])"));
  EXPECT_EQ(pawl("Resume", of_machine_), R"({"changed":true})");
  EXPECT_THAT(pawl("Explain", of_execution(execution)), HasSubstr(R"("scope":"all")"));
  EXPECT_EQ(pawl("Resume", R"({"all":true})"), R"({"changed":true})");
  EXPECT_THAT(end_of(execution), HasSubstr("SUCCEEDED"));
  EXPECT_EQ(pawl("ListPauses", "{}"), R"({"stateMachines":[]})");
  EXPECT_EQ(pawl("Resume", of_machine_), R"({"changed":false})");
}

TEST_F(PauseOperations, AnExpressMachine) {
  const std::string machine = create("m", pass("p"), R"(,"type":"EXPRESS")");
  pawl("Pause", of_machine_);
  const std::string input = R"({"stateMachineArn":")" + kMachine + R"("})";
  EXPECT_EQ(call("StartSyncExecution", input), "ServiceUnavailable: The state machine is paused");
  EXPECT_THAT(call("StartExecution", input), HasSubstr("executionArn"));
  pawl("Resume", of_machine_);
  EXPECT_THAT(call("StartSyncExecution", input), HasSubstr("SUCCEEDED"));
}

TEST_F(PauseOperations, ADeletedMachineIsNotPausedWhenItComesAgain) {
  create("m", pass("p"));
  pawl("Pause", of_machine_);
  call("DeleteStateMachine", R"({"stateMachineArn":")" + kMachine + R"("})");
  EXPECT_EQ(pawl("ListPauses", "{}"), R"({"stateMachines":[]})");
}

TEST_F(PauseOperations, RefuseWhatIsNoTarget) {
  create("m", pass("p"));
  EXPECT_THAT(pawl("Pause", "{}"), HasSubstr("Exactly one of"));
  EXPECT_THAT(pawl("Pause", R"({"all":false})"), HasSubstr("Exactly one of"));
  EXPECT_THAT(pawl("Pause", R"({"all":true,"stateMachineArn":")" + kMachine + R"("})"),
              HasSubstr("Exactly one of"));
  EXPECT_THAT(pawl("Pause", R"({"stateMachineArn":")" + kMachine + R"(x"})"),
              HasSubstr("StateMachineDoesNotExist"));
  EXPECT_THAT(pawl("Resume", R"({"stateMachineArn":")" + kMachine + R"(:1"})"),
              HasSubstr("as a whole"));
  EXPECT_THAT(pawl("Pause", R"({"executionArn":"arn:aws:sns:us-east-1:000000000000:t"})"),
              HasSubstr("InvalidArn"));
  EXPECT_THAT(pawl("Resume", of_execution("arn:aws:states:us-east-1:000000000000:execution:m:x")),
              HasSubstr("ExecutionDoesNotExist"));
}

}  // namespace
}  // namespace pawl::states
