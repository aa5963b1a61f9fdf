#include "services/admin/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>

#include "base/crc.h"
#include "base/file_descriptor.h"

namespace pawl::admin {

namespace {

constexpr std::size_t kPieceBytes = 1u << 20;

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string system_error(std::string_view what, const std::string& path) {
  return std::string(what) + " " + path + ": " + std::strerror(errno);
}

Result<void, std::string> read_pieces(const std::string& path,
                                      const std::function<bool(std::string_view piece)>& take) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.open()) return Err{system_error("cannot read", path)};
  const auto piece = std::make_unique<char[]>(kPieceBytes);
  for (;;) {
    const ssize_t got = ::read(file.get(), piece.get(), kPieceBytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Err{system_error("cannot read", path)};
    if (got == 0 || !take({piece.get(), static_cast<std::size_t>(got)})) return {};
  }
}

Result<Copied, std::string> copy_file(const std::string& from, const std::string& to, mode_t mode) {
  const FileDescriptor file(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.open()) return Err{system_error("cannot make", to)};
  std::uint64_t crc = 0;
  Copied copied;
  bool written = true;
  TRY(read_pieces(from, [&](std::string_view piece) {
    crc = extend_crc(CrcKind::kCrc32c, crc, piece);
    copied.bytes += piece.size();
    return written = write_all(file.get(), piece);
  }));
  if (!written || ::fchmod(file.get(), mode & 07777) != 0) {
    return Err{system_error("cannot write", to)};
  }
  copied.crc32c = static_cast<std::uint32_t>(crc);
  return copied;
}

Result<std::string, std::string> read_link(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  if (length < 0) return Err{system_error("cannot read", path)};
  return std::string(target, static_cast<std::size_t>(length));
}

Result<void, std::string> sync_file_system(const std::string& directory) {
  const FileDescriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.open() && ::syncfs(folder.get()) == 0) return {};
  return Err{system_error("cannot sync", directory)};
}

}  // namespace pawl::admin
