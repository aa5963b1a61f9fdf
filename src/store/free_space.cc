#include "store/free_space.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

namespace pawl::store {

namespace {

struct FileSystemSize {
  std::uint64_t free_bytes = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t total_bytes = std::numeric_limits<std::uint64_t>::max();
};

// A file system that cannot be asked counts as having space: writing will tell.
FileSystemSize size_of(const std::string& directory) {
  struct statvfs status;
  if (::statvfs(directory.c_str(), &status) != 0) return {};
  return {std::uint64_t{status.f_bavail} * status.f_frsize,
          std::uint64_t{status.f_blocks} * status.f_frsize};
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::function<std::uint64_t()> asker_of(const RocksOptions& options) {
  if (options.free_bytes) return options.free_bytes;
  return [directory = options.directory] { return size_of(directory).free_bytes; };
}

}  // namespace

FreeSpace::FreeSpace(const RocksOptions& options)
    : ask_(asker_of(options)),
      ask_again_ms_(options.free_bytes ? 0 : 200),
      floor_bytes_(options.free_space_floor_bytes),
      asked_ms_(now_ms()),
      free_bytes_(ask_()) {
  if (!options.free_bytes) {
    floor_bytes_ = std::min(floor_bytes_, size_of(options.directory).total_bytes / 10);
  }
}

std::uint64_t FreeSpace::free_bytes() const {
  const std::int64_t now = now_ms();
  std::int64_t asked = asked_ms_.load(std::memory_order_relaxed);
  if (now - asked >= ask_again_ms_ && asked_ms_.compare_exchange_strong(asked, now)) {
    free_bytes_.store(ask_(), std::memory_order_relaxed);
  }
  return free_bytes_.load(std::memory_order_relaxed);
}

}  // namespace pawl::store
