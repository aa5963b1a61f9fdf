#include "services/admin/service.h"

#include <filesystem>
#include <optional>
#include <utility>

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
}

void Service::start_backup(const runtime::Call& call, runtime::Reply reply) {
  std::string directory(call.input.root().find("directory")->string());
  if (auto refused = refusal(directory)) return reply(Err{std::move(*refused)});
  if (running_.exchange(true)) {
    return reply(Err{error("BackupInProgress", "Another backup is being made", 409)});
  }
  const std::lock_guard lock(mutex_);
  if (worker_.joinable()) worker_.join();  // it has ended: running_ was false
  worker_ = std::thread([this, directory = std::move(directory), reply = std::move(reply)] {
    runtime::OperationResult result = answer_of(back_up(store_, data_dir_, directory), directory);
    running_ = false;
    reply(std::move(result));
  });
}

}  // namespace pawl::admin
