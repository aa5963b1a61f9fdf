// What TestState refuses, as a table: the members of the request beside the definition, and the
// answer's status or the whole refusal.
#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

class TestStateTest : public ServiceFixture {
 protected:
  // The status, or "Code: message".
  std::string test(const std::string& definition, const std::string& members) {
    std::string text;
    json::Writer(text).string(definition);
    const std::string answer = call("TestState", R"({"definition":)" + text + "," + members + "}");
    const std::string status = member(answer, "status");
    return status.starts_with("no JSON") ? answer : status;
  }
};

struct Row {
  std::string members;
  std::string expected;
};

const std::string kProcessor =
    R"("ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
       "StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true})";
const std::string kTooMany =
    "ValidationException: Map iteration failure count must be less than or equal to the number of "
    "Map iterations";

TEST_F(TestStateTest, NoMoreIterationsFailThanThereAreItems) {
  const std::string map = R"({"Type":"Map","ItemsPath":"$.v",)" + kProcessor;
  const std::string input = R"("input":"{\"v\":[1,2,3]}",)";
  const std::string error = R"("mock":{"errorOutput":{"error":"E"}},)";
  const std::string result = R"("mock":{"result":"[1,2,3]"},)";
  const auto failing = [](int count) {
    return R"("stateConfiguration":{"mapIterationFailureCount":)" + std::to_string(count) + "}";
  };
  for (const Row& row : {
           Row{input + result + failing(3), "SUCCEEDED"},
           Row{input + result + failing(4), kTooMany},
           Row{input + error + failing(3), "FAILED"},
           Row{input + error + failing(4), kTooMany},
       }) {
    EXPECT_EQ(test(map, row.members), row.expected) << row.members;
  }
}

TEST_F(TestStateTest, WhatAResultWriterAnswersSaysNothingOfTheIterations) {
  const std::string map =
      R"({"Type":"Map","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
      "Parameters":{"Bucket":"b"}},"ToleratedFailurePercentage":50,)" +
      kProcessor;
  const std::string members = R"("input":"[1,2,3,4]","mock":{"result":"{\"MapRunArn\":\"a\"}"},)";
  for (const Row& row : {
           Row{R"("stateConfiguration":{"mapIterationFailureCount":2})", "SUCCEEDED"},
           Row{R"("stateConfiguration":{"mapIterationFailureCount":3})", "FAILED"},
           Row{R"("stateConfiguration":{"mapIterationFailureCount":5})", kTooMany},
       }) {
    EXPECT_EQ(test(map, members + row.members), row.expected) << row.members;
  }
}

TEST_F(TestStateTest, ItemsThatWouldBeReadAreCountedWhereTheyAreGiven) {
  const std::string map = R"({"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
      "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},)" +
                          kProcessor;
  const std::string error = R"("mock":{"errorOutput":{"error":"E"}},)";
  for (const Row& row : {
           Row{error + R"("stateConfiguration":{"mapIterationFailureCount":9})", "FAILED"},
           Row{error + R"("stateConfiguration":{"mapIterationFailureCount":2,
                                               "mapItemReaderData":"[1,2]"})",
               "FAILED"},
           Row{error + R"("stateConfiguration":{"mapIterationFailureCount":3,
                                               "mapItemReaderData":"[1,2]"})",
               kTooMany},
       }) {
    EXPECT_EQ(test(map, row.members), row.expected) << row.members;
  }
}

}  // namespace
}  // namespace pawl::states
