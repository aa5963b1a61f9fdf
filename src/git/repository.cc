// Making and opening repositories; branches.
#include "git/repository.h"

#include <algorithm>

#include "git/handles.h"

namespace pawl::git {

namespace {

// libgit2 counts its users; ours stays one for the life of the process. Objects and references are
// synced before they are told of.
void use_library() {
  static const int once = [] {
    git_libgit2_init();
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  }();
  static_cast<void>(once);
}

const std::string kHeads = "refs/heads/";

}  // namespace

void Repository::Close::operator()(git_repository* repository) const {
  git_repository_free(repository);
}

GitResult<void> Repository::create(const std::string& path) {
  use_library();
  git_repository_init_options options;
  git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
  options.flags =
      GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
  git_repository* made = nullptr;
  const int code = git_repository_init_ext(&made, path.c_str(), &options);
  if (code != 0) return Err{error_of(code)};
  const Repository repository(made);
  git_config* config = nullptr;
  if (const int opened = git_repository_config(&config, made); opened != 0) {
    return Err{error_of(opened)};
  }
  const std::unique_ptr<git_config, Freed<git_config_free>> closed(config);
  // What git itself writes for a push is synced too, and may come over HTTP. A clone of an empty
  // repository begins with the branch that the client's user wants, as with AWS.
  for (const auto& [name, value] :
       {std::pair{"core.fsync", "all"}, std::pair{"core.fsyncMethod", "fsync"},
        std::pair{"http.receivepack", "true"}, std::pair{"receive.fsckObjects", "true"},
        std::pair{"gc.auto", "0"}, std::pair{"lsrefs.unborn", "ignore"}}) {
    if (const int set = git_config_set_string(config, name, value); set != 0) {
      return Err{error_of(set)};
    }
  }
  return {};
}

GitResult<Repository> Repository::open(const std::string& path) {
  use_library();
  git_repository* opened = nullptr;
  const int code = git_repository_open_bare(&opened, path.c_str());
  if (code != 0) return Err{error_of(code)};
  return Repository(opened);
}

std::vector<Branch> Repository::branches() const {
  std::vector<Branch> found;
  const auto iterator =
      make<BranchIterator>(git_branch_iterator_new, repository_.get(), GIT_BRANCH_LOCAL);
  if (!iterator.ok()) return found;
  git_reference* next = nullptr;
  git_branch_t type = GIT_BRANCH_LOCAL;
  while (git_branch_next(&next, &type, iterator->get()) == 0) {
    const ReferenceHandle reference(next);
    const git_oid* target = git_reference_target(next);
    if (target) {
      found.push_back({std::string(git_reference_name(next)).substr(kHeads.size()), hex(*target)});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Branch& left, const Branch& right) { return left.name < right.name; });
  return found;
}

GitResult<ObjectId> Repository::branch(const std::string& name) const {
  git_oid id;
  const int code = git_reference_name_to_id(&id, repository_.get(), (kHeads + name).c_str());
  if (code != 0) return Err{error_of(code)};
  return hex(id);
}

GitResult<void> Repository::create_branch(const std::string& name, const ObjectId& commit) {
  const git_oid id = TRY(parse_id(commit));
  TRY(make<CommitHandle>(git_commit_lookup, repository_.get(), &id));
  TRY(make<ReferenceHandle>(git_reference_create, repository_.get(), (kHeads + name).c_str(), &id,
                            0, "branch: created"));
  return {};
}

GitResult<ObjectId> Repository::delete_branch(const std::string& name) {
  const auto reference =
      TRY(make<ReferenceHandle>(git_reference_lookup, repository_.get(), (kHeads + name).c_str()));
  const git_oid* target = git_reference_target(reference.get());
  const ObjectId commit = target ? hex(*target) : ObjectId();
  if (const int code = git_reference_delete(reference.get()); code != 0) {
    return Err{error_of(code)};
  }
  return commit;
}

GitResult<void> Repository::set_head(const std::string& branch) {
  const int code = git_repository_set_head(repository_.get(), (kHeads + branch).c_str());
  if (code != 0) return Err{error_of(code)};
  return {};
}

bool is_branch_name(const std::string& name) {
  use_library();
  int valid = 0;
  return git_branch_name_is_valid(&valid, name.c_str()) == 0 && valid == 1;
}

bool is_file_path(const std::string& path) {
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    std::string part = path.substr(begin, end - begin);
    if (part.find('\0') != std::string::npos) return false;
    std::transform(part.begin(), part.end(), part.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    if (part.empty() || part == "." || part == ".." || part == ".git") return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace pawl::git
