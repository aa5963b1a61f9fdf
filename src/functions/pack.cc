#include "functions/pack.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <vector>

namespace pawl::functions {
namespace {

namespace fs = std::filesystem;

constexpr zip_uint16_t kDosDate = (46 << 9) | (1 << 5) | 1;  // 2026-01-01

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

Result<std::vector<std::string>, ArchiveError> files_below(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(directory, error), end; entry != end;
       entry.increment(error)) {
    const fs::file_type type = entry->symlink_status(error).type();
    if (type == fs::file_type::regular || type == fs::file_type::symlink) {
      names.push_back(entry->path().lexically_relative(directory).string());
    }
  }
  if (error) return Err{ArchiveError{fmt::format("{}: {}", directory, error.message())}};
  std::sort(names.begin(), names.end());
  return names;
}

bool add_entry(zip_t* archive, const std::string& directory, const std::string& name) {
  const std::string path = directory + "/" + name;
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0) return false;
  zip_source_t* source = nullptr;
  if (S_ISLNK(status.st_mode)) {
    char target[PATH_MAX];
    const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
    if (length < 0) return false;
    auto* copy = static_cast<char*>(std::malloc(static_cast<std::size_t>(length) + 1));
    if (copy == nullptr) return false;
    std::copy_n(target, length, copy);
    source = zip_source_buffer(archive, copy, static_cast<zip_uint64_t>(length), 1);
  } else {
    source = zip_source_file(archive, path.c_str(), 0, -1);
  }
  if (source == nullptr) return false;
  const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  const auto entry = static_cast<zip_uint64_t>(index);
  const auto attributes = static_cast<zip_uint32_t>(status.st_mode) << 16;
  return zip_file_set_external_attributes(archive, entry, 0, ZIP_OPSYS_UNIX, attributes) == 0 &&
         zip_file_set_dostime(archive, entry, 0, kDosDate, 0) == 0;
}

}  // namespace

Result<std::string, ArchiveError> pack(const std::string& directory) {
  const std::vector<std::string> names = TRY(files_below(directory));
  const auto failed = [&directory](std::string_view why) {
    return Err{ArchiveError{fmt::format("cannot pack {}: {}", directory, why)}};
  };
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, FreeSource> source(
      zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!source) return failed(zip_error_strerror(&error));
  zip_source_keep(source.get());  // the archive lets go of its own
  std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(source.get());
    return failed(zip_error_strerror(&error));
  }
  for (const std::string& name : names) {
    if (!add_entry(archive.get(), directory, name)) return failed(name);
  }
  if (zip_close(archive.get()) != 0) return failed(zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  zip_stat_t status;
  if (zip_source_stat(source.get(), &status) != 0 || zip_source_open(source.get()) != 0) {
    return failed("it cannot be read back");
  }
  std::string bytes(static_cast<std::size_t>(status.size), '\0');
  const zip_int64_t got = zip_source_read(source.get(), bytes.data(), status.size);
  zip_source_close(source.get());
  if (got != static_cast<zip_int64_t>(status.size)) return failed("it cannot be read back");
  return bytes;
}

}  // namespace pawl::functions
