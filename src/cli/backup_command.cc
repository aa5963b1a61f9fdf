// `pawl backup` and `pawl restore`. A running server holds the data directory, so it is asked to
// make the copy; without one the directory is opened here.
#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <thread>

#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/number.h"
#include "json/writer.h"
#include "services/admin/backup.h"
#include "services/codecommit/backup.h"
#include "services/s3/backup.h"
#include "store/rocks_store.h"

namespace pawl::cli {

namespace {

int failed(const char* command, const std::string& message) {
  fmt::print(stderr, "pawl {}: {}\n", command, message);
  return 1;
}

// Runs `work` while `tell` is asked for a line about it every second, which goes to a terminal.
template <typename Answer>
Answer with_progress(const std::function<Answer()>& work,
                     const std::function<std::string()>& tell) {
  if (::isatty(STDERR_FILENO) == 0) return work();
  std::promise<void> ended;
  std::thread teller([&tell, future = ended.get_future()] {
    bool told = false;
    while (future.wait_for(std::chrono::seconds(1)) == std::future_status::timeout) {
      fmt::print(stderr, "\r\033[K{}", tell());
      told = true;
    }
    if (told) fmt::print(stderr, "\r\033[K");
  });
  Answer answer = work();
  ended.set_value();
  teller.join();
  return answer;
}

std::string progress_line(std::string_view phase, std::int64_t files, std::int64_t checked,
                          std::int64_t bytes) {
  if (phase == "FILES") return fmt::format("{} files taken", files);
  if (phase == "CHECKSUMS") {
    return fmt::format("{} of {} files checked, {} MiB", checked, files, bytes >> 20);
  }
  return "saving the store";
}

Result<void, std::string> copy_stopped_store(const BackupOptions& options) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(options.data_dir, ignored)) {
    return Err{fmt::format("no server at {} and no data in {}", options.client.endpoint,
                           options.data_dir)};
  }
  auto store = store::open_rocks_store({.directory = options.data_dir});
  if (!store.ok()) return Err{store.error().message};
  const std::vector<runtime::BackupPart> parts = {
      s3::backup_part(nullptr), codecommit::backup_part(options.data_dir, nullptr),
      admin::packages_part(options.data_dir, {})};
  admin::BackupProgress progress;
  return with_progress<Result<void, std::string>>(
      [&] {
        return admin::back_up(**store, options.data_dir, parts, options.destination, progress);
      },
      [&progress] {
        return progress_line(admin::phase_name(progress.phase),
                             static_cast<std::int64_t>(progress.files),
                             static_cast<std::int64_t>(progress.files_checked),
                             static_cast<std::int64_t>(progress.bytes_checked));
      });
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

std::string progress_of_server(const Client& client) {
  const auto described = call_pawl(client, "backup/describe", "{}");
  if (!described.ok()) return described.error();
  const json::Node backup = described->root();
  const json::Node* phase = backup.find("phase");
  if (phase == nullptr) return "";
  const auto count = [&backup](const char* name) {
    const json::Node* value = backup.find(name);
    return value == nullptr ? 0 : json::to_int64(value->number_text()).value_or(0);
  };
  return progress_line(phase->string(), count("files"), count("filesChecked"),
                       count("bytesChecked"));
}

// The server's answer in words, or why it has none.
Result<void, HttpError> ask_server(const BackupOptions& options, const std::string& destination) {
  std::string body;
  json::Writer(body).begin_object().key("directory").string(destination).end_object();
  Client patient = options.client;
  patient.timeout_seconds = 0;
  const HttpAnswer answer = TRY((with_progress<Result<HttpAnswer, HttpError>>(
      [&] {
        return post(patient, "pawl", "/_pawl/backup", {"Content-Type: application/json"}, body);
      },
      [&options] { return progress_of_server(options.client); })));
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
