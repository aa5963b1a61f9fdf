#include "store/free_space.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace pawl::store {

namespace {

constexpr std::int64_t kAskAgainMs = 1000;

struct Space {
  std::uint64_t free_bytes = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t total_bytes = std::numeric_limits<std::uint64_t>::max();
};

// A file system that cannot be asked counts as having space: writing will tell.
Space ask(const std::string& directory) {
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

}  // namespace

FreeSpace::FreeSpace(std::string directory, std::uint64_t floor_bytes)
    : directory_(std::move(directory)), asked_ms_(now_ms()) {
  const Space space = ask(directory_);
  floor_bytes_ = std::min(floor_bytes, space.total_bytes / 10);
  free_bytes_ = space.free_bytes;
}

std::uint64_t FreeSpace::free_bytes() const {
  const std::int64_t now = now_ms();
  std::int64_t asked = asked_ms_.load(std::memory_order_relaxed);
  if (now - asked >= kAskAgainMs && asked_ms_.compare_exchange_strong(asked, now)) {
    free_bytes_.store(ask(directory_).free_bytes, std::memory_order_relaxed);
  }
  return free_bytes_.load(std::memory_order_relaxed);
}

}  // namespace pawl::store
