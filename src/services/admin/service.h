// Pawl's own operations, beyond what AWS has: a backup of the live store.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/operations.h"
#include "services/admin/backup.h"
#include "store/store.h"

namespace pawl::admin {

class Service {
 public:
  // `store` outlives the service; it lives in `data_dir`. `parts` are what is beside it.
  Service(store::Store& store, std::string data_dir, std::vector<runtime::BackupPart> parts)
      : store_(store), data_dir_(std::move(data_dir)), parts_(std::move(parts)) {}
  // Waits for a backup that runs.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Adds the operations to the table, under the signing name "pawl". The service outlives it.
  void add_operations(runtime::Operations& operations);

 private:
  // One at a time, on a thread of its own: it may take long, and a request's thread must not.
  void start_backup(const runtime::Call& call, runtime::Reply reply);
  // Of the backup that runs, or of the last one.
  runtime::OperationResult describe_backup() const;
  void run_backup(const std::string& directory, const runtime::Reply& reply);

  struct Backup {
    std::string directory;
    BackupProgress progress;
    bool running = true;
    std::string error;
  };

  store::Store& store_;
  const std::string data_dir_;
  const std::vector<runtime::BackupPart> parts_;
  mutable std::mutex mutex_;
  std::unique_ptr<Backup> backup_;  // guarded by mutex_, but for its progress
  std::thread worker_;              // the last backup's; guarded by mutex_
};

}  // namespace pawl::admin
