// What a failed function becomes as an error of its task.
#include <gtest/gtest.h>

#include "services/states/task_runner.h"

namespace pawl::states {
namespace {

TEST(FunctionFaults, AreNamedByTheErrorType) {
  const auto named = json::Value::trusted(R"({"errorType":"E","errorMessage":"m"})");
  EXPECT_EQ(function_fault(named, "sent"), (machine::Fault{"E", "sent"}));
}

TEST(FunctionFaults, WithoutATypeAreUnknownAndShowThePayload) {
  for (const char* sent : {R"({"errorMessage":"m"})", R"({"errorType":1})", R"("text")", "null"}) {
    const machine::Fault fault = function_fault(json::Value::trusted(sent), sent);
    EXPECT_EQ(fault.error, "Lambda.Unknown");
    EXPECT_EQ(fault.cause,
              std::string("The cause could not be determined because Lambda did not return an "
                          "error type. Returned payload: ") +
                  sent);
  }
}

}  // namespace
}  // namespace pawl::states
