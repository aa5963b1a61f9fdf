// Commits, files, folders and differences, read.
#include <fmt/core.h>

#include "base/base64.h"
#include "services/codecommit/file_mode.h"
#include "services/codecommit/service.h"

namespace pawl::codecommit {

namespace {

// GetFile and GetBlob answer no more (CodeCommit quotas).
constexpr std::size_t kFileBytesMax = 6u << 20;
constexpr std::size_t kCommitsMax = 100;
constexpr std::int64_t kDifferencesMax = 1'000;

void write_user(json::Writer& out, std::string_view member, const git::Signature& signature) {
  const int minutes = std::abs(signature.offset_minutes);
  out.key(member).begin_object().key("name").string(signature.name);
  out.key("email").string(signature.email);
  out.key("date").string(fmt::format("{} {}{:02}{:02}", signature.seconds,
                                     signature.offset_minutes < 0 ? '-' : '+', minutes / 60,
                                     minutes % 60));
  out.end_object();
}

void write_commit(json::Writer& out, const git::Commit& commit) {
  out.begin_object().key("commitId").string(commit.id).key("treeId").string(commit.tree);
  out.key("parents").begin_array();
  for (const git::ObjectId& parent : commit.parents) out.string(parent);
  out.end_array().key("message").string(commit.message);
  write_user(out, "author", commit.author);
  write_user(out, "committer", commit.committer);
  out.key("additionalData").string("").end_object();
}

void write_side(json::Writer& out, std::string_view member, const std::optional<git::Entry>& side) {
  if (!side) return;
  out.key(member).begin_object().key("blobId").string(side->id);
  out.key("path").string(side->path);
  out.key("mode").string(fmt::format("{:06o}", static_cast<unsigned>(side->mode))).end_object();
}

// Without slashes at its ends.
std::string plain_path(std::string path) {
  while (path.starts_with('/')) path.erase(0, 1);
  while (path.ends_with('/')) path.pop_back();
  return path;
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Result<git::Commit, ServiceError> Service::commit_of(const Opened& opened,
                                                     const std::string& specifier) const {
  if (specifier.empty() && opened.record.default_branch.empty()) {
    return Err{no_such_commit("of an empty repository")};
  }
  const std::string& wanted = specifier.empty() ? opened.record.default_branch : specifier;
  const auto id = opened.repository.resolve(wanted);
  if (!id.ok()) return Err{no_such_commit(wanted)};
  auto commit = opened.repository.commit(*id);
  if (!commit.ok()) return Err{no_such_commit(wanted)};
  return std::move(commit).value();
}

Service::Answer Service::get_commit(const Call& call) {
  const Opened opened = TRY(open(call));
  const std::string id =
      TRY(Fields(call.input.root()).required("commitId", "CommitIdRequiredException", "commit ID"));
  const auto commit = opened.repository.commit(id);
  if (!commit.ok()) {
    return Err{error("CommitIdDoesNotExistException", "Commit ID " + id + " does not exist")};
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("commit");
  write_commit(out, *commit);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::batch_get_commits(const Call& call) {
  const Opened opened = TRY(open(call));
  const json::Node* ids = Fields(call.input.root()).node("commitIds");
  if (!ids || !ids->is_array() || ids->size() == 0) {
    return Err{error("CommitIdsListRequiredException", "A list of commit IDs is required")};
  }
  if (ids->size() > kCommitsMax) {
    return Err{
        error("CommitIdsLimitExceededException", "At most 100 commits can be asked for at once")};
  }
  std::string text;
  json::Writer out(text);
  std::vector<std::string> missing;
  out.begin_object().key("commits").begin_array();
  for (const json::Node& node : *ids) {
    const std::string id(node.is_string() ? node.string() : "");
    if (const auto commit = opened.repository.commit(id); commit.ok()) {
      write_commit(out, *commit);
    } else {
      missing.push_back(id);
    }
  }
  out.end_array().key("errors").begin_array();
  for (const std::string& id : missing) {
    out.begin_object().key("commitId").string(id);
    out.key("errorCode").string("CommitIdDoesNotExistException");
    out.key("errorMessage").string("Commit ID " + id + " does not exist").end_object();
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::get_file(const Call& call) {
  const Opened opened = TRY(open(call));
  const Fields fields(call.input.root());
  const std::string path =
      plain_path(TRY(fields.required("filePath", "PathRequiredException", "file path")));
  const git::Commit commit = TRY(commit_of(opened, fields.text_or("commitSpecifier", "")));
  const auto entry = opened.repository.entry(commit, path);
  if (!entry.ok() || entry->mode == git::FileMode::kFolder ||
      entry->mode == git::FileMode::kSubmodule) {
    return Err{error("FileDoesNotExistException", "File " + path + " does not exist")};
  }
  const auto content = opened.repository.blob(entry->id);
  if (!content.ok()) return Err{git_failed(content.error())};
  if (content->size() > kFileBytesMax) {
    return Err{error("FileTooLargeException", "File " + path + " is larger than 6 MB")};
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("commitId").string(commit.id).key("blobId").string(entry->id);
  out.key("filePath").string(path).key("fileMode").string(name_of(entry->mode));
  out.key("fileSize").integer(static_cast<std::int64_t>(content->size()));
  out.key("fileContent").string(encode_base64(*content)).end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::get_folder(const Call& call) {
  const Opened opened = TRY(open(call));
  const Fields fields(call.input.root());
  const std::string path =
      plain_path(TRY(fields.required("folderPath", "PathRequiredException", "folder path")));
  const git::Commit commit = TRY(commit_of(opened, fields.text_or("commitSpecifier", "")));
  const auto folder = opened.repository.entry(commit, path);
  const auto entries = opened.repository.folder(commit, path);
  if (!folder.ok() || !entries.ok()) {
    return Err{error("FolderDoesNotExistException", "Folder " + path + " does not exist")};
  }
  std::string text;
  json::Writer out(text);
  const auto list = [&](std::string_view member, std::string_view id, const auto& belongs) {
    out.key(member).begin_array();
    for (const git::Entry& entry : *entries) {
      if (!belongs(entry.mode)) continue;
      out.begin_object().key(id).string(entry.id).key("absolutePath").string(entry.path);
      out.key("relativePath").string(last_part(entry.path));
      if (id == "blobId") out.key("fileMode").string(name_of(entry.mode));
      out.end_object();
    }
    out.end_array();
  };
  using Mode = git::FileMode;
  out.begin_object().key("commitId").string(commit.id).key("folderPath").string(path);
  out.key("treeId").string(folder->id);
  list("subFolders", "treeId", [](Mode mode) { return mode == Mode::kFolder; });
  list("files", "blobId",
       [](Mode mode) { return mode == Mode::kNormal || mode == Mode::kExecutable; });
  list("symbolicLinks", "blobId", [](Mode mode) { return mode == Mode::kSymlink; });
  list("subModules", "commitId", [](Mode mode) { return mode == Mode::kSubmodule; });
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::get_blob(const Call& call) {
  const Opened opened = TRY(open(call));
  const std::string id =
      TRY(Fields(call.input.root()).required("blobId", "BlobIdRequiredException", "blob ID"));
  const auto content = opened.repository.blob(id);
  if (!content.ok()) {
    return Err{error("BlobIdDoesNotExistException", "Blob ID " + id + " does not exist")};
  }
  if (content->size() > kFileBytesMax) {
    return Err{error("FileTooLargeException", "Blob " + id + " is larger than 6 MB")};
  }
  std::string text;
  json::Writer(text).begin_object().key("content").string(encode_base64(*content)).end_object();
  return json::Value::trusted(std::move(text));
}

Result<runtime::StreamedOutput, ServiceError> Service::read_blob(const Call& call) const {
  const Opened opened = TRY(open(call));
  auto content = opened.repository.blob(Fields(call.input.root()).text_or("blobId", ""));
  if (!content.ok()) return Err{git_failed(content.error())};
  return runtime::StreamedOutput{.output = empty_answer(),
                                 .body = {.bytes = std::move(*content), .source = nullptr}};
}

Service::Answer Service::get_differences(const Call& call) {
  const Opened opened = TRY(open(call));
  const Fields fields(call.input.root());
  const git::Commit after = TRY(commit_of(
      opened,
      TRY(fields.required("afterCommitSpecifier", "CommitRequiredException", "commit specifier"))));
  std::optional<git::Commit> before;
  if (const auto specifier = fields.text("beforeCommitSpecifier")) {
    before = TRY(commit_of(opened, *specifier));
  }
  const auto found =
      opened.repository.differences(before, after, plain_path(fields.text_or("beforePath", "")),
                                    plain_path(fields.text_or("afterPath", "")));
  if (!found.ok()) return Err{git_failed(found.error())};
  const std::int64_t page = std::clamp<std::int64_t>(
      fields.integer("MaxResults").value_or(kDifferencesMax), 1, kDifferencesMax);
  std::size_t at = static_cast<std::size_t>(
      std::strtoull(fields.text_or("NextToken", "0").c_str(), nullptr, 10));
  const std::size_t end = std::min(found->size(), at + static_cast<std::size_t>(page));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("differences").begin_array();
  for (; at < end; ++at) {
    const git::Difference& difference = (*found)[at];
    out.begin_object();
    write_side(out, "beforeBlob", difference.before);
    write_side(out, "afterBlob", difference.after);
    out.key("changeType").string(!difference.before ? "A" : difference.after ? "M" : "D");
    out.end_object();
  }
  out.end_array();
  if (at < found->size()) out.key("NextToken").string(std::to_string(at));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codecommit
