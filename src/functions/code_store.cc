#include "functions/code_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/base64.h"
#include "functions/file_descriptor.h"

namespace pawl::functions {
namespace {

constexpr std::string_view kDraftPrefix = ".new-";

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest sha256(std::string_view bytes) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return digest;
}

bool is_package_name(const std::string& name) {
  return name.size() == 2 * SHA256_DIGEST_LENGTH &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

CodeStore::CodeStore(std::string root, ArchiveLimits limits)
    : root_(std::move(root)), limits_(limits) {
  std::error_code error;
  std::filesystem::create_directories(root_, error);
  for (const auto& entry : std::filesystem::directory_iterator(root_, error)) {
    if (!entry.path().filename().string().starts_with(kDraftPrefix)) continue;
    std::filesystem::remove_all(entry.path(), error);
  }
}

Result<StoredCode, ArchiveError> CodeStore::add(std::string_view zip) {
  const Digest digest = sha256(zip);
  StoredCode stored;
  for (const unsigned char byte : digest) stored.sha256 += fmt::format("{:02x}", byte);
  stored.sha256_base64 =
      encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  stored.zip_bytes = zip.size();
  stored.lease = lease(stored.sha256);  // first: from here on it is not collected
  std::error_code error;
  if (std::filesystem::exists(*stored.lease, error)) return stored;
  std::string draft;
  {
    const std::lock_guard lock(mutex_);
    draft = fmt::format("{}/{}{}", root_, kDraftPrefix, ++drafts_);
  }
  std::filesystem::create_directory(draft, error);
  auto unpacked = unpack(zip, draft, limits_);
  if (unpacked.ok()) unpacked = make_durable(draft, *stored.lease);
  if (unpacked.ok()) return stored;
  std::filesystem::remove_all(draft, error);
  return Err{std::move(unpacked).error()};
}

// One sync of the file system costs less than one for each of a package's thousands of files.
Result<void, ArchiveError> CodeStore::make_durable(const std::string& draft,
                                                   const std::string& final_name) {
  const FileDescriptor root(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool synced = root.open() && syncfs(root.get()) == 0;
  const bool renamed = synced && rename(draft.c_str(), final_name.c_str()) == 0;
  if (!renamed && (errno == EEXIST || errno == ENOTEMPTY)) {
    // Somebody else has unpacked the same bytes meanwhile.
    std::error_code error;
    std::filesystem::remove_all(draft, error);
    return {};
  }
  if (!renamed || fsync(root.get()) != 0) {
    return Err{ArchiveError{fmt::format("cannot keep {}: {}", final_name, std::strerror(errno))}};
  }
  return {};
}

CodeLease CodeStore::lease(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  lately_leased_.insert(sha256);
  CodeLease lease = leases_[sha256].lock();
  if (!lease) {
    lease = std::make_shared<const std::string>(root_ + "/" + sha256);
    leases_[sha256] = lease;
  }
  return lease;
}

bool CodeStore::collect(const std::function<std::set<std::string>()>& read_references) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(leases_, [](const auto& entry) { return entry.second.expired(); });
    lately_leased_.clear();
    for (const auto& [name, lease] : leases_) lately_leased_.insert(name);
  }
  const std::set<std::string> referenced = read_references();
  const std::lock_guard lock(mutex_);
  if (!held_.expired()) return true;
  bool leased = false;
  std::error_code error;
  std::vector<std::filesystem::path> unused;
  for (const auto& entry : std::filesystem::directory_iterator(root_, error)) {
    const std::string name = entry.path().filename().string();
    if (!is_package_name(name) || referenced.contains(name)) continue;
    if (lately_leased_.contains(name)) {
      leased = true;
    } else {
      unused.push_back(entry.path());
    }
  }
  for (const auto& path : unused) {
    // Renamed first, so that a crash in between leaves no package with files missing.
    const auto draft = std::filesystem::path(root_) /
                       (std::string(kDraftPrefix) + "old-" + path.filename().string());
    std::filesystem::rename(path, draft, error);
    std::filesystem::remove_all(error ? path : draft, error);
  }
  return leased;
}

std::shared_ptr<void> CodeStore::hold() {
  const std::lock_guard lock(mutex_);
  auto held = held_.lock();
  if (!held) held_ = held = std::make_shared<char>();
  return held;
}

}  // namespace pawl::functions
