// `arn:aws:states:::sqs:sendMessage` and the other optimized integrations whose services are
// elsewhere (`--service-endpoint`): parameters and results are PascalCase, results carry what the
// SDK of the first generation says beside an answer, and errors are that SDK's (C2, C3).
#include <algorithm>
#include <span>

#include "runtime/http_metadata.h"
#include "services/states/fields.h"
#include "services/states/task_runner.h"

namespace pawl::states {

namespace {

using runtime::OperationResult;
using runtime::ServiceError;

// The errors that the SDK's client has classes for; all others are its base exception. Their codes
// are the names, with or without Exception at the end.
constexpr std::string_view kSqsErrors[] = {
    "InvalidAddress",   "InvalidMessageContents", "InvalidSecurity",     "KmsAccessDenied",
    "KmsDisabled",      "KmsInvalidKeyUsage",     "KmsInvalidState",     "KmsNotFound",
    "KmsOptInRequired", "KmsThrottled",           "QueueDoesNotExist",   "RequestThrottled",
    "OverLimit",        "UnsupportedOperation",   "QueueDeletedRecently"};
constexpr std::string_view kSnsErrors[] = {"AuthorizationError",
                                           "EndpointDisabled",
                                           "InternalError",
                                           "InvalidParameter",
                                           "InvalidSecurity",
                                           "KMSAccessDenied",
                                           "KMSDisabled",
                                           "KMSInvalidState",
                                           "KMSNotFound",
                                           "KMSOptInRequired",
                                           "KMSThrottling",
                                           "NotFound",
                                           "ParameterValueInvalid",
                                           "PlatformApplicationDisabled",
                                           "Throttled"};
constexpr std::string_view kDynamoDbErrors[] = {"ConditionalCheckFailed",
                                                "InternalServerError",
                                                "ItemCollectionSizeLimitExceeded",
                                                "LimitExceeded",
                                                "ProvisionedThroughputExceeded",
                                                "RequestLimitExceeded",
                                                "ResourceInUse",
                                                "ResourceNotFound",
                                                "TransactionConflict"};
constexpr std::string_view kEventsErrors[] = {"Internal", "ResourceNotFound"};
constexpr std::string_view kEcsErrors[] = {
    "AccessDenied",    "Blocked",          "Client",
    "ClusterNotFound", "InvalidParameter", "PlatformTaskDefinitionIncompatibility",
    "PlatformUnknown", "Server",           "UnsupportedFeature"};
constexpr std::string_view kGlueErrors[] = {
    "ConcurrentRunsExceeded", "EntityNotFound",   "InternalService",
    "InvalidInput",           "OperationTimeout", "ResourceNumberLimitExceeded"};
constexpr std::string_view kCodeBuildErrors[] = {"AccountLimitExceeded", "InvalidInput",
                                                 "ResourceNotFound"};
constexpr std::string_view kAthenaErrors[] = {"InternalServer", "InvalidRequest",
                                              "TooManyRequests"};
constexpr std::string_view kSageMakerErrors[] = {"ResourceInUse", "ResourceLimitExceeded",
                                                 "ResourceNotFound"};

struct Service {
  std::string_view resource_type;  // and signing name
  std::string_view prefix;         // of errors
  std::string_view name;           // in causes
  std::string_view base_error;
  std::span<const std::string_view> errors;
  bool camel_case = false;  // the API's own members begin in lower case
};
constexpr Service kServices[] = {
    {"athena", "Athena", "AmazonAthena", "AmazonAthenaException", kAthenaErrors},
    {"codebuild", "CodeBuild", "AWSCodeBuild", "AWSCodeBuildException", kCodeBuildErrors, true},
    {"dynamodb", "DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException", kDynamoDbErrors},
    {"ecs", "ECS", "AmazonECS", "AmazonECSException", kEcsErrors, true},
    {"events", "EventBridge", "AmazonEventBridge", "AmazonEventBridgeException", kEventsErrors},
    {"glue", "Glue", "AWSGlue", "AWSGlueException", kGlueErrors},
    {"sagemaker", "SageMaker", "AmazonSageMaker", "AmazonSageMakerException", kSageMakerErrors},
    {"sns", "SNS", "AmazonSNS", "AmazonSNSException", kSnsErrors},
    {"sqs", "SQS", "AmazonSQS", "AmazonSQSException", kSqsErrors},
};

const Service* find_optimized(std::string_view resource_type) {
  const auto* found =
      std::find_if(std::begin(kServices), std::end(kServices),
                   [&](const Service& service) { return service.resource_type == resource_type; });
  return found == std::end(kServices) ? nullptr : found;
}

std::string error_name(const Service& service, std::string_view code) {
  constexpr std::string_view kException = "Exception";
  if (code.ends_with(kException)) code.remove_suffix(kException.size());
  const bool known = std::ranges::find(service.errors, code) != service.errors.end();
  std::string name(service.prefix);
  if (!known) return name.append(".").append(service.base_error);
  return name.append(".").append(code).append(kException);
}

machine::Fault optimized_fault(const Service& service, ServiceError error,
                               std::string_view request_id) {
  if (error.http_status == 0) {  // nobody has answered
    return {std::string(service.prefix) + "." + error.code, error.message};
  }
  const std::string name = error_name(service, error.code);
  for (const auto& [member, text] : error.members) {
    if (member != runtime::kQueryErrorCode) continue;
    error.code = json::Value::trusted(text).root().string();
  }
  return {name, first_generation_cause(error, service.name, request_id)};
}

// Members of text that authors may give as JSON.
bool takes_text(std::string_view resource_type, std::string_view member) {
  if (resource_type == "sqs") return member == "MessageBody";
  if (resource_type == "sns") return member == "Message";
  return resource_type == "events" && member == "Detail";
}

void write_members(json::Writer& out, std::string_view resource_type, json::Node object) {
  for (const json::Member& member : object.members()) {
    const std::string_view name = member.key.string();
    if (member.value.is_null()) continue;
    out.key(name);
    if (takes_text(resource_type, name) && !member.value.is_string()) {
      out.string(json::print(member.value));
    } else {
      out.node(member.value);
    }
  }
}

// Every event names the execution and its machine among its resources.
void write_entry(json::Writer& out, const runtime::TaskRequest& request, json::Node entry) {
  if (!entry.is_object()) {
    out.node(entry);
    return;
  }
  out.begin_object();
  const json::Node* given = entry.find("Resources");
  for (const json::Member& member : entry.members()) {
    if (member.key.string() == "Resources" || member.value.is_null()) continue;
    out.key(member.key.string());
    if (member.key.string() == "Detail" && !member.value.is_string()) {
      out.string(json::print(member.value));
    } else {
      out.node(member.value);
    }
  }
  out.key("Resources").begin_array();
  if (given != nullptr) {
    for (const json::Node& resource : *given) out.node(resource);
  }
  out.string(request.names.execution_arn()).string(request.names.machine_arn()).end_array();
  out.end_object();
}

// The SDK calls the queue's own address; one that is none it takes for a host.
std::optional<ServiceError> queue_problem(const runtime::TaskRequest& request) {
  const Fields parameters(request.scheduled.parameters);
  const auto url = parameters.text("QueueUrl");
  if (!url || url->find('/') != std::string_view::npos) return std::nullopt;
  return ServiceError{.code = "SdkClientException",
                      .message = "Unable to execute HTTP request: " + std::string(*url) +
                                 ": Name or service not known",
                      .http_status = 0,
                      .members = {}};
}

json::Value without_http(const json::Value& answer) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const json::Member& member : answer.root().members()) {
    if (member.key.string() == runtime::kHttpMember) continue;
    out.key(member.key.string()).node(member.value);
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// Members by name, and among them the SDK's own.
json::Value with_metadata(const json::Value& answer, json::Node http, std::string_view request_id,
                          WallMillis now) {
  const json::Members said(http);
  HttpAnswer shown{
      .content_type = std::string(said.text_or("contentType", "")),
      .content_length = static_cast<std::size_t>(said.integer("contentLength").value_or(0)),
      .status = static_cast<int>(said.integer("status").value_or(200)),
      .headers = {{"connection", "keep-alive"}}};
  if (const json::Node* headers = http.find("headers")) {
    for (const json::Member& header : headers->members()) {
      shown.headers.emplace_back(header.key.string(), header.value.string());
    }
  }
  std::vector<const json::Member*> members;
  for (const json::Member& member : answer.root().members()) {
    members.push_back(&member);
  }
  std::ranges::sort(members, {}, [](const json::Member* member) { return member->key.string(); });
  std::string text;
  json::Writer out(text);
  out.begin_object();
  const auto after = std::ranges::find_if(
      members, [](const json::Member* member) { return member->key.string() > "SdkHttpMetadata"; });
  for (auto it = members.begin(); it != after; ++it) {
    out.key((*it)->key.string()).node((*it)->value);
  }
  write_sdk_metadata(out, shown, said.text_or("requestId", request_id), now);
  for (auto it = after; it != members.end(); ++it) {
    out.key((*it)->key.string()).node((*it)->value);
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// EventBridge's answers come as they are; one that tells of a failed entry is a fault.
std::optional<machine::Fault> failed_entries(const json::Value& answer) {
  const json::Members members(answer.root());
  if (members.integer("FailedEntryCount").value_or(0) == 0) return std::nullopt;
  return machine::Fault{"EventBridge.FailedEntry", json::print(answer.root())};
}

}  // namespace

std::string_view optimized_service(std::string_view resource_type) {
  const Service* service = find_optimized(resource_type);
  return service == nullptr ? std::string_view() : service->resource_type;
}

json::Value optimized_input(const runtime::TaskRequest& request) {
  const json::Node root = request.scheduled.parameters.root();
  const json::Node* entries = root.find("Entries");
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (request.scheduled.resource_type == "events" && entries != nullptr && entries->is_array()) {
    out.key("Entries").begin_array();
    for (const json::Node& entry : *entries) write_entry(out, request, entry);
    out.end_array();
  } else {
    write_members(out, request.scheduled.resource_type, root);
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void TaskRunner::run_optimized_call(const runtime::TaskRequest& request) {
  if (request.submitted) return;  // only SendTask* can end it now
  const Service& service = *find_optimized(request.scheduled.resource_type);
  const TaskSuffix suffix = suffix_of(request.scheduled.resource);
  if (!operations_.has_service(service.resource_type)) {
    return fail(request, {"States.Runtime", "Pawl does not have the service of the integration '" +
                                                request.scheduled.resource_type +
                                                "': name it with --service-endpoint"});
  }
  if (suffix == TaskSuffix::kSync || suffix == TaskSuffix::kSync2) {
    return fail(request, {"States.Runtime", "Pawl cannot wait for jobs of the service '" +
                                                request.scheduled.resource_type + "'"});
  }
  if (service.resource_type == "sqs") {
    if (auto problem = queue_problem(request)) {
      return fail(request, optimized_fault(service, *problem, request_id_of(request)));
    }
  }
  // The action's first letter is all that the operation's name differs by.
  std::string operation(action_of(request.scheduled.resource));
  if (!operation.empty()) operation[0] = static_cast<char>(operation[0] - 'a' + 'A');
  json::Value input = optimized_input(request);
  if (service.camel_case) input = renamed(input, Case::kCamel);
  call(request, std::string(service.resource_type).append(runtime::kWithHttp), operation,
       std::move(input), [this, request, &service](const OperationResult& answer) {
         const std::string request_id = request_id_of(request);
         if (!answer.ok()) {
           return fail(request, optimized_fault(service, answer.error(), request_id));
         }
         const json::Node* found = answer->root().find(runtime::kHttpMember);
         const json::Node http = found == nullptr ? json::Node::null() : *found;
         json::Value output = without_http(*answer);
         if (service.resource_type == "events") {
           if (auto fault = failed_entries(output)) return fail(request, std::move(*fault));
           return succeed(request, std::move(output));
         }
         if (service.camel_case) output = renamed(output, Case::kPascal);
         succeed(request, with_metadata(output, http, request_id, clock_.wall_now()));
       });
}

}  // namespace pawl::states
