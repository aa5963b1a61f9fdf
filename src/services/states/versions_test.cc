#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

class Versions : public ServiceFixture {
 protected:
  std::string publish(const std::string& more = "") {
    return call("PublishStateMachineVersion",
                R"({"stateMachineArn":")" + kMachine + "\"" + more + "}");
  }
  std::string version(int number) const { return kMachine + ":" + std::to_string(number); }
  std::string start(const std::string& arn, const std::string& more = "") {
    return member(call("StartExecution", R"({"stateMachineArn":")" + arn + "\"" + more + "}"),
                  "executionArn");
  }
  std::string route(const std::string& routes) {
    return call("CreateStateMachineAlias",
                R"({"name":"live","routingConfiguration":[)" + routes + "]}");
  }
  std::string to(const std::string& arn, int weight) {
    return R"({"stateMachineVersionArn":")" + arn + R"(","weight":)" + std::to_string(weight) + "}";
  }
};

TEST_F(Versions, ARevisionHasOneVersionAndNumbersAreNeverGivenTwice) {
  create("m", pass("one"));
  EXPECT_EQ(member(publish(), "stateMachineVersionArn"), version(1));
  EXPECT_EQ(member(publish(), "stateMachineVersionArn"), version(1));
  EXPECT_EQ(member(publish(R"(,"revisionId":"INITIAL")"), "stateMachineVersionArn"), version(1));
  const std::string updated = update(pass("two"), R"(,"publish":true,"versionDescription":"d2")");
  EXPECT_EQ(member(updated, "stateMachineVersionArn"), version(2));
  const std::string current = member(updated, "revisionId");
  EXPECT_EQ(publish(R"(,"revisionId":"INITIAL")"),
            "ConflictException: Failed to publish the State Machine version for revision INITIAL. "
            "The current State Machine revision is " +
                current + ".");
  call("DeleteStateMachineVersion", R"({"stateMachineVersionArn":")" + version(2) + R"("})");
  EXPECT_EQ(member(publish(), "stateMachineVersionArn"), version(3));
  const std::string list =
      call("ListStateMachineVersions", R"({"stateMachineArn":")" + kMachine + R"("})");
  EXPECT_LT(list.find("m:3\""), list.find("m:1\"")) << "newest first";
  EXPECT_EQ(list.find("m:2\""), std::string::npos);
}

TEST_F(Versions, AVersionKeepsWhatWasPublished) {
  create("m", pass("one"), R"(,"publish":true,"versionDescription":"first")");
  update(pass("two"));
  const std::string described =
      call("DescribeStateMachine", R"({"stateMachineArn":")" + version(1) + R"("})");
  EXPECT_EQ(member(described, "stateMachineArn"), version(1));
  EXPECT_EQ(member(described, "description"), "first");
  EXPECT_EQ(member(described, "definition"), pass("one"));
  EXPECT_EQ(call("DescribeStateMachine", R"({"stateMachineArn":")" + version(2) + R"("})"),
            "StateMachineDoesNotExist: State Machine Does Not Exist: '" + version(2) + "'");
}

TEST_F(Versions, ARepeatedCreationMustAskForTheSameVersion) {
  const std::string created = create("m", pass("one"), R"(,"publish":true)");
  EXPECT_EQ(member(created, "stateMachineVersionArn"), version(1));
  EXPECT_EQ(create("m", pass("one"), R"(,"publish":true)"), created);
  EXPECT_EQ(create("m", pass("one")),
            "StateMachineAlreadyExists: State Machine Already Exists: '" + kMachine + "'");
  EXPECT_EQ(create("other", pass("one"), R"(,"versionDescription":"x")"),
            "ValidationException: Version description can only be set when publish is true");
}

TEST_F(Versions, ExecutionsTellWhatTheyWereStartedThrough) {
  create("m", pass("one"), R"(,"publish":true)");
  update(pass("two"), R"(,"publish":true)");
  route(to(version(1), 30) + "," + to(version(2), 70));
  const struct {
    std::string arn;
    std::uint64_t random;
    std::string version;
    std::string alias;
  } cases[] = {{kMachine, 0, "absent", "absent"},
               {version(1), 0, version(1), "absent"},
               {kMachine + ":live", 1029, version(1), kMachine + ":live"},
               {kMachine + ":live", 1030, version(2), kMachine + ":live"}};
  int number = 0;
  for (const auto& test : cases) {
    random_ = test.random;
    const std::string execution =
        start(test.arn, R"(,"name":"e)" + std::to_string(++number) + "\"");
    const std::string described = end_of(execution);
    EXPECT_EQ(member(described, "stateMachineArn"), kMachine);
    EXPECT_EQ(member(described, "stateMachineVersionArn"), test.version) << test.arn;
    EXPECT_EQ(member(described, "stateMachineAliasArn"), test.alias) << test.arn;
    const std::string history =
        call("GetExecutionHistory", R"({"executionArn":")" + execution + R"("})");
    EXPECT_EQ(history.find(R"("stateMachineVersionArn":")" + test.version) != std::string::npos,
              test.version != "absent");
  }
  const auto listed = [this](const std::string& arn) {
    const auto list =
        json::Value::parse(call("ListExecutions", R"({"stateMachineArn":")" + arn + R"("})"));
    return list.ok() ? list->root().find("executions")->size() : 0;
  };
  EXPECT_EQ(listed(kMachine), 4u);
  EXPECT_EQ(listed(version(1)), 2u);
  EXPECT_EQ(listed(version(2)), 1u);
  EXPECT_EQ(listed(kMachine + ":live"), 2u);
}

TEST_F(Versions, RoutesAreCheckedAsByAws) {
  create("m", pass("one"), R"(,"publish":true)");
  update(pass("two"), R"(,"publish":true)");
  const std::string one = version(1);
  const std::string two = version(2);
  const struct {
    std::string routes;
    std::string answer;
  } cases[] = {
      {to(kMachine, 100),
       "ValidationException: Routing configuration must contain state machine version ARNs. "
       "Received: [" +
           kMachine + "]"},
      {to(one, 50) + "," + to(one, 50),
       "ValidationException: Routing configuration must contain distinct state machine version "
       "ARNs. Received: [" +
           one + ", " + one + "]"},
      {to(one, 70) + "," + to(two, 29),
       "ValidationException: Sum of routing configuration weights must equal 100. Received: [70, "
       "29]"},
      {to(version(9), 100),
       "ResourceNotFound: Request references a resource that does not exist."}};
  for (const auto& test : cases) EXPECT_EQ(route(test.routes), test.answer);
  const std::string created = route(to(one, 100));
  EXPECT_EQ(route(to(one, 100)), created) << "idempotent";
  EXPECT_EQ(route(to(two, 100)),
            "ConflictException: Failed to create alias because an alias with the same name and a "
            "different routing configuration already exists.");
  EXPECT_EQ(call("DeleteStateMachineVersion", R"({"stateMachineVersionArn":")" + one + R"("})"),
            "ConflictException: Version to be deleted must not be referenced by an alias. Current "
            "list of aliases referencing this version: [live]");
  const std::string alias = R"({"stateMachineAliasArn":")" + kMachine + R"(:live")";
  call("UpdateStateMachineAlias", alias + R"(,"routingConfiguration":[)" + to(two, 100) + "]}");
  EXPECT_EQ(call("DeleteStateMachineVersion", R"({"stateMachineVersionArn":")" + one + R"("})"),
            "{}");
  call("DeleteStateMachineAlias", alias + "}");
  EXPECT_EQ(call("DescribeStateMachineAlias", alias + "}"),
            "ResourceNotFound: Request references a resource that does not exist.");
}

TEST_F(Versions, ADeletedMachineTakesVersionsAndAliasesWithIt) {
  create("m", pass("one"), R"(,"publish":true)");
  route(to(version(1), 100));
  EXPECT_EQ(call("DeleteStateMachine", R"({"stateMachineArn":")" + kMachine + R"("})"), "{}");
  create("m", pass("one"));
  EXPECT_EQ(call("ListStateMachineVersions", R"({"stateMachineArn":")" + kMachine + R"("})"),
            R"({"stateMachineVersions":[]})");
  EXPECT_EQ(call("ListStateMachineAliases", R"({"stateMachineArn":")" + kMachine + R"("})"),
            R"({"stateMachineAliases":[]})");
}

TEST_F(Versions, AliasesAreListedInOrderOfCreationAPageAtATime) {
  create("m", pass("one"), R"(,"publish":true)");
  for (const char* name : {"z", "a", "m"}) {
    call("CreateStateMachineAlias", R"({"name":")" + std::string(name) +
                                        R"(","routingConfiguration":[)" + to(version(1), 100) +
                                        "]}");
  }
  std::string names;
  std::string token;
  do {
    const std::string page =
        call("ListStateMachineAliases",
             R"({"maxResults":1,"stateMachineArn":")" + version(1) + "\"" +
                 (token.empty() ? "" : R"(,"nextToken":")" + token + "\"") + "}");
    const auto parsed = json::Value::parse(page);
    ASSERT_TRUE(parsed.ok());
    for (const json::Node& alias : *parsed->root().find("stateMachineAliases")) {
      names += alias.find("stateMachineAliasArn")->string().back();
    }
    token = member(page, "nextToken");
  } while (token != "absent");
  EXPECT_EQ(names.size(), 3u);
  EXPECT_NE(names.find('z'), std::string::npos);
  EXPECT_EQ(call("ListStateMachineAliases",
                 R"({"nextToken":"InvalidToken","stateMachineArn":")" + kMachine + R"("})"),
            "InvalidToken: Invalid Token: 'Invalid token'");
}

}  // namespace
}  // namespace pawl::states
