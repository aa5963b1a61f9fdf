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

void print_pause(const std::string& what, json::Node pause) {
  const json::Node* since = pause.find("since");
  fmt::print("{} since {}", what, since != nullptr ? time_text(*since) : "");
  if (const std::string by = text_of(pause, "by"); !by.empty()) fmt::print(" by {}", by);
  if (const std::string why = text_of(pause, "reason"); !why.empty()) fmt::print(": {}", why);
  fmt::print("\n");
}

void print_list(json::Node answer) {
  if (const json::Node* all = answer.find("all")) print_pause("everything", *all);
  const json::Node* machines = answer.find("stateMachines");
  if (machines == nullptr) return;
  for (const json::Node& machine : *machines) {
    print_pause(text_of(machine, "stateMachineArn"), machine);
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
    const json::Node* changed = answer->root().find("changed");
    const bool was = changed == nullptr || !changed->is_boolean() || !changed->boolean();
    fmt::print("{}{}\n", was ? "already " : "", verb == "pause" ? "paused" : "resumed");
  }
  return 0;
}

}  // namespace pawl::cli
