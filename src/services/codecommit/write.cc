// Commits made by API.
#include <algorithm>

#include "base/base64.h"
#include "services/codecommit/file_mode.h"
#include "services/codecommit/service.h"

namespace pawl::codecommit {

namespace {

constexpr std::size_t kFilesMax = 100;
constexpr std::size_t kFileBytesMax = 6u << 20;

// What a commit did to the tree, as CreateCommit tells it.
struct Told {
  std::vector<git::Entry> added;
  std::vector<git::Entry> updated;
  std::vector<git::Entry> deleted;
};

Result<std::string, ServiceError> file_path(const Fields& fields) {
  std::string path = TRY(fields.required("filePath", "PathRequiredException", "file path"));
  while (path.starts_with('/')) path.erase(0, 1);
  if (git::is_file_path(path)) return path;
  return Err{error("InvalidPathException", "The path " + path + " is not valid")};
}

Result<git::FileMode, ServiceError> file_mode(const Fields& fields, git::FileMode fallback) {
  const auto name = fields.text("fileMode");
  if (!name) return fallback;
  if (const auto mode = mode_of(*name)) return *mode;
  return Err{error("InvalidFileModeException", "File mode " + *name + " is not valid")};
}

Result<std::string, ServiceError> file_content(const Fields& fields) {
  const auto text = fields.text("fileContent");
  if (!text) return Err{error("FileContentRequiredException", "The file's content is required")};
  auto content = decode_base64(*text);
  if (!content) return Err{error("InvalidFileContentException", "The content is no base64")};
  if (content->size() <= kFileBytesMax) return *std::move(content);
  return Err{error("FileContentSizeLimitExceededException", "A file has at most 6 MB")};
}

git::Signature signature_of(const Fields& fields, std::string_view name_member, WallMillis now) {
  return {.name = fields.text_or(name_member, "unknown"),
          .email = fields.text_or("email", "unknown"),
          .seconds = now / 1'000,
          .offset_minutes = 0};
}

void write_files(json::Writer& out, std::string_view member, const std::vector<git::Entry>& files) {
  out.key(member).begin_array();
  for (const git::Entry& file : files) {
    out.begin_object().key("absolutePath").string(file.path).key("blobId").string(file.id);
    out.key("fileMode").string(name_of(file.mode)).end_object();
  }
  out.end_array();
}

// Collects the changes of one CreateCommit.
class Draft {
 public:
  Draft(git::Repository& repository, const std::optional<git::Commit>& parent)
      : repository_(repository), parent_(parent) {}

  Result<void, ServiceError> put(const Fields& fields) {
    const std::string path = TRY(claim(fields));
    const auto before = file(path);
    const git::FileMode mode =
        TRY(file_mode(fields, before ? before->mode : git::FileMode::kNormal));
    git::ObjectId blob;
    if (const json::Node* source = fields.node("sourceFile")) {
      blob = TRY(take_source(Fields(*source)));
    } else {
      blob = TRY(add_blob(TRY(file_content(fields))));
    }
    const git::Entry entry{path, mode, blob};
    (before ? told_.updated : told_.added).push_back(entry);
    if (before && before->id == blob && before->mode == mode) ++unchanged_;
    changes_[path] = git::File{mode, blob};
    return {};
  }

  Result<void, ServiceError> remove(const Fields& fields) {
    return remove_path(TRY(claim(fields)));
  }

  Result<void, ServiceError> set_mode(const Fields& fields) {
    const std::string path = TRY(claim(fields));
    const auto before = file(path);
    if (!before) return Err{no_such_file(path)};
    const git::FileMode mode = TRY(file_mode(fields, before->mode));
    if (mode == before->mode) ++unchanged_;
    told_.updated.push_back({path, mode, before->id});
    changes_[path] = git::File{mode, before->id};
    return {};
  }

  git::NewCommit commit(std::string branch, git::Signature author, std::string message) const {
    return {.branch = std::move(branch),
            .parent = parent_ ? std::optional(parent_->id) : std::nullopt,
            .changes = changes_,
            .author = std::move(author),
            .message = std::move(message)};
  }

  // Nothing of it differs from the parent.
  bool changes_nothing() const { return unchanged_ == changes_.size(); }
  const git::Changes& changes() const { return changes_; }
  const Told& told() const { return told_; }

 private:
  static ServiceError no_such_file(const std::string& path) {
    return error("FileDoesNotExistException", "File " + path + " does not exist");
  }

  // The file's path, which nothing else of the commit may name.
  Result<std::string, ServiceError> claim(const Fields& fields) {
    std::string path = TRY(file_path(fields));
    if (changes_.size() >= kFilesMax) {
      return Err{
          error("MaximumFileEntriesExceededException", "A commit changes at most 100 files")};
    }
    if (!changes_.contains(path)) return path;
    return Err{error("SamePathRequestException", "The path " + path + " is named twice")};
  }

  std::optional<git::Entry> file(const std::string& path) const {
    if (!parent_) return std::nullopt;
    auto entry = repository_.entry(*parent_, path);
    if (!entry.ok() || entry->mode == git::FileMode::kFolder) return std::nullopt;
    return std::move(entry).value();
  }

  Result<git::ObjectId, ServiceError> add_blob(const std::string& content) {
    auto blob = repository_.add_blob(content);
    if (!blob.ok()) return Err{git_failed(blob.error())};
    return std::move(blob).value();
  }

  Result<git::ObjectId, ServiceError> take_source(const Fields& source) {
    const std::string path = TRY(file_path(source));
    const auto entry = file(path);
    if (!entry) return Err{no_such_file(path)};
    const json::Node* move = source.node("isMove");
    if (move && move->is_boolean() && move->boolean()) TRY(remove_path(path));
    return entry->id;
  }

  Result<void, ServiceError> remove_path(const std::string& path) {
    const auto before = file(path);
    if (!before) return Err{no_such_file(path)};
    told_.deleted.push_back(*before);
    changes_[path] = std::nullopt;
    return {};
  }

  git::Repository& repository_;
  const std::optional<git::Commit>& parent_;
  git::Changes changes_;
  Told told_;
  std::size_t unchanged_ = 0;
};

using Step = Result<void, ServiceError> (Draft::*)(const Fields&);

Result<void, ServiceError> draft_all(Draft& draft, const Fields& fields, std::string_view member,
                                     Step step) {
  const json::Node* list = fields.node(member);
  if (!list || !list->is_array()) return {};
  for (const json::Node& item : *list) TRY((draft.*step)(Fields(item)));
  return {};
}

// The branch's last commit, which the caller must know (`parentCommitId`); nothing: there is no
// such branch yet, which is right only in an empty repository.
Result<std::optional<git::Commit>, ServiceError> parent_of(const git::Repository& repository,
                                                           const Fields& fields,
                                                           const std::string& branch) {
  const auto given = fields.text("parentCommitId");
  const auto tip = repository.branch(branch);
  if (!tip.ok()) {
    if (!repository.branches().empty()) return Err{no_such_branch(branch)};
    return std::optional<git::Commit>();
  }
  if (!given) {
    return Err{error("ParentCommitIdRequiredException",
                     "The ID of the branch's last commit is required: " + *tip)};
  }
  if (*given != *tip) {
    if (!repository.commit(*given).ok()) {
      return Err{
          error("ParentCommitDoesNotExistException", "Commit ID " + *given + " does not exist")};
    }
    return Err{error("ParentCommitIdOutdatedException",
                     "The branch has moved on: its last commit is " + *tip)};
  }
  auto commit = repository.commit(*tip);
  if (!commit.ok()) return Err{git_failed(commit.error())};
  return std::optional<git::Commit>(std::move(commit).value());
}

Result<std::string, ServiceError> branch_of(const Fields& fields) {
  std::string branch =
      TRY(fields.required("branchName", "BranchNameRequiredException", "branch name"));
  if (git::is_branch_name(branch)) return branch;
  return Err{error("InvalidBranchNameException", "Branch name " + branch + " is not valid")};
}

}  // namespace

Result<git::Commit, ServiceError> Service::add_commit(Opened& opened,
                                                      const git::NewCommit& commit) {
  auto added = opened.repository.add_commit(commit);
  if (!added.ok()) {
    if (added.error().kind != git::GitError::Kind::kOutdated) return Err{git_failed(added.error())};
    return Err{error("ConcurrentReferenceUpdateException",
                     "Branch " + commit.branch + " was moved by somebody else meanwhile")};
  }
  if (opened.record.default_branch.empty()) {
    if (const auto set = opened.repository.set_head(commit.branch); !set.ok()) {
      return Err{git_failed(set.error())};
    }
    make_default(opened.record.key(), commit.branch);
  }
  tell(opened.record, commit.branch, added->id);
  return std::move(added).value();
}

Service::Answer Service::create_commit(const Call& call) {
  Opened opened = TRY(open(call));
  const Fields fields(call.input.root());
  const std::string branch = TRY(branch_of(fields));
  const auto parent = TRY(parent_of(opened.repository, fields, branch));
  Draft draft(opened.repository, parent);
  TRY(draft_all(draft, fields, "putFiles", &Draft::put));
  TRY(draft_all(draft, fields, "deleteFiles", &Draft::remove));
  TRY(draft_all(draft, fields, "setFileModes", &Draft::set_mode));
  if (draft.changes().empty()) {
    return Err{error("FileEntryRequiredException", "A commit must put, delete or change a file")};
  }
  if (draft.changes_nothing()) {
    return Err{error("NoChangeException", "The commit would change nothing")};
  }
  const git::Commit commit = TRY(
      add_commit(opened, draft.commit(branch, signature_of(fields, "authorName", clock_.wall_now()),
                                      fields.text_or("commitMessage", ""))));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("commitId").string(commit.id).key("treeId").string(commit.tree);
  write_files(out, "filesAdded", draft.told().added);
  write_files(out, "filesUpdated", draft.told().updated);
  write_files(out, "filesDeleted", draft.told().deleted);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::put_file(const Call& call) {
  Opened opened = TRY(open(call));
  const Fields fields(call.input.root());
  const std::string branch = TRY(branch_of(fields));
  const auto parent = TRY(parent_of(opened.repository, fields, branch));
  Draft draft(opened.repository, parent);
  TRY(draft.put(fields));
  if (draft.changes_nothing()) {
    return Err{error("SameFileContentException", "The file has this content and mode already")};
  }
  const std::string path = draft.changes().begin()->first;
  const git::Commit commit =
      TRY(add_commit(opened, draft.commit(branch, signature_of(fields, "name", clock_.wall_now()),
                                          fields.text_or("commitMessage", "Edited " + path))));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("commitId").string(commit.id);
  out.key("blobId").string(draft.changes().begin()->second->blob);
  out.key("treeId").string(commit.tree).end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::delete_file(const Call& call) {
  Opened opened = TRY(open(call));
  const Fields fields(call.input.root());
  const std::string branch = TRY(branch_of(fields));
  const auto parent = TRY(parent_of(opened.repository, fields, branch));
  Draft draft(opened.repository, parent);
  TRY(draft.remove(fields));
  const git::Entry& gone = draft.told().deleted.front();
  const git::Commit commit = TRY(
      add_commit(opened, draft.commit(branch, signature_of(fields, "name", clock_.wall_now()),
                                      fields.text_or("commitMessage", "Deleted " + gone.path))));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("commitId").string(commit.id).key("blobId").string(gone.id);
  out.key("treeId").string(commit.tree).key("filePath").string(gone.path).end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codecommit
