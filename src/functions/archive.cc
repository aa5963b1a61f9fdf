#include "functions/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "base/file_descriptor.h"

namespace pawl::functions {
namespace {

constexpr const char* kNotUnzipped =
    "Could not unzip uploaded file. Please check your file, then try to upload again.";
constexpr std::size_t kChunkBytes = 64 << 10;
constexpr std::size_t kLinkBytesMax = 4096;

struct ZipCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Zip = std::unique_ptr<zip_t, ZipCloser>;
using ZipFile = std::unique_ptr<zip_file_t, ZipCloser>;

struct Link {
  std::string path;
  std::string target;
};

Err<ArchiveError> not_unzipped() { return Err{ArchiveError{kNotUnzipped}}; }

Err<ArchiveError> cannot_write(const std::string& path) {
  return Err{ArchiveError{fmt::format("cannot write {}: {}", path, std::strerror(errno))}};
}

// Takes the source, which may be null.
Zip open_zip(zip_source_t* source) {
  zip_error_t error;
  zip_error_init(&error);
  zip_t* archive = nullptr;
  if (source != nullptr) {
    archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (archive == nullptr) zip_source_free(source);
  }
  zip_error_fini(&error);
  return Zip(archive);
}

// The Unix mode of an entry; 0 when the packer recorded none.
mode_t mode_of(zip_t* archive, zip_uint64_t index) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0) return 0;
  return system == ZIP_OPSYS_UNIX ? static_cast<mode_t>(attributes >> 16) : 0;
}

// AWS runs functions as another user than the packer's: everything is readable. Without a recorded
// mode (packed on Windows) any file might be the `bootstrap`.
mode_t file_mode(mode_t recorded) { return recorded == 0 ? 0755 : ((recorded & 0755) | 0444); }

class Unpacking {
 public:
  Unpacking(zip_t* archive, const std::string& directory, const ArchiveLimits& limits)
      : archive_(archive), directory_(directory), limits_(limits) {}

  Result<void, ArchiveError> run() {
    const zip_int64_t count = zip_get_num_entries(archive_, 0);
    if (count <= 0) return Err{ArchiveError{"Uploaded file must be a non-empty zip"}};
    if (static_cast<std::uint64_t>(count) > limits_.entries_max) return not_unzipped();
    for (zip_int64_t i = 0; i < count; ++i) TRY(entry(static_cast<zip_uint64_t>(i)));
    // Last: nothing can be written through a link.
    for (const Link& link : links_) {
      const std::string path = directory_ + "/" + link.path;
      if (symlink(link.target.c_str(), path.c_str()) != 0) return not_unzipped();
    }
    return {};
  }

 private:
  Result<void, ArchiveError> entry(zip_uint64_t index) {
    const char* name = zip_get_name(archive_, index, ZIP_FL_ENC_GUESS);
    if (name == nullptr) return not_unzipped();
    const std::string path = name;
    if (!is_safe_path(path, limits_.path_bytes_max)) return not_unzipped();
    const std::string target = directory_ + "/" + path;
    if (path.ends_with('/')) return make_directories(path);
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos) TRY(make_directories(path.substr(0, slash + 1)));
    const mode_t mode = mode_of(archive_, index);
    if (S_ISLNK(mode)) return link(index, path);
    if (mode != 0 && (mode & S_IFMT) != 0 && !S_ISREG(mode)) return not_unzipped();
    return file(index, target, file_mode(mode));
  }

  // Every part of `path`, up to its last slash.
  Result<void, ArchiveError> make_directories(const std::string& path) {
    if (path == last_made_) return {};
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      const std::string part = directory_ + "/" + path.substr(0, slash);
      if (mkdir(part.c_str(), 0755) == 0) {
        chmod(part.c_str(), 0755);  // whatever the server's umask is
      } else if (errno != EEXIST || !std::filesystem::is_directory(part)) {
        return not_unzipped();
      }
    }
    last_made_ = path;
    return {};
  }

  Result<void, ArchiveError> link(zip_uint64_t index, const std::string& path) {
    const ZipFile source(zip_fopen_index(archive_, index, 0));
    char target[kLinkBytesMax];
    const zip_int64_t length =
        source ? zip_fread(source.get(), target, sizeof target) : zip_int64_t{-1};
    if (length <= 0 || length == static_cast<zip_int64_t>(sizeof target)) return not_unzipped();
    std::string text(target, static_cast<std::size_t>(length));
    if (!is_safe_link(path, text)) return not_unzipped();
    links_.push_back({path, std::move(text)});
    return {};
  }

  Result<void, ArchiveError> file(zip_uint64_t index, const std::string& path, mode_t mode) {
    const ZipFile source(zip_fopen_index(archive_, index, 0));
    if (!source) return not_unzipped();
    // A second entry of the same name would replace the first behind the reader's back.
    const FileDescriptor target(
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!target.open()) {
      return errno == EEXIST || errno == EISDIR ? Result<void, ArchiveError>(not_unzipped())
                                                : Result<void, ArchiveError>(cannot_write(path));
    }
    fchmod(target.get(), mode);
    std::vector<char> chunk(kChunkBytes);
    for (;;) {
      const zip_int64_t length = zip_fread(source.get(), chunk.data(), chunk.size());
      if (length < 0) return not_unzipped();
      if (length == 0) return {};
      unpacked_ += static_cast<std::uint64_t>(length);
      // Counted, not believed: the directory's sizes are the packer's claim.
      if (unpacked_ > limits_.unpacked_bytes_max) {
        return Err{ArchiveError{fmt::format("Unzipped size must be smaller than {} bytes",
                                            limits_.unpacked_bytes_max)}};
      }
      if (write(target.get(), chunk.data(), static_cast<std::size_t>(length)) != length) {
        return cannot_write(path);
      }
    }
  }

  zip_t* archive_;
  const std::string& directory_;
  const ArchiveLimits& limits_;
  std::string last_made_;
  std::vector<Link> links_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

bool is_safe_path(std::string_view path, std::size_t bytes_max) {
  if (path.empty() || path.size() > bytes_max || path.front() == '/') return false;
  if (path.find('\0') != std::string_view::npos || path.find('\\') != std::string_view::npos) {
    return false;
  }
  if (path.ends_with('/')) path.remove_suffix(1);
  while (true) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > 255) return false;
    if (slash == path.size()) return true;
    path.remove_prefix(slash + 1);
  }
}

bool is_safe_link(std::string_view path, std::string_view target) {
  if (target.empty() || target.front() == '/' || target.find('\0') != std::string_view::npos) {
    return false;
  }
  auto depth = std::count(path.begin(), path.end(), '/');
  while (!target.empty()) {
    const std::size_t slash = std::min(target.find('/'), target.size());
    const std::string_view part = target.substr(0, slash);
    if (part == "..") {
      if (--depth < 0) return false;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
    target.remove_prefix(std::min(slash + 1, target.size()));
  }
  return true;
}

Result<void, ArchiveError> unpack(std::string_view zip, const std::string& directory,
                                  const ArchiveLimits& limits) {
  const Zip archive = open_zip(zip_source_buffer_create(zip.data(), zip.size(), 0, nullptr));
  if (!archive) return not_unzipped();
  return Unpacking(archive.get(), directory, limits).run();
}

Result<void, ArchiveError> unpack_file(const std::string& zip_file, const std::string& directory,
                                       const ArchiveLimits& limits) {
  const Zip archive = open_zip(zip_source_file_create(zip_file.c_str(), 0, -1, nullptr));
  if (!archive) return not_unzipped();
  return Unpacking(archive.get(), directory, limits).run();
}

}  // namespace pawl::functions
