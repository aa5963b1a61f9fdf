// A bare Git repository on disk, read and written object by object (gitrepository-layout(5)).
// Pushes and clones of whole histories go through git itself.
//
// Everything blocks on the disk. What a function that writes has answered is synced.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

struct git_repository;

namespace pawl::git {

// Forty hexadecimal digits.
using ObjectId = std::string;

struct GitError {
  enum class Kind {
    kNotFound,  // of what was asked for by name or id
    kOutdated,  // the branch is not where the caller thinks
    kFailed,    // the repository cannot do it; the message says why
  };
  Kind kind = Kind::kFailed;
  std::string message;
};

template <typename T>
using GitResult = Result<T, GitError>;

struct Signature {
  std::string name;
  std::string email;
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  int offset_minutes = 0;    // east of UTC
};

struct Commit {
  ObjectId id;
  ObjectId tree;
  std::vector<ObjectId> parents;
  std::string message;
  Signature author;
  Signature committer;
};

enum class FileMode : std::uint32_t {
  kNormal = 0100644,
  kExecutable = 0100755,
  kSymlink = 0120000,
  kSubmodule = 0160000,
  kFolder = 0040000,
};

struct Entry {
  std::string path;  // from the root, without a slash at either end
  FileMode mode = FileMode::kNormal;
  ObjectId id;  // of the blob, the tree, or a submodule's commit
};

struct Branch {
  std::string name;  // without refs/heads/
  ObjectId commit;
};

// A file that two trees do not have in common.
struct Difference {
  std::optional<Entry> before;
  std::optional<Entry> after;
};

// What a new commit changes in its parent's tree: a file for every path, or nothing where it goes.
struct File {
  FileMode mode = FileMode::kNormal;
  ObjectId blob;
};
using Changes = std::map<std::string, std::optional<File>>;

struct NewCommit {
  std::string branch;
  std::optional<ObjectId> parent;  // where the branch must be; nothing: it must not exist
  Changes changes;
  Signature author;
  std::string message;
};

class Repository {
 public:
  // Makes an empty one at `path`, which must not exist.
  static GitResult<void> create(const std::string& path);
  static GitResult<Repository> open(const std::string& path);

  std::vector<Branch> branches() const;  // by name
  GitResult<ObjectId> branch(const std::string& name) const;
  // kOutdated: there is one of this name.
  GitResult<void> create_branch(const std::string& name, const ObjectId& commit);
  GitResult<ObjectId> delete_branch(const std::string& name);
  // What a clone checks out.
  GitResult<void> set_head(const std::string& branch);

  // A branch's name, a reference's full name, a tag, or a commit's id.
  GitResult<ObjectId> resolve(const std::string& specifier) const;
  GitResult<Commit> commit(const ObjectId& id) const;
  // The root folder where the path is empty.
  GitResult<Entry> entry(const Commit& commit, const std::string& path) const;
  GitResult<std::vector<Entry>> folder(const Commit& commit, const std::string& path) const;
  GitResult<std::string> blob(const ObjectId& id) const;
  // Under the paths (empty: everywhere), by path. No `before`: everything is new.
  GitResult<std::vector<Difference>> differences(const std::optional<Commit>& before,
                                                 const Commit& after,
                                                 const std::string& before_path,
                                                 const std::string& after_path) const;

  GitResult<ObjectId> add_blob(const std::string& content);
  // Moves the branch if it still is where the caller thinks; kOutdated otherwise.
  GitResult<Commit> add_commit(const NewCommit& commit);

 private:
  struct Close {
    void operator()(git_repository* repository) const;
  };
  explicit Repository(git_repository* repository) : repository_(repository) {}

  std::unique_ptr<git_repository, Close> repository_;
};

// Whether a branch may have this name (git-check-ref-format(1)).
bool is_branch_name(const std::string& name);
// Whether a file of a tree may have this path: no empty parts, no `.`, `..` or `.git` among them.
bool is_file_path(const std::string& path);

}  // namespace pawl::git
