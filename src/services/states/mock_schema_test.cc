#include "services/states/mock_schema.h"

#include <gtest/gtest.h>

#include "json/value.h"
#include "services/states/mock_shapes.h"

namespace pawl::states {
namespace {

struct Case {
  const char* type;
  const char* action;
  asl::TaskPattern pattern;
  FieldValidation validation;
  const char* result;
  const char* problem;  // empty: none
};

constexpr auto kAnswer = asl::TaskPattern::kRequestResponse;
constexpr auto kStrict = FieldValidation::kStrict;
constexpr auto kPresent = FieldValidation::kPresent;

const Case kCases[] = {
    {"events", "putEvents", kAnswer, kStrict, R"({"random":1})", ""},
    {"events", "putEvents", kAnswer, kStrict, R"({"Entries":"x"})",
     "Field 'Entries' must be an array"},
    {"events", "putEvents", kAnswer, kStrict, R"({"Entries":[{"EventId":"a"},{"EventId":[]}]})",
     "Field 'EventId' must be a string"},
    {"states", "startExecution", kAnswer, kStrict, R"({"executionArn":"a","startDate":"b"})",
     "Required field 'ExecutionArn' is missing"},
    {"states", "startExecution", kAnswer, kPresent, R"({})", ""},
    {"states", "startExecution", kAnswer, kPresent, R"({"StartDate":true})",
     "Field 'StartDate' must be a string"},
    {"states", "startExecution", kAnswer, FieldValidation::kNone, R"({"StartDate":true})", ""},
    {"states", "startExecution", asl::TaskPattern::kSync, kStrict, R"({"ExecutionArn":"a"})",
     "Required field 'StateMachineArn' is missing"},
    {"dynamodb", "putItem", kAnswer, kStrict, R"({"ConsumedCapacity":{"CapacityUnits":"1"}})",
     "Field 'CapacityUnits' must be a number"},
    {"dynamodb", "getItem", kAnswer, kStrict, R"({"Item":{"a":{"L":[{"M":{"b":{"S":1}}}]}}})",
     "Field 'S' must be a string"},
    {"aws-sdk:s3", "getObject", kAnswer, kStrict, R"({"StorageClass":"Papyrus"})",
     "Field 'StorageClass' is not an expected value"},
    {"aws-sdk:kms", "encrypt", kAnswer, kStrict, R"({"CiphertextBlob":""})",
     "Field 'CiphertextBlob' is smaller than the minimum length"},
    {"aws-sdk:lambda", "getFunction", kAnswer, kStrict, R"({"Configuration":{"MemorySize":127}})",
     "Field 'MemorySize' is less than the minimum value"},
    {"aws-sdk:lambda", "getFunction", kAnswer, kStrict, R"({"Configuration":{"MemorySize":10241}})",
     "Field 'MemorySize' exceeds the maximum value"},
    {"sqs", "sendMessage", asl::TaskPattern::kWaitForTaskToken, kStrict, R"({"MessageId":1})", ""},
    {"aws-sdk:nobody", "knowsThis", kAnswer, kStrict, R"([1])", ""},
};

TEST(MockSchema, FindsTheFirstFieldThatTheServiceWouldNotAnswerSo) {
  for (const Case& one : kCases) {
    asl::TaskResource resource;
    resource.resource_type = one.type;
    resource.action = one.action;
    resource.pattern = one.pattern;
    const json::Value result = json::Value::trusted(one.result);
    std::string expected = one.problem;
    if (!expected.empty()) expected = "Mock result schema validation error: " + expected;
    EXPECT_EQ(check_mock(resource, result.root(), one.validation).value_or(""), expected)
        << one.type << " " << one.result;
  }
}

TEST(MockSchema, ServicesAnswerObjects) {
  asl::TaskResource resource;
  resource.resource_type = "lambda";
  resource.action = "invoke";
  for (const char* text : {"[1]", "null", "\"x\"", "1"}) {
    const json::Value result = json::Value::trusted(text);
    EXPECT_EQ(check_mock(resource, result.root(), kPresent),
              "Mocked result must be a JSON object.");
    EXPECT_EQ(check_mock(resource, result.root(), FieldValidation::kNone), std::nullopt);
  }
}

// Every shape can be read to its end: an object of all its members at null is walked through.
TEST(MockSchema, ShapesFitTheirGrammar) {
  asl::TaskResource resource;
  const json::Value empty = json::Value::trusted("{}");
  for (const char* name : {"sfn:describeExecution", "dynamodb:scan", "s3:getObject",
                           "lambda:getFunction", "secretsmanager:getSecretValue", "kms:decrypt"}) {
    const std::string text(name);
    resource.resource_type = "aws-sdk:" + text.substr(0, text.find(':'));
    resource.action = text.substr(text.find(':') + 1);
    EXPECT_FALSE(mock_shape(text.substr(0, text.find(':')), resource.action).empty());
    EXPECT_EQ(check_mock(resource, empty.root(), kPresent), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace pawl::states
