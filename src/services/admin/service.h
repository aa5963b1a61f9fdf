// Pawl's own operations, beyond what AWS has: a backup of the live store.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "runtime/operations.h"
#include "store/store.h"

namespace pawl::admin {

class Service {
 public:
  // `store` outlives the service; it lives in `data_dir`.
  Service(store::Store& store, std::string data_dir)
      : store_(store), data_dir_(std::move(data_dir)) {}
  // Waits for a backup that runs.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Adds the operations to the table, under the signing name "pawl". The service outlives it.
  void add_operations(runtime::Operations& operations);

 private:
  // One at a time, on a thread of its own: it may take long, and a request's thread must not.
  void start_backup(const runtime::Call& call, runtime::Reply reply);

  store::Store& store_;
  const std::string data_dir_;
  std::atomic<bool> running_ = false;
  std::mutex mutex_;
  std::thread worker_;  // the last backup's
};

}  // namespace pawl::admin
