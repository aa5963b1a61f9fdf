// AWS CloudFormation, API version 2010-05-15: stacks, their events and resources, change sets and
// templates.
#include "api/model.h"

namespace pawl::api {

namespace {

constexpr auto kRequired = Presence::kRequired;

struct Shared {
  const Shape* text;
  const Shape* boolean;
  const Shape* texts;
  const Shape* body;
  const Shape* stack_name;
  const Shape* token;
  const Shape* parameters;
  const Shape* tags;
  const Shape* page;
};

Shared make_shared(Shapes& shapes) {
  const Shape* text = shapes.string();
  const Shape* boolean = shapes.boolean();
  const Shape* parameter = shapes.structure("Parameter", {{"ParameterKey", text},
                                                          {"ParameterValue", text},
                                                          {"UsePreviousValue", boolean},
                                                          {"ResolvedValue", text}});
  const Shape* tag =
      shapes.structure("Tag", {{"Key", shapes.string({.min = 1, .max = 128}), kRequired},
                               {"Value", shapes.string({.min = {}, .max = 256}), kRequired}});
  return {.text = text,
          .boolean = boolean,
          .texts = shapes.list(text),
          .body = shapes.string({.min = 1, .max = 51'200}),
          .stack_name = shapes.string({.min = 1, .max = 2'048}),
          .token = shapes.string({.min = 1, .max = 1'024}),
          .parameters = shapes.list(parameter),
          .tags = shapes.list(tag, {.min = {}, .max = 50}),
          .page = shapes.string({.min = 1, .max = 4'096})};
}

// What every call has that brings a template.
std::vector<Member> template_members(const Shared& shared) {
  return {{"StackName", shared.stack_name, kRequired},
          {"TemplateBody", shared.body},
          {"TemplateURL", shared.text},
          {"UsePreviousTemplate", shared.boolean},
          {"Parameters", shared.parameters},
          {"Capabilities", shared.texts},
          {"ResourceTypes", shared.texts},
          {"RoleARN", shared.text},
          {"Tags", shared.tags},
          {"NotificationARNs", shared.texts}};
}

std::vector<Member> with(std::vector<Member> members, std::initializer_list<Member> more) {
  members.insert(members.end(), more);
  return members;
}

void add_stacks(ServiceModel& model, const Shared& shared) {
  Shapes& shapes = model.shapes();
  const auto& [text, boolean, texts, body, stack, token, parameters, tags, page] = shared;
  model.add({.name = "CreateStack"},
            with(template_members(shared),
                 {{"DisableRollback", boolean},
                  {"OnFailure", shapes.enumeration({"DO_NOTHING", "ROLLBACK", "DELETE"})},
                  {"TimeoutInMinutes", shapes.integer({.min = 1, .max = {}})},
                  {"StackPolicyBody", text},
                  {"StackPolicyURL", text},
                  {"ClientRequestToken", token},
                  {"EnableTerminationProtection", boolean},
                  {"RetainExceptOnCreate", boolean}}));
  model.add({.name = "UpdateStack"},
            with(template_members(shared), {{"StackPolicyBody", text},
                                            {"StackPolicyURL", text},
                                            {"StackPolicyDuringUpdateBody", text},
                                            {"DisableRollback", boolean},
                                            {"ClientRequestToken", token},
                                            {"RetainExceptOnCreate", boolean}}));
  model.add({.name = "DeleteStack"}, {{"StackName", stack, kRequired},
                                      {"RetainResources", texts},
                                      {"RoleARN", text},
                                      {"ClientRequestToken", token},
                                      {"DeletionMode", text}});
  for (const std::string_view name : {"CancelUpdateStack", "RollbackStack"}) {
    model.add({.name = name}, {{"StackName", stack, kRequired},
                               {"RoleARN", text},
                               {"ClientRequestToken", token},
                               {"RetainExceptOnCreate", boolean}});
  }
  model.add({.name = "ContinueUpdateRollback"}, {{"StackName", stack, kRequired},
                                                 {"RoleARN", text},
                                                 {"ResourcesToSkip", texts},
                                                 {"ClientRequestToken", token}});
  model.add({.name = "SetStackPolicy"},
            {{"StackName", stack, kRequired}, {"StackPolicyBody", text}, {"StackPolicyURL", text}});
  model.add({.name = "GetStackPolicy", .effect = Effect::kReads},
            {{"StackName", stack, kRequired}});
  model.add({.name = "UpdateTerminationProtection"},
            {{"StackName", stack, kRequired}, {"EnableTerminationProtection", boolean, kRequired}});
  model.add({.name = "SignalResource"},
            {{"StackName", stack, kRequired},
             {"LogicalResourceId", text, kRequired},
             {"UniqueId", shapes.string({.min = 1, .max = 64}), kRequired},
             {"Status", shapes.enumeration({"SUCCESS", "FAILURE"}), kRequired}});
}

void add_reads(ServiceModel& model, const Shared& shared) {
  Shapes& shapes = model.shapes();
  const auto& [text, boolean, texts, body, stack, token, parameters, tags, page] = shared;
  const auto add = [&model](std::string_view name, std::vector<Member> members) {
    model.add({.name = name, .effect = Effect::kReads}, std::move(members));
  };
  add("DescribeStacks", {{"StackName", stack}, {"NextToken", page}});
  add("ListStacks", {{"NextToken", page}, {"StackStatusFilter", texts}});
  add("DescribeStackEvents", {{"StackName", stack, kRequired}, {"NextToken", page}});
  add("DescribeStackResource",
      {{"StackName", stack, kRequired}, {"LogicalResourceId", text, kRequired}});
  add("DescribeStackResources",
      {{"StackName", stack}, {"LogicalResourceId", text}, {"PhysicalResourceId", text}});
  add("ListStackResources", {{"StackName", stack, kRequired}, {"NextToken", page}});
  add("ListExports", {{"NextToken", page}});
  add("ListImports", {{"ExportName", text, kRequired}, {"NextToken", page}});
  add("GetTemplate", {{"StackName", stack},
                      {"ChangeSetName", text},
                      {"TemplateStage", shapes.enumeration({"Original", "Processed"})}});
  add("GetTemplateSummary", {{"TemplateBody", body},
                             {"TemplateURL", text},
                             {"StackName", stack},
                             {"StackSetName", text},
                             {"CallAs", text}});
  add("ValidateTemplate", {{"TemplateBody", body}, {"TemplateURL", text}});
}

void add_change_sets(ServiceModel& model, const Shared& shared) {
  Shapes& shapes = model.shapes();
  const auto& [text, boolean, texts, body, stack, token, parameters, tags, page] = shared;
  const Shape* name = shapes.string({.min = 1, .max = 1'600});
  model.add({.name = "CreateChangeSet"},
            with(template_members(shared),
                 {{"ChangeSetName", shapes.string({.min = 1, .max = 128}), kRequired},
                  {"ChangeSetType", shapes.enumeration({"CREATE", "UPDATE", "IMPORT"})},
                  {"Description", shapes.string({.min = 1, .max = 1'024})},
                  {"ClientToken", token},
                  {"IncludeNestedStacks", boolean},
                  {"OnStackFailure", shapes.enumeration({"DO_NOTHING", "ROLLBACK", "DELETE"})},
                  {"ImportExistingResources", boolean}}));
  model.add({.name = "DescribeChangeSet", .effect = Effect::kReads},
            {{"ChangeSetName", name, kRequired},
             {"StackName", stack},
             {"NextToken", page},
             {"IncludePropertyValues", boolean}});
  model.add({.name = "ListChangeSets", .effect = Effect::kReads},
            {{"StackName", stack, kRequired}, {"NextToken", page}});
  model.add({.name = "ExecuteChangeSet"}, {{"ChangeSetName", name, kRequired},
                                           {"StackName", stack},
                                           {"ClientRequestToken", token},
                                           {"DisableRollback", boolean},
                                           {"RetainExceptOnCreate", boolean}});
  model.add({.name = "DeleteChangeSet"},
            {{"ChangeSetName", name, kRequired}, {"StackName", stack}});
}

}  // namespace

ServiceModel cloudformation_model() {
  ServiceModel model({.signing_name = "cloudformation",
                      .protocol = Protocol::kQuery,
                      .xml_namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"});
  const Shared shared = make_shared(model.shapes());
  add_stacks(model, shared);
  add_reads(model, shared);
  add_change_sets(model, shared);
  model.add_error("ChangeSetNotFound", {.status = 404});
  return model;
}

}  // namespace pawl::api
