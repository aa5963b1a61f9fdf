#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;

class Explain : public ServiceFixture {
 protected:
  std::string start(const std::string& definition) {
    create("m", definition);
    return member(call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"),
                  "executionArn");
  }
  std::string explain(const std::string& execution) {
    const std::string input = R"({"executionArn":")" + execution + R"("})";
    return call_service("pawl", "Explain", input);
  }
};

TEST_F(Explain, NamesTimersAttemptsAndBranches) {
  const std::string execution = start(R"({"StartAt":"Both","States":{"Both":{"Type":"Parallel",
    "End":true,"Branches":[
    {"StartAt":"Rest","States":{"Rest":{"Type":"Wait","Seconds":600,"End":true}}},
    {"StartAt":"Call","States":{"Call":{"Type":"Task","End":true,"TimeoutSeconds":60,
      "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",
      "Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":3}]}}}]}}})");
  const std::string answer = explain(execution);
  EXPECT_THAT(answer, HasSubstr(R"("path":"Both[0]/Rest")"));
  EXPECT_THAT(answer, HasSubstr(R"("kind":"timer","until":)"));
  EXPECT_THAT(answer, HasSubstr(R"("path":"Both[1]/Call")"));
  EXPECT_THAT(answer, HasSubstr("waits for the function "
                                "arn:aws:lambda:us-east-1:000000000000:function:f since "));
  EXPECT_THAT(answer, HasSubstr("; attempt 1 of 4; times out at "));
}

TEST_F(Explain, NamesAnActivityWithoutWorkers) {
  const std::string activity = "arn:aws:states:us-east-1:000000000000:activity:a";
  call("CreateActivity", R"({"name":"a"})");
  const std::string execution = start(R"({"StartAt":"A","States":{"A":{"Type":"Task","End":true,
    "HeartbeatSeconds":9,"Resource":")" +
                                      activity + R"("}}})");
  EXPECT_THAT(explain(execution), HasSubstr("waits for a worker to poll " + activity +
                                            "; none has since the server started; attempt 1; a "
                                            "heartbeat is due every 9 s"));
  const std::string token =
      member(call("GetActivityTask", R"({"workerName":"w7","activityArn":")" + activity + R"("})"),
             "taskToken");
  const std::string answer = explain(execution);
  EXPECT_THAT(answer, HasSubstr("waits for the worker 'w7' that took the task of " + activity));
  EXPECT_THAT(answer, HasSubstr(R"("taskToken":")" + token));
  call("SendTaskSuccess", R"({"output":"1","taskToken":")" + token + R"("})");
  end_of(execution);
  EXPECT_THAT(explain(execution), HasSubstr(R"("waitsFor":[])"));
}

TEST_F(Explain, RefusesWhatIsNotThere) {
  EXPECT_THAT(explain("arn:aws:states:us-east-1:000000000000:execution:m:none"),
              HasSubstr("ExecutionDoesNotExist"));
}

}  // namespace
}  // namespace pawl::states
