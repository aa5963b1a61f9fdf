#include "services/admin/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "functions/file_descriptor.h"
#include "store/rocks_store.h"

namespace pawl::admin {

namespace {

namespace fs = std::filesystem;
using Done = Result<void, std::string>;

fs::path code_directory(const std::string& data_dir) {
  return fs::path(functions_directory(data_dir)) / "code";
}

Done failed(const std::string& what, const std::error_code& error) {
  return Err{what + ": " + error.message()};
}

// Everything written below `directory` so far is on disk.
Done sync_file_system(const fs::path& directory) {
  const functions::FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.open() && ::syncfs(fd.get()) == 0) return {};
  return failed("cannot sync " + directory.string(),
                std::error_code(errno, std::generic_category()));
}

// Packages have their content's hash for a name and never change: one that is there is whole. A
// name without that form is a draft of the code store, and no package.
bool is_package(const fs::directory_entry& entry) {
  constexpr std::size_t kSha256HexDigits = 64;
  return entry.is_directory() && entry.path().filename().string().size() == kSha256HexDigits;
}

// Copies the packages of `from` that `to` has not.
Done copy_packages(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  fs::create_directories(to, error);
  if (error) return failed("cannot make " + to.string(), error);
  for (const fs::directory_entry& entry : fs::directory_iterator(from, error)) {
    const fs::path target = to / entry.path().filename();
    if (!is_package(entry) || fs::exists(target)) continue;
    fs::copy(entry.path(), target, fs::copy_options::recursive | fs::copy_options::copy_symlinks,
             error);
    // One that nothing refers to may be removed meanwhile.
    if (error && fs::exists(entry.path())) return failed("cannot copy " + target.string(), error);
  }
  if (error) return failed("cannot list " + from.string(), error);
  return sync_file_system(to);
}

}  // namespace

std::string functions_directory(const std::string& data_dir) {
  return (fs::path(data_dir) / "functions").string();
}

Done back_up(store::Store& store, const std::string& data_dir, const std::string& destination) {
  const fs::path code = code_directory(data_dir);
  const fs::path copied = destination + ".functions";
  std::error_code error;
  fs::remove_all(copied, error);
  TRY(copy_packages(code, copied));
  const auto stored = store.backup(destination);
  if (!stored.ok()) {
    fs::remove_all(copied, error);
    return Err{stored.error().message};
  }
  // Packages that came between the first copy and the store's snapshot.
  TRY(copy_packages(code, copied));
  if (!fs::exists(copied, error)) return {};
  const fs::path target = code_directory(destination);
  fs::create_directories(target.parent_path(), error);
  fs::rename(copied, target, error);
  if (error) return failed("cannot make " + target.string(), error);
  return sync_file_system(target);
}

Done restore(const std::string& backup, const std::string& data_dir) {
  const auto restored = store::restore_backup(backup, data_dir);
  if (!restored.ok()) return Err{restored.error().message};
  return copy_packages(code_directory(backup), code_directory(data_dir));
}

}  // namespace pawl::admin
