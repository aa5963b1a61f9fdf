// libgit2's handles, freed with their scope; its errors as ours.
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "git/repository.h"

namespace pawl::git {

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};

using ReferenceHandle = std::unique_ptr<git_reference, Freed<git_reference_free>>;
using ObjectHandle = std::unique_ptr<git_object, Freed<git_object_free>>;
using CommitHandle = std::unique_ptr<git_commit, Freed<git_commit_free>>;
using TreeHandle = std::unique_ptr<git_tree, Freed<git_tree_free>>;
using EntryHandle = std::unique_ptr<git_tree_entry, Freed<git_tree_entry_free>>;
using BlobHandle = std::unique_ptr<git_blob, Freed<git_blob_free>>;
using DiffHandle = std::unique_ptr<git_diff, Freed<git_diff_free>>;
using SignatureHandle = std::unique_ptr<git_signature, Freed<git_signature_free>>;
using BranchIterator = std::unique_ptr<git_branch_iterator, Freed<git_branch_iterator_free>>;

// Of the call that has just answered `code`.
inline GitError error_of(int code) {
  const git_error* last = git_error_last();
  GitError error;
  error.message = last && last->message ? last->message : "unknown error";
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) error.kind = GitError::Kind::kNotFound;
  if (code == GIT_EMODIFIED || code == GIT_EEXISTS) error.kind = GitError::Kind::kOutdated;
  return error;
}

// Calls a function of libgit2 that makes a handle; its first argument is where.
template <typename Handle, typename Make, typename... Arguments>
GitResult<Handle> make(Make function, Arguments... arguments) {
  typename Handle::pointer made = nullptr;
  const int code = function(&made, arguments...);
  if (code != 0) return Err{error_of(code)};
  return Handle(made);
}

inline ObjectId hex(const git_oid& id) {
  char text[GIT_OID_HEXSZ];
  git_oid_fmt(text, &id);
  return {text, GIT_OID_HEXSZ};
}

inline GitResult<git_oid> parse_id(const ObjectId& text) {
  git_oid id;
  if (text.size() != GIT_OID_HEXSZ || git_oid_fromstr(&id, text.c_str()) != 0) {
    return Err{GitError{GitError::Kind::kNotFound, "'" + text + "' is no object's id"}};
  }
  return id;
}

}  // namespace pawl::git
