// Deployment packages, unpacked once and named by their content: <root>/<sha256>/package.zip as it
// came, and <root>/<sha256>/code/.
//
// Invariant: a directory with a hash for its name is complete and durable; it appears by one
// rename.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "functions/archive.h"
#include "functions/incoming_package.h"

namespace pawl::functions {

// Keeps a package from being removed while somebody uses it.
using CodeLease = std::shared_ptr<const std::string>;  // the directory of its code

struct StoredCode {
  std::string sha256;         // hexadecimal: the package's name
  std::string sha256_base64;  // as AWS shows it
  std::uint64_t zip_bytes = 0;
  CodeLease lease;
};

class CodeStore {
 public:
  // Makes `root` if needed and removes what a crash has left half done.
  explicit CodeStore(std::string root, ArchiveLimits limits = {});

  const ArchiveLimits& limits() const { return limits_; }
  // For a package that comes in pieces. Thread-safe.
  Result<std::unique_ptr<IncomingPackage>, ArchiveError> receive();
  // Unpacks it unless it is there already. Thread-safe; takes as long as the disk does.
  Result<StoredCode, ArchiveError> add(IncomingPackage& package);
  Result<StoredCode, ArchiveError> add(std::string_view zip);
  // The package as it came. Whether it exists: whoever holds a lease knows.
  std::string zip_file(const std::string& sha256) const;
  // The package's directory, whether or not it exists.
  CodeLease lease(const std::string& sha256);
  // The packages of these names in one directory, later ones over earlier ones; of one, its own.
  Result<CodeLease, ArchiveError> merged(const std::vector<std::string>& sha256s);
  // What merged() calls the directory of several.
  static std::string merged_name(const std::vector<std::string>& sha256s);
  // Removes every package that is neither among what `read_references` answers nor leased, now or
  // at any time since before it was asked: a reference may be made while the others are read, and
  // the lease that stood for it given back. True: some were leased, so call again later. One call
  // at a time.
  bool collect(const std::function<std::set<std::string>()>& read_references);
  // Nothing is removed while the answer lives: collect() says that something is leased.
  std::shared_ptr<void> hold();

 private:
  Result<void, ArchiveError> make_durable(const std::string& draft, const std::string& final_name);
  std::string package(const std::string& sha256) const { return root_ + "/" + sha256; }

  std::string root_;
  ArchiveLimits limits_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const std::string>> leases_;  // guarded by mutex_
  std::set<std::string> lately_leased_;  // since the last collection began; guarded by mutex_
  std::uint64_t drafts_ = 0;             // guarded by mutex_
  std::weak_ptr<void> held_;             // guarded by mutex_
};

}  // namespace pawl::functions
