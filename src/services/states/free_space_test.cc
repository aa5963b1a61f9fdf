// Below the free-space floor new work is refused, and open work goes on (decision D4).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;

using FreeSpace = ServiceFixture;

TEST_F(FreeSpace, BelowTheFloorNothingBegins) {
  constexpr const char* kRefused =
      "ServiceUnavailable: There is too little free space on disk for new work";
  const std::string start = R"({"stateMachineArn":")" + kMachine + R"("})";
  create("m", R"({"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}})");
  const std::string execution = member(call("StartExecution", start), "executionArn");
  EXPECT_THAT(end_of(execution), HasSubstr("FAILED"));

  const std::string closed = R"({"executionArn":")" + execution + "\"";
  store_->set_space(false);
  EXPECT_EQ(call("StartExecution", start), kRefused);
  EXPECT_EQ(call("RedriveExecution", closed + "}"), kRefused);
  EXPECT_EQ(call_service("pawl", "Fork", closed + R"(,"afterEventId":1})"), kRefused);
  EXPECT_THAT(call("DescribeExecution", closed + "}"), HasSubstr("FAILED"));

  store_->set_space(true);
  EXPECT_THAT(call("StartExecution", start), HasSubstr("executionArn"));
}

TEST_F(FreeSpace, WhatIsOpenGoesOn) {
  create("m", R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}})");
  const std::string execution = member(
      call("StartExecution", R"({"stateMachineArn":")" + kMachine + R"("})"), "executionArn");
  store_->set_space(false);
  EXPECT_THAT(end_of(execution), HasSubstr("SUCCEEDED"));
}

}  // namespace
}  // namespace pawl::states
