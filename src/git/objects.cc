// Reading and writing commits, folders and files.
#include <fmt/core.h>

#include <algorithm>

#include "git/handles.h"
#include "git/repository.h"

namespace pawl::git {

namespace {

Signature signature_of(const git_signature& signature) {
  return {signature.name, signature.email, signature.when.time, signature.when.offset};
}

Commit commit_of(const git_commit* handle) {
  Commit commit{.id = hex(*git_commit_id(handle)),
                .tree = hex(*git_commit_tree_id(handle)),
                .parents = {},
                .message = git_commit_message(handle),
                .author = signature_of(*git_commit_author(handle)),
                .committer = signature_of(*git_commit_committer(handle))};
  for (unsigned i = 0; i < git_commit_parentcount(handle); ++i) {
    commit.parents.push_back(hex(*git_commit_parent_id(handle, i)));
  }
  return commit;
}

std::string join(const std::string& folder, const char* name) {
  return folder.empty() ? name : folder + "/" + name;
}

Entry entry_of(const git_tree_entry* handle, std::string path) {
  return {std::move(path), static_cast<FileMode>(git_tree_entry_filemode(handle)),
          hex(*git_tree_entry_id(handle))};
}

GitResult<TreeHandle> tree_of(git_repository* repository, const ObjectId& id) {
  const git_oid tree = TRY(parse_id(id));
  return make<TreeHandle>(git_tree_lookup, repository, &tree);
}

bool is_under(const std::string& path, const std::string& folder) {
  return folder.empty() || path == folder || path.starts_with(folder + "/");
}

std::optional<Entry> side_of(const git_diff_file& file) {
  if (git_oid_is_zero(&file.id)) return std::nullopt;
  return Entry{file.path, static_cast<FileMode>(file.mode), hex(file.id)};
}

}  // namespace

GitResult<ObjectId> Repository::resolve(const std::string& specifier) const {
  if (auto found = branch(specifier); found.ok()) return found;
  const auto object =
      TRY(make<ObjectHandle>(git_revparse_single, repository_.get(), specifier.c_str()));
  const auto commit = TRY(make<ObjectHandle>(
      [](git_object** out, git_object* from) {
        return git_object_peel(out, from, GIT_OBJECT_COMMIT);
      },
      object.get()));
  return hex(*git_object_id(commit.get()));
}

GitResult<Commit> Repository::commit(const ObjectId& id) const {
  const git_oid wanted = TRY(parse_id(id));
  const auto handle = TRY(make<CommitHandle>(git_commit_lookup, repository_.get(), &wanted));
  return commit_of(handle.get());
}

GitResult<Entry> Repository::entry(const Commit& commit, const std::string& path) const {
  if (path.empty()) return Entry{"", FileMode::kFolder, commit.tree};
  const auto root = TRY(tree_of(repository_.get(), commit.tree));
  const auto found = TRY(make<EntryHandle>(git_tree_entry_bypath, root.get(), path.c_str()));
  return entry_of(found.get(), path);
}

GitResult<std::vector<Entry>> Repository::folder(const Commit& commit,
                                                 const std::string& path) const {
  const Entry folder = TRY(entry(commit, path));
  if (folder.mode != FileMode::kFolder) {
    return Err{GitError{GitError::Kind::kNotFound, "'" + path + "' is no folder"}};
  }
  const auto tree = TRY(tree_of(repository_.get(), folder.id));
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
    const git_tree_entry* found = git_tree_entry_byindex(tree.get(), i);
    entries.push_back(entry_of(found, join(path, git_tree_entry_name(found))));
  }
  return entries;
}

GitResult<std::string> Repository::blob(const ObjectId& id) const {
  const git_oid wanted = TRY(parse_id(id));
  const auto handle = TRY(make<BlobHandle>(git_blob_lookup, repository_.get(), &wanted));
  return std::string(static_cast<const char*>(git_blob_rawcontent(handle.get())),
                     static_cast<std::size_t>(git_blob_rawsize(handle.get())));
}

GitResult<std::vector<Difference>> Repository::differences(const std::optional<Commit>& before,
                                                           const Commit& after,
                                                           const std::string& before_path,
                                                           const std::string& after_path) const {
  TreeHandle old_tree;
  if (before) old_tree = TRY(tree_of(repository_.get(), before->tree));
  const auto new_tree = TRY(tree_of(repository_.get(), after.tree));
  const auto diff = TRY(make<DiffHandle>(git_diff_tree_to_tree, repository_.get(), old_tree.get(),
                                         new_tree.get(), nullptr));
  std::vector<Difference> found;
  for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
    const git_diff_delta* delta = git_diff_get_delta(diff.get(), i);
    Difference difference{side_of(delta->old_file), side_of(delta->new_file)};
    if (difference.before && !is_under(difference.before->path, before_path)) {
      difference.before.reset();
    }
    if (difference.after && !is_under(difference.after->path, after_path)) {
      difference.after.reset();
    }
    if (difference.before || difference.after) found.push_back(std::move(difference));
  }
  return found;
}

GitResult<ObjectId> Repository::add_blob(const std::string& content) {
  git_oid id;
  const int code =
      git_blob_create_from_buffer(&id, repository_.get(), content.data(), content.size());
  if (code != 0) return Err{error_of(code)};
  return hex(id);
}

namespace {

// The tree of the parent, or nothing's, with the changes.
GitResult<TreeHandle> changed_tree(git_repository* repository, const git_commit* parent,
                                   const Changes& changes) {
  TreeHandle base;
  if (parent) base = TRY(make<TreeHandle>(git_commit_tree, parent));
  std::vector<git_tree_update> updates;
  for (const auto& [path, file] : changes) {
    git_tree_update update{};
    update.action = file ? GIT_TREE_UPDATE_UPSERT : GIT_TREE_UPDATE_REMOVE;
    update.path = path.c_str();
    if (file) {
      update.id = TRY(parse_id(file->blob));
      update.filemode = static_cast<git_filemode_t>(file->mode);
    }
    updates.push_back(update);
  }
  if (!base) {
    // git_tree_create_updated wants a tree to begin with.
    git_treebuilder* builder = nullptr;
    git_treebuilder_new(&builder, repository, nullptr);
    const std::unique_ptr<git_treebuilder, Freed<git_treebuilder_free>> freed(builder);
    git_oid empty;
    if (const int code = git_treebuilder_write(&empty, builder); code != 0) {
      return Err{error_of(code)};
    }
    base = TRY(make<TreeHandle>(git_tree_lookup, repository, &empty));
  }
  git_oid tree;
  const int code =
      git_tree_create_updated(&tree, repository, base.get(), updates.size(), updates.data());
  if (code != 0) return Err{error_of(code)};
  return make<TreeHandle>(git_tree_lookup, repository, &tree);
}

}  // namespace

GitResult<Commit> Repository::add_commit(const NewCommit& commit) {
  git_repository* const repository = repository_.get();
  CommitHandle parent;
  git_oid parent_id{};
  if (commit.parent) {
    parent_id = TRY(parse_id(*commit.parent));
    parent = TRY(make<CommitHandle>(git_commit_lookup, repository, &parent_id));
  }
  const auto tree = TRY(changed_tree(repository, parent.get(), commit.changes));
  const auto author = TRY(make<SignatureHandle>(git_signature_new, commit.author.name.c_str(),
                                                commit.author.email.c_str(), commit.author.seconds,
                                                commit.author.offset_minutes));
  const git_commit* parents[] = {parent.get()};
  git_oid id;
  const int code = git_commit_create(&id, repository, nullptr, author.get(), author.get(), nullptr,
                                     commit.message.c_str(), tree.get(), parent ? 1 : 0, parents);
  if (code != 0) return Err{error_of(code)};
  // With an expected value of zero the reference must not exist.
  TRY(make<ReferenceHandle>(git_reference_create_matching, repository,
                            ("refs/heads/" + commit.branch).c_str(), &id, parent ? 1 : 0,
                            parent ? &parent_id : nullptr, "commit"));
  return this->commit(hex(id));
}

}  // namespace pawl::git
