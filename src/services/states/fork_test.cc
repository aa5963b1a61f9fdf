#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;

class Fork : public ServiceFixture {
 protected:
  std::string start(const std::string& definition) {
    create("m", definition);
    return member(
        call("StartExecution", R"({"input":"[1]","stateMachineArn":")" + kMachine + R"("})"),
        "executionArn");
  }
  std::string fork(const std::string& execution, const std::string& more) {
    return call_service("pawl", "Fork", R"({"executionArn":")" + execution + "\"," + more + "}");
  }
  std::string history(const std::string& execution) {
    return call("GetExecutionHistory", R"({"executionArn":")" + execution + R"("})");
  }
  static std::string quoted(const std::string& text) {
    std::string out;
    json::Writer(out).string(text);
    return out;
  }

  const std::string kTwo = R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
    "B":{"Type":"Fail","Error":"Broken"}}})";
  const std::string kFixed = R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
    "B":{"Type":"Pass","End":true}}})";
};

TEST_F(Fork, GoesOnWithAnotherDefinitionAndKeepsWhatWas) {
  const std::string source = start(kTwo);
  EXPECT_EQ(member(end_of(source), "error"), "Broken");
  // Event 3 is A's exit: B comes next, and is another state now.
  const std::string answer =
      fork(source, R"("eventId":3,"name":"f","definition":)" + quoted(kFixed));
  const std::string forked = member(answer, "executionArn");
  EXPECT_EQ(forked, "arn:aws:states:us-east-1:000000000000:execution:m:f") << answer;
  const std::string described = end_of(forked);
  EXPECT_EQ(member(described, "status"), "SUCCEEDED");
  EXPECT_EQ(member(described, "input"), "[1]");
  EXPECT_EQ(member(described, "output"), "[1]");
  const std::string events = history(forked);
  EXPECT_THAT(events, HasSubstr(R"("type":"PassStateExited","id":3,"previousEventId":2,)"));
  EXPECT_THAT(events, HasSubstr(R"("inherited":true)"));
  EXPECT_THAT(events, HasSubstr(R"("type":"PassStateEntered","id":4,"previousEventId":3,)"));
  EXPECT_EQ(history(source).find("inherited"), std::string::npos);
  EXPECT_THAT(call_service("pawl", "Explain", R"({"executionArn":")" + forked + R"("})"),
              HasSubstr(R"("forkedFrom":{"executionArn":")" + source + R"(","eventId":3})"));
  EXPECT_THAT(fork(source, R"("eventId":3,"name":"f")"), HasSubstr("ExecutionAlreadyExists"));
}

TEST_F(Fork, GoesOnWithAnotherInput) {
  const std::string source = start(kFixed);
  end_of(source);
  // 1: the execution's input; 4: B's, which was entered there.
  for (const char* event : {"1", "4"}) {
    const std::string forked = member(
        fork(source, std::string(R"("input":"{\"new\":1}","eventId":)") + event), "executionArn");
    EXPECT_EQ(member(end_of(forked), "output"), R"({"new":1})") << event;
  }
}

TEST_F(Fork, OfAFailedTaskCallsItAgain) {
  const std::string source = start(R"({"StartAt":"A","States":{"A":{"Type":"Task","End":true,
    "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"}}})");
  call("StopExecution", R"({"executionArn":")" + source + R"("})");
  const std::string forked = member(fork(source, R"("eventId":5)"), "executionArn");
  EXPECT_THAT(history(forked), HasSubstr(R"("type":"LambdaFunctionScheduled","id":6,)"));
}

TEST_F(Fork, RefusesWhatCannotGoOn) {
  const std::string source = start(kFixed);
  end_of(source);
  EXPECT_EQ(fork(source, R"("eventId":6)"),
            "ValidationException: The execution cannot go on from there: nothing is left to run "
            "there; an earlier event has more");
  EXPECT_EQ(fork(source, R"("eventId":60)"), "ValidationException: The execution has no event 60");
  EXPECT_EQ(fork(source, R"("eventId":3,"definition":)" + quoted(pass("x"))),
            "ValidationException: The execution cannot go on from there: the definition has no "
            "state /States/B");
}

}  // namespace
}  // namespace pawl::states
