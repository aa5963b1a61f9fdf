// `pawl backup` and `pawl restore`. A running server holds the data directory, so it is asked to
// make the copy; without one the directory is opened here.
#include <fmt/core.h>

#include <filesystem>

#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/writer.h"
#include "services/admin/backup.h"
#include "store/rocks_store.h"

namespace pawl::cli {

namespace {

int failed(const char* command, const std::string& message) {
  fmt::print(stderr, "pawl {}: {}\n", command, message);
  return 1;
}

Result<void, std::string> copy_stopped_store(const BackupOptions& options) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(options.data_dir, ignored)) {
    return Err{fmt::format("no server at {} and no data in {}", options.client.endpoint,
                           options.data_dir)};
  }
  auto store = store::open_rocks_store({.directory = options.data_dir});
  if (!store.ok()) return Err{store.error().message};
  return admin::back_up(**store, options.data_dir, options.destination);
}

// What the server says is wrong.
std::string error_message(const HttpAnswer& answer) {
  const auto parsed = json::Value::parse(answer.body);
  for (const char* name : {"message", "Message"}) {
    const json::Node* message = parsed.ok() ? parsed->root().find(name) : nullptr;
    if (message != nullptr && message->is_string()) return std::string(message->string());
  }
  return fmt::format("HTTP {}: {}", answer.status, answer.body);
}

// The server's answer in words, or why it has none.
Result<void, HttpError> ask_server(const BackupOptions& options, const std::string& destination) {
  std::string body;
  json::Writer(body).begin_object().key("directory").string(destination).end_object();
  const HttpAnswer answer =
      TRY(post(options.client, "pawl", "/_pawl/backup", {"Content-Type: application/json"}, body));
  if (answer.status < 300) return {};
  return Err{HttpError{HttpError::Kind::kFailed, error_message(answer)}};
}

}  // namespace

int run(const BackupOptions& options) {
  // The server's working directory is not ours.
  std::error_code error;
  const std::string destination =
      std::filesystem::absolute(options.destination, error).lexically_normal().string();
  const auto answered = ask_server(options, destination);
  if (!answered.ok()) {
    if (answered.error().kind != HttpError::Kind::kUnreachable) {
      return failed("backup", answered.error().message);
    }
    const auto copied = copy_stopped_store({options.client, options.data_dir, destination});
    if (!copied.ok()) return failed("backup", copied.error());
  }
  fmt::print("{}\n", destination);
  return 0;
}

int run(const RestoreOptions& options) {
  const auto restored = admin::restore(options.source, options.data_dir);
  if (!restored.ok()) return failed("restore", restored.error());
  fmt::print("{}\n", options.data_dir);
  return 0;
}

}  // namespace pawl::cli
