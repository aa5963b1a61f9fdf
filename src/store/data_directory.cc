#include "store/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <sstream>
#include <thread>
#include <utility>

#include "base/crc32c.h"
#include "base/ensure.h"
#include "base/read_file.h"

namespace pawl::store {

namespace {

StoreError system_error(const std::string& what, const std::string& path) {
  return {what + " " + path + ": " + std::strerror(errno)};
}

// A file descriptor that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

Result<void, StoreError> make_directories(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    if (::mkdir(parent.c_str(), 0755) != 0 && errno != EEXIST) {
      return Err{system_error("cannot make directory", parent)};
    }
    if (slash == std::string::npos) return {};
  }
}

std::string checksum_line(std::string_view body) {
  char line[24];
  std::snprintf(line, sizeof line, "crc32c %08x\n", crc32c(body));
  return line;
}

Result<std::uint32_t, StoreError> parse_number(const std::string& text, const std::string& name) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Err{StoreError{"meta: \"" + name + "\" is not a number: \"" + text + "\""}};
  }
  return number;
}

}  // namespace

// Lines of "name value", the last one a checksum over all before it. A newer format may say more;
// its first two lines and the checksum line stay as they are.
std::string print_meta(const StoreMeta& meta) {
  std::string body = "pawl-store\nformat " + std::to_string(meta.format) + "\nstore-id " +
                     meta.store_id + "\nshards " + std::to_string(meta.shards) + "\nhash " +
                     meta.hash + "\n";
  return body + checksum_line(body);
}

Result<StoreMeta, StoreError> parse_meta(const std::string& text) {
  const std::size_t last_line = text.rfind("crc32c ");
  if (!text.starts_with("pawl-store\n") || last_line == std::string::npos) {
    return Err{StoreError{"meta: this is not a Pawl store's meta file"}};
  }
  const std::string_view body = std::string_view(text).substr(0, last_line);
  if (text.substr(last_line) != checksum_line(body)) {
    return Err{StoreError{"meta: the checksum does not fit the text: the file is damaged"}};
  }
  std::map<std::string, std::string> fields;
  std::istringstream lines{std::string(body)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    if (space != std::string::npos) fields[line.substr(0, space)] = line.substr(space + 1);
  }
  StoreMeta meta;
  meta.format = TRY(parse_number(fields["format"], "format"));
  if (meta.format > kStoreFormat) {
    return Err{StoreError{"the store has format " + std::to_string(meta.format) +
                          ", newer than format " + std::to_string(kStoreFormat) +
                          " that this version of Pawl knows; use a newer Pawl"}};
  }
  meta.store_id = fields["store-id"];
  meta.shards = TRY(parse_number(fields["shards"], "shards"));
  meta.hash = fields["hash"];
  if (meta.shards != kShardCount || meta.hash != kShardHash) {
    return Err{StoreError{"the store has " + std::to_string(meta.shards) + " shards by hash \"" +
                          meta.hash + "\", this version of Pawl has " +
                          std::to_string(kShardCount) + " by \"" + std::string(kShardHash) + "\""}};
  }
  return meta;
}

namespace {

// How long processes that a dead server left behind may take to end.
constexpr std::chrono::seconds kLeftBehindMax{10};
constexpr std::chrono::milliseconds kLookAgain{10};

std::string holder_of(int lock) {
  char text[32] = {};
  const ssize_t length = ::pread(lock, text, sizeof text - 1, 0);
  std::string pid(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid;
}

// A process that was killed is not running any more, also where nobody has waited for it.
bool is_running(const std::string& pid) {
  const auto status = pawl::read_file("/proc/" + pid + "/stat");
  if (!status.ok()) return false;
  const std::size_t name_end = status->rfind(')');
  return name_end + 2 < status->size() && (*status)[name_end + 2] != 'Z';
}

// A server that is killed while it forks leaves a child that has the lock too, until it ends.
bool lock_at_last(int lock) {
  const auto until = std::chrono::steady_clock::now() + kLeftBehindMax;
  while (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return false;
    const std::string holder = holder_of(lock);
    if (holder.empty() || is_running(holder) || std::chrono::steady_clock::now() > until) {
      errno = EWOULDBLOCK;
      return false;
    }
    std::this_thread::sleep_for(kLookAgain);
  }
  return true;
}

}  // namespace

Result<DataDirectory, StoreError> DataDirectory::open(const std::string& path) {
  TRY(make_directories(path));
  const std::string lock_path = path + "/lock";
  File lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock.ok()) return Err{system_error("cannot open", lock_path)};
  if (!lock_at_last(lock.get())) {
    if (errno != EWOULDBLOCK) return Err{system_error("cannot lock", lock_path)};
    const std::string pid = holder_of(lock.get());
    return Err{StoreError{"the data directory " + path + " is in use by another process" +
                          (pid.empty() ? "" : " (pid " + pid + ")")}};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 ||
      ::pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    // The pid is a courtesy to whoever finds the lock held; a full disk must not stop us here.
  }
  return DataDirectory(path, lock.release());
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::string, StoreError> read_file(const std::string& path) {
  auto bytes = pawl::read_file(path);
  if (!bytes.ok()) return Err{StoreError{"cannot read " + path + ": " + bytes.error().message()}};
  return std::move(bytes).value();
}

Result<void, StoreError> write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".new";
  File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.ok()) return Err{system_error("cannot write", temporary)};
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Err{system_error("cannot write", temporary)};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) return Err{system_error("cannot sync", temporary)};
  return rename_durably(temporary, path);
}

Result<void, StoreError> sync_directory(const std::string& path) {
  File directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.ok() || ::fsync(directory.get()) != 0) {
    return Err{system_error("cannot sync directory", path)};
  }
  return {};
}

Result<void, StoreError> rename_durably(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return Err{system_error("cannot rename " + from + " to", to)};
  }
  const std::size_t slash = to.rfind('/');
  return sync_directory(slash == std::string::npos ? "."
                                                   : to.substr(0, std::max<std::size_t>(slash, 1)));
}

bool exists(const std::string& path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace pawl::store
