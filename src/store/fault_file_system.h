// A file system for tests: fails the nth write or sync of files with a given ending, and can throw
// away what was written but not synced, as a power cut does.
#pragma once

#include <rocksdb/file_system.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/ensure.h"
#include "store/zero_filled_logs.h"

namespace pawl::store {

class FaultFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  enum class Operation { kWrite, kSync };

  FaultFileSystem() : FileSystemWrapper(zero_filled_logs()) {}
  const char* Name() const override { return "FaultFileSystem"; }

  // From the nth operation (1: the next) on files ending in `suffix` on, every one fails.
  void fail(Operation operation, std::string suffix, int nth, rocksdb::IOStatus error) {
    const std::lock_guard lock(mutex_);
    fault_ = Fault{operation, std::move(suffix), nth, std::move(error)};
  }

  void heal() {
    const std::lock_guard lock(mutex_);
    fault_.nth = 0;
  }

  // To be called when the database is closed.
  void lose_unsynced() {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, bytes] : synced_bytes_) {
      if (path.ends_with(".log") && ::access(path.c_str(), F_OK) == 0) {
        ENSURE(::truncate(path.c_str(), static_cast<off_t>(bytes)) == 0, path);
      }
    }
  }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    rocksdb::IOStatus status = target()->NewWritableFile(path, options, &file, debug);
    if (!status.ok()) return status;
    synced(path, 0);
    *result = std::make_unique<File>(*this, path, std::move(file));
    return status;
  }

 private:
  struct Fault {
    Operation operation = Operation::kWrite;
    std::string suffix;
    int nth = 0;  // 0: none
    rocksdb::IOStatus error;
  };

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(FaultFileSystem& system, std::string path, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), system_(system), path_(std::move(path)) {}

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
      rocksdb::IOStatus fault = system_.next_fault(Operation::kWrite, path_);
      if (!fault.ok()) return fault;
      written_ += data.size();
      return FSWritableFileOwnerWrapper::Append(data, options, debug);
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& verification,
                             rocksdb::IODebugContext* debug) override {
      rocksdb::IOStatus fault = system_.next_fault(Operation::kWrite, path_);
      if (!fault.ok()) return fault;
      written_ += data.size();
      return FSWritableFileOwnerWrapper::Append(data, options, verification, debug);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
      rocksdb::IOStatus fault = system_.next_fault(Operation::kSync, path_);
      if (!fault.ok()) return fault;
      rocksdb::IOStatus status = FSWritableFileOwnerWrapper::Sync(options, debug);
      if (status.ok()) system_.synced(path_, written_);
      return status;
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* debug) override {
      rocksdb::IOStatus fault = system_.next_fault(Operation::kSync, path_);
      if (!fault.ok()) return fault;
      rocksdb::IOStatus status = FSWritableFileOwnerWrapper::Fsync(options, debug);
      if (status.ok()) system_.synced(path_, written_);
      return status;
    }

   private:
    FaultFileSystem& system_;
    const std::string path_;
    std::uint64_t written_ = 0;
  };

  rocksdb::IOStatus next_fault(Operation operation, const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (fault_.nth == 0 || operation != fault_.operation || !path.ends_with(fault_.suffix)) {
      return rocksdb::IOStatus::OK();
    }
    if (fault_.nth > 1) {
      --fault_.nth;
      return rocksdb::IOStatus::OK();
    }
    return fault_.error;
  }

  void synced(const std::string& path, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    synced_bytes_[path] = bytes;
  }

  std::mutex mutex_;
  Fault fault_;
  std::map<std::string, std::uint64_t> synced_bytes_;
};

}  // namespace pawl::store
