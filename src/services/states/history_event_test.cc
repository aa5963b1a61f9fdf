#include "services/states/history_event.h"

#include <gtest/gtest.h>

namespace pawl::states {
namespace {

using namespace machine;  // NOLINT: the event types, by their own names

std::string shown(Event::Body body, HistoryData data = HistoryData::kIncluded) {
  std::string text;
  json::Writer out(text);
  write_history_event(
      out, {.id = 5, .previous = 4, .time = 1'500, .strand = 0, .body = std::move(body)}, data);
  return text;
}

json::Value value(const char* text) { return json::Value::trusted(text); }

const std::string kHead = R"({"timestamp":1.500,"type":")";
const std::string kIds = R"(","id":5,"previousEventId":4)";

TEST(HistoryEvent, PayloadsAreTextWithDetails) {
  EXPECT_EQ(shown(StateEntered{StateType::kChoice, "C", "/States/C", value("{\"a\": 1}")}),
            kHead + "ChoiceStateEntered" + kIds +
                R"(,"stateEnteredEventDetails":{"name":"C","input":"{\"a\": 1}",)"
                R"("inputDetails":{"truncated":false}}})");
  EXPECT_EQ(shown(ExecutionSucceeded{value("1")}, HistoryData::kLeftOut),
            kHead + "ExecutionSucceeded" + kIds + R"(,"executionSucceededEventDetails":{}})");
}

TEST(HistoryEvent, ParametersStayWhenDataIsLeftOut) {
  const TaskScheduled scheduled{.kind = TaskKind::kService,
                                .resource = "invoke",
                                .resource_type = "lambda",
                                .region = "us-east-1",
                                .parameters = value("{}"),
                                .timeout_seconds = 9,
                                .heartbeat_seconds = {},
                                .credentials_role_arn = "arn",
                                .timeout_at = {}};
  EXPECT_EQ(shown(scheduled, HistoryData::kLeftOut),
            kHead + "TaskScheduled" + kIds +
                R"(,"taskScheduledEventDetails":{"resourceType":"lambda","resource":"invoke",)"
                R"("region":"us-east-1","parameters":"{}","timeoutInSeconds":9,)"
                R"("taskCredentials":{"roleArn":"arn"}}})");
}

TEST(HistoryEvent, SomeTypesHaveNoDetails) {
  EXPECT_EQ(shown(TaskStarted{TaskKind::kLambdaFunction, 3, {}, {}, {}}),
            kHead + "LambdaFunctionStarted" + kIds + "}");
  EXPECT_EQ(shown(ContainerSucceeded{StateType::kMap, value("[]")}),
            kHead + "MapStateSucceeded" + kIds + "}");
  EXPECT_EQ(shown(StateAborted{StateType::kTask}), kHead + "TaskStateAborted" + kIds + "}");
}

TEST(HistoryEvent, AbsentFaultPartsAreAbsent) {
  EXPECT_EQ(shown(ExecutionFailed{}),
            kHead + "ExecutionFailed" + kIds + R"(,"executionFailedEventDetails":{}})");
  EXPECT_EQ(shown(TaskFailed{.kind = TaskKind::kActivity,
                             .failure = TaskFailure::kTimedOut,
                             .task = 3,
                             .resource = {},
                             .resource_type = {},
                             .fault = {"States.Timeout", {}}}),
            kHead + "ActivityTimedOut" + kIds +
                R"(,"activityTimedOutEventDetails":{"error":"States.Timeout"}})");
}

TEST(HistoryEvent, AssignedVariablesAreJsonTexts) {
  EXPECT_EQ(shown(StateExited{StateType::kPass, "P", value("1"), value(R"({"x":"a","n":4})"), {}}),
            kHead + "PassStateExited" + kIds +
                R"(,"stateExitedEventDetails":{"name":"P","output":"1",)"
                R"("outputDetails":{"truncated":false},)"
                R"("assignedVariables":{"x":"\"a\"","n":"4"},)"
                R"("assignedVariablesDetails":{"truncated":false}}})");
}

}  // namespace
}  // namespace pawl::states
