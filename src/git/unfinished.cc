#include "git/unfinished.h"

#include <filesystem>
#include <vector>

namespace pawl::git {

namespace {

namespace fs = std::filesystem;

// What a folder holds that is unfinished, and its other folders.
struct Found {
  std::vector<fs::path> unfinished;
  std::vector<fs::path> folders;
};

Found look_into(const fs::path& repository, const fs::path& folder) {
  Found found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; entry != end; entry.increment(error)) {
    std::error_code gone;
    if (is_unfinished(entry->path().lexically_relative(repository).string())) {
      found.unfinished.push_back(entry->path());
    } else if (entry->symlink_status(gone).type() == fs::file_type::directory) {
      found.folders.push_back(entry->path());
    }
  }
  return found;
}

}  // namespace

// No reference's name ends with ".lock" (git-check-ref-format(1)); one may begin with "tmp_".
bool is_unfinished(std::string_view path) {
  if (path.ends_with(".lock")) return true;
  constexpr std::string_view kObjects = "objects/";
  if (!path.starts_with(kObjects)) return false;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.starts_with("tmp_") || name.starts_with("incoming-");
}

void remove_unfinished(const std::string& repository) {
  std::vector<fs::path> folders{repository};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    Found found = look_into(repository, folder);
    std::error_code ignored;
    for (const fs::path& path : found.unfinished) fs::remove_all(path, ignored);
    // Loose objects lie in up to 256 folders; one of them that is unfinished is in nobody's way.
    const bool objects = folder.filename() == "objects";
    for (fs::path& each : found.folders) {
      if (!objects || each.filename() == "pack") folders.push_back(std::move(each));
    }
  }
}

}  // namespace pawl::git
