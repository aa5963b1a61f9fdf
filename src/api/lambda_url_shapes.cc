// AWS Lambda: function URLs (API version 2021-10-31) and event source mappings (2015-03-31).
#include "api/lambda_shapes.h"

namespace pawl::api {

namespace {

constexpr auto kRequired = Presence::kRequired;
constexpr auto kOptional = Presence::kOptional;

Member path_member(std::string_view name, const Shape* shape) {
  return {name, shape, kRequired, Location::kPath};
}
Member query_member(std::string_view name, const Shape* shape) {
  return {name, shape, kOptional, Location::kQuery};
}

const Shape* cors(Shapes& shapes) {
  const auto texts = [&](std::int64_t text_min, std::int64_t text_max, std::int64_t count_max) {
    return shapes.list(shapes.string({.min = text_min, .max = text_max}),
                       {.min = 0, .max = count_max});
  };
  return shapes.structure("Cors", {{"AllowCredentials", shapes.boolean()},
                                   {"AllowHeaders", texts(0, 1'024, 100)},
                                   {"AllowMethods", texts(0, 6, 6)},
                                   {"AllowOrigins", texts(1, 253, 100)},
                                   {"ExposeHeaders", texts(0, 1'024, 100)},
                                   {"MaxAge", shapes.integer({.min = 0, .max = 86'400})}});
}

// What CreateEventSourceMapping and UpdateEventSourceMapping share.
std::vector<Member> mapping_members(Shapes& shapes) {
  const Shape* text = shapes.string();
  const Shape* any = shapes.json();
  const Shape* filter =
      shapes.structure("Filter", {{"Pattern", shapes.string({.min = 0, .max = 4'096})}});
  const Shape* destination = shapes.structure("Destination", {{"Destination", text}});
  return {
      {"Enabled", shapes.boolean()},
      {"BatchSize", shapes.integer({.min = 1, .max = 10'000})},
      {"FilterCriteria", shapes.structure("FilterCriteria", {{"Filters", shapes.list(filter)}})},
      {"MaximumBatchingWindowInSeconds", shapes.integer({.min = 0, .max = 300})},
      {"ParallelizationFactor", shapes.integer({.min = 1, .max = 10})},
      {"DestinationConfig", shapes.structure("DestinationConfig", {{"OnSuccess", destination},
                                                                   {"OnFailure", destination}})},
      {"MaximumRecordAgeInSeconds", shapes.integer({.min = -1, .max = 604'800})},
      {"BisectBatchOnFunctionError", shapes.boolean()},
      {"MaximumRetryAttempts", shapes.integer({.min = -1, .max = 10'000})},
      {"TumblingWindowInSeconds", shapes.integer({.min = 0, .max = 900})},
      {"SourceAccessConfigurations", any},
      {"FunctionResponseTypes",
       shapes.list(shapes.enumeration({"ReportBatchItemFailures"}), {.min = 0, .max = 1})},
      {"AmazonManagedKafkaEventSourceConfig", any},
      {"SelfManagedKafkaEventSourceConfig", any},
      {"ScalingConfig",
       shapes.structure("ScalingConfig",
                        {{"MaximumConcurrency", shapes.integer({.min = 2, .max = 1'000})}})},
      {"DocumentDBEventSourceConfig", any},
      {"KMSKeyArn", text},
      {"MetricsConfig", any},
      {"LoggingConfig", any},
      {"ProvisionedPollerConfig", any}};
}

}  // namespace

void add_function_url_operations(ServiceModel& model, const Shape* function) {
  constexpr std::string_view kUrl = "/2021-10-31/functions/{FunctionName}/url";
  constexpr std::string_view kUrls = "/2021-10-31/functions/{FunctionName}/urls";
  Shapes& shapes = model.shapes();
  const Shape* qualifier =
      shapes.string({.min = 1, .max = 128, .pattern = R"(((?!^\d+$)^[0-9a-zA-Z-_]+$))"});
  const Shape* authorization = shapes.enumeration({"NONE", "AWS_IAM"});
  const Shape* mode = shapes.enumeration({"BUFFERED", "RESPONSE_STREAM"});
  const Shape* sites = cors(shapes);
  model.add({.name = "CreateFunctionUrlConfig", .http = {"POST", kUrl, 201}},
            {path_member("FunctionName", function),
             query_member("Qualifier", qualifier),
             {"AuthType", authorization, kRequired},
             {"Cors", sites},
             {"InvokeMode", mode}});
  model.add({.name = "UpdateFunctionUrlConfig", .http = {"PUT", kUrl, 200}},
            {path_member("FunctionName", function),
             query_member("Qualifier", qualifier),
             {"AuthType", authorization},
             {"Cors", sites},
             {"InvokeMode", mode}});
  model.add({.name = "GetFunctionUrlConfig", .effect = Effect::kReads, .http = {"GET", kUrl, 200}},
            {path_member("FunctionName", function), query_member("Qualifier", qualifier)});
  model.add({.name = "DeleteFunctionUrlConfig", .http = {"DELETE", kUrl, 204}},
            {path_member("FunctionName", function), query_member("Qualifier", qualifier)});
  model.add(
      {.name = "ListFunctionUrlConfigs", .effect = Effect::kReads, .http = {"GET", kUrls, 200}},
      {path_member("FunctionName", function), query_member("Marker", shapes.string()),
       query_member("MaxItems", shapes.integer({.min = 1, .max = 50}))});
}

void add_event_source_operations(ServiceModel& model, const Shape* function) {
  constexpr std::string_view kMappings = "/2015-03-31/event-source-mappings";
  constexpr std::string_view kMapping = "/2015-03-31/event-source-mappings/{UUID}";
  Shapes& shapes = model.shapes();
  const Shape* source = shapes.string(
      {.pattern = R"(arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:)"
                  R"((\d{12})?:(.*))"});
  const Shape* text = shapes.string();
  const Shape* one_text = shapes.list(text, {.min = 1, .max = 1});
  const Shape* position = shapes.enumeration({"TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"});
  std::vector<Member> created = mapping_members(shapes);
  const std::vector<Member> more = {{"EventSourceArn", source},
                                    {"FunctionName", function, kRequired},
                                    {"StartingPosition", position},
                                    {"StartingPositionTimestamp", shapes.timestamp()},
                                    {"Tags", shapes.map(text, text)},
                                    {"Topics", one_text},
                                    {"Queues", one_text},
                                    {"SelfManagedEventSource", shapes.json()}};
  created.insert(created.end(), more.begin(), more.end());
  model.add({.name = "CreateEventSourceMapping", .http = {"POST", kMappings, 202}},
            std::move(created));
  std::vector<Member> updated = mapping_members(shapes);
  updated.push_back(path_member("UUID", text));
  updated.push_back({"FunctionName", function});
  model.add({.name = "UpdateEventSourceMapping", .http = {"PUT", kMapping, 202}},
            std::move(updated));
  model.add(
      {.name = "GetEventSourceMapping", .effect = Effect::kReads, .http = {"GET", kMapping, 200}},
      {path_member("UUID", text)});
  model.add({.name = "DeleteEventSourceMapping", .http = {"DELETE", kMapping, 202}},
            {path_member("UUID", text)});
  model.add({.name = "ListEventSourceMappings",
             .effect = Effect::kReads,
             .http = {"GET", kMappings, 200}},
            {query_member("EventSourceArn", source), query_member("FunctionName", function),
             query_member("Marker", text),
             query_member("MaxItems", shapes.integer({.min = 1, .max = 10'000}))});
}

}  // namespace pawl::api
