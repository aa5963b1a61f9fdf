// AWS::CloudFormation::CustomResource and Custom::*: a function does the work and PUTs its answer
// to an address on this server. The function may be called more than once for the same request, as
// on AWS; its RequestId tells.
#include <fmt/format.h>

#include "json/number.h"
#include "services/cloudformation/service.h"
#include "services/cloudformation/signals.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;

constexpr std::int64_t kTimeoutSecondsDefault = 3'600;

// Functions get every scalar as text.
void write_as_texts(Writer& out, Node node) {
  if (node.is_array()) {
    out.begin_array();
    for (const Node& element : node) write_as_texts(out, element);
    out.end_array();
  } else if (node.is_object()) {
    out.begin_object();
    for (const json::Member& member : node.members()) {
      out.key(member.key.string());
      write_as_texts(out, member.value);
    }
    out.end_object();
  } else if (node.is_number()) {
    out.string(node.number_text());
  } else if (node.is_boolean()) {
    out.string(node.boolean() ? "true" : "false");
  } else {
    out.node(node);
  }
}

// One a request, of the form that AWS's have. Asynchronous invocations are told apart by it: custom
// resources that are made at the same time must not share one.
std::string request_id_of(std::string_view token) {
  return fmt::format("{}-{}-{}-{}-{}", token.substr(0, 8), token.substr(8, 4), token.substr(12, 4),
                     token.substr(16, 4), token.substr(20, 12));
}

std::string event_text(Service& service, const Request& request, std::string_view kind,
                       const std::string& token) {
  std::string text;
  Writer out(text);
  out.begin_object().key("RequestType").string(kind);
  out.key("ServiceToken").string(request.text("ServiceToken"));
  out.key("ResponseURL").string(signal_url(service.endpoint(), token));
  out.key("StackId").string(request.stack.id).key("RequestId").string(request_id_of(token));
  out.key("LogicalResourceId").string(request.logical_id);
  if (kind != "Create") out.key("PhysicalResourceId").string(request.physical_id);
  out.key("ResourceType").string(request.type);
  out.key("ResourceProperties");
  write_as_texts(out, request.properties);
  if (kind == "Update") {
    out.key("OldResourceProperties");
    write_as_texts(out, request.previous);
  }
  out.end_object();
  return text;
}

Outcome outcome_of(const Request& request, const Signal& answer) {
  const json::Value body = json::Value::trusted(answer.data);
  if (answer.status != "SUCCESS") {
    return Failure{
        fmt::format("Received response status [FAILED] from custom resource. Message "
                    "returned: {} (RequestId: {})",
                    answer.reason, request.token)};
  }
  std::string physical_id = text_in(body, "PhysicalResourceId");
  if (physical_id.empty()) physical_id = request.physical_id;
  const Node* data = body.root().find("Data");
  return Made{physical_id, data && data->is_object() ? json::print(*data) : "{}"};
}

Outcome run(Service& service, const Request& request, std::string_view kind) {
  const std::string token = signal_token(request.token + std::string(kind), request.logical_id);
  const std::vector<Signal> answers = signals_of(service.catalog(), token);
  if (!answers.empty()) {
    const Outcome outcome = outcome_of(request, answers.front());
    return outcome;
  }
  const std::string sent = "sent " + token;
  if (!service.catalog().get(kSignalTable, sent)) {
    std::string input;
    Writer out(input);
    out.begin_object().key("FunctionName").string(request.text("ServiceToken"));
    out.key("InvocationType").string("Event");
    out.key("Payload").raw(event_text(service, request, kind, token)).end_object();
    const auto called = request.services.call(request.principal(), "lambda", "Invoke",
                                              std::move(input), request_id_of(token));
    if (!called.ok()) return failure_of(request, "Lambda", called.error());
    put_record(service.catalog(), kSignalTable, sent, "{}");
  }
  const auto timeout =
      json::to_int64(request.text("ServiceTimeout")).value_or(kTimeoutSecondsDefault);
  if (request.now - request.since > timeout * 1000) {
    return Failure{
        "CloudFormation did not receive a response from your Custom Resource. Please check your "
        "logs for requestId [" +
        request_id_of(token) + "]."};
  }
  return Pending{request.physical_id, 1};
}

}  // namespace

void add_custom_resource_type(ResourceTypes& types, Service& service) {
  types.add(
      {.name = "AWS::CloudFormation::CustomResource",
       .properties = {{"ServiceToken", PropertyKind::kText, Replaces::kAlways, Need::kRequired},
                      {"ServiceTimeout", PropertyKind::kInteger}},
       .attributes = {"*"},
       .choose_id =
           [](const Request& request) {
             return fmt::format("{}-{}", request.logical_id, request.token.substr(0, 8));
           },
       .create = [&service](const Request& request) { return run(service, request, "Create"); },
       .update = [&service](const Request& request) { return run(service, request, "Update"); },
       .remove = [&service](const Request& request) { return run(service, request, "Delete"); },
       .takes_any_property = true});
}

}  // namespace pawl::cloudformation
