// AWS Lambda, API version 2015-03-31 and its siblings: functions, versions, aliases, invocations,
// tags, permissions and concurrency.
#include "api/lambda_shapes.h"

namespace pawl::api {

namespace {

constexpr auto kRequired = Presence::kRequired;
constexpr auto kOptional = Presence::kOptional;
constexpr std::string_view kFunction = "/2015-03-31/functions/{FunctionName}";

// A function's name, partial ARN or ARN, with or without a qualifier.
constexpr std::string_view kFunctionNamePattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?)"
    R"((\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?)";
constexpr std::string_view kNamespacedFunctionNamePattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?)"
    R"((\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?)";

struct Shared {
  const Shape* text;
  const Shape* boolean;
  const Shape* function;             // as a part of the path
  const Shape* namespaced_function;  // the same where a qualifier may follow
  const Shape* alias;
  const Shape* version;
  const Shape* description;
  const Shape* qualifier;
  const Shape* page_size;
  const Shape* tags;
  const Shape* architectures;
  const Shape* routing;
  std::vector<Member> configuration;  // what CreateFunction and UpdateFunctionConfiguration share
};

Member path_member(std::string_view name, const Shape* shape) {
  return {name, shape, kRequired, Location::kPath};
}
Member query_member(std::string_view name, const Shape* shape) {
  return {name, shape, kOptional, Location::kQuery};
}
Member header_member(std::string_view name, const Shape* shape, std::string_view field) {
  return {name, shape, kOptional, Location::kHeader, field};
}

const Shape* environment(Shapes& shapes) {
  const Shape* name =
      shapes.string({.pattern = "[a-zA-Z]([a-zA-Z0-9_])+", .privacy = Privacy::kSensitive});
  const Shape* value = shapes.string({.privacy = Privacy::kSensitive});
  return shapes.structure("Environment", {{"Variables", shapes.map(name, value)}});
}

const Shape* logging(Shapes& shapes) {
  const Shape* level = shapes.enumeration({"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"});
  return shapes.structure(
      "LoggingConfig",
      {{"LogFormat", shapes.enumeration({"JSON", "Text"})},
       {"ApplicationLogLevel", level},
       {"SystemLogLevel", shapes.enumeration({"DEBUG", "INFO", "WARN"})},
       {"LogGroup", shapes.string({.min = 1, .max = 512, .pattern = R"([\.\-_/#A-Za-z0-9]+)"})}});
}

const Shape* vpc(Shapes& shapes, const Shape* boolean) {
  return shapes.structure("VpcConfig",
                          {{"SubnetIds", shapes.list(shapes.string(), {.min = 0, .max = 16})},
                           {"SecurityGroupIds", shapes.list(shapes.string(), {.min = 0, .max = 5})},
                           {"Ipv6AllowedForDualStack", boolean}});
}

// Runtimes are not an enumeration here: which ones exist is the service's own business.
std::vector<Member> configuration(Shapes& shapes, const Shape* boolean, const Shape* description) {
  const Shape* resource = shapes.string({.pattern = "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()"});
  const Shape* strings = shapes.list(shapes.string(), {.min = 0, .max = 1500});
  const Shape* image = shapes.structure(
      "ImageConfig", {{"EntryPoint", strings},
                      {"Command", strings},
                      {"WorkingDirectory", shapes.string({.min = 0, .max = 1000})}});
  const Shape* file_system = shapes.structure(
      "FileSystemConfig",
      {{"Arn", shapes.string({.min = 0, .max = 256}), kRequired},
       {"LocalMountPath", shapes.string({.min = 0, .max = 160, .pattern = "/mnt/[a-zA-Z0-9-_.]+"}),
        kRequired}});
  const Shape* storage = shapes.structure(
      "EphemeralStorage", {{"Size", shapes.integer({.min = 512, .max = 10'240}), kRequired}});
  const Shape* tracing =
      shapes.structure("TracingConfig", {{"Mode", shapes.enumeration({"Active", "PassThrough"})}});
  const Shape* snap_start = shapes.structure(
      "SnapStart", {{"ApplyOn", shapes.enumeration({"PublishedVersions", "None"})}});
  const Shape* dead_letters = shapes.structure("DeadLetterConfig", {{"TargetArn", resource}});
  return {{"Runtime", shapes.string()},
          {"Handler", shapes.string({.min = 0, .max = 128, .pattern = R"([^\s]+)"})},
          {"Description", description},
          {"Timeout", shapes.integer({.min = 1, .max = {}})},
          {"MemorySize", shapes.integer({.min = 128, .max = 32'768})},
          {"VpcConfig", vpc(shapes, boolean)},
          {"DeadLetterConfig", dead_letters},
          {"Environment", environment(shapes)},
          {"KMSKeyArn", resource},
          {"TracingConfig", tracing},
          {"Layers", shapes.list(shapes.string({.min = 1, .max = 140}))},
          {"FileSystemConfigs", shapes.list(file_system, {.min = 0, .max = 1})},
          {"ImageConfig", image},
          {"EphemeralStorage", storage},
          {"SnapStart", snap_start},
          {"LoggingConfig", logging(shapes)}};
}

Shared shared_shapes(Shapes& shapes) {
  Shared shared{};
  shared.text = shapes.string();
  shared.boolean = shapes.boolean();
  shared.function = shapes.string({.min = 1, .max = 140, .pattern = kFunctionNamePattern});
  shared.namespaced_function =
      shapes.string({.min = 1, .max = 256, .pattern = kNamespacedFunctionNamePattern});
  shared.alias = shapes.string({.min = 1, .max = 128, .pattern = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)"});
  shared.version =
      shapes.string({.min = 1, .max = 1024, .pattern = R"((\$LATEST(\.PUBLISHED)?|[0-9]+))"});
  shared.description = shapes.string({.min = 0, .max = 256});
  shared.qualifier = shapes.string(
      {.min = 1, .max = 128, .pattern = R"(\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)"});
  shared.page_size = shapes.integer({.min = 1, .max = 10'000});
  shared.tags = shapes.map(shared.text, shared.text);
  shared.architectures = shapes.list(shapes.enumeration({"x86_64", "arm64"}), {.min = 1, .max = 1});
  const Shape* weights = shapes.map(shapes.string({.min = 1, .max = 1024, .pattern = "[0-9]+"}),
                                    shapes.number(ShapeType::kDouble, {.min = 0, .max = 1}));
  shared.routing =
      shapes.structure("AliasRoutingConfiguration", {{"AdditionalVersionWeights", weights}});
  shared.configuration = configuration(shapes, shared.boolean, shared.description);
  return shared;
}

std::vector<Member> joined(std::vector<Member> first, const std::vector<Member>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// Where a function's package comes from.
std::vector<Member> code_members(Shapes& shapes) {
  return {
      {"ZipFile", shapes.blob(Privacy::kSensitive)},
      {"S3Bucket", shapes.string({.min = 3, .max = 63, .pattern = R"([0-9A-Za-z\.\-_]*(?<!\.))"})},
      {"S3Key", shapes.string({.min = 1, .max = 1024})},
      {"S3ObjectVersion", shapes.string({.min = 1, .max = 1024})},
      {"ImageUri", shapes.string()},
      {"SourceKMSKeyArn", shapes.string({.pattern = "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()"})}};
}

void add_functions(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* role = shapes.string(
      {.pattern = R"(arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)"});
  const Shape* code = shapes.structure("FunctionCode", code_members(shapes));
  model.add({.name = "CreateFunction",
             .http = {"POST", "/2015-03-31/functions", 201},
             .body_size = BodySize::kUpload},
            joined({{"FunctionName", s.function, kRequired},
                    {"Role", role, kRequired},
                    {"Code", code, kRequired},
                    {"Publish", s.boolean},
                    {"PackageType", shapes.enumeration({"Zip", "Image"})},
                    {"Tags", s.tags},
                    {"CodeSigningConfigArn", shapes.string({.min = 0, .max = 200})},
                    {"Architectures", s.architectures}},
                   s.configuration));
  model.add({.name = "UpdateFunctionCode",
             .http = {"PUT", "/2015-03-31/functions/{FunctionName}/code", 200},
             .body_size = BodySize::kUpload},
            joined({path_member("FunctionName", s.function),
                    {"Publish", s.boolean},
                    {"DryRun", s.boolean},
                    {"RevisionId", s.text},
                    {"Architectures", s.architectures}},
                   code_members(shapes)));
  model.add(
      {.name = "UpdateFunctionConfiguration",
       .http = {"PUT", "/2015-03-31/functions/{FunctionName}/configuration", 200}},
      joined({path_member("FunctionName", s.function), {"Role", role}, {"RevisionId", s.text}},
             s.configuration));
  model.add(
      {.name = "GetFunction", .effect = Effect::kReads, .http = {"GET", kFunction, 200}},
      {path_member("FunctionName", s.namespaced_function), query_member("Qualifier", s.qualifier)});
  model.add(
      {.name = "GetFunctionConfiguration",
       .effect = Effect::kReads,
       .http = {"GET", "/2015-03-31/functions/{FunctionName}/configuration", 200}},
      {path_member("FunctionName", s.namespaced_function), query_member("Qualifier", s.qualifier)});
  model.add({.name = "ListFunctions",
             .effect = Effect::kReads,
             .http = {"GET", "/2015-03-31/functions", 200}},
            {query_member("MasterRegion",
                          shapes.string({.pattern = R"(ALL|[a-z]{2}(-gov)?-[a-z]+-\d{1})"})),
             query_member("FunctionVersion", shapes.enumeration({"ALL"})),
             query_member("Marker", s.text), query_member("MaxItems", s.page_size)});
  model.add(
      {.name = "DeleteFunction", .http = {"DELETE", kFunction, 204}},
      {path_member("FunctionName", s.namespaced_function), query_member("Qualifier", s.qualifier)});
}

void add_invoke(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* output = shapes.structure(
      "InvocationResponse", {{"StatusCode", shapes.integer(), kOptional, Location::kStatus},
                             header_member("FunctionError", s.text, "X-Amz-Function-Error"),
                             header_member("LogResult", s.text, "X-Amz-Log-Result"),
                             header_member("ExecutedVersion", s.text, "X-Amz-Executed-Version"),
                             {"Payload", shapes.json(), kOptional, Location::kPayload}});
  model.add(
      {.name = "Invoke",
       .http = {"POST", "/2015-03-31/functions/{FunctionName}/invocations", 200},
       .output = output},
      {path_member("FunctionName", s.namespaced_function),
       query_member("Qualifier", s.qualifier),
       header_member("InvocationType", shapes.enumeration({"Event", "RequestResponse", "DryRun"}),
                     "x-amz-invocation-type"),
       header_member("LogType", shapes.enumeration({"None", "Tail"}), "x-amz-log-type"),
       header_member("ClientContext", s.text, "x-amz-client-context"),
       {"Payload", shapes.json(), kOptional, Location::kPayload}});
}

void add_versions_and_aliases(ServiceModel& model, const Shared& s) {
  constexpr std::string_view kVersions = "/2015-03-31/functions/{FunctionName}/versions";
  constexpr std::string_view kAliases = "/2015-03-31/functions/{FunctionName}/aliases";
  constexpr std::string_view kAlias = "/2015-03-31/functions/{FunctionName}/aliases/{Name}";
  model.add({.name = "PublishVersion", .http = {"POST", kVersions, 201}},
            {path_member("FunctionName", s.function),
             {"CodeSha256", s.text},
             {"Description", s.description},
             {"RevisionId", s.text}});
  model.add(
      {.name = "ListVersionsByFunction", .effect = Effect::kReads, .http = {"GET", kVersions, 200}},
      {path_member("FunctionName", s.namespaced_function), query_member("Marker", s.text),
       query_member("MaxItems", s.page_size)});
  model.add({.name = "CreateAlias", .http = {"POST", kAliases, 201}},
            {path_member("FunctionName", s.function),
             {"Name", s.alias, kRequired},
             {"FunctionVersion", s.version, kRequired},
             {"Description", s.description},
             {"RoutingConfig", s.routing}});
  model.add({.name = "UpdateAlias", .http = {"PUT", kAlias, 200}},
            {path_member("FunctionName", s.function),
             path_member("Name", s.alias),
             {"FunctionVersion", s.version},
             {"Description", s.description},
             {"RoutingConfig", s.routing},
             {"RevisionId", s.text}});
  model.add({.name = "GetAlias", .effect = Effect::kReads, .http = {"GET", kAlias, 200}},
            {path_member("FunctionName", s.function), path_member("Name", s.alias)});
  model.add({.name = "DeleteAlias", .http = {"DELETE", kAlias, 204}},
            {path_member("FunctionName", s.function), path_member("Name", s.alias)});
  model.add({.name = "ListAliases", .effect = Effect::kReads, .http = {"GET", kAliases, 200}},
            {path_member("FunctionName", s.function), query_member("FunctionVersion", s.version),
             query_member("Marker", s.text), query_member("MaxItems", s.page_size)});
}

void add_tags(ServiceModel& model, const Shared& s) {
  constexpr std::string_view kTags = "/2017-03-31/tags/{Resource}";
  Shapes& shapes = model.shapes();
  const Shape* resource = shapes.string({.min = 1, .max = 256});
  const Shape* keys = shapes.list(shapes.string());
  model.add({.name = "TagResource", .http = {"POST", kTags, 204}},
            {path_member("Resource", resource), {"Tags", s.tags, kRequired}});
  model.add({.name = "UntagResource", .http = {"DELETE", kTags, 204}},
            {path_member("Resource", resource),
             {"TagKeys", keys, kRequired, Location::kQuery, "tagKeys"}});
  model.add({.name = "ListTags", .effect = Effect::kReads, .http = {"GET", kTags, 200}},
            {path_member("Resource", resource)});
}

void add_concurrency(ServiceModel& model, const Shared& s) {
  constexpr std::string_view kPut = "/2017-10-31/functions/{FunctionName}/concurrency";
  constexpr std::string_view kGet = "/2019-09-30/functions/{FunctionName}/concurrency";
  const Shape* count = model.shapes().integer({.min = 0, .max = {}});
  model.add({.name = "PutFunctionConcurrency", .http = {"PUT", kPut, 200}},
            {path_member("FunctionName", s.function),
             {"ReservedConcurrentExecutions", count, kRequired}});
  model.add({.name = "DeleteFunctionConcurrency", .http = {"DELETE", kPut, 204}},
            {path_member("FunctionName", s.function)});
  model.add(
      {.name = "GetFunctionConcurrency", .effect = Effect::kReads, .http = {"GET", kGet, 200}},
      {path_member("FunctionName", s.function)});
  model.add({.name = "GetAccountSettings",
             .effect = Effect::kReads,
             .http = {"GET", "/2016-08-19/account-settings", 200}},
            {});
}

void add_permissions(ServiceModel& model, const Shared& s) {
  constexpr std::string_view kPolicy = "/2015-03-31/functions/{FunctionName}/policy";
  constexpr std::string_view kStatement =
      "/2015-03-31/functions/{FunctionName}/policy/{StatementId}";
  Shapes& shapes = model.shapes();
  const Shape* statement = shapes.string({.min = 1, .max = 100, .pattern = "([a-zA-Z0-9-_.]+)"});
  model.add({.name = "AddPermission", .http = {"POST", kPolicy, 201}},
            {path_member("FunctionName", s.namespaced_function),
             {"StatementId", statement, kRequired},
             {"Action", shapes.string({.pattern = "(lambda:[*]|lambda:[a-zA-Z]+|[*])"}), kRequired},
             {"Principal", shapes.string({.pattern = R"([^\s]+)"}), kRequired},
             {"SourceArn", s.text},
             {"SourceAccount", shapes.string({.min = 0, .max = 12, .pattern = R"(\d{12})"})},
             {"EventSourceToken", shapes.string({.min = 0, .max = 256})},
             {"RevisionId", s.text},
             {"PrincipalOrgID", shapes.string({.min = 12, .max = 34})},
             {"FunctionUrlAuthType", shapes.enumeration({"NONE", "AWS_IAM"})},
             {"InvokedViaFunctionUrl", s.boolean},
             query_member("Qualifier", s.qualifier)});
  model.add(
      {.name = "RemovePermission", .http = {"DELETE", kStatement, 204}},
      {path_member("FunctionName", s.namespaced_function), path_member("StatementId", statement),
       query_member("Qualifier", s.qualifier), query_member("RevisionId", s.text)});
  model.add(
      {.name = "GetPolicy", .effect = Effect::kReads, .http = {"GET", kPolicy, 200}},
      {path_member("FunctionName", s.namespaced_function), query_member("Qualifier", s.qualifier)});
}

void add_layers(ServiceModel& model, const Shared& s) {
  constexpr std::string_view kLayers = "/2018-10-31/layers";
  constexpr std::string_view kVersions = "/2018-10-31/layers/{LayerName}/versions";
  constexpr std::string_view kVersion = "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}";
  Shapes& shapes = model.shapes();
  const Shape* name =
      shapes.string({.min = 1,
                     .max = 140,
                     .pattern = R"((arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:)?)"
                                R"([a-zA-Z0-9-_]+)"});
  const Shape* number = shapes.number(ShapeType::kLong);
  const Shape* content = shapes.structure("LayerVersionContentInput", code_members(shapes));
  model.add({.name = "PublishLayerVersion",
             .http = {"POST", kVersions, 201},
             .body_size = BodySize::kUpload},
            {path_member("LayerName", name),
             {"Description", s.description},
             {"Content", content, kRequired},
             {"CompatibleRuntimes", shapes.list(s.text, {.min = 0, .max = 15})},
             {"LicenseInfo", shapes.string({.min = 0, .max = 512})},
             {"CompatibleArchitectures", shapes.list(s.text, {.min = 0, .max = 2})}});
  model.add({.name = "GetLayerVersion", .effect = Effect::kReads, .http = {"GET", kVersion, 200}},
            {path_member("LayerName", name), path_member("VersionNumber", number)});
  model.add({.name = "DeleteLayerVersion", .http = {"DELETE", kVersion, 204}},
            {path_member("LayerName", name), path_member("VersionNumber", number)});
  // GetLayerVersionByArn has the same path, and an ARN.
  model.add({.name = "ListLayers", .effect = Effect::kReads, .http = {"GET", kLayers, 200}},
            {query_member("Arn", s.text), query_member("CompatibleRuntime", s.text),
             query_member("CompatibleArchitecture", s.text), query_member("Marker", s.text),
             query_member("MaxItems", s.page_size)});
  model.add(
      {.name = "ListLayerVersions", .effect = Effect::kReads, .http = {"GET", kVersions, 200}},
      {path_member("LayerName", name), query_member("CompatibleRuntime", s.text),
       query_member("CompatibleArchitecture", s.text), query_member("Marker", s.text),
       query_member("MaxItems", s.page_size)});
}

void add_event_configurations(ServiceModel& model, const Shared& s) {
  constexpr std::string_view kPath = "/2019-09-25/functions/{FunctionName}/event-invoke-config";
  Shapes& shapes = model.shapes();
  const Shape* destination = shapes.string({.min = 0, .max = 350});
  const Shape* destinations = shapes.structure(
      "DestinationConfig",
      {{"OnSuccess", shapes.structure("OnSuccess", {{"Destination", destination}})},
       {"OnFailure", shapes.structure("OnFailure", {{"Destination", destination}})}});
  const std::vector<Member> members = {
      path_member("FunctionName", s.function),
      query_member("Qualifier", s.qualifier),
      {"MaximumRetryAttempts", shapes.integer({.min = 0, .max = 2})},
      {"MaximumEventAgeInSeconds", shapes.integer({.min = 60, .max = 21'600})},
      {"DestinationConfig", destinations}};
  model.add({.name = "PutFunctionEventInvokeConfig", .http = {"PUT", kPath, 200}}, members);
  model.add({.name = "UpdateFunctionEventInvokeConfig", .http = {"POST", kPath, 200}}, members);
  model.add({.name = "GetFunctionEventInvokeConfig",
             .effect = Effect::kReads,
             .http = {"GET", kPath, 200}},
            {path_member("FunctionName", s.function), query_member("Qualifier", s.qualifier)});
  model.add({.name = "DeleteFunctionEventInvokeConfig", .http = {"DELETE", kPath, 204}},
            {path_member("FunctionName", s.function), query_member("Qualifier", s.qualifier)});
  model.add({.name = "ListFunctionEventInvokeConfigs",
             .effect = Effect::kReads,
             .http = {"GET", "/2019-09-25/functions/{FunctionName}/event-invoke-config/list", 200}},
            {path_member("FunctionName", s.function), query_member("Marker", s.text),
             query_member("MaxItems", s.page_size)});
}

void add_code_signing(ServiceModel& model, const Shared& s) {
  model.add({.name = "GetFunctionCodeSigningConfig",
             .effect = Effect::kReads,
             .http = {"GET", "/2020-06-30/functions/{FunctionName}/code-signing-config", 200}},
            {path_member("FunctionName", s.function)});
}

void add_errors(ServiceModel& model) {
  model.add_error("CodeStorageExceededException", {400, "message"});
  model.add_error("InvalidParameterValueException", {400, "message"});
  model.add_error("InvalidRequestContentException", {400, "message"});
  model.add_error("PolicyLengthExceededException", {400, "message"});
  model.add_error("PreconditionFailedException", {412, "message"});
  model.add_error("RequestTooLargeException", {413, "message"});
  model.add_error("ResourceConflictException", {409, "message"});
  model.add_error("ResourceInUseException", {400, "Message"});
  model.add_error("ResourceNotFoundException", {404, "Message"});
  model.add_error("ResourceNotReadyException", {502, "message"});
  model.add_error("InvalidZipFileException", {502, "Message"});
  model.add_error("InvalidRuntimeException", {502, "Message"});
  model.add_error("ServiceException", {500, "Message"});
  model.add_error("TooManyRequestsException", {429, "message"});
  model.add_error("UnsupportedMediaTypeException", {415, "message"});
}

}  // namespace

ServiceModel lambda_model() {
  ServiceModel model({.signing_name = "lambda", .protocol = Protocol::kRestJson});
  const Shared shared = shared_shapes(model.shapes());
  add_functions(model, shared);
  add_invoke(model, shared);
  add_versions_and_aliases(model, shared);
  add_tags(model, shared);
  add_concurrency(model, shared);
  add_permissions(model, shared);
  add_code_signing(model, shared);
  add_layers(model, shared);
  add_event_configurations(model, shared);
  add_function_url_operations(model, shared.function);
  add_event_source_operations(model, shared.namespaced_function);
  add_errors(model);
  return model;
}

}  // namespace pawl::api
