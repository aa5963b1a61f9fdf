#include "services/admin/service.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "base/log.h"
#include "json/writer.h"
#include "services/admin/backup.h"

namespace pawl::admin {

namespace {

runtime::ServiceError error(std::string code, std::string message, int status) {
  return {
      .code = std::move(code), .message = std::move(message), .http_status = status, .members = {}};
}

runtime::OperationResult answer_of(const Result<void, std::string>& made,
                                   const std::string& directory) {
  if (!made.ok()) return Err{error("BackupFailed", made.error(), 500)};
  std::string answer;
  json::Writer(answer).begin_object().key("directory").string(directory).end_object();
  return json::Value::trusted(std::move(answer));
}

// Why a backup may not go there, if so.
std::optional<runtime::ServiceError> refusal(const std::string& directory) {
  if (!std::filesystem::path(directory).is_absolute()) {
    return error("InvalidParameter", "'directory' must be an absolute path", 400);
  }
  std::error_code ignored;
  if (std::filesystem::exists(directory, ignored)) {
    return error("InvalidParameter", directory + " exists already", 400);
  }
  return std::nullopt;
}

}  // namespace

Service::~Service() {
  if (worker_.joinable()) worker_.join();
}

void Service::add_operations(runtime::Operations& operations) {
  operations.add("pawl", "Backup", [this](const runtime::Call& call, runtime::Reply reply) {
    start_backup(call, std::move(reply));
  });
  operations.add(
      "pawl", "DescribeBackup",
      [this](const runtime::Call&, const runtime::Reply& reply) { reply(describe_backup()); });
}

void Service::start_backup(const runtime::Call& call, runtime::Reply reply) {
  std::string directory(call.input.root().find("directory")->string());
  if (auto refused = refusal(directory)) return reply(Err{std::move(*refused)});
  std::thread ended;
  {
    const std::lock_guard lock(mutex_);
    if (backup_ && backup_->running) {
      return reply(Err{error("BackupInProgress", "Another backup is being made", 409)});
    }
    backup_ = std::make_unique<Backup>();
    backup_->directory = directory;
    ended = std::move(worker_);
  }
  if (ended.joinable()) ended.join();
  const std::lock_guard lock(mutex_);
  worker_ = std::thread([this, directory = std::move(directory), reply = std::move(reply)] {
    run_backup(directory, reply);
  });
}

void Service::run_backup(const std::string& directory, const runtime::Reply& reply) {
  BackupProgress* progress = nullptr;
  {
    const std::lock_guard lock(mutex_);
    progress = &backup_->progress;
  }
  const auto made = back_up(store_, data_dir_, parts_, directory, *progress);
  if (made.ok()) {
    log_info("backup in {}: {} files, {} bytes beside the store", directory,
             progress->files_checked.load(), progress->bytes_checked.load());
  } else {
    log_error("the backup in {} failed: {}", directory, made.error());
  }
  {
    const std::lock_guard lock(mutex_);
    backup_->running = false;
    if (!made.ok()) backup_->error = made.error();
  }
  reply(answer_of(made, directory));
}

runtime::OperationResult Service::describe_backup() const {
  const std::lock_guard lock(mutex_);
  std::string answer;
  json::Writer out(answer);
  out.begin_object();
  if (!backup_) {
    out.key("status").string("NONE").end_object();
    return json::Value::trusted(std::move(answer));
  }
  const BackupProgress& progress = backup_->progress;
  const char* ended = backup_->error.empty() ? "SUCCEEDED" : "FAILED";
  out.key("status").string(backup_->running ? "RUNNING" : ended);
  out.key("directory").string(backup_->directory);
  out.key("phase").string(phase_name(progress.phase));
  out.key("files").integer(static_cast<std::int64_t>(progress.files.load()));
  out.key("filesChecked").integer(static_cast<std::int64_t>(progress.files_checked.load()));
  out.key("bytesChecked").integer(static_cast<std::int64_t>(progress.bytes_checked.load()));
  if (!backup_->error.empty()) out.key("message").string(backup_->error);
  out.end_object();
  return json::Value::trusted(std::move(answer));
}

}  // namespace pawl::admin
