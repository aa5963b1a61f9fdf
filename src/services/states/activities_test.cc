// Polls of activities whose workers go.
#include <gmock/gmock.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

class ActivityPoll : public ServiceFixture {
 protected:
  struct Waiting {
    std::future<std::string> answer;
    runtime::Withdraw withdraw;
  };
  Waiting poll() {
    const runtime::WaitingOperation* operation =
        operations_.find_waiting("states", "GetActivityTask");
    ENSURE(operation != nullptr);
    auto promise = std::make_shared<std::promise<std::string>>();
    auto input = json::Value::parse(R"({"activityArn":")" + activity + R"("})");
    Waiting waiting{.answer = promise->get_future(), .withdraw = {}};
    waiting.withdraw =
        (*operation)({{}, *input, "request"}, [promise](const runtime::OperationResult& result) {
          promise->set_value(result.ok() ? std::string(result->text()) : result.error().code);
        });
    return waiting;
  }

  const std::string activity = "arn:aws:states:us-east-1:000000000000:activity:a";
};

TEST_F(ActivityPoll, ThatIsWithdrawnLeavesTheTaskToTheNext) {
  call("CreateActivity", R"({"name":"a"})");
  create("m", R"({"StartAt":"A","States":{"A":{"Type":"Task","End":true,"Resource":")" + activity +
                  R"("}}})");
  Waiting gone = poll();
  ASSERT_TRUE(gone.withdraw);
  gone.withdraw();
  EXPECT_EQ(gone.answer.get(), "{}");
  call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})");
  Waiting there = poll();
  EXPECT_THAT(there.answer.get(), ::testing::HasSubstr("taskToken"));
  there.withdraw();  // behind the answer: nothing
}

TEST_F(ActivityPoll, ThatIsRefusedDoesNotWait) {
  Waiting refused = poll();
  EXPECT_EQ(refused.answer.get(), "ActivityDoesNotExist");
  EXPECT_FALSE(refused.withdraw);
}

}  // namespace
}  // namespace pawl::states
