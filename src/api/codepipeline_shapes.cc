// AWS CodePipeline, API version 2015-07-09: pipelines, executions, jobs and action types.
#include "api/model.h"

namespace pawl::api {

namespace {

constexpr auto kRequired = Presence::kRequired;
constexpr std::string_view kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

struct Shared {
  const Shape* text;
  const Shape* integer;
  const Shape* boolean;
  const Shape* name;  // of a pipeline, a stage, an action
  const Shape* uuid;
  const Shape* token;
  const Shape* page;
  const Shape* region;
  const Shape* role;
  const Shape* arn;
  const Shape* tags;
  const Shape* provider;
  const Shape* version;
  const Shape* category;
  const Shape* type_id;
};

Shared make_shared(Shapes& shapes) {
  Shared s{};
  s.text = shapes.string();
  s.integer = shapes.integer();
  s.boolean = shapes.boolean();
  s.name = shapes.string({.min = 1, .max = 100, .pattern = R"([A-Za-z0-9.@\-_]+)"});
  s.uuid = shapes.string({.pattern = kUuid});
  s.token = shapes.string({.min = 1, .max = 2'048});
  s.page = shapes.integer({.min = 1, .max = 100});
  s.region = shapes.string({.min = 4, .max = 30});
  s.role = shapes.string({.max = 1'024, .pattern = R"(arn:aws(-[\w]+)*:iam::[0-9]{12}:role/.*)"});
  s.arn = shapes.string({.pattern = R"(arn:aws(-[\w]+)*:codepipeline:.+:[0-9]{12}:.+)"});
  const Shape* tag =
      shapes.structure("Tag", {{"key", shapes.string({.min = 1, .max = 128}), kRequired},
                               {"value", shapes.string({.max = 256}), kRequired}});
  s.tags = shapes.list(tag);
  s.provider = shapes.string({.min = 1, .max = 35, .pattern = "[0-9A-Za-z_-]+"});
  s.version = shapes.string({.min = 1, .max = 9, .pattern = "[0-9A-Za-z_-]+"});
  s.category =
      shapes.enumeration({"Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute"});
  s.type_id = shapes.structure(
      "ActionTypeId", {{"category", s.category, kRequired},
                       {"owner", shapes.enumeration({"AWS", "ThirdParty", "Custom"}), kRequired},
                       {"provider", s.provider, kRequired},
                       {"version", s.version, kRequired}});
  return s;
}

const Shape* action_shape(Shapes& shapes, const Shared& s) {
  const Shape* artifact_name =
      shapes.string({.min = 1, .max = 100, .pattern = R"([a-zA-Z0-9_\-]+)"});
  const Shape* input = shapes.structure("InputArtifact", {{"name", artifact_name, kRequired}});
  const Shape* output = shapes.structure(
      "OutputArtifact", {{"name", artifact_name, kRequired}, {"files", shapes.list(s.text)}});
  // A StepFunctions action's literal input has 7168 characters.
  const Shape* configuration =
      shapes.map(shapes.string({.min = 1, .max = 50}), shapes.string({.min = 1, .max = 50'000}));
  return shapes.structure(
      "ActionDeclaration",
      {{"name", s.name, kRequired},
       {"actionTypeId", s.type_id, kRequired},
       {"runOrder", shapes.integer({.min = 1, .max = 999})},
       {"configuration", configuration},
       {"commands", shapes.list(s.text)},
       {"outputArtifacts", shapes.list(output)},
       {"inputArtifacts", shapes.list(input)},
       {"outputVariables", shapes.list(s.text)},
       {"roleArn", s.role},
       {"region", s.region},
       {"namespace", shapes.string({.min = 1, .max = 100, .pattern = R"([A-Za-z0-9@\-_]+)"})},
       {"timeoutInMinutes", shapes.integer({.min = 5, .max = 86'400})}});
}

const Shape* pipeline_shape(Shapes& shapes, const Shared& s) {
  const Shape* key =
      shapes.structure("EncryptionKey", {{"id", shapes.string({.min = 1, .max = 400}), kRequired},
                                         {"type", shapes.enumeration({"KMS"}), kRequired}});
  const Shape* store = shapes.structure(
      "ArtifactStore",
      {{"type", shapes.enumeration({"S3"}), kRequired},
       {"location", shapes.string({.min = 3, .max = 63, .pattern = R"([a-zA-Z0-9\-\.]+)"}),
        kRequired},
       {"encryptionKey", key}});
  const Shape* blocker = shapes.structure(
      "BlockerDeclaration", {{"name", shapes.string({.min = 1, .max = 100}), kRequired},
                             {"type", shapes.enumeration({"Schedule"}), kRequired}});
  const Shape* retry = shapes.structure(
      "RetryConfiguration", {{"retryMode", shapes.enumeration({"FAILED_ACTIONS", "ALL_ACTIONS"})}});
  const Shape* failure = shapes.structure(
      "FailureConditions", {{"result", shapes.enumeration({"ROLLBACK", "FAIL", "RETRY", "SKIP"})},
                            {"retryConfiguration", retry}});
  const Shape* stage = shapes.structure(
      "StageDeclaration", {{"name", s.name, kRequired},
                           {"blockers", shapes.list(blocker)},
                           {"actions", shapes.list(action_shape(shapes, s)), kRequired},
                           {"onFailure", failure}});
  const Shape* variable_value = shapes.string({.min = 1, .max = 1'000});
  const Shape* variable = shapes.structure(
      "PipelineVariableDeclaration",
      {{"name", shapes.string({.min = 1, .max = 128, .pattern = R"([A-Za-z0-9@\-_]+)"}), kRequired},
       {"defaultValue", variable_value},
       {"description", shapes.string({.max = 200})}});
  return shapes.structure(
      "PipelineDeclaration",
      {{"name", s.name, kRequired},
       {"roleArn", s.role, kRequired},
       {"artifactStore", store},
       {"artifactStores", shapes.map(s.region, store)},
       {"stages", shapes.list(stage), kRequired},
       {"version", shapes.integer({.min = 1, .max = {}})},
       {"executionMode", shapes.enumeration({"QUEUED", "SUPERSEDED", "PARALLEL"})},
       {"pipelineType", shapes.enumeration({"V1", "V2"})},
       {"variables", shapes.list(variable, {.min = {}, .max = 50})}});
}

void add_pipelines(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* pipeline = pipeline_shape(shapes, s);
  model.add({.name = "CreatePipeline"}, {{"pipeline", pipeline, kRequired}, {"tags", s.tags}});
  model.add({.name = "UpdatePipeline"}, {{"pipeline", pipeline, kRequired}});
  model.add({.name = "GetPipeline", .effect = Effect::kReads},
            {{"name", s.name, kRequired}, {"version", shapes.integer({.min = 1, .max = {}})}});
  model.add({.name = "DeletePipeline"}, {{"name", s.name, kRequired}});
  model.add({.name = "ListPipelines", .effect = Effect::kReads},
            {{"nextToken", s.token}, {"maxResults", shapes.integer({.min = 1, .max = 1'000})}});
  model.add({.name = "GetPipelineState", .effect = Effect::kReads}, {{"name", s.name, kRequired}});
  model.add({.name = "TagResource"},
            {{"resourceArn", s.arn, kRequired}, {"tags", s.tags, kRequired}});
  model.add({.name = "UntagResource"},
            {{"resourceArn", s.arn, kRequired},
             {"tagKeys", shapes.list(shapes.string({.min = 1, .max = 128})), kRequired}});
  model.add({.name = "ListTagsForResource", .effect = Effect::kReads},
            {{"resourceArn", s.arn, kRequired}, {"nextToken", s.token}, {"maxResults", s.page}});
}

void add_executions(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* variable = shapes.structure(
      "PipelineVariable", {{"name", s.text, kRequired}, {"value", s.text, kRequired}});
  const Shape* source = shapes.structure(
      "SourceRevisionOverride",
      {{"actionName", s.name, kRequired},
       {"revisionType",
        shapes.enumeration({"COMMIT_ID", "IMAGE_DIGEST", "S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"}),
        kRequired},
       {"revisionValue", shapes.string({.min = 1, .max = 1'500}), kRequired}});
  model.add(
      {.name = "StartPipelineExecution"},
      {{"name", s.name, kRequired},
       {"variables", shapes.list(variable, {.min = 1, .max = 50})},
       {"clientRequestToken", shapes.string({.min = 1, .max = 128, .pattern = "^[a-zA-Z0-9-]+$"})},
       {"sourceRevisions", shapes.list(source, {.min = {}, .max = 50})}});
  model.add({.name = "StopPipelineExecution"}, {{"pipelineName", s.name, kRequired},
                                                {"pipelineExecutionId", s.uuid, kRequired},
                                                {"abandon", s.boolean},
                                                {"reason", shapes.string({.max = 200})}});
  model.add({.name = "RetryStageExecution"},
            {{"pipelineName", s.name, kRequired},
             {"stageName", s.name, kRequired},
             {"pipelineExecutionId", s.uuid, kRequired},
             {"retryMode", shapes.enumeration({"FAILED_ACTIONS", "ALL_ACTIONS"}), kRequired}});
  model.add({.name = "GetPipelineExecution", .effect = Effect::kReads},
            {{"pipelineName", s.name, kRequired}, {"pipelineExecutionId", s.uuid, kRequired}});
  const Shape* in_stage = shapes.structure("SucceededInStageFilter", {{"stageName", s.name}});
  model.add(
      {.name = "ListPipelineExecutions", .effect = Effect::kReads},
      {{"pipelineName", s.name, kRequired},
       {"maxResults", s.page},
       {"filter", shapes.structure("PipelineExecutionFilter", {{"succeededInStage", in_stage}})},
       {"nextToken", s.token}});
  const Shape* latest =
      shapes.structure("LatestInPipelineExecutionFilter",
                       {{"pipelineExecutionId", s.uuid, kRequired},
                        {"startTimeRange", shapes.enumeration({"Latest", "All"}), kRequired}});
  model.add({.name = "ListActionExecutions", .effect = Effect::kReads},
            {{"pipelineName", s.name, kRequired},
             {"filter",
              shapes.structure("ActionExecutionFilter", {{"pipelineExecutionId", s.uuid},
                                                         {"latestInPipelineExecution", latest}})},
             {"maxResults", s.page},
             {"nextToken", s.token}});
}

void add_stages(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* side = shapes.enumeration({"Inbound", "Outbound"});
  model.add({.name = "EnableStageTransition"}, {{"pipelineName", s.name, kRequired},
                                                {"stageName", s.name, kRequired},
                                                {"transitionType", side, kRequired}});
  model.add({.name = "DisableStageTransition"},
            {{"pipelineName", s.name, kRequired},
             {"stageName", s.name, kRequired},
             {"transitionType", side, kRequired},
             {"reason",
              shapes.string({.min = 1, .max = 300, .pattern = R"([a-zA-Z0-9!@ \(\)\.\*\?\-]+)"}),
              kRequired}});
  const Shape* result = shapes.structure(
      "ApprovalResult", {{"summary", shapes.string({.max = 512}), kRequired},
                         {"status", shapes.enumeration({"Approved", "Rejected"}), kRequired}});
  model.add({.name = "PutApprovalResult"}, {{"pipelineName", s.name, kRequired},
                                            {"stageName", s.name, kRequired},
                                            {"actionName", s.name, kRequired},
                                            {"result", result, kRequired},
                                            {"token", s.uuid, kRequired}});
  const Shape* revision = shapes.structure(
      "ActionRevision", {{"revisionId", shapes.string({.min = 1, .max = 1'500}), kRequired},
                         {"revisionChangeId", shapes.string({.min = 1, .max = 100}), kRequired},
                         {"created", shapes.timestamp(), kRequired}});
  model.add({.name = "PutActionRevision"}, {{"pipelineName", s.name, kRequired},
                                            {"stageName", s.name, kRequired},
                                            {"actionName", s.name, kRequired},
                                            {"actionRevision", revision, kRequired}});
}

void add_jobs(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* query =
      shapes.map(shapes.string({.min = 1, .max = 50}),
                 shapes.string({.min = 1, .max = 50, .pattern = "[a-zA-Z0-9_-]+"}));
  model.add({.name = "PollForJobs"}, {{"actionTypeId", s.type_id, kRequired},
                                      {"maxBatchSize", shapes.integer({.min = 1, .max = {}})},
                                      {"queryParam", query}});
  model.add(
      {.name = "AcknowledgeJob"},
      {{"jobId", s.uuid, kRequired}, {"nonce", shapes.string({.min = 1, .max = 50}), kRequired}});
  model.add({.name = "GetJobDetails", .effect = Effect::kReads}, {{"jobId", s.uuid, kRequired}});
  const Shape* external = shapes.string({.min = 1, .max = 1'500});
  const Shape* details = shapes.structure(
      "ExecutionDetails", {{"summary", shapes.string({.min = 1, .max = 2'048})},
                           {"externalExecutionId", external},
                           {"percentComplete", shapes.integer({.min = 0, .max = 100})}});
  const Shape* revision = shapes.structure(
      "CurrentRevision", {{"revision", shapes.string({.min = 1, .max = 1'500}), kRequired},
                          {"changeIdentifier", shapes.string({.min = 1, .max = 100}), kRequired},
                          {"created", shapes.timestamp()},
                          {"revisionSummary", shapes.string({.min = 1, .max = 2'048})}});
  const Shape* variables = shapes.map(shapes.string({.pattern = R"([A-Za-z0-9@\-_]+)"}), s.text);
  model.add({.name = "PutJobSuccessResult"},
            {{"jobId", s.uuid, kRequired},
             {"currentRevision", revision},
             {"continuationToken", shapes.string({.min = 1, .max = 2'048})},
             {"executionDetails", details},
             {"outputVariables", variables}});
  const Shape* failure = shapes.structure(
      "FailureDetails",
      {{"type",
        shapes.enumeration({"JobFailed", "ConfigurationError", "PermissionError",
                            "RevisionOutOfSync", "RevisionUnavailable", "SystemUnavailable"}),
        kRequired},
       {"message", shapes.string({.min = 1, .max = 5'000}), kRequired},
       {"externalExecutionId", external}});
  model.add({.name = "PutJobFailureResult"},
            {{"jobId", s.uuid, kRequired}, {"failureDetails", failure, kRequired}});
}

void add_action_types(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* url = shapes.string({.min = 1, .max = 2'048});
  const Shape* settings =
      shapes.structure("ActionTypeSettings", {{"thirdPartyConfigurationUrl", url},
                                              {"entityUrlTemplate", url},
                                              {"executionUrlTemplate", url},
                                              {"revisionUrlTemplate", url}});
  const Shape* property =
      shapes.structure("ActionConfigurationProperty",
                       {{"name", shapes.string({.min = 1, .max = 50}), kRequired},
                        {"required", s.boolean, kRequired},
                        {"key", s.boolean, kRequired},
                        {"secret", s.boolean, kRequired},
                        {"queryable", s.boolean},
                        {"description", shapes.string({.min = 1, .max = 160})},
                        {"type", shapes.enumeration({"String", "Number", "Boolean"})}});
  const Shape* count = shapes.integer({.min = 0, .max = 5});
  const Shape* artifacts = shapes.structure(
      "ArtifactDetails", {{"minimumCount", count, kRequired}, {"maximumCount", count, kRequired}});
  model.add({.name = "CreateCustomActionType"},
            {{"category", s.category, kRequired},
             {"provider", s.provider, kRequired},
             {"version", s.version, kRequired},
             {"settings", settings},
             {"configurationProperties", shapes.list(property, {.min = {}, .max = 10})},
             {"inputArtifactDetails", artifacts, kRequired},
             {"outputArtifactDetails", artifacts, kRequired},
             {"tags", s.tags}});
  model.add({.name = "DeleteCustomActionType"}, {{"category", s.category, kRequired},
                                                 {"provider", s.provider, kRequired},
                                                 {"version", s.version, kRequired}});
  model.add({.name = "ListActionTypes", .effect = Effect::kReads},
            {{"actionOwnerFilter", shapes.enumeration({"AWS", "ThirdParty", "Custom"})},
             {"nextToken", s.token},
             {"regionFilter", s.region}});
  model.add({.name = "GetActionType", .effect = Effect::kReads},
            {{"category", s.category, kRequired},
             {"owner", shapes.string({.pattern = "AWS|ThirdParty"}), kRequired},
             {"provider", s.provider, kRequired},
             {"version", s.version, kRequired}});
}

}  // namespace

ServiceModel codepipeline_model() {
  ServiceModel model({.signing_name = "codepipeline",
                      .protocol = Protocol::kJson11,
                      .target_prefix = "CodePipeline_20150709"});
  const Shared shared = make_shared(model.shapes());
  add_pipelines(model, shared);
  add_executions(model, shared);
  add_stages(model, shared);
  add_jobs(model, shared);
  add_action_types(model, shared);
  return model;
}

}  // namespace pawl::api
