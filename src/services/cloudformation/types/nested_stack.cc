// AWS::CloudFormation::Stack: a stack of its own, whose outputs are the resource's attributes.
#include <fmt/format.h>

#include "services/cloudformation/service.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

void write_inputs(Writer& out, const Request& request) {
  out.key("TemplateURL").string(request.text("TemplateURL"));
  out.key("Capabilities").begin_array().string("CAPABILITY_NAMED_IAM");
  out.string("CAPABILITY_AUTO_EXPAND").end_array().key("Parameters").begin_array();
  if (const Node* parameters = request.properties.find("Parameters")) {
    for (const json::Member& each : parameters->members()) {
      out.begin_object().key("ParameterKey").string(each.key.string()).key("ParameterValue");
      std::string text;
      if (each.value.is_array()) {
        for (const Node& element : each.value) {
          text +=
              (text.empty() ? "" : ",") + std::string(element.is_string() ? element.string() : "");
        }
      } else {
        text = each.value.is_string() ? std::string(each.value.string()) : json::print(each.value);
      }
      out.string(text).end_object();
    }
  }
  out.end_array();
  if (const Node* tags = request.properties.find("Tags")) out.key("Tags").node(*tags);
}

// How the operation on the stack stands: over, under way, or failed.
Outcome outcome_of(Service& service, const std::string& id, std::string_view good) {
  const auto stack = service.find_stack(id);
  if (!stack) return Failure{fmt::format("Stack {} does not exist", id)};
  if (stack->status == good) {
    std::string attributes;
    Writer out(attributes);
    out.begin_object();
    for (const StackOutput& output : stack->content.outputs) {
      out.key("Outputs." + output.key).string(output.value);
    }
    out.end_object();
    return Made{id, attributes};
  }
  if (stack->status.ends_with("_IN_PROGRESS")) return Pending{id, 1};
  return Failure{fmt::format("Embedded stack {} was not successfully {}: {}", id,
                             good == "CREATE_COMPLETE"   ? "created"
                             : good == "UPDATE_COMPLETE" ? "updated"
                                                         : "deleted",
                             stack->status_reason)};
}

Outcome create_stack(Service& service, const Request& request) {
  if (request.physical_id.starts_with("arn:")) {
    return outcome_of(service, request.physical_id, "CREATE_COMPLETE");
  }
  std::string input;
  Writer out(input);
  out.begin_object().key("StackName").string(request.physical_id);
  out.key("ClientRequestToken").string(request.token);
  out.key("pawl:ParentId").string(request.stack.id).key("pawl:RootId");
  out.string(request.stack.root_id.empty() ? request.stack.id : request.stack.root_id);
  write_inputs(out, request);
  out.end_object();
  const auto answer = service.call("CreateStack", request.principal(), std::move(input));
  if (answer.ok()) return Pending{text_in(*answer, "StackId"), 1};
  const auto existing = service.stack_id_named(request.principal(), request.physical_id);
  if (request.attempt == Attempt::kRepeated && existing) return Pending{*existing, 1};
  return failure_of(request, "CloudFormation", answer.error());
}

Outcome update_stack(Service& service, const Request& request) {
  const auto stack = service.find_stack(request.physical_id);
  if (!stack) return Failure{fmt::format("Stack {} does not exist", request.physical_id)};
  if (request.attempt == Attempt::kFirst) {
    std::string input;
    Writer out(input);
    out.begin_object().key("StackName").string(request.physical_id);
    out.key("ClientRequestToken").string(request.token);
    write_inputs(out, request);
    out.end_object();
    const auto answer = service.call("UpdateStack", request.principal(), std::move(input));
    const bool nothing =
        !answer.ok() && answer.error().message == "No updates are to be performed.";
    if (nothing) return Made{request.physical_id, request.attributes};
    if (!answer.ok()) return failure_of(request, "CloudFormation", answer.error());
    return Pending{request.physical_id, 1};
  }
  return outcome_of(service, request.physical_id, "UPDATE_COMPLETE");
}

Outcome remove_stack(Service& service, const Request& request) {
  const auto stack = service.find_stack(request.physical_id);
  if (!stack || stack->status == "DELETE_COMPLETE") return Made{request.physical_id};
  if (stack->status == "DELETE_FAILED") {
    return outcome_of(service, request.physical_id, "DELETE_COMPLETE");
  }
  if (stack->status == "DELETE_IN_PROGRESS") return Pending{request.physical_id, 1};
  std::string input;
  Writer(input).begin_object().key("StackName").string(request.physical_id).end_object();
  const auto answer = service.call("DeleteStack", request.principal(), std::move(input));
  if (!answer.ok()) return failure_of(request, "CloudFormation", answer.error());
  return Pending{request.physical_id, 1};
}

}  // namespace

void add_nested_stack_type(ResourceTypes& types, Service& service) {
  types.add(
      {.name = "AWS::CloudFormation::Stack",
       .properties = {{"TemplateURL", Kind::kText, Replaces::kNever, Need::kRequired},
                      {"Parameters"},
                      {"NotificationARNs", Kind::kTexts},
                      {"Tags"},
                      {"TimeoutInMinutes", Kind::kInteger}},
       .attributes = {"Outputs.*"},
       .choose_id = [](const Request& request) { return generated_name(request, 128); },
       .create = [&service](const Request& request) { return create_stack(service, request); },
       .update = [&service](const Request& request) { return update_stack(service, request); },
       .remove = [&service](const Request& request) { return remove_stack(service, request); }});
}

}  // namespace pawl::cloudformation
