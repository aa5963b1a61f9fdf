// `arn:aws:states:::aws-sdk:<service>:<action>`: any operation of any service that Pawl has.
// Parameters and results are PascalCase whatever the service's own API says (C1.3); errors are
// those of an SDK of the second generation (C3).
#include <algorithm>
#include <cctype>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/utc_text.h"
#include "json/number.h"
#include "services/states/task_runner.h"

namespace pawl::states {

namespace {

using runtime::OperationResult;

struct SdkService {
  std::string_view integration;   // in the resource ARN
  std::string_view signing_name;  // in runtime::Operations
  std::string_view client;        // Java SDK v2 client name, in error names
  bool camel_case;                // the API's own members begin in lower case
};
constexpr SdkService kServices[] = {
    {"sfn", "states", "Sfn", true},
    {"stepfunctions", "states", "Sfn", true},
    {"lambda", "lambda", "Lambda", false},
    {"sts", "sts", "Sts", false},
    {"s3", "s3", "S3", false},
    {"iam", "iam", "Iam", false},
    {"cloudformation", "cloudformation", "CloudFormation", false},
    {"codecommit", "codecommit", "CodeCommit", true},
    {"codepipeline", "codepipeline", "CodePipeline", true},
    {"cloudwatchlogs", "logs", "CloudWatchLogs", true},
    {"ssm", "ssm", "Ssm", false},
    // Only elsewhere (`--service-endpoint`).
    {"athena", "athena", "Athena", false},
    {"codebuild", "codebuild", "CodeBuild", true},
    {"dynamodb", "dynamodb", "DynamoDb", false},
    {"ecr", "ecr", "Ecr", true},
    {"ecs", "ecs", "Ecs", true},
    {"eventbridge", "events", "EventBridge", false},
    {"firehose", "firehose", "Firehose", false},
    {"glue", "glue", "Glue", false},
    {"kinesis", "kinesis", "Kinesis", false},
    {"kms", "kms", "Kms", false},
    {"secretsmanager", "secretsmanager", "SecretsManager", false},
    {"sagemaker", "sagemaker", "SageMaker", false},
    {"sns", "sns", "Sns", false},
    {"sqs", "sqs", "Sqs", false},
};

std::optional<SdkService> find_service(std::string_view resource_type) {
  const std::string_view name = resource_type.substr(std::string_view("aws-sdk:").size());
  for (const SdkService& service : kServices) {
    if (service.integration == name) return service;
  }
  return std::nullopt;
}

std::string with_first(std::string_view name, Case wanted) {
  std::string text(name);
  if (!text.empty()) {
    const auto first = static_cast<unsigned char>(text[0]);
    text[0] =
        static_cast<char>(wanted == Case::kPascal ? std::toupper(first) : std::tolower(first));
  }
  return text;
}

// A timestamp member (its name ends in Date) of epoch seconds as ISO-8601 text.
std::string iso_time(std::string_view seconds) {
  const auto millis = static_cast<std::int64_t>(json::to_double(seconds) * 1000.0 + 0.5);
  return millis % 1000 == 0 ? pawl::iso_time(millis) : iso_time_millis(millis);
}

// Member names of structures change case; what stands inside `input`, `output`, `definition` is
// text and stays as it is.
void rename(json::Node node, Case wanted, json::Writer& out) {
  if (node.is_array()) {
    out.begin_array();
    for (const json::Node& element : node) rename(element, wanted, out);
    out.end_array();
    return;
  }
  if (!node.is_object()) {
    out.node(node);
    return;
  }
  out.begin_object();
  for (const json::Member& member : node.members()) {
    const std::string name = with_first(member.key.string(), wanted);
    out.key(name);
    if (wanted == Case::kPascal && name.ends_with("Date") && member.value.is_number()) {
      out.string(iso_time(member.value.number_text()));
    } else {
      rename(member.value, wanted, out);
    }
  }
  out.end_object();
}

// The errors that the SDK's client for S3 has classes for; all others are its S3Exception.
bool has_class_in_s3(std::string_view code) {
  constexpr std::string_view kClasses[] = {"BucketAlreadyExists",    "BucketAlreadyOwnedByYou",
                                           "EncryptionTypeMismatch", "InvalidObjectState",
                                           "InvalidRequest",         "InvalidWriteOffset",
                                           "NoSuchBucket",           "NoSuchKey",
                                           "NoSuchUpload",           "TooManyParts"};
  return std::find(std::begin(kClasses), std::end(kClasses), code) != std::end(kClasses);
}

// Recorded are causes of these three without the attempts, and newer ones of Sfn with them
// (step-functions.md appendix 1).
bool counts_attempts(std::string_view client) {
  return client != "S3" && client != "DynamoDb" && client != "SecretsManager";
}

// Unknown codes and plain ones alike end in Exception: InvalidToken -> Sfn.InvalidTokenException.
machine::Fault sdk_fault(const runtime::ServiceError& error, std::string_view client,
                         std::string_view request_id) {
  std::string name(client);
  if (error.http_status == 0) {
    return {name + "." + error.code, error.message + " (SDK Attempt Count: 1)"};
  }
  // "ValidationError" is what services of the query protocol say.
  if (error.code == "ValidationException" || error.code == "ValidationError" ||
      error.code.empty() || (client == "S3" && !has_class_in_s3(error.code))) {
    name.append(".").append(client).append("Exception");
  } else {
    name.append(".").append(error.code);
    if (!name.ends_with("Exception")) name.append("Exception");
  }
  std::string cause = error.message;
  cause.append(" (Service: ").append(client);
  cause.append(", Status Code: ").append(std::to_string(error.http_status));
  cause.append(", Request ID: ");
  const std::string_view id = error.request_id.empty() ? request_id : error.request_id;
  cause.append(id);
  if (client == "S3") {
    cause.append(", Extended Request ID: ").append(hex_digest(id, "SHA-256").value_or(""));
  }
  cause.append(")");
  if (counts_attempts(client)) cause.append(" (SDK Attempt Count: 1)");
  return {std::move(name), std::move(cause)};
}

}  // namespace

json::Value renamed(const json::Value& value, Case wanted) {
  std::string text;
  json::Writer out(text);
  rename(value.root(), wanted, out);
  return json::Value::trusted(std::move(text));
}

json::Value put_object_sent(const json::Value& given, PutChecksum checksum) {
  if (!given.root().is_object()) return given;
  std::string text;
  json::Writer out(text);
  out.begin_object();
  bool typed = false;
  bool checked = false;
  for (const json::Member& member : given.root().members()) {
    const std::string_view name = member.key.string();
    typed = typed || name == "ContentType";
    checked = checked || name.starts_with("Checksum");
    out.key(name);
    if (name == "Body") {
      out.string(json::print(member.value));
    } else {
      out.node(member.value);
    }
  }
  if (!typed) out.key("ContentType").string("text/plain; charset=UTF-8");
  if (!checked && checksum == PutChecksum::kAdded) out.key("ChecksumAlgorithm").string("CRC32");
  out.end_object();
  return json::Value::trusted(std::move(text));
}

json::Value sdk_result(const json::Value& answer) {
  if (!answer.root().is_object()) return answer;
  const json::Node::Members given = answer.root().members();
  std::vector<json::Member> members(given.begin(), given.end());
  const auto rank = [](const json::Member& member) {
    return std::pair(member.key.string() == "Body", member.key.string());
  };
  std::sort(members.begin(), members.end(),
            [&rank](const auto& left, const auto& right) { return rank(left) < rank(right); });
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const json::Member& member : members) out.key(member.key.string()).node(member.value);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

bool has_integration(const runtime::Operations& operations, std::string_view resource_type) {
  if (!resource_type.starts_with("aws-sdk:")) {
    if (resource_type == "lambda" || resource_type == "states") return true;
    if (resource_type == "http") return operations.find("http", "Invoke") != nullptr;
    const std::string_view service = optimized_service(resource_type);
    return !service.empty() && operations.has_service(service);
  }
  const auto service = find_service(resource_type);
  return service && operations.has_service(service->signing_name);
}

void TaskRunner::run_sdk_call(const runtime::TaskRequest& request) {
  if (request.submitted) return;  // only SendTask* can end it now
  const auto service = find_service(request.scheduled.resource_type);
  if (!service || !operations_.has_service(service->signing_name)) {
    return fail(request, {"States.Runtime", "Pawl does not have the service of the integration '" +
                                                request.scheduled.resource_type + "'"});
  }
  const std::string operation = with_first(action_of(request.scheduled.resource), Case::kPascal);
  json::Value input = service->camel_case ? renamed(request.scheduled.parameters, Case::kCamel)
                                          : request.scheduled.parameters;
  if (service->signing_name == "s3" && operation == "PutObject") {
    // Elsewhere the algorithm alone would be refused: the client there sends no checksum with it.
    const bool own = operations_.find(service->signing_name, operation) != nullptr;
    input = put_object_sent(input, own ? PutChecksum::kAdded : PutChecksum::kAsGiven);
  }
  call(request, service->signing_name, operation, std::move(input),
       [this, request, service](const OperationResult& answer) {
         if (!answer.ok()) {
           return fail(request, sdk_fault(answer.error(), service->client, request_id_of(request)));
         }
         succeed(request,
                 sdk_result(service->camel_case ? renamed(*answer, Case::kPascal) : *answer));
       });
}

}  // namespace pawl::states
