// AWS::StepFunctions::StateMachine, Activity, StateMachineVersion, StateMachineAlias.
#include <fmt/format.h>

#include "services/cloudformation/types/tags.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "AWSStepFunctions";

// `${name}` for each of DefinitionSubstitutions; other names stay.
std::string substituted(std::string_view text, Node names) {
  std::string out;
  for (;;) {
    const std::size_t start = text.find("${");
    out += text.substr(0, start);
    if (start == std::string_view::npos) return out;
    const std::size_t end = text.find('}', start);
    const std::string_view name =
        end == std::string_view::npos ? "" : text.substr(start + 2, end - start - 2);
    const Node* value = names.find(name);
    if (value == nullptr) {
      out += "${";
      text.remove_prefix(start + 2);
      continue;
    }
    if (value->is_string()) out += value->string();
    if (value->is_number()) out += value->number_text();
    if (value->is_boolean()) out += value->boolean() ? "true" : "false";
    text.remove_prefix(end + 1);
  }
}

// The base64 text of an object, decoded by the object service's own answer.
Result<std::string, Failure> definition_of(const Request& request) {
  const Node& properties = request.properties;
  const Node* names = properties.find("DefinitionSubstitutions");
  std::string text;
  if (const Node* given = properties.find("DefinitionString")) {
    text = given->is_string() ? std::string(given->string()) : json::print(*given);
  } else if (const Node* object = properties.find("Definition")) {
    text = json::print(*object);
  } else if (const Node* location = properties.find("DefinitionS3Location")) {
    const Node* bucket = location->find("Bucket");
    const Node* key = location->find("Key");
    if (!bucket || !key) return Err{Failure{"DefinitionS3Location needs Bucket and Key"}};
    auto object_text =
        request.services.read(request.principal(), bucket->string(), key->string(), request.token);
    if (!object_text.ok()) return Err{failure_of(request, "S3", object_text.error())};
    text = std::move(object_text).value();
  } else {
    return Err{Failure{fmt::format(
        "Properties validation failed for resource {} with message:\n#: one of DefinitionString, "
        "Definition and DefinitionS3Location is required",
        request.logical_id)}};
  }
  return names != nullptr ? substituted(text, *names) : text;
}

std::string machine_arn(const Request& request, std::string_view kind, std::string_view name) {
  return fmt::format("arn:aws:states:{}:{}:{}:{}", request.stack.region, request.stack.account,
                     kind, name);
}

std::string name_of_arn(std::string_view arn) {
  return std::string(arn.substr(arn.rfind(':') + 1));
}

Made made_machine(const std::string& arn, const std::string& revision) {
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Arn")
      .string(arn)
      .key("Name")
      .string(name_of_arn(arn))
      .key("StateMachineRevisionId")
      .string(revision.empty() ? "INITIAL" : revision)
      .end_object();
  return {arn, attributes};
}

void write_configurations(Writer& out, const Request& request) {
  for (const char* name :
       {"LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration"}) {
    const Node* value = request.properties.find(name);
    if (value == nullptr) continue;
    std::string camel(name);
    camel[0] = static_cast<char>(camel[0] - 'A' + 'a');
    out.key(camel);
    write_camel_case(out, *value);
  }
}

Outcome create_machine(const Request& request) {
  auto definition = definition_of(request);
  if (!definition.ok()) return std::move(definition).error();
  std::string input;
  Writer out(input);
  out.begin_object().key("name").string(name_of_arn(request.physical_id));
  out.key("definition").string(*definition).key("roleArn").string(request.text("RoleArn"));
  if (!request.text("StateMachineType").empty()) {
    out.key("type").string(request.text("StateMachineType"));
  }
  write_configurations(out, request);
  if (const Node* tags = request.properties.find("Tags")) {
    out.key("tags").raw(tag_list(*tags, "key", "value"));
  }
  out.end_object();
  // A repeated creation with the same definition answers as the first one did.
  const auto answer = request.services.call(request, "states", "CreateStateMachine", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return made_machine(text_in(*answer, "stateMachineArn"), "");
}

std::optional<Failure> change_tags(const Request& request) {
  constexpr TagCalls kCalls{"states",
                            kService,
                            "TagResource",
                            "UntagResource",
                            "tags",
                            "tagKeys",
                            TagShape::kLowerCasePairs};
  return update_tags(request, kCalls,
                     [&](Writer& out) { out.key("resourceArn").string(request.physical_id); });
}

Outcome update_machine(const Request& request) {
  auto definition = definition_of(request);
  if (!definition.ok()) return std::move(definition).error();
  std::string input;
  Writer out(input);
  out.begin_object().key("stateMachineArn").string(request.physical_id);
  out.key("definition").string(*definition).key("roleArn").string(request.text("RoleArn"));
  write_configurations(out, request);
  out.end_object();
  const auto answer = request.services.call(request, "states", "UpdateStateMachine", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  if (auto failure = change_tags(request)) return *failure;
  return made_machine(request.physical_id, text_in(*answer, "revisionId"));
}

Outcome remove_by(const Request& request, std::string_view operation, std::string_view member) {
  std::string input;
  Writer(input).begin_object().key(member).string(request.physical_id).end_object();
  const auto answer = request.services.call(request, "states", operation, input);
  if (answer.ok() || answer.error().code.find("DoesNotExist") != std::string::npos ||
      answer.error().code == "ResourceNotFound") {
    return Made{request.physical_id};
  }
  return failure_of(request, kService, answer.error());
}

bool machine_exists(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("stateMachineArn").string(request.physical_id).end_object();
  return request.services.call(request, "states", "DescribeStateMachine", input).ok();
}

ResourceType machine_type() {
  return {.name = "AWS::StepFunctions::StateMachine",
          .properties = {{"StateMachineName", Kind::kText, Replaces::kAlways},
                         {"StateMachineType", Kind::kText, Replaces::kAlways},
                         {"RoleArn", Kind::kText, Replaces::kNever, Need::kRequired},
                         {"DefinitionString"},
                         {"Definition"},
                         {"DefinitionS3Location"},
                         {"DefinitionSubstitutions", Kind::kTextMap},
                         {"LoggingConfiguration"},
                         {"TracingConfiguration"},
                         {"EncryptionConfiguration"},
                         {"Tags"}},
          .attributes = {"Arn", "Name", "StateMachineRevisionId"},
          .name_property = "StateMachineName",
          .choose_id =
              [](const Request& request) {
                const std::string given = request.text("StateMachineName");
                return machine_arn(request, "stateMachine",
                                   given.empty() ? short_generated_name(request, 80) : given);
              },
          .exists = machine_exists,
          .create = create_machine,
          .update = update_machine,
          .remove =
              [](const Request& request) {
                return remove_by(request, "DeleteStateMachine", "stateMachineArn");
              }};
}

ResourceType activity_type() {
  return {.name = "AWS::StepFunctions::Activity",
          .properties = {{"Name", Kind::kText, Replaces::kAlways, Need::kRequired},
                         {"Tags"},
                         {"EncryptionConfiguration", Kind::kAny, Replaces::kAlways}},
          .attributes = {"Arn", "Name"},
          .name_property = "Name",
          .choose_id =
              [](const Request& request) {
                return machine_arn(request, "activity", request.text("Name"));
              },
          // CreateActivity answers with the one that there is.
          .exists =
              [](const Request& request) {
                std::string input;
                Writer out(input);
                out.begin_object().key("activityArn").string(request.physical_id).end_object();
                return request.services.call(request, "states", "DescribeActivity", input).ok();
              },
          .create = [](const Request& request) -> Outcome {
            std::string input;
            Writer out(input);
            out.begin_object().key("name").string(request.text("Name"));
            if (const Node* tags = request.properties.find("Tags")) {
              out.key("tags").raw(tag_list(*tags, "key", "value"));
            }
            out.end_object();
            const auto answer = request.services.call(request, "states", "CreateActivity", input);
            if (!answer.ok()) return failure_of(request, kService, answer.error());
            return made_machine(text_in(*answer, "activityArn"), "");
          },
          .update = [](const Request& request) -> Outcome {
            if (auto failure = change_tags(request)) return *failure;
            return Made{request.physical_id, request.attributes};
          },
          .remove =
              [](const Request& request) {
                return remove_by(request, "DeleteActivity", "activityArn");
              }};
}

Made made_published(const std::string& arn) {
  std::string attributes;
  Writer(attributes).begin_object().key("Arn").string(arn).end_object();
  return {arn, attributes};
}

ResourceType version_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {.name = "AWS::StepFunctions::StateMachineVersion",
          .properties = {{"StateMachineArn", Kind::kText, kAlways, Need::kRequired},
                         {"StateMachineRevisionId", Kind::kText, kAlways},
                         {"Description", Kind::kText, kAlways}},
          .attributes = {"Arn"},
          .choose_id = [](const Request&) { return std::string(); },
          .create = [](const Request& request) -> Outcome {
            std::string input;
            Writer out(input);
            out.begin_object().key("stateMachineArn").string(request.text("StateMachineArn"));
            if (!request.text("StateMachineRevisionId").empty()) {
              out.key("revisionId").string(request.text("StateMachineRevisionId"));
            }
            if (!request.text("Description").empty()) {
              out.key("description").string(request.text("Description"));
            }
            out.end_object();
            const auto answer =
                request.services.call(request, "states", "PublishStateMachineVersion", input);
            if (!answer.ok()) return failure_of(request, kService, answer.error());
            return made_published(text_in(*answer, "stateMachineVersionArn"));
          },
          .update = [](const Request& request) -> Outcome {
            return Made{request.physical_id, request.attributes};
          },
          .remove =
              [](const Request& request) {
                return remove_by(request, "DeleteStateMachineVersion", "stateMachineVersionArn");
              }};
}

// The routes: as they are given, or all of it to the deployment's version.
void write_routes(Writer& out, const Request& request) {
  out.key("routingConfiguration");
  if (const Node* routes = request.properties.find("RoutingConfiguration")) {
    out.begin_array();
    for (const Node& route : *routes) {
      const Node* version = route.find("StateMachineVersionArn");
      const Node* weight = route.find("Weight");
      out.begin_object().key("stateMachineVersionArn").node(version ? *version : Node());
      out.key("weight").raw(weight == nullptr     ? "100"
                            : weight->is_string() ? weight->string()
                                                  : weight->number_text());
      out.end_object();
    }
    out.end_array();
    return;
  }
  const Node* deployment = request.properties.find("DeploymentPreference");
  const Node* version = deployment ? deployment->find("StateMachineVersionArn") : nullptr;
  out.begin_array().begin_object().key("stateMachineVersionArn");
  out.node(version ? *version : Node()).key("weight").integer(100).end_object().end_array();
}

Outcome create_alias(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("name").string(request.text("Name"));
  if (!request.text("Description").empty()) {
    out.key("description").string(request.text("Description"));
  }
  write_routes(out, request);
  out.end_object();
  const auto answer = request.services.call(request, "states", "CreateStateMachineAlias", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return made_published(text_in(*answer, "stateMachineAliasArn"));
}

Outcome update_alias(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("stateMachineAliasArn").string(request.physical_id);
  out.key("description").string(request.text("Description"));
  write_routes(out, request);
  out.end_object();
  const auto answer = request.services.call(request, "states", "UpdateStateMachineAlias", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return made_published(request.physical_id);
}

ResourceType alias_type() {
  return {.name = "AWS::StepFunctions::StateMachineAlias",
          .properties = {{"Name", Kind::kText, Replaces::kAlways},
                         {"Description", Kind::kText},
                         {"RoutingConfiguration"},
                         {"DeploymentPreference"}},
          .attributes = {"Arn"},
          .choose_id = [](const Request&) { return std::string(); },
          .create = create_alias,
          .update = update_alias,
          .remove =
              [](const Request& request) {
                return remove_by(request, "DeleteStateMachineAlias", "stateMachineAliasArn");
              }};
}

}  // namespace

void add_stepfunctions_types(ResourceTypes& types) {
  types.add(machine_type());
  types.add(activity_type());
  types.add(version_type());
  types.add(alias_type());
}

}  // namespace pawl::cloudformation
