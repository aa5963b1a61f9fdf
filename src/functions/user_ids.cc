#include "functions/user_ids.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/crc32c.h"

namespace pawl::functions {
namespace {

constexpr std::uint32_t kCount = kUserIdLast - kUserIdFirst + 1;

}  // namespace

UserIds::UserIds(std::string locks) : locks_(std::move(locks)) {
  std::error_code error;
  std::filesystem::create_directories(locks_, error);
  if (error) locks_.clear();
}

std::optional<UserIds::Lease> UserIds::take(std::string_view name) {
  const std::uint32_t start = crc32c(name) % kCount;
  for (std::uint32_t step = 0; step < kCount; ++step) {
    const std::uint32_t id = kUserIdFirst + (start + step) % kCount;
    if (taken_.contains(id)) continue;
    auto held = lock(id);
    if (!held) continue;
    taken_.insert(id);
    return Lease(*this, id, std::move(*held));
  }
  return std::nullopt;
}

// An open file without a lock stands for ids that need none. systemd's own are named in /run, too.
std::optional<FileDescriptor> UserIds::lock(std::uint32_t id) const {
  if (locks_.empty()) return FileDescriptor();
  if (access(fmt::format("/run/systemd/dynamic-uid/{}", id).c_str(), F_OK) == 0) {
    return std::nullopt;
  }
  FileDescriptor file(
      open(fmt::format("{}/{}", locks_, id).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.open()) return FileDescriptor();
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return file;
}

}  // namespace pawl::functions
