// Bytes on their way to where they are kept: checksums are made while they pass.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "runtime/background.h"
#include "runtime/body.h"
#include "services/s3/data_files.h"
#include "services/s3/errors.h"

namespace pawl::s3 {

// Smaller objects are rows of the store: one synced write for many of them, no file for any.
inline constexpr std::size_t kInlineBytesMax = 16 * 1024;

// What was kept, and what it is: durable, but not yet referred to.
struct KeptBytes {
  Data data;
  std::string bytes;                   // inline ones
  std::unique_ptr<IncomingFile> file;  // of others
  std::uint64_t size = 0;
  std::map<ChecksumKind, std::string> checksums;  // raw
};
using Kept = std::function<void(Result<KeptBytes, ServiceError>)>;

// Which checksums are wanted beside MD5.
using ChecksumKinds = std::vector<ChecksumKind>;

class BodyWriter final : public runtime::BodySink, public std::enable_shared_from_this<BodyWriter> {
 public:
  // Both outlive the writer.
  BodyWriter(runtime::Background& threads, DataFiles& files, const ChecksumKinds& kinds);

  void write(std::string bytes, Done done) override;
  // After the last write.
  void finish(Kept kept);

 private:
  void enqueue(std::function<void()> step);
  void run_steps();
  Result<void, runtime::BodyError> take(const std::string& bytes);
  Result<KeptBytes, ServiceError> seal();

  runtime::Background& threads_;
  DataFiles& files_;
  std::vector<Checksum> checksums_;
  std::unique_ptr<IncomingFile> file_;
  std::uint64_t size_ = 0;
  std::optional<FileError> error_;
  std::mutex mutex_;
  std::deque<std::function<void()>> steps_;  // guarded by mutex_
  bool running_ = false;                     // guarded by mutex_
};

// Keeps bytes that are in memory: at once when they are few.
void keep_bytes(runtime::Background& threads, DataFiles& files, std::string bytes,
                const ChecksumKinds& kinds, const Kept& kept);

}  // namespace pawl::s3
