// What brings functions their requests: AWS::Lambda::Url and EventSourceMapping.
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "Lambda";

Outcome removed(const Request& request, std::string_view operation, std::string input) {
  const auto answer = request.services.call(request, "lambda", operation, std::move(input));
  if (answer.ok() || answer.error().code == "ResourceNotFoundException") {
    return Made{request.physical_id};
  }
  return failure_of(request, kService, answer.error());
}

std::string url_place(const Request& request) {
  const std::string qualifier = request.text("Qualifier");
  std::string input;
  Writer out(input);
  out.begin_object().key("FunctionName").string(request.text("TargetFunctionArn"));
  if (!qualifier.empty()) out.key("Qualifier").string(qualifier);
  out.end_object();
  return input;
}

std::string url_input(const Request& request) {
  return properties_with(request.properties, {"TargetFunctionArn"}, [&](Writer& out) {
    out.key("FunctionName").string(request.text("TargetFunctionArn"));
  });
}

Made made_url(const json::Value& answer) {
  const std::string arn = text_in(answer, "FunctionArn");
  std::string attributes;
  Writer out(attributes);
  out.begin_object().key("FunctionArn").string(arn);
  out.key("FunctionUrl").string(text_in(answer, "FunctionUrl")).end_object();
  return {arn, attributes};
}

Outcome create_url(const Request& request) {
  auto answer =
      request.services.call(request, "lambda", "CreateFunctionUrlConfig", url_input(request));
  if (!answer.ok() && answer.error().code == "ResourceConflictException" &&
      request.attempt == Attempt::kRepeated) {
    answer = request.services.call(request, "lambda", "GetFunctionUrlConfig", url_place(request));
  }
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return made_url(*answer);
}

// What the template says no more goes back to the default; Cors, to none.
Outcome update_url(const Request& request) {
  const bool has_cors = request.properties.find("Cors") != nullptr;
  const bool has_mode = request.properties.find("InvokeMode") != nullptr;
  std::string input = properties_with(request.properties, {"TargetFunctionArn"}, [&](Writer& out) {
    out.key("FunctionName").string(request.text("TargetFunctionArn"));
    if (!has_cors) out.key("Cors").begin_object().end_object();
    if (!has_mode) out.key("InvokeMode").string("BUFFERED");
  });
  const auto answer =
      request.services.call(request, "lambda", "UpdateFunctionUrlConfig", std::move(input));
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return made_url(*answer);
}

ResourceType url_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {.name = "AWS::Lambda::Url",
          .properties = {{"TargetFunctionArn", Kind::kText, kAlways, Need::kRequired},
                         {"Qualifier", Kind::kText, kAlways},
                         {"AuthType", Kind::kText, Replaces::kNever, Need::kRequired},
                         {"Cors"},
                         {"InvokeMode", Kind::kText}},
          .attributes = {"FunctionArn", "FunctionUrl"},
          .choose_id = [](const Request&) { return std::string(); },
          .create = create_url,
          .update = update_url,
          .remove =
              [](const Request& request) {
                return removed(request, "DeleteFunctionUrlConfig", url_place(request));
              }};
}

std::string mapping_input(const Request& request) {
  return properties_with(request.properties, {"Tags", "KmsKeyArn"}, [&](Writer& out) {
    const json::Node* key = request.properties.find("KmsKeyArn");
    if (key != nullptr) out.key("KMSKeyArn").node(*key);
  });
}

Made made_mapping(const json::Value& answer) {
  const std::string uuid = text_in(answer, "UUID");
  std::string attributes;
  Writer out(attributes);
  out.begin_object().key("Id").string(uuid).key("EventSourceMappingArn");
  out.string(text_in(answer, "EventSourceMappingArn")).end_object();
  return {uuid, attributes};
}

// The mapping of the resource's source and function that an attempt before this one has made.
Answer made_before(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("FunctionName").string(request.text("FunctionName"));
  out.key("EventSourceArn").string(request.text("EventSourceArn")).end_object();
  auto answer =
      request.services.call(request, "lambda", "ListEventSourceMappings", std::move(input));
  if (!answer.ok()) return answer;
  const json::Node* mappings = answer->root().find("EventSourceMappings");
  if (mappings == nullptr || mappings->size() == 0) return json::Value::trusted("{}");
  return json::Value::of(mappings->at(0));
}

Outcome create_mapping(const Request& request) {
  auto answer =
      request.services.call(request, "lambda", "CreateEventSourceMapping", mapping_input(request));
  if (!answer.ok() && answer.error().code == "ResourceConflictException" &&
      request.attempt == Attempt::kRepeated) {
    answer = made_before(request);
  }
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return made_mapping(*answer);
}

Outcome update_mapping(const Request& request) {
  std::string input =
      properties_with(request.properties,
                      {"Tags", "KmsKeyArn", "EventSourceArn", "StartingPosition",
                       "StartingPositionTimestamp", "SelfManagedEventSource", "Topics", "Queues"},
                      [&](Writer& out) { out.key("UUID").string(request.physical_id); });
  const auto answer =
      request.services.call(request, "lambda", "UpdateEventSourceMapping", std::move(input));
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return made_mapping(*answer);
}

ResourceType mapping_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {.name = "AWS::Lambda::EventSourceMapping",
          .properties = {{"FunctionName", Kind::kText, Replaces::kNever, Need::kRequired},
                         {"EventSourceArn", Kind::kText, kAlways},
                         {"StartingPosition", Kind::kText, kAlways},
                         {"StartingPositionTimestamp", Kind::kAny, kAlways},
                         {"SelfManagedEventSource", Kind::kAny, kAlways},
                         {"AmazonManagedKafkaEventSourceConfig"},
                         {"SelfManagedKafkaEventSourceConfig"},
                         {"DocumentDBEventSourceConfig"},
                         {"BatchSize", Kind::kInteger},
                         {"BisectBatchOnFunctionError", Kind::kBoolean},
                         {"DestinationConfig"},
                         {"Enabled", Kind::kBoolean},
                         {"FilterCriteria"},
                         {"FunctionResponseTypes", Kind::kTexts},
                         {"KmsKeyArn", Kind::kText},
                         {"LoggingConfig"},
                         {"MaximumBatchingWindowInSeconds", Kind::kInteger},
                         {"MaximumRecordAgeInSeconds", Kind::kInteger},
                         {"MaximumRetryAttempts", Kind::kInteger},
                         {"MetricsConfig"},
                         {"ParallelizationFactor", Kind::kInteger},
                         {"ProvisionedPollerConfig"},
                         {"Queues", Kind::kTexts, kAlways},
                         {"ScalingConfig"},
                         {"SourceAccessConfigurations"},
                         {"Tags"},
                         {"Topics", Kind::kTexts, kAlways},
                         {"TumblingWindowInSeconds", Kind::kInteger}},
          .attributes = {"Id", "EventSourceMappingArn"},
          .choose_id = [](const Request&) { return std::string(); },
          .create = create_mapping,
          .update = update_mapping,
          .remove = [](const Request& request) -> Outcome {
            std::string input;
            Writer(input).begin_object().key("UUID").string(request.physical_id).end_object();
            return removed(request, "DeleteEventSourceMapping", std::move(input));
          }};
}

}  // namespace

void add_lambda_source_types(ResourceTypes& types) {
  types.add(url_type());
  types.add(mapping_type());
}

}  // namespace pawl::cloudformation
