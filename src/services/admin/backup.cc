#include "services/admin/backup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <utility>

#include "services/admin/contents.h"
#include "services/admin/files.h"
#include "store/backed_up_rows.h"
#include "store/data_directory.h"
#include "store/rocks_store.h"

namespace pawl::admin {

namespace {

namespace fs = std::filesystem;
using runtime::BackupPart;
using runtime::BackupTarget;

constexpr const char* kFunctionsFolder = "functions";
const std::string kCodeFolder = "functions/code";

Done failed(const std::string& what, const std::error_code& error) {
  return Err{what + ": " + error.message()};
}

// Copies from a data directory; files that never change become hard links where that is possible.
class Copies final : public BackupTarget {
 public:
  Copies(fs::path data_dir, fs::path target, BackupProgress& progress)
      : data_dir_(std::move(data_dir)), target_(std::move(target)), progress_(progress) {}

  Result<bool, std::string> take(const std::string& name, Bytes bytes) override {
    const std::string from = (data_dir_ / name).string();
    const std::string to = (target_ / name).string();
    struct stat status;
    if (::lstat(from.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return false;
      return Err{system_error("cannot read", from)};
    }
    std::error_code error;
    fs::create_directories(fs::path(to).parent_path(), error);
    auto taken = copy(from, to, status, bytes);
    if (taken.ok()) {
      ++progress_.files;
      return true;
    }
    // It may have gone meanwhile.
    if (::lstat(from.c_str(), &status) == 0) return Err{taken.error()};
    fs::remove(to, error);
    return false;
  }

 private:
  Done copy(const std::string& from, const std::string& to, const struct stat& status,
            Bytes bytes) const {
    if (S_ISDIR(status.st_mode)) {
      std::error_code error;
      fs::create_directories(to, error);
      return error ? failed("cannot make " + to, error) : Done();
    }
    if (S_ISLNK(status.st_mode)) {
      const std::string link = TRY(read_link(from));
      if (::symlink(link.c_str(), to.c_str()) != 0) return Err{system_error("cannot make", to)};
      return {};
    }
    if (bytes == Bytes::kFixed) {
      if (::link(from.c_str(), to.c_str()) == 0) return {};
      if (errno == ENOENT) return Err{system_error("cannot link", from)};
    }
    TRY(copy_file(from, to, status.st_mode));
    return {};
  }

  const fs::path data_dir_;
  const fs::path target_;
  BackupProgress& progress_;
};

// Packages have their content's hash for a name and never change: one that is there is whole. A
// name without that form is a draft of the code store, and no package.
bool is_package(const fs::directory_entry& entry) {
  constexpr std::size_t kSha256HexDigits = 64;
  return entry.is_directory() && entry.path().filename().string().size() == kSha256HexDigits;
}

Done copy_packages(const fs::path& data_dir, BackupTarget& target) {
  std::error_code error;
  // What functions' variables are encrypted with.
  TRY(target.take("functions/key", BackupTarget::Bytes::kReplaceable));
  const fs::path code = data_dir / kCodeFolder;
  if (!fs::exists(code, error)) return {};
  TRY(target.take(kCodeFolder, BackupTarget::Bytes::kReplaceable));
  for (const fs::directory_entry& package : fs::directory_iterator(code, error)) {
    if (!is_package(package)) continue;
    TRY(target.take(package.path().lexically_relative(data_dir).string(),
                    BackupTarget::Bytes::kReplaceable));
    // A function may have written to its own code: no bytes are shared.
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator(package.path(), error)) {
      TRY(target.take(entry.path().lexically_relative(data_dir).string(),
                      BackupTarget::Bytes::kReplaceable));
    }
  }
  return error ? failed("cannot list " + code.string(), error) : Done();
}

// A backup under way. Goes with the object, unless it is finished.
class Draft {
 public:
  explicit Draft(std::string destination)
      : destination_(std::move(destination)), directory_(destination_ + ".unfinished") {}
  ~Draft() { remove(); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::string& directory() const { return directory_; }

  Done begin() {
    std::error_code error;
    if (fs::exists(fs::symlink_status(destination_, error))) {
      return Err{destination_ + " exists already"};
    }
    remove();  // of a backup that was killed
    fs::create_directories(directory_, error);
    return error ? failed("cannot make " + directory_, error) : Done();
  }

  // The store's files, as they are laid out in a backup.
  Done take_store(store::Store& store) {
    const std::string made = directory_ + "/store";
    if (const auto stored = store.backup(made); !stored.ok()) return Err{stored.error().message};
    std::error_code error;
    for (const char* name : {"rocks", "files", "meta"}) {
      fs::rename(made + "/" + name, directory_ + "/" + name, error);
      if (error) return failed("cannot move " + made + "/" + name, error);
    }
    fs::remove(made, error);
    return {};
  }

  Done finish() {
    TRY(sync_file_system(directory_));
    const auto renamed = store::rename_durably(directory_, destination_);
    if (!renamed.ok()) return Err{renamed.error().message};
    return {};
  }

 private:
  void remove() {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  const std::string destination_;
  const std::string directory_;
};

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

std::string functions_directory(const std::string& data_dir) {
  return (fs::path(data_dir) / kFunctionsFolder).string();
}

BackupPart packages_part(const std::string& data_dir, std::function<std::shared_ptr<void>()> hold) {
  return {.folder = kFunctionsFolder,
          .hold = std::move(hold),
          .copy = [data_dir](const store::BackedUpRows&, BackupTarget& target) {
            return copy_packages(data_dir, target);
          }};
}

std::string_view phase_name(BackupProgress::Phase phase) {
  switch (phase) {
    case BackupProgress::Phase::kStore:
      return "STORE";
    case BackupProgress::Phase::kFiles:
      return "FILES";
    case BackupProgress::Phase::kChecksums:
      return "CHECKSUMS";
    case BackupProgress::Phase::kDone:
      return "DONE";
  }
  return "";
}

Done back_up(store::Store& store, const std::string& data_dir, const std::vector<BackupPart>& parts,
             const std::string& destination, BackupProgress& progress) {
  Draft draft(without_trailing_slash(destination));
  TRY(draft.begin());
  std::vector<std::string> folders;
  {
    // From before the rows are saved until what they refer to is copied nothing of that may go.
    std::vector<std::shared_ptr<void>> holds;
    for (const BackupPart& part : parts) {
      folders.push_back(part.folder);
      if (part.hold) holds.push_back(part.hold());
    }
    TRY(draft.take_store(store));
    progress.phase = BackupProgress::Phase::kFiles;
    const auto rows = store::read_backup(draft.directory());
    if (!rows.ok()) return Err{rows.error().message};
    Copies copies(data_dir, draft.directory(), progress);
    for (const BackupPart& part : parts) TRY(part.copy(**rows, copies));
  }
  progress.phase = BackupProgress::Phase::kChecksums;
  TRY(write_contents(draft.directory(), folders, [&progress](std::uint64_t bytes) {
    ++progress.files_checked;
    progress.bytes_checked += bytes;
  }));
  TRY(draft.finish());
  progress.phase = BackupProgress::Phase::kDone;
  return {};
}

Done restore(const std::string& backup, const std::string& data_dir) {
  std::vector<std::string> made;  // of the top folders
  const auto bring_files = [&]() -> Result<void, store::StoreError> {
    const auto brought = read_contents(backup, [&](const ContentsEntry& entry) {
      if (entry.name.find('/') == std::string::npos) made.push_back(entry.name);
      return restore_entry(backup, entry, data_dir);
    });
    if (!brought.ok()) return Err{store::StoreError{brought.error()}};
    if (const auto synced = sync_file_system(data_dir); !synced.ok()) {
      return Err{store::StoreError{synced.error()}};
    }
    return {};
  };
  const auto restored = store::restore_backup(backup, data_dir, bring_files);
  if (restored.ok()) return {};
  // As it was, so that another attempt is not refused.
  std::error_code ignored;
  for (const std::string& name : made) fs::remove_all(fs::path(data_dir) / name, ignored);
  return Err{restored.error().message};
}

}  // namespace pawl::admin
