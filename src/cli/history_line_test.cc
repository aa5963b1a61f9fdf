#include "cli/history_line.h"

#include <gtest/gtest.h>

namespace pawl::cli {
namespace {

struct Case {
  const char* event;
  const char* line;
};

TEST(HistoryLine, SaysWhatHappened) {
  const Case cases[] = {
      {R"({"id":1,"timestamp":100.5,"type":"ExecutionStarted",
           "executionStartedEventDetails":{"input":"{\"a\": 1}","roleArn":"r"}})",
       "    1  +0.500 s  ExecutionStarted            {\"a\": 1}"},
      {R"({"id":12,"timestamp":101,"type":"TaskStateEntered",
           "stateEnteredEventDetails":{"name":"Fetch","input":"{}"}})",
       "   12  +1.000 s  TaskStateEntered            Fetch  {}"},
      {R"({"id":3,"timestamp":100,"type":"LambdaFunctionFailed",
           "lambdaFunctionFailedEventDetails":{"error":"Busy","cause":"try\nlater"}})",
       "    3  +0.000 s  LambdaFunctionFailed        Busy  try later"},
      {R"({"id":4,"timestamp":100,"type":"MapIterationStarted",
           "mapIterationStartedEventDetails":{"index":2,"name":"Each"}})",
       "    4  +0.000 s  MapIterationStarted         Each  #2"},
      {R"({"id":6,"timestamp":100,"type":"LambdaFunctionScheduled",
           "lambdaFunctionScheduledEventDetails":
             {"resource":"arn:aws:lambda:us-east-1:000000000000:function:f","input":"{\n  \"a\": 1}"}})",
       "    6  +0.000 s  LambdaFunctionScheduled     function:f  { \"a\": 1}"},
      {R"({"id":5,"timestamp":100,"type":"ParallelStateStarted"})",
       "    5  +0.000 s  ParallelStateStarted"},
  };
  for (const Case& test : cases) {
    const auto event = json::Value::parse(test.event);
    ASSERT_TRUE(event.ok());
    EXPECT_EQ(history_line(event->root(), 100), test.line);
  }
}

TEST(HistoryLine, LongPayloadsAreCutBetweenCharacters) {
  std::string text = "x";
  for (int i = 0; i < 100; ++i) text += "\xc3\xa9";
  const auto event = json::Value::parse(
      R"({"id":1,"timestamp":1,"type":"T","xEventDetails":{"cause":")" + text + "\"}}");
  ASSERT_TRUE(event.ok());
  const std::string line = history_line(event->root(), 1);
  EXPECT_TRUE(line.ends_with("\xc3\xa9...")) << line;
}

}  // namespace
}  // namespace pawl::cli
