#include "templates/serverless.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "json/writer.h"
#include "templates/intrinsic.h"
#include "templates/serverless_policies.h"

namespace pawl::templates {

namespace {

using json::Node;
using json::Writer;
using Written = Result<void, std::string>;

Node member_of(Node object, std::string_view name) {
  const Node* found = object.find(name);
  return found != nullptr ? *found : Node();
}

// Globals under what a resource says itself: maps are merged, lists joined, other values replaced.
Node merged(json::Arena& arena, Node global, Node local) {
  if (local.is_null()) return global;
  if (global.is_null() || intrinsic_of(global) || intrinsic_of(local)) return local;
  if (global.is_array() && local.is_array()) {
    std::vector<Node> elements(global.begin(), global.end());
    elements.insert(elements.end(), local.begin(), local.end());
    return arena.array(elements);
  }
  if (!global.is_object() || !local.is_object()) return local;
  json::ObjectBuilder out(arena);
  for (const json::Member& member : global.members()) out.set(member.key.string(), member.value);
  for (const json::Member& member : local.members()) {
    const Node* other = global.find(member.key.string());
    out.set(member.key.string(),
            other != nullptr ? merged(arena, *other, member.value) : member.value);
  }
  return out.finish();
}

struct Location {
  std::string bucket, key;
};

std::optional<Location> parse_s3_uri(std::string_view uri) {
  if (!uri.starts_with("s3://")) return std::nullopt;
  uri.remove_prefix(5);
  const std::size_t slash = uri.find('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  return Location{std::string(uri.substr(0, slash)), std::string(uri.substr(slash + 1))};
}

// A place of an object, by the names that the type wants for bucket, key and version.
struct PlaceNames {
  std::string_view bucket, key, version;
};
Written write_place(Writer& out, Node uri, const PlaceNames& names, std::string_view property) {
  if (uri.is_string()) {
    const auto place = parse_s3_uri(uri.string());
    if (!place) {
      return Err{fmt::format(
          "'{}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query "
          "parameter.",
          property)};
    }
    out.begin_object().key(names.bucket).string(place->bucket);
    out.key(names.key).string(place->key).end_object();
    return {};
  }
  const Node* bucket = uri.find("Bucket");
  const Node* key = uri.find("Key");
  if (bucket == nullptr || key == nullptr) {
    return Err{fmt::format("'{}' requires Bucket and Key properties to be specified.", property)};
  }
  out.begin_object().key(names.bucket).node(*bucket).key(names.key).node(*key);
  if (const Node* version = uri.find("Version")) out.key(names.version).node(*version);
  out.end_object();
  return {};
}

// `{key: value}` as a list, the mark of the transform first.
void write_tags(Writer& out, std::string_view mark, Node tags) {
  out.begin_array().begin_object().key("Key").string(mark).key("Value").string("SAM").end_object();
  for (const json::Member& tag : tags.members()) {
    out.begin_object()
        .key("Key")
        .string(tag.key.string())
        .key("Value")
        .node(tag.value)
        .end_object();
  }
  out.end_array();
}

// Attributes beside Type and Properties.
void write_attributes(Writer& out, Node resource) {
  for (const char* name :
       {"Condition", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"}) {
    const Node value = member_of(resource, name);
    if (!value.is_null()) out.key(name).node(value);
  }
}

void write_reference(Writer& out, std::string_view resource, std::string_view attribute) {
  out.begin_object().key("Fn::GetAtt").begin_array().string(resource).string(attribute);
  out.end_array().end_object();
}

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
    for (const json::Member& resource : resources.members()) {
      expand(std::string(resource.key.string()), resource.value);
    }
    out_.end_object().end_object();
    if (errors_.empty()) return json::Value::trusted(std::move(text_));
    std::string all;
    for (const std::string& error : errors_) all += " " + error;
    return template_error(
        fmt::format("Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless "
                    "Application Specification document. Number of errors found: {}.{}",
                    errors_.size(), all));
  }

 private:
  void expand(const std::string& name, Node resource) {
    const Node type = member_of(resource, "Type");
    const std::string_view text = type.is_string() ? type.string() : std::string_view();
    Written written;
    if (text == "AWS::Serverless::Function") {
      written = function(name, resource, properties_of(resource, "Function"));
    } else if (text == "AWS::Serverless::StateMachine") {
      written = state_machine(name, resource, properties_of(resource, "StateMachine"));
    } else if (text.starts_with("AWS::Serverless::")) {
      written = Err{fmt::format("Type '{}' is not supported here.", text)};
    } else {
      out_.key(name).node(resource);
    }
    if (!written.ok()) {
      errors_.push_back(fmt::format("Resource with id [{}] is invalid. {}", name, written.error()));
    }
  }

  Node properties_of(Node resource, std::string_view global) {
    const Node globals = member_of(member_of(root_, "Globals"), global);
    return merged(arena_, globals, member_of(resource, "Properties"));
  }

  Written function(const std::string& name, Node resource, Node properties) {
    TRY(refuse_events(properties));
    const Node role = member_of(properties, "Role");
    std::string code;
    Writer code_out(code);
    TRY(write_code(code_out, properties));
    out_.key(name).begin_object().key("Type").string("AWS::Lambda::Function");
    write_attributes(out_, resource);
    out_.key("Properties").begin_object().key("Code").raw(code).key("Role");
    role.is_null() ? write_reference(out_, name + "Role", "Arn") : void(out_.node(role));
    copy(properties, {"FunctionName",
                      "Handler",
                      "Runtime",
                      "MemorySize",
                      "Timeout",
                      "Description",
                      "Environment",
                      "Layers",
                      "Architectures",
                      "EphemeralStorage",
                      "KmsKeyArn",
                      "ReservedConcurrentExecutions",
                      "PackageType",
                      "ImageConfig",
                      "FileSystemConfigs",
                      "LoggingConfig",
                      "SnapStart",
                      "VpcConfig",
                      "RecursiveLoop",
                      "RuntimeManagementConfig",
                      "CodeSigningConfigArn"});
    const Node tracing = member_of(properties, "Tracing");
    if (!tracing.is_null())
      out_.key("TracingConfig").begin_object().key("Mode").node(tracing).end_object();
    const Node queue = member_of(member_of(properties, "DeadLetterQueue"), "TargetArn");
    if (!queue.is_null()) {
      out_.key("DeadLetterConfig").begin_object().key("TargetArn").node(queue).end_object();
    }
    out_.key("Tags");
    write_tags(out_, "lambda:createdBy", member_of(properties, "Tags"));
    out_.end_object().end_object();
    if (role.is_null()) {
      std::vector<std::string> managed = {managed_policy_arn("AWSLambdaBasicExecutionRole")};
      if (tracing.is_string() && tracing.string() == "Active") {
        managed.push_back(managed_policy_arn("AWSXrayWriteOnlyAccess"));
      }
      TRY(write_role(name, resource, properties,
                     {"lambda.amazonaws.com", "lambda:createdBy", std::move(managed)}));
    }
    return publish(name, resource, properties, code);
  }

  static Written refuse_events(Node properties) {
    const Node events = member_of(properties, "Events");
    for (const json::Member& event : events.members()) {
      const Node type = member_of(event.value, "Type");
      return Err{
          fmt::format("Event with id [{}] is invalid. Events of type '{}' are not supported "
                      "here.",
                      event.key.string(), type.is_string() ? type.string() : "")};
    }
    return {};
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

  Written state_machine(const std::string& name, Node resource, Node properties) {
    TRY(refuse_events(properties));
    const Node uri = member_of(properties, "DefinitionUri");
    const Node definition = member_of(properties, "Definition");
    if (uri.is_null() == definition.is_null()) {
      return Err{
          std::string("Specify either 'Definition' or 'DefinitionUri' property and not both.")};
    }
    const Node role = member_of(properties, "Role");
    out_.key(name).begin_object().key("Type").string("AWS::StepFunctions::StateMachine");
    write_attributes(out_, resource);
    out_.key("Properties").begin_object();
    if (definition.is_null()) {
      std::string place;
      Writer place_out(place);
      const auto written =
          write_place(place_out, uri, {"Bucket", "Key", "Version"}, "DefinitionUri");
      out_.key("DefinitionS3Location").raw(written.ok() ? place : "{}");
      if (!written.ok()) {
        out_.end_object().end_object();
        return written;
      }
    } else {
      out_.key("Definition").node(definition);
    }
    out_.key("RoleArn");
    role.is_null() ? write_reference(out_, name + "Role", "Arn") : void(out_.node(role));
    copy(properties, {"DefinitionSubstitutions"});
    rename(properties, "Name", "StateMachineName");
    rename(properties, "Type", "StateMachineType");
    rename(properties, "Logging", "LoggingConfiguration");
    rename(properties, "Tracing", "TracingConfiguration");
    out_.key("Tags");
    write_tags(out_, "stateMachine:createdBy", member_of(properties, "Tags"));
    out_.end_object().end_object();
    if (!role.is_null()) return {};
    return write_role(name, resource, properties,
                      {"states.amazonaws.com", "stateMachine:createdBy", {}});
  }

  void copy(Node properties, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) rename(properties, name, name);
  }
  void rename(Node properties, std::string_view name, std::string_view wanted) {
    const Node value = member_of(properties, name);
    if (!value.is_null()) out_.key(wanted).node(value);
  }

  struct RoleKind {
    std::string_view service, mark;
    std::vector<std::string> managed;
  };

  Written write_role(const std::string& name, Node resource, Node properties, RoleKind kind) {
    const Node given = member_of(properties, "Policies");
    std::vector<Node> policies;
    if (given.is_array()) {
      policies.assign(given.begin(), given.end());
    } else if (!given.is_null()) {
      policies.push_back(given);
    }
    std::string managed, documents;
    Writer managed_out(managed), documents_out(documents);
    managed_out.begin_array();
    documents_out.begin_array();
    const auto add_managed = [&](std::string arn) {
      if (std::find(kind.managed.begin(), kind.managed.end(), arn) == kind.managed.end()) {
        kind.managed.push_back(std::move(arn));
      }
    };
    std::size_t number = 0;
    std::vector<Node> references;
    for (const Node& policy : policies) {
      if (policy.is_string()) {
        const std::string_view text = policy.string();
        add_managed(text.starts_with("arn:") ? std::string(text) : managed_policy_arn(text));
      } else if (intrinsic_of(policy)) {
        references.push_back(policy);
      } else {
        TRY(write_inline(documents_out, fmt::format("{}RolePolicy{}", name, number), policy));
      }
      ++number;
    }
    for (const std::string& arn : kind.managed) managed_out.string(arn);
    for (const Node& reference : references) managed_out.node(reference);
    managed_out.end_array();
    documents_out.end_array();
    out_.key(name + "Role").begin_object().key("Type").string("AWS::IAM::Role");
    const Node condition = member_of(resource, "Condition");
    if (!condition.is_null()) out_.key("Condition").node(condition);
    out_.key("Properties").begin_object().key("AssumeRolePolicyDocument");
    const Node assume = member_of(properties, "AssumeRolePolicyDocument");
    assume.is_null() ? write_trust(kind.service) : void(out_.node(assume));
    out_.key("ManagedPolicyArns").raw(managed);
    if (documents != "[]") out_.key("Policies").raw(documents);
    rename(properties, "PermissionsBoundary", "PermissionsBoundary");
    rename(properties, "RolePath", "Path");
    out_.key("Tags");
    write_tags(out_, kind.mark, Node());
    out_.end_object().end_object();
    return {};
  }

  void write_trust(std::string_view service) {
    out_.begin_object().key("Version").string("2012-10-17").key("Statement").begin_array();
    out_.begin_object().key("Action").begin_array().string("sts:AssumeRole").end_array();
    out_.key("Effect").string("Allow").key("Principal").begin_object().key("Service");
    out_.begin_array().string(service).end_array().end_object().end_object();
    out_.end_array().end_object();
  }

  static Written write_inline(Writer& out, const std::string& name, Node policy) {
    std::string document;
    Writer document_out(document);
    const bool templated = policy.size() == 1 && is_policy_template(policy.member(0).key.string());
    if (templated) {
      TRY(write_policy_template(document_out, policy.member(0).key.string(),
                                policy.member(0).value));
    } else {
      document_out.node(policy);
    }
    out.begin_object().key("PolicyName").string(name).key("PolicyDocument").raw(document);
    out.end_object();
    return {};
  }

  // AutoPublishAlias: a version that follows from the code, and an alias that shows it.
  Written publish(const std::string& name, Node resource, Node properties,
                  const std::string& code) {
    const Node alias = member_of(properties, "AutoPublishAlias");
    if (alias.is_null()) return {};
    if (!alias.is_string()) {
      return Err{
          std::string("'AutoPublishAlias' must be a string or a Ref to a template parameter")};
    }
    const std::string version = name + "Version" + hex_digest(code, "SHA-256")->substr(0, 10);
    const Node condition = member_of(resource, "Condition");
    out_.key(version).begin_object().key("Type").string("AWS::Lambda::Version");
    out_.key("DeletionPolicy").string("Retain");
    if (!condition.is_null()) out_.key("Condition").node(condition);
    out_.key("Properties").begin_object().key("FunctionName").begin_object().key("Ref");
    out_.string(name).end_object().end_object().end_object();
    out_.key(name + "Alias" + std::string(alias.string())).begin_object();
    out_.key("Type").string("AWS::Lambda::Alias");
    if (!condition.is_null()) out_.key("Condition").node(condition);
    out_.key("Properties").begin_object().key("Name").node(alias).key("FunctionName");
    out_.begin_object().key("Ref").string(name).end_object().key("FunctionVersion");
    write_reference(out_, version, "Version");
    out_.end_object().end_object();
    return {};
  }

  const Node root_;
  json::Arena arena_;
  std::string text_;
  Writer out_;
  std::vector<std::string> errors_;
};

}  // namespace

Result<json::Value, TemplateError> expand_serverless(const json::Value& document) {
  return Expansion(document).run();
}

}  // namespace pawl::templates
