// Change sets as a table: two templates, and what an update from one to the other would do. A line
// a change: action, resource, replacement, then attribute or property, recreation, evaluation,
// source and cause of each detail.
#include <gtest/gtest.h>

#include "services/cloudformation/change_set_diff.h"
#include "services/cloudformation/template_url.h"
#include "services/cloudformation/types/types.h"
#include "templates/document.h"

namespace pawl::cloudformation {

namespace {

struct Side {
  templates::Template parsed;
  templates::ParameterValues parameters;
  templates::ConditionValues conditions;
};

Side side_of(const std::string& text, const std::map<std::string, std::string>& given) {
  Side side;
  side.parsed = templates::parse_template(templates::read_document(text).value()).value();
  side.parameters = templates::bind_parameters(side.parsed, given, nullptr).value();
  side.conditions = templates::evaluate_conditions(side.parsed, side.parameters, {}).value();
  return side;
}

std::string text_of(json::Node node, std::string_view name) {
  const json::Node* found = node.find(name);
  return found && found->is_string() ? std::string(found->string()) : "";
}

std::string shown(const std::string& changes) {
  std::string out;
  const json::Value parsed = json::Value::parse(changes).value();
  for (const json::Node& each : parsed.root()) {
    const json::Node change = *each.find("ResourceChange");
    out += text_of(change, "Action") + " " + text_of(change, "LogicalResourceId") + " " +
           text_of(change, "Replacement");
    for (const json::Node& detail : *change.find("Details")) {
      const json::Node target = *detail.find("Target");
      const std::string name = text_of(target, "Name");
      out += "; " + (name.empty() ? text_of(target, "Attribute") : name) + " " +
             text_of(target, "RequiresRecreation") + " " + text_of(detail, "Evaluation") + " " +
             text_of(detail, "ChangeSource") + " " + text_of(detail, "CausingEntity");
    }
    out += "\n";
  }
  return out;
}

std::string difference(const std::string& from, const std::string& to,
                       const std::map<std::string, std::string>& given = {},
                       const std::map<std::string, std::string>& given_then = {}) {
  ResourceTypes types;
  add_lambda_types(types);
  add_logs_types(types);
  add_iam_types(types);
  const Side before = side_of(from, given_then);
  const Side after = side_of(to, given);
  std::map<std::string, ResourceRecord> resources;
  for (const templates::Resource& resource : before.parsed.resources) {
    ResourceRecord record;
    record.logical_id = resource.name;
    record.type = resource.type;
    resources[resource.name] = record;
  }
  const templates::Surroundings nowhere;
  return shown(diff_stacks(types, {&before.parsed, before.parameters, before.conditions, nowhere},
                           {&after.parsed, after.parameters, after.conditions, nowhere},
                           resources));
}

std::string function(const std::string& more, const std::string& others = "") {
  return "Parameters: {Env: {Type: String, Default: a}}\nResources:\n  F: {Type: "
         "AWS::Lambda::Function, Properties: {Role: r, Code: {ZipFile: x}, " +
         more + "}}\n" + others;
}

TEST(ChangeSets, TellWhatAnUpdateDoes) {
  EXPECT_EQ(difference(function("Timeout: 60"), function("Timeout: '60'")), "");
  EXPECT_EQ(difference(function("Timeout: 60"), function("Timeout: '50'")),
            "Modify F False; Timeout Never Static DirectModification \n");
  EXPECT_EQ(difference(function("FunctionName: a"), function("FunctionName: b")),
            "Modify F True; FunctionName Always Static DirectModification \n");
  EXPECT_EQ(difference(function("FunctionName: !Ref Env"), function("FunctionName: !Ref Env"),
                       {{"Env", "b"}}),
            "Modify F True; FunctionName Always Static ParameterReference Env; FunctionName Always "
            "Dynamic DirectModification \n");
  EXPECT_EQ(difference(function("Timeout: 1"), "Resources: {G: {Type: AWS::Logs::LogGroup}}"),
            "Remove F \nAdd G \n");
  EXPECT_EQ(difference(function("Tags: [{Key: a, Value: b}]"), function("Timeout: 3")),
            "Modify F False; Tags Never Static DirectModification ; Timeout Never Static "
            "DirectModification \n");
}

TEST(ChangeSets, FollowWhatUsesAChangedResource) {
  const auto with_role = [](const std::string& path, const std::string& policy) {
    return "Resources:\n  R: {Type: AWS::IAM::Role, Properties: {Path: " + path +
           ", AssumeRolePolicyDocument: {}, Description: " + policy +
           "}}\n  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn, Code: "
           "{ZipFile: x}, Description: !Ref R}}\n";
  };
  EXPECT_EQ(difference(with_role("/", "a"), with_role("/", "b")),
            "Modify F False; Role Never Dynamic ResourceAttribute R.Arn\n"
            "Modify R False; Description Never Static DirectModification \n");
  EXPECT_EQ(difference(with_role("/", "a"), with_role("/x/", "a")),
            "Modify F False; Role Never Dynamic ResourceAttribute R.Arn; Description Never Dynamic "
            "ResourceReference R\n"
            "Modify R True; Path Always Static DirectModification \n");
}

TEST(Properties, AreConformedOrRefused) {
  ResourceTypes types;
  add_lambda_types(types);
  const ResourceType& type = *types.find("AWS::Lambda::Function");
  const auto outcome = [&type](const std::string& text) {
    const json::Value value = json::Value::parse(text).value();
    const auto conformed = conform_properties(type, "F", value.root());
    return conformed.ok() ? std::string(conformed->text()) : conformed.error();
  };
  EXPECT_EQ(outcome(R"({"Code":{},"Role":1,"Timeout":"60"})"),
            R"({"Code":{},"Role":"1","Timeout":60})");
  EXPECT_EQ(outcome(R"({"Code":{}})"),
            "Properties validation failed for resource F with message:\n#: required key [Role] not "
            "found");
  EXPECT_EQ(outcome(R"({"Code":{},"Role":"r","Foo":1})"),
            "Properties validation failed for resource F with message:\n#: extraneous key [Foo] is "
            "not permitted");
  EXPECT_EQ(outcome(R"({"Code":{},"Role":"r","Timeout":"x"})"),
            "Properties validation failed for resource F with message:\n#/Timeout: expected type: "
            "Integer, found: String");
}

TEST(TemplateUrls, AreTakenApart) {
  const auto place = [](std::string_view url) {
    const auto found = parse_object_url(url);
    return found ? found->bucket + " " + found->key : "none";
  };
  EXPECT_EQ(place("https://b.s3.us-east-2.amazonaws.com/a/t.yaml?versionId=1"), "b a/t.yaml");
  EXPECT_EQ(place("https://s3.amazonaws.com/b/a%20c.yaml"), "b a c.yaml");
  EXPECT_EQ(place("http://127.0.0.1:4566/b/t.yaml"), "b t.yaml");
  EXPECT_EQ(place("https://s3-us-west-2.amazonaws.com/b/k"), "b k");
  EXPECT_EQ(place("ftp://b/k"), "none");
  EXPECT_EQ(place("nonsense"), "none");
  EXPECT_EQ(place("http://host/bucket-alone"), "none");
}

TEST(Records, ReadWhatTheyWrite) {
  ResourceRecord resource;
  resource.logical_id = "A\"#";
  resource.type = "T::A";
  resource.needs = {"B", "C"};
  resource.before = resource.to_json();
  resource.replaced = true;
  EXPECT_EQ(ResourceRecord::from_json(resource.to_json()).to_json(), resource.to_json());
  StackRecord stack;
  stack.id = "id";
  stack.content.parameters["P"] = {"given", "value"};
  stack.content.tags = {{"k", "v"}};
  stack.content.outputs = {{"O", "1", "d", "e"}};
  stack.on_failure = OnFailure::kDoNothing;
  EXPECT_EQ(StackRecord::from_json(stack.to_json()).to_json(), stack.to_json());
  OperationRecord operation;
  operation.id = "o";
  operation.failed = {"A"};
  operation.before = stack.to_json();
  EXPECT_EQ(OperationRecord::from_json(operation.to_json()).to_json(), operation.to_json());
}

}  // namespace

}  // namespace pawl::cloudformation
