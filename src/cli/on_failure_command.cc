// `pawl on-failure`: whether a machine's executions halt where they would fail.
#include <fmt/core.h>

#include "cli/answer_text.h"
#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

using Verb = OnFailureOptions::Verb;

std::string request_of(const OnFailureOptions& options) {
  if (options.verb == Verb::kList) return "{}";
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("stateMachineArn")
      .string(options.machine)
      .key("action")
      .string(options.verb == Verb::kHalt ? "halt" : "fail")
      .end_object();
  return text;
}

void print_list(json::Node answer) {
  const json::Node* machines = answer.find("stateMachines");
  if (machines == nullptr) return;
  for (const json::Node& machine : *machines) {
    fmt::print("{}{}\n", text_of(machine, "stateMachineArn"), since_text(machine));
  }
}

}  // namespace

int run(const OnFailureOptions& options) {
  const bool lists = options.verb == Verb::kList;
  const auto answer =
      call_pawl(options.client, lists ? "halting" : "on-failure", request_of(options));
  if (!answer.ok()) {
    fmt::print(stderr, "pawl on-failure: {}\n", answer.error());
    return 1;
  }
  if (options.output == Output::kJson) {
    fmt::print("{}\n", answer->text());
  } else if (lists) {
    print_list(answer->root());
  } else {
    fmt::print("executions {}{}\n", already_text(answer->root()),
               options.verb == Verb::kHalt ? "halt where they would fail" : "fail");
  }
  return 0;
}

}  // namespace pawl::cli
