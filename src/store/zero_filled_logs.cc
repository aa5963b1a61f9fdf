#include "store/zero_filled_logs.h"

#include <fcntl.h>
#include <rocksdb/file_system.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace pawl::store {

namespace {

// So many small commits fit that the metadata of them all weighs nothing, and so few bytes are
// written twice that the commit which fills is hardly later than the others.
constexpr std::uint64_t kFillBytes = 256u << 10;
// Of a larger write the metadata is a small part, and filling would double what the disk writes.
constexpr std::size_t kSmallWriteBytes = 16u << 10;
constexpr std::array<char, 16u << 10> kZeros{};

rocksdb::IOStatus failure(std::string_view what, const std::string& path, int error) {
  const std::string context = std::string(what) + " " + path;
  if (error != ENOSPC) return rocksdb::IOStatus::IOError(context, std::strerror(error));
  rocksdb::IOStatus status = rocksdb::IOStatus::NoSpace(context, std::strerror(error));
  status.SetRetryable(true);
  return status;
}

class LogFile final : public rocksdb::FSWritableFile {
 public:
  LogFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile() override {
    if (file_ >= 0) ::close(file_);
  }

  using FSWritableFile::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions&,
                           rocksdb::IODebugContext*) override {
    if (const int error = write_at(bytes_, data.ToStringView()); error != 0) {
      return failure("While appending to", path_, error);
    }
    bytes_ += data.size();
    if (bytes_ > filled_ && data.size() <= kSmallWriteBytes) fill();
    return rocksdb::IOStatus::OK();
  }

  // Reserves blocks, for the writes that are too large to be filled for.
  rocksdb::IOStatus Allocate(std::uint64_t offset, std::uint64_t bytes, const rocksdb::IOOptions&,
                             rocksdb::IODebugContext*) override {
    if (::fallocate(file_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                    static_cast<off_t>(bytes)) == 0) {
      return rocksdb::IOStatus::OK();
    }
    return failure("While allocating", path_, errno);
  }

  rocksdb::IOStatus Flush(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();  // nothing is held back here
  }

  rocksdb::IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    if (::fdatasync(file_) == 0) return rocksdb::IOStatus::OK();
    return failure("While syncing", path_, errno);
  }

  rocksdb::IOStatus Fsync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    if (::fsync(file_) == 0) return rocksdb::IOStatus::OK();
    return failure("While syncing", path_, errno);
  }

  // Gives back what was filled and reserved.
  rocksdb::IOStatus Close(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    const int file = std::exchange(file_, -1);
    if (file < 0) return rocksdb::IOStatus::OK();
    const int error = ::ftruncate(file, static_cast<off_t>(bytes_)) == 0 ? 0 : errno;
    if (::close(file) != 0) return failure("While closing", path_, errno);
    return error == 0 ? rocksdb::IOStatus::OK() : failure("While truncating", path_, error);
  }

  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return bytes_;
  }

 private:
  // 0, or the error's number.
  int write_at(std::uint64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t done = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return errno;
      bytes.remove_prefix(static_cast<std::size_t>(done));
      offset += static_cast<std::uint64_t>(done);
    }
    return 0;
  }

  // A full disk stops it early, and harms nothing: the log grows as any file does. An error of the
  // device shows in the sync.
  void fill() {
    const std::uint64_t end = bytes_ + kFillBytes;
    filled_ = bytes_;
    while (filled_ < end) {
      const std::uint64_t bytes = std::min<std::uint64_t>(end - filled_, kZeros.size());
      if (write_at(filled_, {kZeros.data(), bytes}) != 0) return;
      filled_ += bytes;
    }
  }

  const std::string path_;
  int file_;
  std::uint64_t bytes_ = 0;   // of the log
  std::uint64_t filled_ = 0;  // where the zeros after it end
};

class ZeroFilledLogs final : public rocksdb::FileSystemWrapper {
 public:
  ZeroFilledLogs() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "pawl.ZeroFilledLogs"; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    if (!path.ends_with(".log")) return target()->NewWritableFile(path, options, result, debug);
    const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
    if (file < 0) return failure("While opening", path, errno);
    *result = std::make_unique<LogFile>(path, file);
    return rocksdb::IOStatus::OK();
  }
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> zero_filled_logs() {
  return std::make_shared<ZeroFilledLogs>();
}

}  // namespace pawl::store
