#include "console/service.h"

#include <string>
#include <utility>

namespace pawl::console {

namespace {

std::string member(const json::Value& input, std::string_view name) {
  const json::Node* node = input.root().find(name);
  return node != nullptr && node->is_string() ? std::string(node->string()) : std::string();
}

}  // namespace

void Service::add_to(runtime::Operations& operations) {
  operations.add_streamed(
      "pawl", "WatchEvents",
      [this](const runtime::Call& call, runtime::RequestBody /*body*/,
             const runtime::StreamedReply& reply) {
        auto source = feed_.watch({.execution_arn = member(call.input, "executionArn"),
                                   .state_machine_arn = member(call.input, "stateMachineArn"),
                                   .resource = resource_of(member(call.input, "resource")),
                                   .name = member(call.input, "name")});
        if (source == nullptr) {
          return reply(Err{runtime::ServiceError{.code = "ThrottlingException",
                                                 .message = "Rate exceeded: many watch already",
                                                 .http_status = 429,
                                                 .members = {}}});
        }
        reply(runtime::StreamedOutput{.output = {}, .body = {.bytes = {}, .source = source}});
      });
}

}  // namespace pawl::console
