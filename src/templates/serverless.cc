#include "templates/serverless.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "json/writer.h"
#include "templates/serverless_events.h"
#include "templates/serverless_parts.h"
#include "templates/serverless_policies.h"
#include "templates/serverless_published.h"
#include "templates/serverless_role.h"

namespace pawl::templates {

namespace {

using json::Node;
using json::Writer;

// Serverless types that expand to what is not here.
struct Missing {
  std::string_view type, resource;
};
constexpr Missing kMissing[] = {{"AWS::Serverless::Api", "AWS::ApiGateway::RestApi"},
                                {"AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"},
                                {"AWS::Serverless::GraphQLApi", "AWS::AppSync::GraphQLApi"},
                                {"AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"}};

constexpr std::string_view kFunctionProperties[] = {"AssumeRolePolicyDocument",
                                                    "AutoPublishAlias",
                                                    "AutoPublishAliasAllProperties",
                                                    "AutoPublishCodeSha256",
                                                    "Architectures",
                                                    "CodeSigningConfigArn",
                                                    "CodeUri",
                                                    "DeadLetterQueue",
                                                    "DeploymentPreference",
                                                    "Description",
                                                    "Environment",
                                                    "EphemeralStorage",
                                                    "EventInvokeConfig",
                                                    "Events",
                                                    "FileSystemConfigs",
                                                    "FunctionName",
                                                    "FunctionUrlConfig",
                                                    "Handler",
                                                    "ImageConfig",
                                                    "ImageUri",
                                                    "InlineCode",
                                                    "KmsKeyArn",
                                                    "Layers",
                                                    "LoggingConfig",
                                                    "MemorySize",
                                                    "PackageType",
                                                    "PermissionsBoundary",
                                                    "Policies",
                                                    "PropagateTags",
                                                    "ProvisionedConcurrencyConfig",
                                                    "RecursiveLoop",
                                                    "ReservedConcurrentExecutions",
                                                    "Role",
                                                    "RolePath",
                                                    "Runtime",
                                                    "RuntimeManagementConfig",
                                                    "SnapStart",
                                                    "SourceKMSKeyArn",
                                                    "Tags",
                                                    "TenancyConfig",
                                                    "Timeout",
                                                    "Tracing",
                                                    "VersionDescription",
                                                    "VersionDeletionPolicy",
                                                    "VpcConfig"};

class Expansion {
 public:
  explicit Expansion(const json::Value& document) : root_(document.root()), out_(text_) {}

  Result<json::Value, TemplateError> run() {
    out_.begin_object();
    for (const json::Member& section : root_.members()) {
      const std::string_view name = section.key.string();
      if (name == "Transform" || name == "Globals" || name == "Resources") continue;
      out_.key(name).node(section.value);
    }
    out_.key("Resources").begin_object();
    const Node resources = member_of(root_, "Resources");
    // Buckets come last: functions' events add to them.
    for (const json::Member& resource : resources.members()) {
      if (is_bucket(resource.value)) continue;
      expand(std::string(resource.key.string()), resource.value);
    }
    for (const json::Member& resource : resources.members()) {
      if (is_bucket(resource.value)) bucket(std::string(resource.key.string()), resource.value);
    }
    for (const auto& [name, gathered] : notifications_) {
      errors_.push_back(fmt::format(
          "Resource with id [{}] is invalid. S3 events must reference an S3 bucket in the same "
          "template.",
          name));
    }
    out_.end_object().end_object();
    if (errors_.empty()) {
      return with_published_names(json::Value::trusted(std::move(text_)), published_);
    }
    std::string all;
    for (const std::string& error : errors_) all += " " + error;
    return template_error(
        fmt::format("Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless "
                    "Application Specification document. Number of errors found: {}.{}",
                    errors_.size(), all));
  }

 private:
  static bool is_bucket(Node resource) {
    const Node type = member_of(resource, "Type");
    return type.is_string() && type.string() == "AWS::S3::Bucket";
  }

  void bucket(const std::string& name, Node resource) {
    const auto gathered = notifications_.find(name);
    if (gathered == notifications_.end()) {
      out_.key(name).node(resource);
      return;
    }
    write_bucket(out_, name, resource, gathered->second);
    notifications_.erase(gathered);
  }

  void expand(const std::string& name, Node resource) {
    const Node type = member_of(resource, "Type");
    const std::string_view text = type.is_string() ? type.string() : std::string_view();
    Written written;
    if (text == "AWS::Serverless::Function") {
      written = function(name, resource, properties_of(resource, "Function"));
    } else if (text == "AWS::Serverless::StateMachine") {
      written = state_machine(name, resource, properties_of(resource, "StateMachine"));
    } else if (text == "AWS::Serverless::LayerVersion") {
      written = layer(name, resource, properties_of(resource, "LayerVersion"));
    } else if (text == "AWS::Serverless::Application") {
      written = application(name, resource, member_of(resource, "Properties"));
    } else if (text.starts_with("AWS::Serverless::")) {
      written = refuse(text);
    } else {
      out_.key(name).node(resource);
    }
    if (!written.ok()) {
      errors_.push_back(fmt::format("Resource with id [{}] is invalid. {}", name, written.error()));
    }
  }

  static Written refuse(std::string_view type) {
    const auto missing = std::find_if(std::begin(kMissing), std::end(kMissing),
                                      [type](const Missing& each) { return each.type == type; });
    if (missing == std::end(kMissing)) {
      return Err{fmt::format("Type '{}' is not supported here.", type)};
    }
    return Err{fmt::format("Type '{}' needs {}, which is not here.", type, missing->resource)};
  }

  Node properties_of(Node resource, std::string_view global) {
    const Node globals = member_of(member_of(root_, "Globals"), global);
    return merged_globals(arena_, globals, member_of(resource, "Properties"));
  }

  static Written check_function(Node properties) {
    for (const json::Member& member : properties.members()) {
      const std::string_view name = member.key.string();
      if (std::find(std::begin(kFunctionProperties), std::end(kFunctionProperties), name) ==
          std::end(kFunctionProperties)) {
        return Err{
            fmt::format("property {} not defined for resource of type "
                        "AWS::Serverless::Function",
                        name)};
      }
    }
    const Node preference = member_of(properties, "DeploymentPreference");
    const Node enabled = member_of(preference, "Enabled");
    if (!preference.is_null() && !(enabled.is_boolean() && !enabled.boolean())) {
      return Err{std::string(
          "'DeploymentPreference' needs AWS::CodeDeploy::DeploymentGroup, which is not here.")};
    }
    return {};
  }

  Written function(const std::string& name, Node resource, Node properties) {
    TRY(check_function(properties));
    std::string code;
    Writer code_out(code);
    TRY(write_code(code_out, properties));
    const Node alias = member_of(properties, "AutoPublishAlias");
    if (!alias.is_null() && !alias.is_string()) {
      return Err{
          std::string("'AutoPublishAlias' must be a string or a Ref to a template parameter")};
    }
    write_function(name, resource, properties, code);
    const Node tracing = member_of(properties, "Tracing");
    if (member_of(properties, "Role").is_null()) {
      std::vector<std::string> managed = {managed_policy_arn("AWSLambdaBasicExecutionRole")};
      if (tracing.is_string() && tracing.string() == "Active") {
        managed.push_back(managed_policy_arn("AWSXrayWriteOnlyAccess"));
      }
      if (!member_of(properties, "VpcConfig").is_null()) {
        managed.push_back(managed_policy_arn("AWSLambdaVPCAccessExecutionRole"));
      }
      for (const std::string& policy : event_policy_names(properties)) {
        managed.push_back(managed_policy_arn(policy));
      }
      TRY(write_role(out_, name, resource, properties,
                     {"lambda.amazonaws.com", "lambda:createdBy", std::move(managed)}));
    }
    const std::string alias_name =
        alias.is_null() ? "" : name + "Alias" + std::string(alias.string());
    if (!alias.is_null()) publish(name, alias_name, resource, properties, code);
    write_url(name, alias_name, resource, properties);
    write_invoke_config(name, resource, properties);
    return write_function_events(out_, {name, alias_name, resource}, properties, notifications_);
  }

  void write_function(const std::string& name, Node resource, Node properties,
                      const std::string& code) {
    const Node role = member_of(properties, "Role");
    out_.key(name).begin_object().key("Type").string("AWS::Lambda::Function");
    write_attributes(out_, resource);
    out_.key("Properties").begin_object().key("Code").raw(code).key("Role");
    role.is_null() ? write_attribute_of(out_, name + "Role", "Arn") : void(out_.node(role));
    copy_members(out_, properties, {"FunctionName",      "Handler",
                                    "Runtime",           "MemorySize",
                                    "Timeout",           "Description",
                                    "Environment",       "Layers",
                                    "Architectures",     "EphemeralStorage",
                                    "KmsKeyArn",         "ReservedConcurrentExecutions",
                                    "PackageType",       "ImageConfig",
                                    "FileSystemConfigs", "LoggingConfig",
                                    "SnapStart",         "VpcConfig",
                                    "RecursiveLoop",     "RuntimeManagementConfig",
                                    "TenancyConfig",     "CodeSigningConfigArn"});
    const Node tracing = member_of(properties, "Tracing");
    if (!tracing.is_null()) {
      out_.key("TracingConfig").begin_object().key("Mode").node(tracing).end_object();
    }
    const Node queue = member_of(member_of(properties, "DeadLetterQueue"), "TargetArn");
    if (!queue.is_null()) {
      out_.key("DeadLetterConfig").begin_object().key("TargetArn").node(queue).end_object();
    }
    out_.key("Tags");
    write_tags(out_, "lambda:createdBy", member_of(properties, "Tags"));
    out_.end_object().end_object();
  }

  static Written write_code(Writer& out, Node properties) {
    const Node inline_code = member_of(properties, "InlineCode");
    const Node uri = member_of(properties, "CodeUri");
    const Node image = member_of(properties, "ImageUri");
    if (!inline_code.is_null()) {
      out.begin_object().key("ZipFile").node(inline_code).end_object();
      return {};
    }
    if (!image.is_null()) {
      out.begin_object().key("ImageUri").node(image).end_object();
      return {};
    }
    if (uri.is_null()) return Err{std::string("Missing required property 'CodeUri'.")};
    return write_place(out, uri, {"S3Bucket", "S3Key", "S3ObjectVersion"}, "CodeUri");
  }

  // AutoPublishAlias: a version that follows from the code, and an alias that shows it.
  void publish(const std::string& name, const std::string& alias_name, Node resource,
               Node properties, const std::string& code) {
    const Node given = member_of(properties, "AutoPublishCodeSha256");
    const std::string of_code = given.is_string() ? std::string(given.string()) : code;
    const std::string version = name + "Version" + hex_digest(of_code, "SHA-256")->substr(0, 10);
    const Node policy = member_of(properties, "VersionDeletionPolicy");
    published_[name + ".Version"] = version;
    published_[name + ".Alias"] = alias_name;
    out_.key(version).begin_object().key("Type").string("AWS::Lambda::Version");
    out_.key("DeletionPolicy");
    policy.is_null() ? void(out_.string("Retain")) : void(out_.node(policy));
    write_condition(out_, resource);
    out_.key("Properties").begin_object().key("FunctionName");
    write_reference(out_, name);
    copy_members(out_, properties, {"VersionDescription=Description"});
    out_.end_object().end_object();
    out_.key(alias_name).begin_object().key("Type").string("AWS::Lambda::Alias");
    write_condition(out_, resource);
    out_.key("Properties").begin_object();
    copy_members(out_, properties, {"AutoPublishAlias=Name"});
    out_.key("FunctionName");
    write_reference(out_, name);
    out_.key("FunctionVersion");
    write_attribute_of(out_, version, "Version");
    copy_members(out_, properties, {"ProvisionedConcurrencyConfig"});
    out_.end_object().end_object();
  }

  // FunctionUrlConfig: an address, and whoever may call it where it asks for nothing.
  void write_url(const std::string& name, const std::string& alias, Node resource,
                 Node properties) {
    const Node url = member_of(properties, "FunctionUrlConfig");
    if (url.is_null()) return;
    out_.key(name + "Url").begin_object().key("Type").string("AWS::Lambda::Url");
    write_condition(out_, resource);
    out_.key("Properties").begin_object();
    copy_members(out_, url, {"AuthType", "Cors", "InvokeMode"});
    out_.key("TargetFunctionArn");
    write_reference(out_, alias.empty() ? name : alias);
    out_.end_object().end_object();
    const Node authorization = member_of(url, "AuthType");
    if (!authorization.is_string() || authorization.string() != "NONE") return;
    out_.key(name + "UrlPublicPermissions").begin_object();
    out_.key("Type").string("AWS::Lambda::Permission");
    write_condition(out_, resource);
    out_.key("Properties").begin_object().key("Action").string("lambda:InvokeFunctionUrl");
    out_.key("FunctionName");
    write_reference(out_, alias.empty() ? name : alias);
    out_.key("Principal").string("*").key("FunctionUrlAuthType").string("NONE");
    out_.end_object().end_object();
  }

  void write_invoke_config(const std::string& name, Node resource, Node properties) {
    const Node config = member_of(properties, "EventInvokeConfig");
    if (config.is_null()) return;
    const Node alias = member_of(properties, "AutoPublishAlias");
    out_.key(name + "EventInvokeConfig").begin_object();
    out_.key("Type").string("AWS::Lambda::EventInvokeConfig");
    write_condition(out_, resource);
    out_.key("Properties").begin_object().key("FunctionName");
    write_reference(out_, name);
    out_.key("Qualifier").string(alias.is_string() ? alias.string() : "$LATEST");
    copy_members(out_, config,
                 {"MaximumEventAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig"});
    out_.end_object().end_object();
  }

  Written state_machine(const std::string& name, Node resource, Node properties) {
    const Node uri = member_of(properties, "DefinitionUri");
    const Node definition = member_of(properties, "Definition");
    if (uri.is_null() == definition.is_null()) {
      return Err{
          std::string("Specify either 'Definition' or 'DefinitionUri' property and not both.")};
    }
    std::string place;
    Writer place_out(place);
    if (definition.is_null()) {
      TRY(write_place(place_out, uri, {"Bucket", "Key", "Version"}, "DefinitionUri"));
    }
    const Node role = member_of(properties, "Role");
    out_.key(name).begin_object().key("Type").string("AWS::StepFunctions::StateMachine");
    write_attributes(out_, resource);
    out_.key("Properties").begin_object();
    if (definition.is_null()) {
      out_.key("DefinitionS3Location").raw(place);
    } else {
      out_.key("Definition").node(definition);
    }
    out_.key("RoleArn");
    role.is_null() ? write_attribute_of(out_, name + "Role", "Arn") : void(out_.node(role));
    copy_members(out_, properties,
                 {"DefinitionSubstitutions", "Name=StateMachineName", "Type=StateMachineType",
                  "Logging=LoggingConfiguration", "Tracing=TracingConfiguration"});
    out_.key("Tags");
    write_tags(out_, "stateMachine:createdBy", member_of(properties, "Tags"));
    out_.end_object().end_object();
    if (role.is_null()) {
      TRY(write_role(out_, name, resource, properties,
                     {"states.amazonaws.com", "stateMachine:createdBy", {}}));
    }
    publish_machine(name, resource, properties);
    return write_state_machine_events(out_, name, resource, properties);
  }

  // A version that follows from the definition, and an alias that shows it.
  void publish_machine(const std::string& name, Node resource, Node properties) {
    const Node alias = member_of(properties, "AutoPublishAlias");
    if (!alias.is_string()) return;
    const std::string content = json::print(properties);
    const std::string version = name + "Version" + hex_digest(content, "SHA-256")->substr(0, 10);
    const std::string alias_name = name + "Alias" + std::string(alias.string());
    published_[name + ".Version"] = version;
    published_[name + ".Alias"] = alias_name;
    out_.key(version).begin_object();
    out_.key("Type").string("AWS::StepFunctions::StateMachineVersion");
    out_.key("DeletionPolicy").string("Retain").key("UpdateReplacePolicy").string("Retain");
    write_condition(out_, resource);
    out_.key("Properties").begin_object().key("StateMachineArn");
    write_reference(out_, name);
    out_.key("StateMachineRevisionId");
    write_attribute_of(out_, name, "StateMachineRevisionId");
    out_.end_object().end_object();
    out_.key(alias_name).begin_object();
    out_.key("Type").string("AWS::StepFunctions::StateMachineAlias");
    write_condition(out_, resource);
    out_.key("Properties").begin_object().key("Name").node(alias);
    out_.key("RoutingConfiguration").begin_array().begin_object().key("StateMachineVersionArn");
    write_reference(out_, version);
    out_.key("Weight").integer(100).end_object().end_array();
    out_.end_object().end_object();
  }

  // Every change makes another version; earlier ones stay.
  Written layer(const std::string& name, Node resource, Node properties) {
    const Node uri = member_of(properties, "ContentUri");
    if (uri.is_null()) return Err{std::string("Missing required property 'ContentUri'.")};
    std::string content;
    Writer content_out(content);
    TRY(write_place(content_out, uri, {"S3Bucket", "S3Key", "S3ObjectVersion"}, "ContentUri"));
    const Node policy = member_of(properties, "RetentionPolicy");
    const bool deletes = policy.is_string() && policy.string() == "Delete";
    out_.key(name).begin_object().key("Type").string("AWS::Lambda::LayerVersion");
    copy_members(out_, resource, {"Condition", "DependsOn", "Metadata"});
    for (const char* attribute : {"DeletionPolicy", "UpdateReplacePolicy"}) {
      out_.key(attribute).string(deletes ? "Delete" : "Retain");
    }
    out_.key("Properties").begin_object().key("Content").raw(content);
    const Node layer_name = member_of(properties, "LayerName");
    out_.key("LayerName");
    layer_name.is_null() ? void(out_.string(name)) : void(out_.node(layer_name));
    copy_members(out_, properties,
                 {"Description", "CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo"});
    out_.end_object().end_object();
    return {};
  }

  Written application(const std::string& name, Node resource, Node properties) {
    const Node location = member_of(properties, "Location");
    if (!location.is_string()) {
      return Err{std::string(
          "'Location' must be the URL of a template: there is no application repository here.")};
    }
    out_.key(name).begin_object().key("Type").string("AWS::CloudFormation::Stack");
    write_attributes(out_, resource);
    out_.key("Properties").begin_object();
    copy_members(out_, properties,
                 {"Location=TemplateURL", "Parameters", "NotificationARNs=NotificationARNs",
                  "TimeoutInMinutes"});
    out_.key("Tags");
    write_tags(out_, "lambda:createdBy", member_of(properties, "Tags"));
    out_.end_object().end_object();
    return {};
  }

  const Node root_;
  json::Arena arena_;
  std::string text_;
  Writer out_;
  std::vector<std::string> errors_;
  NotificationsByBucket notifications_;
  PublishedNames published_;
};

}  // namespace

Result<json::Value, TemplateError> expand_serverless(const json::Value& document) {
  return Expansion(document).run();
}

}  // namespace pawl::templates
