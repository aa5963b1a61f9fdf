// `pawl pause` and `pawl resume`.
#include <fmt/core.h>

#include "cli/answer_text.h"
#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

std::string request_of(const PauseOptions& options) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (options.all) {
    out.key("all").boolean(true);
  } else {
    const bool execution = options.target.find(":execution:") != std::string::npos;
    out.key(execution ? "executionArn" : "stateMachineArn").string(options.target);
  }
  if (!options.reason.empty()) out.key("reason").string(options.reason);
  if (!options.by.empty()) out.key("by").string(options.by);
  out.end_object();
  return text;
}

void print_list(json::Node answer) {
  if (const json::Node* all = answer.find("all")) fmt::print("everything{}\n", since_text(*all));
  const json::Node* machines = answer.find("stateMachines");
  if (machines == nullptr) return;
  for (const json::Node& machine : *machines) {
    fmt::print("{}{}\n", text_of(machine, "stateMachineArn"), since_text(machine));
  }
}

}  // namespace

int run(const PauseOptions& options) {
  using Verb = PauseOptions::Verb;
  const bool lists = options.verb == Verb::kList;
  const std::string verb = options.verb == Verb::kResume ? "resume" : "pause";
  const auto answer =
      call_pawl(options.client, lists ? "pauses" : verb, lists ? "{}" : request_of(options));
  if (!answer.ok()) {
    fmt::print(stderr, "pawl {}: {}\n", verb, answer.error());
    return 1;
  }
  if (options.output == Output::kJson) {
    fmt::print("{}\n", answer->text());
  } else if (lists) {
    print_list(answer->root());
  } else {
    fmt::print("{}{}\n", already_text(answer->root()), verb == "pause" ? "paused" : "resumed");
  }
  return 0;
}

}  // namespace pawl::cli
