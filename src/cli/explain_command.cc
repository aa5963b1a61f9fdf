// `pawl explain`: what an execution waits for.
#include <fmt/core.h>

#include "cli/answer_text.h"
#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

void print_text(json::Node answer) {
  const json::Node* waits = answer.find("waitsFor");
  fmt::print("{}\n", text_of(answer, "status"));
  if (const json::Node* paused = answer.find("paused")) {
    fmt::print("{}\n", text_of(*paused, "explanation"));
  }
  if (waits == nullptr) return;
  for (const json::Node& wait : *waits) {
    fmt::print("{}: {}\n", text_of(wait, "path"), text_of(wait, "explanation"));
  }
}

}  // namespace

int run(const ExplainOptions& options) {
  std::string request;
  json::Writer(request)
      .begin_object()
      .key("executionArn")
      .string(options.execution_arn)
      .end_object();
  const auto answer = call_pawl(options.client, "explain", request);
  if (!answer.ok()) {
    fmt::print(stderr, "pawl explain: {}\n", answer.error());
    return 1;
  }
  if (options.output == Output::kJson) {
    fmt::print("{}\n", answer->text());
  } else {
    print_text(answer->root());
  }
  return 0;
}

}  // namespace pawl::cli
