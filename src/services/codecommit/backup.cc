#include "services/codecommit/backup.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "git/unfinished.h"
#include "services/codecommit/service.h"

namespace pawl::codecommit {

namespace {

namespace fs = std::filesystem;
using runtime::BackupTarget;
using Done = Result<void, std::string>;

// Packs and loose objects never change; what stands in `info` is replaced.
BackupTarget::Bytes kind_of(const std::string& name) {
  const bool fixed =
      name.find(".git/objects/") != std::string::npos && name.find("/info/") == std::string::npos;
  return fixed ? BackupTarget::Bytes::kFixed : BackupTarget::Bytes::kReplaceable;
}

// Copies trees of a repository that goes on being written.
class RepositoryCopy {
 public:
  RepositoryCopy(fs::path data_dir, BackupTarget& target)
      : data_dir_(std::move(data_dir)), target_(target) {}

  // What is under `name` in the repository, but for what `leaves_out` names in it and what git has
  // not finished: nothing refers to it. What goes meanwhile is left out.
  Done take_tree(const std::string& repository, const std::string& name,
                 const std::vector<std::string>& leaves_out) {
    std::vector<std::string> folders{name};
    TRY(target_.take(name, BackupTarget::Bytes::kReplaceable));
    while (!folders.empty()) {
      const std::string folder = std::move(folders.back());
      folders.pop_back();
      std::error_code error;
      for (fs::directory_iterator entry(data_dir_ / folder, error), end; entry != end;
           entry.increment(error)) {
        const std::string file = entry->path().filename().string();
        const std::string path = folder + "/" + file;
        const bool left_out = folder == name && std::find(leaves_out.begin(), leaves_out.end(),
                                                          file) != leaves_out.end();
        if (left_out || git::is_unfinished(path.substr(repository.size() + 1))) continue;
        std::error_code gone;
        const bool is_folder = entry->symlink_status(gone).type() == fs::file_type::directory;
        TRY(target_.take(path, kind_of(path)));
        if (is_folder) folders.push_back(path);
      }
      if (error && error != std::errc::no_such_file_or_directory) {
        return Err{"cannot list " + folder + ": " + error.message()};
      }
    }
    return {};
  }

  // References first, then what they may name: objects are there before references to them. A
  // reference is in `packed-refs` before it leaves its own file.
  Done take_repository(const std::string& name) {
    TRY(take_tree(name, name, {"objects", "packed-refs"}));
    TRY(target_.take(name + "/packed-refs", BackupTarget::Bytes::kReplaceable));
    return take_tree(name, name + "/objects", {});
  }

 private:
  const fs::path data_dir_;
  BackupTarget& target_;
};

Done copy(const std::string& data_dir, BackupTarget& target) {
  RepositoryCopy copies(data_dir, target);
  const std::string folder(kRepositoriesFolder);
  std::error_code error;
  for (fs::directory_iterator entry(fs::path(data_dir) / folder, error), end; entry != end;
       entry.increment(error)) {
    if (entry->path().extension() != ".git") continue;
    TRY(copies.take_repository(folder + "/" + entry->path().filename().string()));
  }
  if (!error || error == std::errc::no_such_file_or_directory) return {};
  return Err{"cannot list " + folder + ": " + error.message()};
}

}  // namespace

runtime::BackupPart backup_part(const std::string& data_dir, Service* service) {
  runtime::BackupPart part{.folder = std::string(kRepositoriesFolder), .hold = {}, .copy = {}};
  if (service != nullptr) part.hold = [service] { return service->hold_folders(); };
  // A folder without a record is removed at the next start.
  part.copy = [data_dir](const store::BackedUpRows&, BackupTarget& target) {
    return copy(data_dir, target);
  };
  return part;
}

}  // namespace pawl::codecommit
