#include "services/s3/data_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/hex.h"
#include "base/log.h"
#include "base/rng.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

namespace fs = std::filesystem;

FileError failed(std::string_view what, const std::string& path) {
  return {std::string(what) + " " + path + ": " + std::strerror(errno)};
}

// Renames a file into a folder that comes into being with its first file, and is durable before.
bool move_into_place(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return true;
  if (errno != ENOENT) return false;
  const fs::path folder = fs::path(to).parent_path();
  ::mkdir(folder.c_str(), 0777);
  const int parent = ::open(folder.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return false;
  const bool synced = ::fsync(parent) == 0;
  ::close(parent);
  return synced && ::rename(from.c_str(), to.c_str()) == 0;
}

}  // namespace

DataId new_data_id() {
  thread_local SystemRng rng;
  DataId id;
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t bits = rng.next();
    for (int shift = 0; shift < 64; shift += 8) id.push_back(static_cast<char>(bits >> shift));
  }
  return id;
}

Result<std::unique_ptr<DataFiles>, FileError> DataFiles::open(const std::string& directory) {
  std::unique_ptr<DataFiles> files(new DataFiles(directory));
  std::error_code error;
  fs::create_directories(directory + "/incoming", error);
  if (!error) fs::create_directories(directory + "/data", error);
  if (error) return Err{FileError{"cannot make " + directory + ": " + error.message()}};
  // The directories' own names, once.
  for (const std::string& path : {directory, directory + "/data"}) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return Err{failed("cannot open", path)};
    ::fsync(descriptor);
    ::close(descriptor);
  }
  const std::string incoming = directory + "/incoming";
  files->incoming_descriptor_ = ::open(incoming.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (files->incoming_descriptor_ < 0) return Err{failed("cannot open", incoming)};
  return files;
}

DataFiles::~DataFiles() {
  if (incoming_descriptor_ >= 0) ::close(incoming_descriptor_);
}

std::string DataFiles::name_of(const DataId& id) {
  const std::string name = encode_hex(id);
  return "data/" + name.substr(0, 2) + "/" + name;
}

std::string DataFiles::incoming_name(const DataId& id) { return "incoming/" + encode_hex(id); }

std::string DataFiles::incoming_path(const DataId& id) const {
  return directory_ + "/" + incoming_name(id);
}

std::string DataFiles::path_of(const DataId& id) const { return directory_ + "/" + name_of(id); }

Result<std::unique_ptr<IncomingFile>, FileError> DataFiles::create() {
  DataId id = new_data_id();
  const std::string path = incoming_path(id);
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return Err{failed("cannot make", path)};
  return std::unique_ptr<IncomingFile>(new IncomingFile(*this, std::move(id), descriptor));
}

IncomingFile::~IncomingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!kept_) ::unlink(files_.incoming_path(id_).c_str());
}

Result<void, FileError> IncomingFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Err{failed("cannot write", files_.incoming_path(id_))};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void, FileError> IncomingFile::seal() {
  const bool synced = ::fdatasync(descriptor_) == 0;
  if (!synced || ::fsync(files_.incoming_descriptor_) != 0) {
    return Err{failed("cannot sync", files_.incoming_path(id_))};
  }
  ::close(descriptor_);
  descriptor_ = -1;
  return {};
}

// Should the new name not be durable yet when the machine dies, the old one is, and settle() finds
// it.
void IncomingFile::rename() {
  if (!move_into_place(files_.incoming_path(id_), files_.path_of(id_))) {
    log_error("cannot rename {}: {}", files_.incoming_path(id_), std::strerror(errno));
  }
}

Result<std::string, FileError> DataFiles::read(const DataId& id, std::uint64_t offset,
                                               std::size_t count) const {
  const std::string path = path_of(id);
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  // Between the commit of its row and its new name a file has the old one.
  if (descriptor < 0) descriptor = ::open(incoming_path(id).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Err{failed("cannot open", path)};
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got =
        ::pread(descriptor, bytes.data() + have, count - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      ::close(descriptor);
      return Err{failed("cannot read", path)};
    }
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  ::close(descriptor);
  bytes.resize(have);
  return bytes;
}

void DataFiles::pin(const DataId& id) {
  const std::lock_guard lock(mutex_);
  ++pins_[id].count;
}

bool DataFiles::unpin(const DataId& id) {
  const std::lock_guard lock(mutex_);
  const auto pins = pins_.find(id);
  if (pins == pins_.end() || --pins->second.count > 0) return false;
  const bool doomed = pins->second.doomed;
  pins_.erase(pins);
  return doomed && holds_ == 0;
}

bool DataFiles::may_remove(const DataId& id) {
  const std::lock_guard lock(mutex_);
  const auto pins = pins_.find(id);
  if (pins == pins_.end()) return holds_ == 0;
  pins->second.doomed = true;
  return false;
}

void DataFiles::hold() {
  const std::lock_guard lock(mutex_);
  ++holds_;
}

bool DataFiles::release() {
  const std::lock_guard lock(mutex_);
  return --holds_ == 0;
}

void DataFiles::remove(const DataId& id) {
  if (::unlink(path_of(id).c_str()) == 0 || errno != ENOENT) return;
  ::unlink(incoming_path(id).c_str());
}

void DataFiles::settle(const std::function<bool(const DataId& id)>& is_referred) {
  std::vector<DataId> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_ + "/incoming", error)) {
    if (auto id = decode_hex(entry.path().filename().string())) found.push_back(std::move(*id));
  }
  for (const DataId& id : found) {
    if (is_referred(id)) {
      move_into_place(incoming_path(id), path_of(id));
    } else {
      ::unlink(incoming_path(id).c_str());
    }
  }
}

}  // namespace pawl::s3
