// `pawl list`: executions by a filter and by search attributes.
#include <fmt/core.h>

#include <algorithm>

#include "cli/answer_text.h"
#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

constexpr std::int64_t kPageMax = 1'000;

std::string request_of(const ListOptions& options, std::int64_t left, const std::string& token) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_selection(out, options.selection);
  out.key("limit").integer(std::min(left, kPageMax));
  if (!token.empty()) out.key("nextToken").string(token);
  out.end_object();
  return text;
}

// One line: status, start, name, what else there is.
void print_line(json::Node execution) {
  const json::Node* start = execution.find("startDate");
  std::string line =
      fmt::format("{:<9} {:<24} {}", text_of(execution, "status"),
                  start != nullptr ? time_text(*start) : "", text_of(execution, "executionArn"));
  if (const json::Node* paused = execution.find("paused")) {
    const json::Node* since = paused->find("since");
    line += " paused since " + (since != nullptr ? time_text(*since) : std::string());
  }
  if (const json::Node* halted = execution.find("halted")) {
    const json::Node* since = halted->find("since");
    line += fmt::format(" halted at {} since {}", text_of(*halted, "state"),
                        since != nullptr ? time_text(*since) : "");
    if (const std::string error = text_of(*halted, "error"); !error.empty()) {
      line += " with " + error;
    }
  }
  if (const json::Node* values = execution.find("search")) {
    for (const json::Member& member : values->members()) {
      line += fmt::format(" {}={}", member.key.string(),
                          member.value.is_string() ? std::string(member.value.string())
                                                   : json::print(member.value));
    }
  }
  fmt::print("{}\n", line);
}

}  // namespace

int run(const ListOptions& options) {
  std::string token = options.from;
  std::int64_t left = options.limit;
  do {
    const auto answer = call_pawl(options.client, "list", request_of(options, left, token));
    if (!answer.ok()) {
      fmt::print(stderr, "pawl list: {}\n", answer.error());
      return 1;
    }
    if (const json::Node* executions = answer->root().find("executions")) {
      for (const json::Node& execution : *executions) {
        if (options.output == Output::kJson) {
          fmt::print("{}\n", json::print(execution));
        } else {
          print_line(execution);
        }
        --left;
      }
    }
    token = text_of(answer->root(), "nextToken");
  } while (!token.empty() && left > 0);
  if (!token.empty()) fmt::print(stderr, "there are more: --from {}\n", token);
  return 0;
}

}  // namespace pawl::cli
