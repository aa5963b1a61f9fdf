// AWS Step Functions, API version 2016-11-23: the 37 operations, their members and constraints.
// What a table row does not say (ARN syntax, names, definitions) is the service's own business.
#include "api/model.h"

namespace pawl::api {

namespace {

constexpr auto kRequired = Presence::kRequired;

// Shapes that several operations share.
struct Shared {
  const Shape* arn;
  const Shape* long_arn;
  const Shape* name;
  const Shape* definition;
  const Shape* payload;
  const Shape* error;
  const Shape* cause;
  const Shape* description;
  const Shape* trace_header;
  const Shape* page_size;
  const Shape* page_token;
  const Shape* task_token;
  const Shape* boolean;
  const Shape* included_data;
  const Shape* machine_type;
  const Shape* tags;
  const Shape* tag_key;
  const Shape* encryption;
  const Shape* logging;
  const Shape* tracing;
  const Shape* routing;
};

const Shape* logging_configuration(Shapes& shapes, const Shape* arn, const Shape* boolean) {
  const Shape* group = shapes.structure("CloudWatchLogsLogGroup", {{"logGroupArn", arn}});
  const Shape* destination =
      shapes.structure("LogDestination", {{"cloudWatchLogsLogGroup", group}});
  return shapes.structure("LoggingConfiguration",
                          {{"level", shapes.enumeration({"ALL", "ERROR", "FATAL", "OFF"})},
                           {"includeExecutionData", boolean},
                           {"destinations", shapes.list(destination)}});
}

const Shape* encryption_configuration(Shapes& shapes) {
  const Shape* type = shapes.enumeration({"AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"});
  return shapes.structure(
      "EncryptionConfiguration",
      {{"kmsKeyId", shapes.string({.min = 1, .max = 2048})},
       {"kmsDataKeyReusePeriodSeconds", shapes.integer({.min = 60, .max = 900})},
       {"type", type, kRequired}});
}

const Shape* routing_configuration(Shapes& shapes, const Shape* arn) {
  const Shape* item =
      shapes.structure("RoutingConfigurationListItem",
                       {{"stateMachineVersionArn", arn, kRequired},
                        {"weight", shapes.integer({.min = 0, .max = 100}), kRequired}});
  return shapes.list(item, {.min = 1, .max = 2});
}

Shared shared_shapes(Shapes& shapes, PayloadLimits limits) {
  constexpr auto kSensitive = Privacy::kSensitive;
  const std::optional<std::int64_t> payload_max =
      limits == PayloadLimits::kAws ? std::optional<std::int64_t>(262'144) : std::nullopt;
  Shared shared{};
  shared.arn = shapes.string({.min = 1, .max = 256});
  shared.long_arn = shapes.string({.min = 1, .max = 2000});
  shared.name = shapes.string({.min = 1, .max = 80});
  shared.definition = shapes.string({.min = 1, .max = 1'048'576, .privacy = kSensitive});
  shared.payload = shapes.string({.max = payload_max, .privacy = kSensitive});
  shared.error = shapes.string({.min = 0, .max = 256, .privacy = kSensitive});
  shared.cause = shapes.string({.min = 0, .max = 32'768, .privacy = kSensitive});
  shared.description = shapes.string({.max = 256, .privacy = kSensitive});
  shared.trace_header = shapes.string({.min = 0, .max = 256, .pattern = R"(\p{ASCII}*)"});
  shared.page_size = shapes.integer({.min = 0, .max = 1000});
  shared.page_token = shapes.string({.min = 1, .max = 1024});
  shared.task_token = shapes.string({.min = 1, .max = 2048});
  shared.boolean = shapes.boolean();
  shared.included_data = shapes.enumeration({"ALL_DATA", "METADATA_ONLY"});
  shared.machine_type = shapes.enumeration({"STANDARD", "EXPRESS"});
  shared.tag_key = shapes.string({.min = 1, .max = 128});
  const Shape* tag = shapes.structure(
      "Tag", {{"key", shared.tag_key}, {"value", shapes.string({.min = 0, .max = 256})}});
  shared.tags = shapes.list(tag);
  shared.encryption = encryption_configuration(shapes);
  shared.logging = logging_configuration(shapes, shared.arn, shared.boolean);
  shared.tracing = shapes.structure("TracingConfiguration", {{"enabled", shared.boolean}});
  shared.routing = routing_configuration(shapes, shared.arn);
  return shared;
}

class Rows {
 public:
  explicit Rows(ServiceModel& model) : model_(model) {}
  void reads(std::string_view name, std::vector<Member> members) {
    model_.add({.name = name, .effect = Effect::kReads}, std::move(members));
  }
  void writes(std::string_view name, std::vector<Member> members) {
    model_.add({.name = name, .effect = Effect::kWrites}, std::move(members));
  }

 private:
  ServiceModel& model_;
};

void add_machines(Rows& rows, const Shared& s) {
  rows.writes("CreateStateMachine", {{"name", s.name, kRequired},
                                     {"definition", s.definition, kRequired},
                                     {"roleArn", s.arn, kRequired},
                                     {"type", s.machine_type},
                                     {"loggingConfiguration", s.logging},
                                     {"tags", s.tags},
                                     {"tracingConfiguration", s.tracing},
                                     {"publish", s.boolean},
                                     {"versionDescription", s.description},
                                     {"encryptionConfiguration", s.encryption}});
  rows.writes("UpdateStateMachine", {{"stateMachineArn", s.arn, kRequired},
                                     {"definition", s.definition},
                                     {"roleArn", s.arn},
                                     {"loggingConfiguration", s.logging},
                                     {"tracingConfiguration", s.tracing},
                                     {"publish", s.boolean},
                                     {"versionDescription", s.description},
                                     {"encryptionConfiguration", s.encryption}});
  rows.writes("DeleteStateMachine", {{"stateMachineArn", s.arn, kRequired}});
  rows.reads("DescribeStateMachine",
             {{"stateMachineArn", s.arn, kRequired}, {"includedData", s.included_data}});
  rows.reads("ListStateMachines", {{"maxResults", s.page_size}, {"nextToken", s.page_token}});
}

void add_versions_and_aliases(Rows& rows, Shapes& shapes, const Shared& s) {
  rows.writes("PublishStateMachineVersion", {{"stateMachineArn", s.arn, kRequired},
                                             {"revisionId", shapes.string()},
                                             {"description", s.description}});
  rows.writes("DeleteStateMachineVersion", {{"stateMachineVersionArn", s.long_arn, kRequired}});
  rows.reads("ListStateMachineVersions", {{"stateMachineArn", s.arn, kRequired},
                                          {"nextToken", s.page_token},
                                          {"maxResults", s.page_size}});

  const Shape* alias_name =
      shapes.string({.min = 1, .max = 80, .pattern = R"(^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$)"});
  rows.writes("CreateStateMachineAlias", {{"description", s.description},
                                          {"name", alias_name, kRequired},
                                          {"routingConfiguration", s.routing, kRequired}});
  rows.writes("UpdateStateMachineAlias", {{"stateMachineAliasArn", s.arn, kRequired},
                                          {"description", s.description},
                                          {"routingConfiguration", s.routing}});
  rows.writes("DeleteStateMachineAlias", {{"stateMachineAliasArn", s.arn, kRequired}});
  rows.reads("DescribeStateMachineAlias", {{"stateMachineAliasArn", s.arn, kRequired}});
  rows.reads("ListStateMachineAliases", {{"stateMachineArn", s.arn, kRequired},
                                         {"nextToken", s.page_token},
                                         {"maxResults", s.page_size}});
}

void add_executions(Rows& rows, Shapes& shapes, const Shared& s) {
  rows.writes("StartExecution", {{"stateMachineArn", s.arn, kRequired},
                                 {"name", s.name},
                                 {"input", s.payload},
                                 {"traceHeader", s.trace_header}});
  rows.writes("StartSyncExecution", {{"stateMachineArn", s.arn, kRequired},
                                     {"name", s.name},
                                     {"input", s.payload},
                                     {"traceHeader", s.trace_header},
                                     {"includedData", s.included_data}});
  rows.writes("StopExecution",
              {{"executionArn", s.arn, kRequired}, {"error", s.error}, {"cause", s.cause}});
  rows.writes("RedriveExecution",
              {{"executionArn", s.arn, kRequired},
               {"clientToken", shapes.string({.min = 1, .max = 64, .pattern = "[!-~]+"})}});
  rows.reads("DescribeExecution",
             {{"executionArn", s.arn, kRequired}, {"includedData", s.included_data}});
  rows.reads("DescribeStateMachineForExecution",
             {{"executionArn", s.arn, kRequired}, {"includedData", s.included_data}});
  rows.reads("GetExecutionHistory", {{"executionArn", s.arn, kRequired},
                                     {"maxResults", s.page_size},
                                     {"reverseOrder", s.boolean},
                                     {"nextToken", s.page_token},
                                     {"includeExecutionData", s.boolean}});
  const Shape* status = shapes.enumeration(
      {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"});
  rows.reads("ListExecutions",
             {{"stateMachineArn", s.arn},
              {"statusFilter", status},
              {"maxResults", s.page_size},
              {"nextToken", shapes.string({.min = 1, .max = 3096})},
              {"mapRunArn", s.long_arn},
              {"redriveFilter", shapes.enumeration({"REDRIVEN", "NOT_REDRIVEN"})}});
}

void add_map_runs(Rows& rows, Shapes& shapes, const Shared& s) {
  rows.reads("DescribeMapRun", {{"mapRunArn", s.long_arn, kRequired}});
  rows.reads("ListMapRuns", {{"executionArn", s.arn, kRequired},
                             {"maxResults", s.page_size},
                             {"nextToken", s.page_token}});
  const Shape* percentage = shapes.number(ShapeType::kFloat, {.min = 0, .max = 100});
  rows.writes("UpdateMapRun",
              {{"mapRunArn", s.long_arn, kRequired},
               {"maxConcurrency", shapes.integer({.min = 0, .max = {}})},
               {"toleratedFailurePercentage", percentage},
               {"toleratedFailureCount", shapes.number(ShapeType::kLong, {.min = 0, .max = {}})}});
}

void add_activities_and_tasks(Rows& rows, const Shared& s) {
  rows.writes(
      "CreateActivity",
      {{"name", s.name, kRequired}, {"tags", s.tags}, {"encryptionConfiguration", s.encryption}});
  rows.writes("DeleteActivity", {{"activityArn", s.arn, kRequired}});
  rows.reads("DescribeActivity", {{"activityArn", s.arn, kRequired}});
  rows.reads("ListActivities", {{"maxResults", s.page_size}, {"nextToken", s.page_token}});
  // Takes a task away from the queue, whatever its name says.
  rows.writes("GetActivityTask", {{"activityArn", s.arn, kRequired}, {"workerName", s.name}});
  rows.writes("SendTaskSuccess",
              {{"taskToken", s.task_token, kRequired}, {"output", s.payload, kRequired}});
  rows.writes("SendTaskFailure",
              {{"taskToken", s.task_token, kRequired}, {"error", s.error}, {"cause", s.cause}});
  rows.writes("SendTaskHeartbeat", {{"taskToken", s.task_token, kRequired}});
}

void add_tags(Rows& rows, Shapes& shapes, const Shared& s) {
  rows.writes("TagResource", {{"resourceArn", s.arn, kRequired}, {"tags", s.tags, kRequired}});
  rows.writes("UntagResource",
              {{"resourceArn", s.arn, kRequired}, {"tagKeys", shapes.list(s.tag_key), kRequired}});
  rows.reads("ListTagsForResource", {{"resourceArn", s.arn, kRequired}});
}

void add_definition_tools(Rows& rows, Shapes& shapes, const Shared& s) {
  rows.reads("ValidateStateMachineDefinition",
             {{"definition", s.definition, kRequired},
              {"type", s.machine_type},
              {"severity", shapes.enumeration({"ERROR", "WARNING"})},
              {"maxResults", shapes.integer({.min = 0, .max = 100})}});

  const Shape* state_name = shapes.string({.min = 1, .max = 80, .privacy = Privacy::kSensitive});
  const Shape* mock_error =
      shapes.structure("MockErrorOutput", {{"error", s.error}, {"cause", s.cause}});
  const Shape* mock = shapes.structure(
      "MockInput", {{"result", s.payload},
                    {"errorOutput", mock_error},
                    {"fieldValidationMode", shapes.enumeration({"STRICT", "PRESENT", "NONE"})}});
  const Shape* count = shapes.integer({.min = 0, .max = {}});
  const Shape* configuration =
      shapes.structure("TestStateConfiguration", {{"retrierRetryCount", count},
                                                  {"errorCausedByState", state_name},
                                                  {"mapIterationFailureCount", count},
                                                  {"mapItemReaderData", s.payload}});
  // It may call services.
  rows.writes("TestState", {{"definition", s.definition, kRequired},
                            {"roleArn", s.arn},
                            {"input", s.payload},
                            {"inspectionLevel", shapes.enumeration({"INFO", "DEBUG", "TRACE"})},
                            {"revealSecrets", s.boolean},
                            {"variables", s.payload},
                            {"stateName", state_name},
                            {"mock", mock},
                            {"context", s.payload},
                            {"stateConfiguration", configuration}});
}

}  // namespace

ServiceModel states_model(PayloadLimits limits) {
  ServiceModel model({.signing_name = "states",
                      .protocol = Protocol::kJson10,
                      .target_prefix = "AWSStepFunctions"});
  Shapes& shapes = model.shapes();
  const Shared shared = shared_shapes(shapes, limits);
  Rows rows(model);
  add_machines(rows, shared);
  add_versions_and_aliases(rows, shapes, shared);
  add_executions(rows, shapes, shared);
  add_map_runs(rows, shapes, shared);
  add_activities_and_tasks(rows, shared);
  add_tags(rows, shapes, shared);
  add_definition_tools(rows, shapes, shared);
  return model;
}

}  // namespace pawl::api
