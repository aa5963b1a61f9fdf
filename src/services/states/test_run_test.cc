#include "services/states/test_run.h"

#include <gtest/gtest.h>

#include "asl/parse.h"
#include "services/states/test_answer.h"

namespace pawl::states {
namespace {

using Status = TestVerdict::Status;

class TestRunTest : public testing::Test {
 protected:
  TestRequest request(const std::string& definition, const std::string& input = "{}") {
    const auto outcome = asl::parse(definition, {.text = asl::ParseOptions::Text::kState});
    EXPECT_TRUE(outcome.ok()) << asl::invalid_definition_message(outcome.diagnostics);
    TestRequest request;
    request.subject = {outcome.machine, &outcome.machine->states.begin()->second};
    request.identity.execution_arn = "arn:aws:states:us-east-1:000000000000:express:m:e";
    request.input = json::Value::trusted(input);
    request.context_object = json::Value::trusted(R"({"State":{"Name":"StateName"}})");
    return request;
  }
  TestVerdict verdict(TestRequest asked) {
    run_ = std::make_unique<TestRun>(std::move(asked), kAwsLimits, 1'700'000'000'000, 1);
    auto outcome = run_->start();
    EXPECT_TRUE(outcome.verdict);
    return outcome.verdict.value_or(TestVerdict());
  }

  std::unique_ptr<TestRun> run_;
};

constexpr const char* kTask = R"({"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
    "Parameters":{"FunctionName":"f"},"Next":"N",
    "Retry":[{"ErrorEquals":["A"],"MaxAttempts":2,"IntervalSeconds":3,"BackoffRate":2}],
    "Catch":[{"ErrorEquals":["B"],"Next":"OnB"},{"ErrorEquals":["States.ALL"],"Next":"OnAll"}]})";

TEST_F(TestRunTest, AMockedResultIsTheTasks) {
  TestRequest asked = request(kTask);
  asked.mock_result = json::Value::trusted(R"({"Payload":1})");
  const TestVerdict end = verdict(std::move(asked));
  EXPECT_EQ(end.status, Status::kSucceeded);
  EXPECT_EQ(end.output->text(), R"({"Payload":1})");
  EXPECT_EQ(end.next_state, "N");
}

TEST_F(TestRunTest, AnErrorIsRetriedAsOftenAsItsRetrierSaysThenCaught) {
  TestRequest asked = request(kTask);
  asked.mock_error = machine::Fault{"A", "why"};
  asked.retrier_retry_count = 1;
  const TestVerdict again = verdict(asked);
  EXPECT_EQ(again.status, Status::kRetriable);
  EXPECT_EQ(again.retry_index, 0);
  EXPECT_EQ(again.retry_backoff_seconds, 6);
  asked.retrier_retry_count = 2;
  const TestVerdict caught = verdict(std::move(asked));
  EXPECT_EQ(caught.status, Status::kCaughtError);
  EXPECT_EQ(caught.catch_index, 1);
  EXPECT_EQ(caught.next_state, "OnAll");
  EXPECT_EQ(caught.fault.error, "A");
}

TEST_F(TestRunTest, AFaultOfTheInterpreterHasNoWordOfEventIds) {
  const TestVerdict end =
      verdict(request(R"({"Type":"Pass","Parameters":{"a.$":"$.no"},"End":true})"));
  EXPECT_EQ(end.status, Status::kFailed);
  EXPECT_EQ(end.fault.error, "States.Runtime");
  EXPECT_TRUE(end.fault.cause->starts_with("The JSONPath '$.no'")) << *end.fault.cause;
}

TEST_F(TestRunTest, ACaughtFaultOfTheInterpreterHasNoneEither) {
  TestRequest asked = request(R"({"Type":"Task","QueryLanguage":"JSONata","End":true,
      "Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"{% $no %}"},
      "Catch":[{"ErrorEquals":["States.ALL"],"Next":"N"}]})");
  asked.mock_result = json::Value::trusted("{}");
  const std::string cause =
      "The JSONata expression '$no' specified for the field 'Arguments/FunctionName' returned "
      "nothing (undefined).";
  const TestVerdict end = verdict(std::move(asked));
  EXPECT_EQ(end.fault.cause, cause);
  EXPECT_EQ(end.output->text(),
            R"({"Error":"States.QueryEvaluationError","Cause":")" + cause + R"("})");
}

TEST_F(TestRunTest, AMockedErrorKeepsItsWords) {
  TestRequest asked = request(kTask);
  asked.mock_error = machine::Fault{
      "C", "An error occurred while executing the state 'A' (entered at the event id #2). Why"};
  EXPECT_EQ(verdict(asked).fault.cause, asked.mock_error->cause);
}

TEST_F(TestRunTest, AWaitIsNotWaitedForAndMayNotLastFiveMinutes) {
  EXPECT_EQ(verdict(request(R"({"Type":"Wait","Seconds":300,"End":true})")).status,
            Status::kSucceeded);
  const TestVerdict end = verdict(request(R"({"Type":"Wait","Seconds":301,"End":true})"));
  EXPECT_EQ(end.status, Status::kFailed);
  EXPECT_EQ(end.fault.error, "States.Timeout");
}

TEST_F(TestRunTest, VariablesAreReadAndAssigned) {
  TestRequest asked =
      request(R"({"Type":"Pass","Parameters":{"a.$":"$x"},"Assign":{"y":2},"End":true})");
  asked.variables = json::Value::trusted(R"({"x":1})");
  const TestVerdict end = verdict(std::move(asked));
  EXPECT_EQ(end.output->text(), R"({"a":1})");
  EXPECT_EQ(run_->variables().at("x").text(), "1");
  EXPECT_EQ(run_->variables().at("y").text(), "2");
}

TEST_F(TestRunTest, AFailedIterationsMockFailsAParallelStateToo) {
  TestRequest asked = request(R"({"Type":"Parallel","End":true,"Branches":[
      {"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}]})");
  asked.mock_error = machine::Fault{"E", std::nullopt};
  EXPECT_EQ(verdict(asked).fault.error, "E");
  asked.mock_error.reset();
  asked.mock_result = json::Value::trusted("[7]");
  EXPECT_EQ(verdict(std::move(asked)).output->text(), "[7]");
}

TEST_F(TestRunTest, ShowsTheInputsOfAMapsChildren) {
  using machine::Stage;
  TestRequest asked = request(
      R"({"Type":"Map","ItemsPath":"$.v","End":true,
          "ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},
          "ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"b.$":"$.b"}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
          "StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}})",
      R"({"v":[5,6,7],"b":1})");
  asked.mock_result = json::Value::trusted("[1]");
  EXPECT_EQ(verdict(std::move(asked)).status, Status::kSucceeded);
  const auto& seen = run_->inspection().values;
  EXPECT_EQ(seen.at(Stage::kAfterItemSelector).text(),
            R"([{"v":5,"i":0},{"v":6,"i":1},{"v":7,"i":2}])");
  EXPECT_EQ(seen.at(Stage::kAfterItemBatcher).text(),
            R"([{"BatchInput":{"b":1},"Items":[{"v":5,"i":0},{"v":6,"i":1}]},)"
            R"({"BatchInput":{"b":1},"Items":[{"v":7,"i":2}]}])");
}

TEST_F(TestRunTest, ReadsTheItemsThatStandForAnItemReaders) {
  using machine::Stage;
  const auto ask = [this](const char* data) {
    TestRequest asked = request(
        R"({"Type":"Map","QueryLanguage":"JSONata","End":true,
            "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
                          "ReaderConfig":{"InputType":"JSON","ItemsPointer":"/a/0/b~1c"},
                          "Arguments":{"Bucket":"b","Key":"k"}},
            "ItemSelector":"{% $states.context.Map.Item.Value %}",
            "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}})");
    asked.mock_result = json::Value::trusted("[1]");
    asked.map_item_reader_data = json::Value::trusted(data);
    return asked;
  };
  EXPECT_EQ(verdict(ask(R"({"a":[{"b/c":[5, 6]}]})")).status, Status::kSucceeded);
  EXPECT_EQ(run_->inspection().values.at(Stage::kAfterItemsPointer).text(), "[5,6]");
  EXPECT_EQ(run_->inspection().values.at(Stage::kAfterItemSelector).text(), "[5,6]");
  EXPECT_EQ(verdict(ask(R"({"a":[]})")).fault.error, "States.ItemReaderFailed");
  EXPECT_EQ(verdict(ask(R"({"a":[{"b/c":7}]})")).fault.cause,
            "Attempting to map over non-iterable node.");
}

TEST_F(TestRunTest, ShowsTheInputOfAMapThatReadsItsItems) {
  TestRequest asked = request(
      R"({"Type":"Map","InputPath":"$.in","End":true,
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
                        "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
          "StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}})",
      R"({"in":{"a":1}})");
  asked.mock_result = json::Value::trusted("[1]");
  EXPECT_EQ(verdict(asked).status, Status::kSucceeded);
  EXPECT_EQ(run_->inspection().values.at(machine::Stage::kAfterInputPath).text(), R"({"a":1})");
}

TEST_F(TestRunTest, ATaskWithoutAMockIsHandedOut) {
  run_ = std::make_unique<TestRun>(request(kTask), kAwsLimits, 1'700'000'000'000, 1);
  const auto outcome = run_->start();
  ASSERT_TRUE(outcome.task);
  EXPECT_EQ(outcome.task->scheduled.parameters.text(), R"({"FunctionName":"f"})");
  const auto end = run_->go_on(machine::TaskReturned{outcome.task->task, json::Value::trusted("3")},
                               1'700'000'000'500);
  ASSERT_TRUE(end.verdict);
  EXPECT_EQ(end.verdict->output->text(), "3");
}

}  // namespace
}  // namespace pawl::states
