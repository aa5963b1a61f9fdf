// `pawl fork`: a new execution from an event of another one.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/http_client.h"
#include "cli/read_file.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

std::string request_of(const ForkOptions& options, const std::string& definition) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("executionArn").string(options.execution_arn);
  out.key("eventId").integer(options.event);
  const auto optional = [&out](std::string_view name, const std::string& value) {
    if (!value.empty()) out.key(name).string(value);
  };
  optional("name", options.name);
  optional("input", options.input);
  optional("definition", definition);
  optional("stateMachineArn", options.machine_arn);
  out.end_object();
  return text;
}

int failed(const std::string& message, int status) {
  fmt::print(stderr, "pawl fork: {}\n", message);
  return status;
}

}  // namespace

int run(const ForkOptions& options) {
  std::string definition;
  if (!options.definition_file.empty()) {
    auto text = read_file(options.definition_file);
    if (!text.ok()) return failed(text.error(), 2);
    definition = std::move(text).value();
  }
  const auto answer = call_pawl(options.client, "fork", request_of(options, definition));
  if (!answer.ok()) return failed(answer.error(), 1);
  const json::Node* arn = answer->root().find("executionArn");
  fmt::print("{}\n", arn != nullptr && arn->is_string() ? arn->string() : std::string_view());
  return 0;
}

}  // namespace pawl::cli
