// `pawl run`: one execution on a server of its own, in a directory that goes away with it.
#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/commands.h"
#include "cli/http_client.h"
#include "cli/read_file.h"
#include "cli/server.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

constexpr auto kPollEvery = std::chrono::milliseconds(20);
constexpr const char* kRole = "arn:aws:iam::000000000000:role/pawl-run";

using Answer = Result<json::Value, std::string>;

// A directory under the system's temporary one, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "pawl-run-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string text_of(const json::Value& answer, std::string_view member) {
  const json::Node* found = answer.root().find(member);
  return found != nullptr && found->is_string() ? std::string(found->string()) : "";
}

std::string one_member(std::string_view name, std::string_view text) {
  std::string request;
  json::Writer(request).begin_object().key(name).string(text).end_object();
  return request;
}

Answer create_machine(const Client& client, const RunOptions& options,
                      const std::string& definition) {
  std::string request;
  json::Writer(request)
      .begin_object()
      .key("name")
      .string("run")
      .key("roleArn")
      .string(kRole)
      .key("definition")
      .string(definition)
      .key("type")
      .string(options.express ? "EXPRESS" : "STANDARD")
      .end_object();
  return call_states(client, "CreateStateMachine", request);
}

std::string start_request(const std::string& machine, const RunOptions& options) {
  std::string request;
  json::Writer(request)
      .begin_object()
      .key("stateMachineArn")
      .string(machine)
      .key("input")
      .string(options.input)
      .end_object();
  return request;
}

// The description of the closed execution.
Answer run_standard(const Client& client, const std::string& machine, const RunOptions& options) {
  const json::Value started =
      TRY(call_states(client, "StartExecution", start_request(machine, options)));
  const std::string request = one_member("executionArn", text_of(started, "executionArn"));
  while (true) {
    json::Value description = TRY(call_states(client, "DescribeExecution", request));
    if (text_of(description, "status") != "RUNNING") return description;
    std::this_thread::sleep_for(kPollEvery);
  }
}

Answer run_once(const Client& client, const RunOptions& options) {
  const std::string definition = TRY(read_file(options.definition_file));
  const std::string machine =
      text_of(TRY(create_machine(client, options, definition)), "stateMachineArn");
  if (options.express) {
    return call_states(client, "StartSyncExecution", start_request(machine, options));
  }
  return run_standard(client, machine, options);
}

int report(const json::Value& description, const RunOptions& options) {
  const std::string status = text_of(description, "status");
  if (options.output == Output::kJson) {
    fmt::print("{}\n", description.text());
  } else if (status == "SUCCEEDED") {
    fmt::print("{}\n", text_of(description, "output"));
  } else {
    fmt::print(stderr, "{} {}: {}\n", status, text_of(description, "error"),
               text_of(description, "cause"));
  }
  return status == "SUCCEEDED" ? 0 : 1;
}

}  // namespace

int run(const RunOptions& options) {
  const TemporaryDirectory directory;
  ServeOptions serve;
  serve.port = 0;
  serve.data_dir = directory.path();
  serve.log_level = LogLevel::kWarning;
  const auto server = Server::start(serve);
  if (!server.ok()) {
    fmt::print(stderr, "pawl run: {}\n", server.error());
    return 1;
  }
  Client client;
  client.endpoint = (*server)->url();
  const Answer answer = run_once(client, options);
  (*server)->stop();
  if (!answer.ok()) {
    fmt::print(stderr, "pawl run: {}\n", answer.error());
    return 1;
  }
  return report(*answer, options);
}

}  // namespace pawl::cli
