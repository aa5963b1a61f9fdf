// The words of ValidationException and SerializationException: what AWS answered (recorded texts),
// and the general form of what was not recorded.
#include "api/constraints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/conform.h"
#include "api/java_text.h"
#include "api/model.h"

namespace pawl::api {
namespace {

// The message of the exception, "" when there is none.
std::string message_for(std::string_view operation, std::string body) {
  static const ServiceModel model = states_model(PayloadLimits::kAws);
  const Shape& shape = *model.find(operation)->input;
  auto input = conform(json::Value::parse(std::move(body)).value(), shape);
  if (!input.ok()) return "Serialization: " + input.error();
  const auto error = check_constraints(input->root(), shape);
  return error ? error->message : "";
}

struct Case {
  const char* operation;
  std::string body;
  std::string message;
};

void check(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    EXPECT_EQ(message_for(test.operation, test.body), test.message) << test.body;
  }
}

std::string letters(std::size_t count) { return std::string(count, 'A'); }

TEST(Constraints, SayWhatAwsSaid) {
  const std::string alias = R"(^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$)";
  const auto alias_body = [](const std::string& name) {
    return R"({"name":")" + name +
           R"(","routingConfiguration":[{"stateMachineVersionArn":"a","weight":100}]})";
  };
  check({
      {"ListActivities", R"({"maxResults":1001})",
       "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: "
       "Member must have value less than or equal to 1000"},
      {"ListStateMachines", R"({"nextToken":")" + letters(1025) + "\"}",
       "1 validation error detected: Value '" + letters(1025) +
           "' at 'nextToken' failed to satisfy constraint: Member must have length less than or "
           "equal to 1024"},
      {"ListExecutions", R"({"nextToken":")" + letters(3097) + "\"}",
       "1 validation error detected: Value '" + letters(3097) +
           "' at 'nextToken' failed to satisfy constraint: Member must have length less than or "
           "equal to 3096"},
      {"ListExecutions", R"({"statusFilter":"succeeded"})",
       "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy "
       "constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, "
       "ABORTED, FAILED, RUNNING]"},
      {"CreateStateMachineAlias", alias_body(letters(81)),
       "1 validation error detected: Value '" + letters(81) +
           "' at 'name' failed to satisfy constraint: Member must have length less than or equal "
           "to 80"},
      {"CreateStateMachineAlias", alias_body("123"),
       "1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member "
       "must satisfy regular expression pattern: " +
           alias},
      {"CreateStateMachineAlias", alias_body("INVALID ALIAS"),
       "1 validation error detected: Value 'INVALID ALIAS' at 'name' failed to satisfy constraint: "
       "Member must satisfy regular expression pattern: " +
           alias},
      {"CreateStateMachineAlias",
       R"({"name":"a","routingConfiguration":[{"stateMachineVersionArn":"x","weight":101}]})",
       "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed "
       "to satisfy constraint: Member must have value less than or equal to 100"},
      {"CreateStateMachineAlias",
       R"({"name":"a","routingConfiguration":[{"stateMachineVersionArn":"x","weight":50},)"
       R"({"stateMachineVersionArn":"y","weight":30},{"stateMachineVersionArn":"z","weight":20}]})",
       "1 validation error detected: Value "
       "'[RoutingConfigurationListItem(stateMachineVersionArn=x, "
       "weight=50), RoutingConfigurationListItem(stateMachineVersionArn=y, weight=30), "
       "RoutingConfigurationListItem(stateMachineVersionArn=z, weight=20)]' at "
       "'routingConfiguration' failed to satisfy constraint: Member must have length less than or "
       "equal to 2"},
  });
}

TEST(Constraints, NameAllThatIsWrong) {
  check({
      {"StartExecution", "{}",
       "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: "
       "Member must not be null"},
      {"StartExecution", R"({"stateMachineArn":null})",
       "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: "
       "Member must not be null"},
      {"CreateStateMachine", R"({"name":""})",
       "3 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must "
       "have length greater than or equal to 1; Value null at 'definition' failed to satisfy "
       "constraint: Member must not be null; Value null at 'roleArn' failed to satisfy constraint: "
       "Member must not be null"},
      {"CreateStateMachineAlias", R"({"name":"","routingConfiguration":[{"weight":-1}]})",
       "4 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must "
       R"(satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$; )"
       "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or "
       "equal to 1; Value null at 'routingConfiguration.1.member.stateMachineVersionArn' failed to "
       "satisfy constraint: Member must not be null; Value '-1' at "
       "'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have "
       "value "
       "greater than or equal to 0"},
      {"UpdateMapRun", R"({"mapRunArn":"a","toleratedFailurePercentage":100.5})",
       "1 validation error detected: Value '100.5' at 'toleratedFailurePercentage' failed to "
       "satisfy constraint: Member must have value less than or equal to 100"},
      {"UpdateMapRun", R"({"mapRunArn":"a","toleratedFailurePercentage":101})",
       "1 validation error detected: Value '101.0' at 'toleratedFailurePercentage' failed to "
       "satisfy constraint: Member must have value less than or equal to 100"},
      {"UntagResource", R"({"resourceArn":"a","tagKeys":["x",""]})",
       "1 validation error detected: Value '[x, ]' at 'tagKeys' failed to satisfy constraint: "
       "Member must satisfy constraint: [Member must have length less than or equal to 128, Member "
       "must have length greater than or equal to 1]"},
      {"CreateActivity", R"({"name":"a","tags":[{"key":""}]})",
       "1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: "
       "Member must have length greater than or equal to 1"},
  });
}

TEST(Constraints, KeepSensitiveValuesOutOfMessages) {
  check({
      {"SendTaskFailure", R"({"taskToken":"t","error":")" + letters(257) + "\"}",
       "1 validation error detected: Value at 'error' failed to satisfy constraint: Member must "
       "have length less than or equal to 256"},
  });
}

TEST(Constraints, CountCharactersAsJavaDoes) {
  EXPECT_EQ(java_length("abc"), 3u);
  EXPECT_EQ(java_length("\xc3\xa9"), 1u);
  EXPECT_EQ(java_length("\xe2\x82\xac"), 1u);
  EXPECT_EQ(java_length("\xf0\x9f\x98\x80"), 2u);
  std::string name;
  for (int i = 0; i < 40; ++i) name += "\xf0\x9f\x98\x80";
  check({{"CreateActivity", R"({"name":")" + name + "\"}", ""}});
}

TEST(Constraints, LetPayloadsGrowWhereLimitsAreLifted) {
  const std::string body = R"({"stateMachineArn":"a","input":")" + letters(262'145) + "\"}";
  for (const auto& [limits, refused] :
       {std::pair(PayloadLimits::kAws, true), std::pair(PayloadLimits::kNone, false)}) {
    const ServiceModel model = states_model(limits);
    const json::Value input = json::Value::parse(body).value();
    const auto error = check_constraints(input.root(), *model.find("StartExecution")->input);
    EXPECT_EQ(error.has_value(), refused);
  }
}

TEST(Conform, NamesTheTokenAndTheType) {
  check({
      {"StartExecution", R"({"stateMachineArn":1})",
       "Serialization: NUMBER_VALUE can not be converted to a String"},
      {"StartExecution", R"({"stateMachineArn":1.5})",
       "Serialization: DECIMAL_VALUE can not be converted to a String"},
      {"StartExecution", R"({"stateMachineArn":true})",
       "Serialization: TRUE_VALUE can not be converted to a String"},
      {"StartExecution", R"({"stateMachineArn":{}})",
       "Serialization: Start of structure or map found where not expected."},
      {"StartExecution", R"({"stateMachineArn":[]})",
       "Serialization: Start of list found where not expected"},
      {"ListActivities", R"({"maxResults":"10"})",
       "Serialization: STRING_VALUE can not be converted to an Integer"},
      {"UpdateMapRun", R"({"toleratedFailureCount":"1"})",
       "Serialization: STRING_VALUE can not be converted to a Long"},
      {"CreateStateMachine", R"({"publish":"yes"})",
       "Serialization: STRING_VALUE can not be converted to a Boolean"},
      {"TagResource", R"({"tags":"x"})", "Serialization: Expected list or null"},
      {"TestState", R"({"mock":1})", "Serialization: Unexpected value type in payload"},
  });
}

TEST(Conform, LeavesAbsentMembersOutAndMakesNumbersWhole) {
  const ServiceModel model = states_model(PayloadLimits::kAws);
  const auto conformed = [&](std::string_view operation, std::string body) {
    return std::string(
        conform(json::Value::parse(std::move(body)).value(), *model.find(operation)->input)
            .value()
            .text());
  };
  EXPECT_EQ(conformed("ListActivities", R"({ "maxResults": 7 })"), R"({ "maxResults": 7 })");
  EXPECT_EQ(conformed("ListActivities", R"({"maxResults":7.9,"nextToken":null,"x":null})"),
            R"({"maxResults":7,"x":null})");
  EXPECT_EQ(conformed("CreateActivity", R"({"tags":[{"key":null,"value":"v"},{}]})"),
            R"({"tags":[{"value":"v"},{}]})");
}

TEST(MessageOrder, IsTheOneRecorded) {
  EXPECT_THAT(in_message_order(
                  {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"}),
              ::testing::ElementsAre("SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED",
                                     "FAILED", "RUNNING"));
}

TEST(StatesModel, HasAllOperations) {
  EXPECT_EQ(states_model(PayloadLimits::kAws).operations().size(), 37u);
}

}  // namespace
}  // namespace pawl::api
