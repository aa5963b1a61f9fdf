// AWS::CodePipeline::Pipeline, AWS::CodePipeline::CustomActionType.
#include <fmt/format.h>

#include "base/ascii.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "CodePipeline";

// An action's configuration: names are the type's own, values are texts.
void write_configuration(Writer& out, Node configuration) {
  out.begin_object();
  for (const json::Member& member : configuration.members()) {
    out.key(member.key.string());
    member.value.is_string() ? out.node(member.value) : out.string(json::print(member.value));
  }
  out.end_object();
}

// The template's names as the API has them.
void write_declared(Writer& out, Node node) {
  if (node.is_array()) {
    out.begin_array();
    for (const Node& element : node) write_declared(out, element);
    out.end_array();
    return;
  }
  if (!node.is_object()) {
    out.node(node);
    return;
  }
  out.begin_object();
  for (const json::Member& member : node.members()) {
    const std::string_view name = member.key.string();
    out.key(lower_first(name));
    if (name == "Configuration") {
      write_configuration(out, member.value);
    } else if (name == "Version" && member.value.is_number()) {
      out.string(member.value.number_text());
    } else {
      write_declared(out, member.value);
    }
  }
  out.end_object();
}

// [{Region, ArtifactStore}] as {region: store}.
void write_stores(Writer& out, Node stores) {
  out.begin_object();
  for (const Node& each : stores) {
    const Node* region = each.find("Region");
    const Node* store = each.find("ArtifactStore");
    if (region == nullptr || !region->is_string() || store == nullptr) continue;
    out.key(region->string());
    write_declared(out, *store);
  }
  out.end_object();
}

std::string pipeline_input(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("pipeline").begin_object().key("name").string(request.physical_id);
  for (const json::Member& member : request.properties.members()) {
    const std::string_view name = member.key.string();
    const bool declared = name == "RoleArn" || name == "ArtifactStore" || name == "Stages" ||
                          name == "ExecutionMode" || name == "PipelineType" ||
                          name == "Variables" || name == "Triggers";
    if (name == "ArtifactStores") {
      out.key("artifactStores");
      write_stores(out, member.value);
    }
    if (!declared) continue;
    out.key(lower_first(name));
    write_declared(out, member.value);
  }
  out.end_object();
  if (const Node* tags = request.properties.find("Tags")) {
    out.key("tags").raw(tag_list(*tags, "key", "value"));
  }
  out.end_object();
  return input;
}

std::string pipeline_arn(const Request& request) {
  return fmt::format("arn:aws:codepipeline:{}:{}:{}", request.stack.region, request.stack.account,
                     request.physical_id);
}

// DisableInboundStageTransitions: [{StageName, Reason}].
std::optional<Failure> set_transitions(const Request& request) {
  const auto set = [&](Node list, const char* operation) -> std::optional<Failure> {
    for (const Node& each : list) {
      const Node* stage = each.find("StageName");
      const Node* reason = each.find("Reason");
      if (stage == nullptr || !stage->is_string()) continue;
      std::string input;
      Writer out(input);
      out.begin_object().key("pipelineName").string(request.physical_id);
      out.key("stageName").string(stage->string()).key("transitionType").string("Inbound");
      out.key("reason").string(reason && reason->is_string() ? reason->string() : "disabled");
      out.end_object();
      const auto answer = request.services.call(request, "codepipeline", operation, input);
      if (!answer.ok()) return failure_of(request, kService, answer.error());
    }
    return std::nullopt;
  };
  if (const Node* before = request.previous.find("DisableInboundStageTransitions")) {
    // A stage that is gone needs no transition.
    (void)set(*before, "EnableStageTransition");
  }
  const Node* now = request.properties.find("DisableInboundStageTransitions");
  return now != nullptr ? set(*now, "DisableStageTransition") : std::nullopt;
}

Outcome described(const Request& request) {
  if (auto failure = set_transitions(request)) return *std::move(failure);
  std::string input;
  Writer(input).begin_object().key("name").string(request.physical_id).end_object();
  const auto answer = request.services.call(request, "codepipeline", "GetPipeline", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  const Node* pipeline = answer->root().find("pipeline");
  const Node* version = pipeline ? pipeline->find("version") : nullptr;
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Version")
      .string(version ? version->number_text() : "1")
      .end_object();
  return Made{request.physical_id, attributes};
}

Outcome create_pipeline(const Request& request) {
  const auto answer =
      request.services.call(request, "codepipeline", "CreatePipeline", pipeline_input(request));
  const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                       answer.error().code == "PipelineNameInUseException";
  if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
  return described(request);
}

Outcome update_pipeline(const Request& request) {
  const auto answer =
      request.services.call(request, "codepipeline", "UpdatePipeline", pipeline_input(request));
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  if (const Node* tags = request.properties.find("Tags")) {
    std::string input;
    Writer out(input);
    out.begin_object().key("resourceArn").string(pipeline_arn(request));
    out.key("tags").raw(tag_list(*tags, "key", "value")).end_object();
    const auto tagged = request.services.call(request, "codepipeline", "TagResource", input);
    if (!tagged.ok()) return failure_of(request, kService, tagged.error());
  }
  if (request.text("RestartExecutionOnUpdate") == "true") {
    std::string input;
    Writer out(input);
    out.begin_object().key("name").string(request.physical_id);
    out.key("clientRequestToken").string(request.token).end_object();
    const auto started =
        request.services.call(request, "codepipeline", "StartPipelineExecution", input);
    if (!started.ok()) return failure_of(request, kService, started.error());
  }
  return described(request);
}

Outcome remove_pipeline(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("name").string(request.physical_id).end_object();
  const auto answer = request.services.call(request, "codepipeline", "DeletePipeline", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return Made{request.physical_id};
}

bool pipeline_exists(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("name").string(request.text("Name")).end_object();
  return request.services.call(request, "codepipeline", "GetPipeline", input).ok();
}

Outcome create_action_type(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object();
  for (const json::Member& member : request.properties.members()) {
    if (member.key.string() == "Tags") continue;
    out.key(lower_first(member.key.string()));
    write_declared(out, member.value);
  }
  out.end_object();
  const auto answer =
      request.services.call(request, "codepipeline", "CreateCustomActionType", input);
  const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                       answer.error().code == "LimitExceededException";
  if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
  return Made{request.physical_id};
}

Outcome remove_action_type(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("category").string(request.text("Category"));
  out.key("provider").string(request.text("Provider"));
  out.key("version").string(request.text("Version")).end_object();
  const auto answer =
      request.services.call(request, "codepipeline", "DeleteCustomActionType", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return Made{request.physical_id};
}

}  // namespace

void add_codepipeline_types(ResourceTypes& types) {
  types.add({.name = "AWS::CodePipeline::Pipeline",
             .properties = {{"Name", Kind::kText, Replaces::kAlways},
                            {"RoleArn", Kind::kText, Replaces::kNever, Need::kRequired},
                            {"Stages", Kind::kAny, Replaces::kNever, Need::kRequired},
                            {"ArtifactStore"},
                            {"ArtifactStores"},
                            {"DisableInboundStageTransitions"},
                            {"ExecutionMode", Kind::kText},
                            {"PipelineType", Kind::kText},
                            {"RestartExecutionOnUpdate", Kind::kBoolean},
                            {"Triggers"},
                            {"Variables"},
                            {"Tags"}},
             .attributes = {"Version"},
             .name_property = "Name",
             .choose_id =
                 [](const Request& request) {
                   const std::string given = request.text("Name");
                   return given.empty() ? generated_name(request, 100) : given;
                 },
             .exists = pipeline_exists,
             .create = create_pipeline,
             .update = update_pipeline,
             .remove = remove_pipeline});
  types.add(
      {.name = "AWS::CodePipeline::CustomActionType",
       .properties = {{"Category", Kind::kText, Replaces::kAlways, Need::kRequired},
                      {"Provider", Kind::kText, Replaces::kAlways, Need::kRequired},
                      {"Version", Kind::kText, Replaces::kAlways, Need::kRequired},
                      {"InputArtifactDetails", Kind::kAny, Replaces::kAlways, Need::kRequired},
                      {"OutputArtifactDetails", Kind::kAny, Replaces::kAlways, Need::kRequired},
                      {"ConfigurationProperties", Kind::kAny, Replaces::kAlways},
                      {"Settings", Kind::kAny, Replaces::kAlways},
                      {"Tags"}},
       .attributes = {"Id"},
       .choose_id =
           [](const Request& request) {
             return fmt::format("Custom/{}/{}", request.text("Provider"), request.text("Version"));
           },
       .create = create_action_type,
       .update = [](const Request& request) -> Outcome { return Made{request.physical_id}; },
       .remove = remove_action_type});
}

}  // namespace pawl::cloudformation
