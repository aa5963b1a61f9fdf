#include "services/codepipeline/structure.h"

#include <gtest/gtest.h>

namespace pawl::codepipeline {
namespace {

const ActionTypeInfo* find_known(const ActionTypeId& id) { return find_builtin(id); }

std::string verdict(const std::string& pipeline) {
  const json::Value value = json::Value::parse(pipeline).value();
  const auto declared = read_declaration(value.root());
  if (!declared.ok()) return declared.error().code + ": " + declared.error().message;
  const auto checked = check_structure(*declared, "us-east-1", find_known);
  return checked.ok() ? "ok" : checked.error().code + ": " + checked.error().message;
}

std::string with_stages(const std::string& stages) {
  return R"({"name":"p","roleArn":"r","artifactStore":{"location":"b"},"stages":[)" + stages + "]}";
}

const std::string kSource =
    R"({"name":"S","actions":[{"name":"a","actionTypeId":{"category":"Source","owner":"AWS",)"
    R"("provider":"S3","version":1},"configuration":{"S3Bucket":"b","S3ObjectKey":"k"},)"
    R"("outputArtifacts":[{"name":"Out"}]}]})";

std::string approval(const std::string& more) {
  return R"({"name":"T","actions":[{"name":"b","actionTypeId":{"category":"Approval",)"
         R"("owner":"AWS","provider":"Manual","version":"1"})" +
         more + "}]}";
}

TEST(Structure, TellsWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {with_stages(kSource + "," + approval("")), "ok"},
      {with_stages(kSource),
       "InvalidStructureException: Pipeline has only 1 stage(s). There should be a minimum of 2 "
       "stages in a pipeline"},
      {with_stages(approval("") + "," + approval("")),
       "InvalidStructureException: Stage name 'T' is used more than once. Stage names must be "
       "unique within a pipeline"},
      {with_stages(kSource + "," + approval(R"(,"inputArtifacts":[{"name":"Out"}])")),
       "InvalidActionDeclarationException: The action 'b' has 1 input artifacts, which is not in "
       "the valid range [0, 0] of action type (Category: 'Approval', Provider: 'Manual', Owner: "
       "'AWS', Version: '1')"},
      {with_stages(kSource + "," + approval(R"(,"configuration":{"CustomData":"#{x.y}"})")),
       "InvalidActionDeclarationException: Action configuration 'CustomData' of action 'b' refers "
       "to the namespace 'x', which no preceding action has"},
      {with_stages(kSource + "," + approval(R"(,"configuration":{"Other":"1"})")),
       "InvalidActionDeclarationException: Action configuration for action 'b' contains unknown "
       "configuration 'Other'"},
  };
  for (const auto& [pipeline, expected] : cases) EXPECT_EQ(verdict(pipeline), expected);
}

// Whatever its members are, the answer is an error.
TEST(Structure, TakesNothingThatIsNoPipeline) {
  const char* cases[] = {
      "{}",
      R"({"name":1,"roleArn":"r"})",
      R"({"name":"p","roleArn":"r"})",
      R"({"name":"p","roleArn":"r","stages":{}})",
      R"({"name":"p","roleArn":"r","stages":[1,2]})",
      R"({"name":"p","roleArn":"r","stages":[{"name":"a"}]})",
      R"({"name":"p","roleArn":"r","stages":[{"name":"a","actions":[1]}]})",
      R"({"name":"p","roleArn":"r","stages":[{"name":"a","actions":[{"name":"x","actionTypeId":[]}]}]})",
      R"({"name":"p","roleArn":"r","executionMode":"NO","stages":[]})",
      R"({"name":"p","roleArn":"r","artifactStore":1,"artifactStores":[1],"variables":[1],"stages":[]})",
  };
  for (const char* pipeline : cases) EXPECT_NE(verdict(pipeline), "ok") << pipeline;
}

TEST(Structure, OddMembersDoNoHarm) {
  const std::string odd = with_stages(
      kSource + "," +
      approval(R"(,"runOrder":"x","configuration":[1],"inputArtifacts":"a","outputArtifacts":[])"));
  EXPECT_EQ(verdict(odd), "ok");
  const json::Value value = json::Value::parse(odd).value();
  const std::string shown = shown_declaration(value.root(), 3);
  EXPECT_TRUE(json::Value::parse(shown).ok());
}

}  // namespace
}  // namespace pawl::codepipeline
