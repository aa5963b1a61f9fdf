#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

class Redrive : public ServiceFixture {
 protected:
  std::string start() {
    return member(call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"),
                  "executionArn");
  }
  std::string redrive(const std::string& execution) {
    return call("RedriveExecution", R"({"executionArn":")" + execution + R"("})");
  }
  std::size_t listed(const std::string& filter) {
    const auto list =
        json::Value::parse(call("ListExecutions", R"({"stateMachineArn":")" + kMachine +
                                                      R"(","redriveFilter":")" + filter + R"("})"));
    return list.ok() ? list->root().find("executions")->size() : 0;
  }
};

TEST_F(Redrive, IsToldByDescriptionsListsAndTheHistory) {
  create("m", R"({"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}})");
  const std::string execution = start();
  std::string described = end_of(execution);
  EXPECT_EQ(member(described, "redriveStatus"), "REDRIVABLE");
  EXPECT_EQ(member(described, "redriveStatusReason"), "absent");
  EXPECT_EQ(member(described, "redriveDate"), "absent");
  EXPECT_EQ(listed("NOT_REDRIVEN"), 1u);
  const std::string date = member(redrive(execution), "redriveDate");
  described = end_of(execution);
  EXPECT_EQ(member(described, "status"), "FAILED");
  EXPECT_EQ(member(described, "redriveCount"), "1");
  EXPECT_EQ(member(described, "redriveDate"), date);
  EXPECT_EQ(listed("REDRIVEN"), 1u);
  EXPECT_EQ(listed("NOT_REDRIVEN"), 0u);
  const std::string history =
      call("GetExecutionHistory", R"({"executionArn":")" + execution + R"("})");
  EXPECT_NE(history.find(R"("executionRedrivenEventDetails":{"redriveCount":1})"),
            std::string::npos)
      << history;
}

TEST_F(Redrive, IsRefusedWithTheReason) {
  EXPECT_EQ(redrive("arn:aws:states:us-east-1:000000000000:execution:m:none"),
            "ExecutionDoesNotExist: Execution Does Not Exist: "
            "'arn:aws:states:us-east-1:000000000000:execution:m:none'");
  create("m", pass("one"));
  const std::string execution = start();
  end_of(execution);
  EXPECT_EQ(redrive(execution),
            "ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven");
  update(R"({"StartAt":"F","States":{"F":{"Type":"Fail"}}})");
  const std::string failed = start();
  end_of(failed);
  call("DeleteStateMachine", R"({"stateMachineArn":")" + kMachine + R"("})");
  EXPECT_EQ(redrive(failed), "ExecutionNotRedrivable: State machine is in DELETING status.");
}

}  // namespace
}  // namespace pawl::states
