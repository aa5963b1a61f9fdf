#include "objects/folder_object_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace pawl::objects {
namespace {

namespace fs = std::filesystem;

ObjectError no_key() { return {ObjectError::Kind::kNoKey, "The specified key does not exist."}; }
ObjectError failed(const std::string& what) { return {ObjectError::Kind::kFailed, what}; }

// A key becomes a relative path: none of its parts may lead elsewhere.
bool is_plain(std::string_view key) {
  if (key.empty() || key.front() == '/' || key.find('\0') != std::string_view::npos) return false;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    const std::string_view part = key.substr(begin, end - begin);
    if (part == "." || part == ".." || (part.empty() && end != key.size())) return false;
    begin = end + 1;
  }
  return true;
}

// Size and time stand for the content: enough to tell a changed file.
ObjectInfo info_of(const std::string& path, std::string key) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0)
    return {.key = std::move(key), .size = 0, .last_modified = 0, .etag = {}};
  const WallMillis modified =
      static_cast<WallMillis>(status.st_mtim.tv_sec) * 1'000 + status.st_mtim.tv_nsec / 1'000'000;
  char etag[48];
  std::snprintf(etag, sizeof etag, "\"%016llx%016llx\"",
                static_cast<unsigned long long>(status.st_size),
                static_cast<unsigned long long>(modified));
  return {.key = std::move(key),
          .size = static_cast<std::uint64_t>(status.st_size),
          .last_modified = modified,
          .etag = etag};
}

// Of a file, or of a folder's entries.
bool sync_path(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = ::fsync(descriptor) == 0;
  return ::close(descriptor) == 0 && synced;
}

class FileWriter final : public ObjectWriter {
 public:
  FileWriter(std::string path, std::string key)
      : path_(std::move(path)), key_(std::move(key)), out_(part(), std::ios::binary) {}
  ~FileWriter() override {
    std::error_code ignored;
    if (!finished_) fs::remove(part(), ignored);
  }

  Result<void, ObjectError> append(std::string_view bytes) override {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out_) return Err{failed("cannot write " + key_)};
    return {};
  }
  // What is told to be written is on the disk: a Map Run does not write its results again.
  Result<ObjectInfo, ObjectError> finish() override {
    out_.close();
    if (!out_ || !sync_path(part())) return Err{failed("cannot write " + key_)};
    std::error_code error;
    fs::rename(part(), path_, error);
    if (error || !sync_path(fs::path(path_).parent_path().string())) {
      return Err{failed("cannot write " + key_)};
    }
    finished_ = true;
    return info_of(path_, key_);
  }

 private:
  std::string part() const { return path_ + std::string(kPartSuffix); }

  std::string path_;
  std::string key_;
  std::ofstream out_;
  bool finished_ = false;
};

}  // namespace

Result<std::string, ObjectError> FolderObjectStore::bucket_folder(const std::string& bucket) const {
  const std::string folder = directory_ + "/" + bucket;
  std::error_code error;
  const bool plain = is_plain(bucket) && bucket.find('/') == std::string::npos;
  if (plain && fs::is_directory(folder, error)) return folder;
  return Err{ObjectError{ObjectError::Kind::kNoBucket, "The specified bucket does not exist"}};
}

Result<std::string, ObjectError> FolderObjectStore::read(const std::string& bucket,
                                                         const std::string& key,
                                                         std::uint64_t offset, std::size_t count) {
  const std::string folder = TRY(bucket_folder(bucket));
  if (!is_plain(key)) return Err{no_key()};
  const std::string path = folder + "/" + key;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return Err{no_key()};
  std::ifstream in(path, std::ios::binary);
  std::string bytes(count, '\0');
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  if (in.bad()) return Err{failed("cannot read " + key)};
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

Result<std::vector<ObjectInfo>, ObjectError> FolderObjectStore::list(const std::string& bucket,
                                                                     std::string_view prefix,
                                                                     const std::string& after,
                                                                     std::size_t limit) {
  const std::string folder = TRY(bucket_folder(bucket));
  std::vector<ObjectInfo> objects;
  for (std::string& key : listings_->page(folder, prefix, after, limit)) {
    const std::string path = folder + "/" + key;
    objects.push_back(info_of(path, std::move(key)));
  }
  return objects;
}

Result<std::unique_ptr<ObjectWriter>, ObjectError> FolderObjectStore::create(
    const std::string& bucket, const std::string& key) {
  const std::string folder = TRY(bucket_folder(bucket));
  if (!is_plain(key) || key.ends_with('/')) return Err{failed("Invalid key: " + key)};
  const std::string path = folder + "/" + key;
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return Err{failed("cannot write " + key)};
  return std::unique_ptr<ObjectWriter>(std::make_unique<FileWriter>(path, key));
}

}  // namespace pawl::objects
