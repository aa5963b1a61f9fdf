#include "base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace pawl {
namespace {

constexpr std::size_t kLeastRoom = 4096;

// Room for all of a plain file and for the read that finds its end.
std::size_t first_room(int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || status.st_size <= 0) return kLeastRoom;
  return static_cast<std::size_t>(status.st_size) + 1;
}

Result<std::string, std::error_code> read_to_end(int descriptor) {
  std::string bytes(first_room(descriptor), '\0');
  std::size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(2 * filled);
    const ssize_t count = ::read(descriptor, bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Err{std::error_code(errno, std::generic_category())};
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace

Result<std::string, std::error_code> read_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Err{std::error_code(errno, std::generic_category())};
  auto bytes = read_to_end(descriptor);
  ::close(descriptor);
  return bytes;
}

}  // namespace pawl
