// AWS::Lambda::Function, Permission, Version, Alias.
#include <fmt/format.h>

#include <algorithm>

#include "services/cloudformation/inline_code.h"
#include "services/cloudformation/types/tags.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

std::string function_arn(const Request& request, std::string_view name) {
  return fmt::format("arn:aws:lambda:{}:{}:function:{}", request.stack.region,
                     request.stack.account, name);
}

Made made_function(const Request& request) {
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Arn")
      .string(function_arn(request, request.physical_id))
      .end_object();
  return {request.physical_id, attributes};
}

void write_code(Writer& out, const Request& request, Node code) {
  for (const json::Member& member : code.members()) {
    out.key(member.key.string());
    if (member.key.string() == "ZipFile" && member.value.is_string()) {
      out.string(inline_package(request.text("Runtime"), member.value.string()));
    } else {
      out.node(member.value);
    }
  }
}

std::string creation_input(const Request& request) {
  return properties_with(
      request.properties,
      {"FunctionName", "Code", "Tags", "ReservedConcurrentExecutions", "SnapStart", "RecursiveLoop",
       "RuntimeManagementConfig"},
      [&request](Writer& out) {
        out.key("FunctionName").string(request.physical_id).key("Code").begin_object();
        if (const Node* code = request.properties.find("Code")) write_code(out, request, *code);
        out.end_object();
        if (const Node* tags = request.properties.find("Tags")) {
          out.key("Tags").raw(tag_map(*tags));
        }
      });
}

// Nothing, or why the function's reserved concurrency could not be set.
std::optional<Failure> set_concurrency(const Request& request) {
  const Node* wanted = request.properties.find("ReservedConcurrentExecutions");
  const bool had = request.previous.find("ReservedConcurrentExecutions") != nullptr;
  if (wanted == nullptr && !had) return std::nullopt;
  std::string input;
  Writer out(input);
  out.begin_object().key("FunctionName").string(request.physical_id);
  if (wanted != nullptr) out.key("ReservedConcurrentExecutions").node(*wanted);
  out.end_object();
  const auto answer = request.services.call(
      request, "lambda", wanted ? "PutFunctionConcurrency" : "DeleteFunctionConcurrency",
      std::move(input));
  if (answer.ok()) return std::nullopt;
  return failure_of(request, "Lambda", answer.error());
}

bool function_exists(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("FunctionName").string(request.physical_id).end_object();
  return request.services.call(request, "lambda", "GetFunctionConfiguration", input).ok();
}

Outcome create_function(const Request& request) {
  const auto answer =
      request.services.call(request, "lambda", "CreateFunction", creation_input(request));
  const bool adopted = !answer.ok() && answer.error().code == "ResourceConflictException" &&
                       request.attempt == Attempt::kRepeated;
  if (!answer.ok() && !adopted) return failure_of(request, "Lambda", answer.error());
  if (auto failure = set_concurrency(request)) return *failure;
  return made_function(request);
}

bool changed(const Request& request, std::string_view property) {
  const Node* now = request.properties.find(property);
  const Node* before = request.previous.find(property);
  if (now == nullptr || before == nullptr) return now != before;
  return !json::equal(*now, *before);
}

std::optional<Failure> change_code(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("FunctionName").string(request.physical_id);
  if (const Node* code = request.properties.find("Code")) write_code(out, request, *code);
  if (const Node* architectures = request.properties.find("Architectures")) {
    out.key("Architectures").node(*architectures);
  }
  out.end_object();
  const auto answer = request.services.call(request, "lambda", "UpdateFunctionCode", input);
  if (answer.ok()) return std::nullopt;
  return failure_of(request, "Lambda", answer.error());
}

// What a template says no more goes back to the service's default.
void write_defaults(Writer& out, const Request& request) {
  struct Default {
    std::string_view property, value;
  };
  constexpr Default kDefaults[] = {
      {"Description", "\"\""}, {"Timeout", "3"},
      {"MemorySize", "128"},   {"Environment", R"({"Variables":{}})"},
      {"Layers", "[]"},        {"TracingConfig", R"({"Mode":"PassThrough"})"}};
  for (const auto& [property, value] : kDefaults) {
    const bool gone =
        request.properties.find(property) == nullptr && request.previous.find(property) != nullptr;
    if (gone) out.key(property).raw(value);
  }
}

std::optional<Failure> change_configuration(const Request& request) {
  std::string input = properties_with(
      request.properties,
      {"FunctionName", "Code", "Tags", "ReservedConcurrentExecutions", "SnapStart", "Architectures",
       "PackageType", "CodeSigningConfigArn", "RecursiveLoop", "RuntimeManagementConfig"},
      [&request](Writer& out) {
        out.key("FunctionName").string(request.physical_id);
        write_defaults(out, request);
      });
  const auto answer =
      request.services.call(request, "lambda", "UpdateFunctionConfiguration", std::move(input));
  if (answer.ok()) return std::nullopt;
  return failure_of(request, "Lambda", answer.error());
}

constexpr TagCalls kTagCalls{"lambda", "Lambda", "TagResource", "UntagResource", "Tags", "TagKeys"};

Outcome update_function(const Request& request) {
  const std::vector<std::string> names = changed_properties(request.properties, request.previous);
  const bool code = changed(request, "Code") || changed(request, "Architectures");
  const bool others = std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return name != "Code" && name != "Tags" && name != "Architectures";
  });
  if (code) {
    if (auto failure = change_code(request)) return *failure;
  }
  if (others) {
    if (auto failure = change_configuration(request)) return *failure;
    if (auto failure = set_concurrency(request)) return *failure;
  }
  if (auto failure = update_tags(request, kTagCalls, [&](Writer& out) {
        out.key("Resource").string(function_arn(request, request.physical_id));
      })) {
    return *failure;
  }
  return made_function(request);
}

// A resource that is gone already is removed.
Outcome removed(const Request& request, std::string_view operation, std::string input) {
  const auto answer = request.services.call(request, "lambda", operation, std::move(input));
  if (answer.ok() || answer.error().code == "ResourceNotFoundException") {
    return Made{request.physical_id};
  }
  return failure_of(request, "Lambda", answer.error());
}

Outcome remove_function(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("FunctionName").string(request.physical_id).end_object();
  return removed(request, "DeleteFunction", std::move(input));
}

ResourceType function_type() {
  return {.name = "AWS::Lambda::Function",
          .properties = {{"FunctionName", Kind::kText, Replaces::kAlways},
                         {"PackageType", Kind::kText, Replaces::kAlways},
                         {"Code", Kind::kAny, Replaces::kNever, Need::kRequired},
                         {"Role", Kind::kText, Replaces::kNever, Need::kRequired},
                         {"Handler", Kind::kText},
                         {"Runtime", Kind::kText},
                         {"Timeout", Kind::kInteger},
                         {"MemorySize", Kind::kInteger},
                         {"Description", Kind::kText},
                         {"Environment"},
                         {"Layers", Kind::kTexts},
                         {"Tags"},
                         {"TracingConfig"},
                         {"VpcConfig"},
                         {"DeadLetterConfig"},
                         {"EphemeralStorage"},
                         {"Architectures", Kind::kTexts},
                         {"KmsKeyArn", Kind::kText},
                         {"LoggingConfig"},
                         {"SnapStart"},
                         {"FileSystemConfigs"},
                         {"ImageConfig"},
                         {"CodeSigningConfigArn", Kind::kText},
                         {"RecursiveLoop", Kind::kText},
                         {"RuntimeManagementConfig"},
                         {"ReservedConcurrentExecutions", Kind::kInteger}},
          .attributes = {"Arn", "SnapStartResponse.*"},
          .name_property = "FunctionName",
          .choose_id =
              [](const Request& request) {
                const std::string given = request.text("FunctionName");
                return given.empty() ? generated_name(request, 64) : given;
              },
          .exists = function_exists,
          .create = create_function,
          .update = update_function,
          .remove = remove_function};
}

Outcome create_permission(const Request& request) {
  std::string input =
      properties_with(request.properties, {"FunctionName"}, [&request](Writer& out) {
        out.key("FunctionName").string(request.text("FunctionName"));
        out.key("StatementId").string(request.physical_id);
      });
  const auto answer = request.services.call(request, "lambda", "AddPermission", std::move(input));
  const bool adopted = !answer.ok() && answer.error().code == "ResourceConflictException" &&
                       request.attempt == Attempt::kRepeated;
  if (!answer.ok() && !adopted) return failure_of(request, "Lambda", answer.error());
  return Made{request.physical_id};
}

ResourceType permission_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {.name = "AWS::Lambda::Permission",
          .properties = {{"FunctionName", Kind::kText, kAlways, Need::kRequired},
                         {"Action", Kind::kText, kAlways, Need::kRequired},
                         {"Principal", Kind::kText, kAlways, Need::kRequired},
                         {"SourceArn", Kind::kText, kAlways},
                         {"SourceAccount", Kind::kText, kAlways},
                         {"EventSourceToken", Kind::kText, kAlways},
                         {"PrincipalOrgID", Kind::kText, kAlways},
                         {"FunctionUrlAuthType", Kind::kText, kAlways},
                         {"InvokedViaFunctionUrl", Kind::kBoolean, kAlways}},
          .attributes = {"Id"},
          .choose_id = [](const Request& request) { return generated_name(request, 100); },
          .create = create_permission,
          .update = [](const Request& request) -> Outcome { return Made{request.physical_id}; },
          .remove = [](const Request& request) -> Outcome {
            std::string input;
            Writer out(input);
            out.begin_object().key("FunctionName").string(request.text("FunctionName"));
            out.key("StatementId").string(request.physical_id).end_object();
            return removed(request, "RemovePermission", std::move(input));
          }};
}

Outcome create_version(const Request& request) {
  std::string input = properties_with(
      request.properties, {"FunctionName", "ProvisionedConcurrencyConfig", "RuntimePolicy"},
      [&request](Writer& out) { out.key("FunctionName").string(request.text("FunctionName")); });
  const auto answer = request.services.call(request, "lambda", "PublishVersion", std::move(input));
  if (!answer.ok()) return failure_of(request, "Lambda", answer.error());
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Version")
      .string(text_in(*answer, "Version"))
      .key("FunctionArn")
      .string(text_in(*answer, "FunctionArn"))
      .end_object();
  return Made{text_in(*answer, "FunctionArn"), attributes};
}

ResourceType version_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {
      .name = "AWS::Lambda::Version",
      .properties = {{"FunctionName", Kind::kText, kAlways, Need::kRequired},
                     {"CodeSha256", Kind::kText, kAlways},
                     {"Description", Kind::kText, kAlways},
                     {"ProvisionedConcurrencyConfig"},
                     {"RuntimePolicy", Kind::kAny, kAlways}},
      .attributes = {"Version", "FunctionArn"},
      .choose_id = [](const Request&) { return std::string(); },
      .create = create_version,
      .update = [](const Request& request) -> Outcome {
        return Made{request.physical_id, request.attributes};
      },
      .remove = [](const Request& request) -> Outcome {
        std::string input;
        Writer(input).begin_object().key("FunctionName").string(request.physical_id).end_object();
        return removed(request, "DeleteFunction", std::move(input));
      }};
}

std::string alias_input(const Request& request) {
  return properties_with(
      request.properties, {"ProvisionedConcurrencyConfig", "RoutingConfig"},
      [&request](Writer& out) {
        const Node* routing = request.properties.find("RoutingConfig");
        const Node* weights = routing ? routing->find("AdditionalVersionWeights") : nullptr;
        if (weights == nullptr) return;
        out.key("RoutingConfig").begin_object().key("AdditionalVersionWeights").begin_object();
        for (const Node& weight : *weights) {
          const Node* version = weight.find("FunctionVersion");
          const Node* share = weight.find("FunctionWeight");
          if (version && share) out.key(version->string()).node(*share);
        }
        out.end_object().end_object();
      });
}

Made made_alias(const Request& request, const std::string& arn) {
  std::string attributes;
  Writer(attributes).begin_object().key("AliasArn").string(arn).end_object();
  static_cast<void>(request);
  return {arn, attributes};
}

Outcome create_alias(const Request& request) {
  const auto answer = request.services.call(request, "lambda", "CreateAlias", alias_input(request));
  if (answer.ok()) return made_alias(request, text_in(*answer, "AliasArn"));
  if (answer.error().code == "ResourceConflictException" && request.attempt == Attempt::kRepeated) {
    const auto changed_one =
        request.services.call(request, "lambda", "UpdateAlias", alias_input(request));
    if (changed_one.ok()) return made_alias(request, text_in(*changed_one, "AliasArn"));
  }
  return failure_of(request, "Lambda", answer.error());
}

ResourceType alias_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {.name = "AWS::Lambda::Alias",
          .properties = {{"FunctionName", Kind::kText, kAlways, Need::kRequired},
                         {"Name", Kind::kText, kAlways, Need::kRequired},
                         {"FunctionVersion", Kind::kText, Replaces::kNever, Need::kRequired},
                         {"Description", Kind::kText},
                         {"RoutingConfig"},
                         {"ProvisionedConcurrencyConfig"}},
          .attributes = {"AliasArn"},
          .name_property = "Name",
          .choose_id = [](const Request&) { return std::string(); },
          .create = create_alias,
          .update = [](const Request& request) -> Outcome {
            const auto answer =
                request.services.call(request, "lambda", "UpdateAlias", alias_input(request));
            if (!answer.ok()) return failure_of(request, "Lambda", answer.error());
            return made_alias(request, text_in(*answer, "AliasArn"));
          },
          .remove = [](const Request& request) -> Outcome {
            std::string input;
            Writer out(input);
            out.begin_object().key("FunctionName").string(request.text("FunctionName"));
            out.key("Name").string(request.text("Name")).end_object();
            return removed(request, "DeleteAlias", std::move(input));
          }};
}

}  // namespace

void add_lambda_types(ResourceTypes& types) {
  types.add(function_type());
  types.add(permission_type());
  types.add(version_type());
  types.add(alias_type());
}

}  // namespace pawl::cloudformation
