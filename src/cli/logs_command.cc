// `pawl logs`: the history of an execution for a person to read, one line an event; or what a
// function has logged, read from the data directory.
#include <fmt/core.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/commands.h"
#include "cli/history_line.h"
#include "cli/http_client.h"
#include "functions/log_reader.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

constexpr int kPageEvents = 1'000;
constexpr auto kPollEvery = std::chrono::milliseconds(300);

using Failed = Result<void, std::string>;

// Prints each event once, in order, over as many calls as it takes.
class HistoryReader {
 public:
  explicit HistoryReader(const LogsOptions& options) : options_(options), last_id_(options.after) {}

  // Prints what is new.
  Failed print_new() {
    while (true) {
      const json::Value page = TRY(read_page());
      if (const json::Node* events = page.root().find("events")) {
        for (const json::Node& event : *events) print(event);
      }
      std::fflush(stdout);
      const json::Node* next = page.root().find("nextToken");
      if (next == nullptr || !next->is_string()) return {};
      token_ = next->string();
    }
  }

 private:
  // A token may have become too old while nothing happened: then from the beginning.
  Result<json::Value, std::string> read_page() {
    auto page = call_states(options_.client, "GetExecutionHistory", page_request());
    if (page.ok() || token_.empty() || !page.error().starts_with("InvalidToken")) return page;
    token_.clear();
    return call_states(options_.client, "GetExecutionHistory", page_request());
  }

  std::string page_request() const {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().key("executionArn").string(options_.subject);
    writer.key("maxResults").integer(kPageEvents);
    // The token of the last page that had events is kept: asking again shows what was added to it.
    if (!token_.empty()) writer.key("nextToken").string(token_);
    writer.end_object();
    return text;
  }

  void print(json::Node event) {
    const std::int64_t id = event_id(event);
    if (first_time_ == 0) first_time_ = event_time(event);
    if (id <= last_id_) return;
    last_id_ = id;
    const std::string line =
        options_.output == Output::kJson ? json::print(event) : history_line(event, first_time_);
    fmt::print("{}\n", line);
  }

  const LogsOptions& options_;
  std::string token_;
  std::int64_t last_id_;
  double first_time_ = 0;
};

Result<std::string, std::string> status_of(const LogsOptions& options) {
  std::string request;
  json::Writer(request).begin_object().key("executionArn").string(options.subject).end_object();
  const json::Value description = TRY(call_states(options.client, "DescribeExecution", request));
  const json::Node* status = description.root().find("status");
  return status != nullptr && status->is_string() ? std::string(status->string()) : "UNKNOWN";
}

bool is_execution(const std::string& subject) {
  return subject.starts_with("arn:") && (subject.find(":execution:") != std::string::npos ||
                                         subject.find(":express:") != std::string::npos);
}

Failed print_function_log(const LogsOptions& options) {
  const auto logs = std::filesystem::path(options.data_dir) / "functions" / "logs";
  functions::LogReader reader = TRY(functions::LogReader::find(logs.string(), options.subject));
  if (options.tail) reader.seek_to_tail(static_cast<std::size_t>(*options.tail));
  while (true) {
    reader.read([](std::string_view line) { fmt::print("{}\n", line); });
    std::fflush(stdout);
    if (!options.follow) return {};
    std::this_thread::sleep_for(kPollEvery);
  }
}

Failed print_history(const LogsOptions& options) {
  HistoryReader reader(options);
  while (true) {
    // The status is read first: the events of a closed execution are complete.
    const std::string status = TRY(status_of(options));
    TRY(reader.print_new());
    if (!options.follow || status != "RUNNING") {
      if (options.output == Output::kText) fmt::print("{}\n", status);
      return {};
    }
    std::this_thread::sleep_for(kPollEvery);
  }
}

}  // namespace

int run(const LogsOptions& options) {
  const Failed printed =
      is_execution(options.subject) ? print_history(options) : print_function_log(options);
  if (printed.ok()) return 0;
  fmt::print(stderr, "pawl logs: {}\n", printed.error());
  return 1;
}

}  // namespace pawl::cli
