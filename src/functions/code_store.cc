#include "functions/code_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/base64.h"
#include "base/digest.h"
#include "base/file_descriptor.h"
#include "base/hex.h"

namespace pawl::functions {
namespace {

constexpr std::string_view kDraftPrefix = ".new-";
constexpr std::size_t kSha256Digits = 64;

bool is_package_name(const std::string& name) {
  return name.size() == kSha256Digits &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Everything of `from` appears in `to`, in place of what has its name there: files by hard links,
// since packages do not change.
Result<void, ArchiveError> lay_over(const std::string& from, const std::string& to) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path target = fs::path(to) / entry->path().lexically_relative(from);
    const bool is_directory = !entry->is_symlink() && entry->is_directory();
    const fs::file_status there = fs::symlink_status(target, error);
    error.clear();
    if (is_directory && fs::is_directory(there)) continue;
    if (fs::exists(there)) fs::remove_all(target, error);
    if (is_directory) {
      fs::create_directory(target, entry->path(), error);
    } else if (entry->is_symlink()) {
      fs::copy_symlink(entry->path(), target, error);
    } else {
      fs::create_hard_link(entry->path(), target, error);
    }
    if (error) break;
  }
  if (!error) return {};
  return Err{ArchiveError{fmt::format("cannot lay {} over {}: {}", from, to, error.message())}};
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

Result<std::unique_ptr<IncomingPackage>, ArchiveError> CodeStore::receive() {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++drafts_;
  }
  return IncomingPackage::create(fmt::format("{}/{}{}", root_, kDraftPrefix, number));
}

Result<StoredCode, ArchiveError> CodeStore::add(std::string_view zip) {
  const auto package = TRY(receive());
  TRY(package->append(zip));
  return add(*package);
}

Result<StoredCode, ArchiveError> CodeStore::add(IncomingPackage& incoming) {
  StoredCode stored;
  const std::string digest = incoming.finish();
  stored.sha256 = encode_hex(digest);
  stored.sha256_base64 = encode_base64(digest);
  stored.zip_bytes = incoming.bytes();
  stored.lease = lease(stored.sha256);  // first: from here on it is not collected
  std::error_code error;
  if (std::filesystem::exists(package(stored.sha256), error)) return stored;
  const std::string& draft = incoming.directory();
  const std::string code = IncomingPackage::code(draft);
  if (mkdir(code.c_str(), 0755) != 0) {
    return Err{ArchiveError{fmt::format("cannot make {}: {}", code, std::strerror(errno))}};
  }
  chmod(code.c_str(), 0755);
  TRY(unpack_file(IncomingPackage::zip_file(draft), code, limits_));
  TRY(make_durable(draft, package(stored.sha256)));
  return stored;
}

std::string CodeStore::zip_file(const std::string& sha256) const {
  return IncomingPackage::zip_file(package(sha256));
}

// One sync of the file system costs less than one for each of a package's thousands of files.
Result<void, ArchiveError> CodeStore::make_durable(const std::string& draft,
                                                   const std::string& final_name) {
  const FileDescriptor root(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool synced = root.open() && syncfs(root.get()) == 0;
  const bool renamed = synced && rename(draft.c_str(), final_name.c_str()) == 0;
  if (!renamed && (errno == EEXIST || errno == ENOTEMPTY)) {
    // Somebody else has unpacked the same bytes meanwhile.
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
    lease = std::make_shared<const std::string>(IncomingPackage::code(package(sha256)));
    leases_[sha256] = lease;
  }
  return lease;
}

std::string CodeStore::merged_name(const std::vector<std::string>& sha256s) {
  std::string names = "layers";
  for (const std::string& name : sha256s) names += "/" + name;
  return hex_digest(names, "SHA-256").value_or("");
}

Result<CodeLease, ArchiveError> CodeStore::merged(const std::vector<std::string>& sha256s) {
  if (sha256s.size() == 1) return lease(sha256s.front());
  const std::string name = merged_name(sha256s);
  CodeLease made = lease(name);
  std::error_code error;
  if (std::filesystem::exists(package(name), error)) return made;
  const auto draft = TRY(receive());
  const std::string code = IncomingPackage::code(draft->directory());
  if (mkdir(code.c_str(), 0755) != 0) {
    return Err{ArchiveError{fmt::format("cannot make {}: {}", code, std::strerror(errno))}};
  }
  chmod(code.c_str(), 0755);
  for (const std::string& each : sha256s) TRY(lay_over(*lease(each), code));
  TRY(make_durable(draft->directory(), package(name)));
  return made;
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
