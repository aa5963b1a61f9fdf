// `pawl stop`, `redrive`, `delete`, `continue`, `fail`: executions by their ARNs, or all that a
// filter names. The server does a chunk at a time and the client asks for the next, so that both
// need no memory for however many there are, and an interrupted command goes on where it was.
#include <fmt/core.h>

#include <chrono>

#include "cli/answer_text.h"
#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/number.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

struct Words {
  const char* verb;
  const char* past;
};

Words words_of(BulkOptions::Action action) {
  switch (action) {
    case BulkOptions::Action::kStop:
      return {"stop", "stopped"};
    case BulkOptions::Action::kRedrive:
      return {"redrive", "redriven"};
    case BulkOptions::Action::kContinue:
      return {"continue", "continued"};
    case BulkOptions::Action::kFail:
      return {"fail", "failed"};
    case BulkOptions::Action::kDelete:
      break;
  }
  return {"delete", "deleted"};
}

std::int64_t count_of(json::Node answer, std::string_view name) {
  const json::Node* member = answer.find(name);
  if (member == nullptr || !member->is_number()) return 0;
  return static_cast<std::int64_t>(json::to_double(member->number_text()));
}

struct Totals {
  std::int64_t examined = 0;
  std::int64_t matched = 0;
  std::int64_t done = 0;
  std::int64_t skipped = 0;
  std::int64_t failed = 0;

  void add(json::Node answer) {
    examined += count_of(answer, "examined");
    matched += count_of(answer, "matched");
    done += count_of(answer, "done");
    skipped += count_of(answer, "skipped");
    failed += count_of(answer, "failed");
  }
};

class BulkRun {
 public:
  explicit BulkRun(const BulkOptions& options)
      : options_(options), words_(words_of(options.action)), token_(options.from) {}

  int by_filter() {
    do {
      const auto answer = call_pawl(options_.client, "bulk", request());
      if (!answer.ok()) return interrupted(answer.error());
      totals_.add(answer->root());
      if (options_.dry_run) print_matches(answer->root());
      token_ = text_of(answer->root(), "nextToken");
      show_progress();
    } while (!token_.empty());
    finish();
    return totals_.failed > 0 ? 1 : 0;
  }

  int by_name() {
    for (const std::string& arn : options_.executions) {
      if (options_.dry_run) {
        fmt::print("{}\n", arn);
        continue;
      }
      ++totals_.matched;
      const auto answer = act_on(arn);
      ++(answer.ok() ? totals_.done : totals_.failed);
      if (!answer.ok()) fmt::print(stderr, "pawl {}: {}\n", words_.verb, answer.error());
    }
    if (!options_.dry_run) finish();
    return totals_.failed > 0 ? 1 : 0;
  }

 private:
  std::string request() const {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("action").string(words_.verb);
    write_selection(out, options_.selection);
    write_fault(out);
    if (options_.dry_run) out.key("dryRun").boolean(true);
    if (options_.latest) out.key("latest").boolean(true);
    if (!token_.empty()) out.key("nextToken").string(token_);
    out.end_object();
    return text;
  }

  void write_fault(json::Writer& out) const {
    if (!options_.error.empty()) out.key("error").string(options_.error);
    if (!options_.cause.empty()) out.key("cause").string(options_.cause);
  }

  Result<json::Value, std::string> act_on(const std::string& arn) const {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("executionArn").string(arn);
    if (options_.action == BulkOptions::Action::kStop) write_fault(out);
    if (options_.latest) out.key("latest").boolean(true);
    out.end_object();
    switch (options_.action) {
      case BulkOptions::Action::kStop:
        return call_states(options_.client, "StopExecution", text);
      case BulkOptions::Action::kRedrive:
        return call_states(options_.client, "RedriveExecution", text);
      case BulkOptions::Action::kContinue:
      case BulkOptions::Action::kFail:
      case BulkOptions::Action::kDelete:
        break;
    }
    return call_pawl(options_.client, words_.verb, text);
  }

  static void print_matches(json::Node answer) {
    const json::Node* executions = answer.find("executions");
    if (executions == nullptr) return;
    for (const json::Node& arn : *executions) {
      if (arn.is_string()) fmt::print("{}\n", arn.string());
    }
  }

  void show_progress() {
    using std::chrono::steady_clock;
    if (token_.empty() || steady_clock::now() < next_progress_) return;
    next_progress_ = steady_clock::now() + std::chrono::seconds(1);
    fmt::print(stderr, "pawl {}: {} examined, {} matched, {} {}\n", words_.verb, totals_.examined,
               totals_.matched, totals_.done, words_.past);
  }

  int interrupted(const std::string& why) const {
    fmt::print(stderr, "pawl {}: {}\n", words_.verb, why);
    if (!token_.empty()) fmt::print(stderr, "go on with --from {}\n", token_);
    return 1;
  }

  void finish() const {
    if (options_.output == Output::kJson) {
      fmt::print(R"({{"matched":{},"done":{},"skipped":{},"failed":{}}})"
                 "\n",
                 totals_.matched, totals_.done, totals_.skipped, totals_.failed);
    } else if (options_.dry_run) {
      fmt::print(stderr, "{} would be {}\n", totals_.matched, words_.past);
    } else {
      fmt::print("{} {}", totals_.done, words_.past);
      if (totals_.skipped > 0) fmt::print(", {} skipped", totals_.skipped);
      if (totals_.failed > 0) fmt::print(", {} failed", totals_.failed);
      fmt::print("\n");
    }
  }

  const BulkOptions& options_;
  const Words words_;
  std::string token_;
  Totals totals_;
  std::chrono::steady_clock::time_point next_progress_{};
};

}  // namespace

int run(const BulkOptions& options) {
  BulkRun bulk(options);
  return options.executions.empty() ? bulk.by_filter() : bulk.by_name();
}

}  // namespace pawl::cli
