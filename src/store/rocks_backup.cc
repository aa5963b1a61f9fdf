#include "store/rocks_backup.h"

#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <vector>

#include "base/crc32c.h"
#include "store/rocks_store.h"

namespace pawl::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListHeader = "pawl-backup 1\n";

struct BackedUpFile {
  std::string name;
  std::uint64_t bytes;
  std::uint32_t checksum;
};

std::string hex(std::uint32_t value) {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", value);
  return text;
}

// "crc32c bytes name" a line, and the checksum of the list itself at its end.
std::string print_list(const std::vector<BackedUpFile>& files) {
  std::string list(kListHeader);
  for (const BackedUpFile& file : files) {
    list += hex(file.checksum) + " " + std::to_string(file.bytes) + " " + file.name + "\n";
  }
  return list + "crc32c " + hex(crc32c(list)) + "\n";
}

Result<std::vector<BackedUpFile>, StoreError> parse_list(const std::string& list,
                                                         const std::string& path) {
  const std::size_t last_line = list.rfind("crc32c ");
  if (!list.starts_with(kListHeader)) {
    return Err{StoreError{path + " is not the list of a backup that this version of Pawl reads"}};
  }
  if (last_line == std::string::npos ||
      list.substr(last_line) != "crc32c " + hex(crc32c(list.substr(0, last_line))) + "\n") {
    return Err{StoreError{path + " is damaged: its checksum does not fit"}};
  }
  std::vector<BackedUpFile> files;
  std::istringstream lines(list.substr(kListHeader.size(), last_line - kListHeader.size()));
  BackedUpFile file;
  while (lines >> std::hex >> file.checksum >> std::dec >> file.bytes >> file.name) {
    files.push_back(file);
  }
  return files;
}

Result<std::vector<BackedUpFile>, StoreError> list_files(const std::string& directory) {
  std::vector<BackedUpFile> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    const std::string bytes = TRY(read_file(entry.path().string()));
    files.push_back({entry.path().filename().string(), bytes.size(), crc32c(bytes)});
  }
  if (error) return Err{StoreError{"cannot list " + directory + ": " + error.message()}};
  std::sort(files.begin(), files.end(),
            [](const BackedUpFile& a, const BackedUpFile& b) { return a.name < b.name; });
  return files;
}

Result<void, StoreError> require_absent_or_empty(const std::string& directory) {
  std::error_code error;
  if (!exists(directory)) return {};
  if (fs::is_directory(directory, error) && fs::is_empty(directory, error) && !error) return {};
  return Err{StoreError{directory + " is there already and is not an empty directory"}};
}

Result<void, StoreError> make_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Err{StoreError{"cannot make " + directory + ": " + error.message()}};
  return {};
}

Result<void, StoreError> copy_files(const std::vector<BackedUpFile>& files, const std::string& from,
                                    const std::string& to) {
  TRY(make_directory(to));
  for (const BackedUpFile& file : files) {
    const std::string path = from + "/" + file.name;
    const std::string bytes = TRY(read_file(path));
    if (bytes.size() != file.bytes || crc32c(bytes) != file.checksum) {
      return Err{StoreError{path + " is damaged: it is not what was backed up"}};
    }
    TRY(write_file(to + "/" + file.name, bytes));
  }
  return sync_directory(to);
}

// A store that is being restored. With `meta` beside it, and nothing of a name that start-up would
// go on with, no server takes it for a whole one.
std::string restoring_path(const DataDirectory& target) { return target.path() + "/restoring"; }

Result<void, StoreError> restore_into(const DataDirectory& target, const std::string& backup,
                                      const std::vector<BackedUpFile>& files,
                                      const std::string& meta, const RestoreBeside& beside) {
  TRY(write_file(target.meta_path(), meta));
  TRY(copy_files(files, backup + "/rocks", restoring_path(target)));
  if (beside) TRY(beside());
  return rename_durably(restoring_path(target), target.rocks_path());
}

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

Result<void, StoreError> write_backup(rocksdb::DB& db, const DataDirectory& source,
                                      const std::string& directory) {
  const std::string target = without_trailing_slash(directory);
  TRY(require_absent_or_empty(target));
  const std::string unfinished = target + ".unfinished";
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  TRY(make_directory(unfinished));
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(&db, &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(unfinished + "/rocks");
  if (!status.ok()) return Err{StoreError{"the backup failed: " + status.ToString()}};
  TRY(write_file(unfinished + "/files", print_list(TRY(list_files(unfinished + "/rocks")))));
  TRY(write_file(unfinished + "/meta", TRY(read_file(source.meta_path()))));
  return rename_durably(unfinished, target);
}

Result<void, StoreError> restore_backup(const std::string& backup, const std::string& directory,
                                        const RestoreBeside& beside) {
  const std::string meta = TRY(read_file(backup + "/meta"));
  if (const auto parsed = parse_meta(meta); !parsed) {
    return Err{StoreError{backup + ": " + parsed.error().message}};
  }
  const std::string list_path = backup + "/files";
  const auto files = TRY(parse_list(TRY(read_file(list_path)), list_path));
  TRY(require_absent_or_empty(directory));
  const DataDirectory target = TRY(DataDirectory::open(directory));
  Result<void, StoreError> restored = restore_into(target, backup, files, meta, beside);
  if (!restored) {
    // Leave the directory as empty as it was, so that another attempt is not refused.
    std::error_code ignored;
    for (const std::string& path :
         {restoring_path(target), target.meta_path(), target.lock_path()}) {
      fs::remove_all(path, ignored);
    }
  }
  return restored;
}

}  // namespace pawl::store
