// Branches.
#include <algorithm>

#include "services/codecommit/service.h"

namespace pawl::codecommit {

namespace {

constexpr std::size_t kPageMax = 1'000;

Result<std::string, ServiceError> branch_name(const runtime::Call& call, std::string_view member) {
  std::string name =
      TRY(Fields(call.input.root()).required(member, "BranchNameRequiredException", "branch name"));
  if (git::is_branch_name(name)) return name;
  return Err{error("InvalidBranchNameException", "Branch name " + name + " is not valid")};
}

void write_branch(json::Writer& out, std::string_view member, const std::string& name,
                  const git::ObjectId& commit) {
  out.key(member).begin_object().key("branchName").string(name);
  out.key("commitId").string(commit).end_object();
}

}  // namespace

Service::Answer Service::create_branch(const Call& call) {
  Opened opened = TRY(open(call));
  const std::string name = TRY(branch_name(call, "branchName"));
  const std::string commit =
      TRY(Fields(call.input.root()).required("commitId", "CommitIdRequiredException", "commit ID"));
  if (!opened.repository.commit(commit).ok()) return Err{no_such_commit(commit)};
  if (const auto made = opened.repository.create_branch(name, commit); !made.ok()) {
    if (made.error().kind != git::GitError::Kind::kOutdated) return Err{git_failed(made.error())};
    return Err{error("BranchNameExistsException", "Branch " + name + " already exists")};
  }
  tell(opened.record, name, commit);
  return empty_answer();
}

Service::Answer Service::get_branch(const Call& call) {
  const Opened opened = TRY(open(call));
  const std::string name = TRY(branch_name(call, "branchName"));
  const auto commit = opened.repository.branch(name);
  if (!commit.ok()) return Err{no_such_branch(name)};
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_branch(out, "branch", name, *commit);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::list_branches(const Call& call) {
  const Opened opened = TRY(open(call));
  const std::string after = Fields(call.input.root()).text_or("nextToken", "");
  const auto branches = opened.repository.branches();
  auto at = std::find_if(branches.begin(), branches.end(),
                         [&](const git::Branch& branch) { return branch.name > after; });
  std::string text;
  json::Writer out(text);
  out.begin_object().key("branches").begin_array();
  std::string last;
  for (std::size_t count = 0; at != branches.end() && count < kPageMax; ++at, ++count) {
    out.string(at->name);
    last = at->name;
  }
  out.end_array();
  if (at != branches.end()) out.key("nextToken").string(last);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::delete_branch(const Call& call) {
  Opened opened = TRY(open(call));
  const std::string name = TRY(branch_name(call, "branchName"));
  if (name == opened.record.default_branch) {
    return Err{error("DefaultBranchCannotBeDeletedException",
                     "The default branch of a repository cannot be deleted: make another branch "
                     "the default one first")};
  }
  const auto commit = opened.repository.delete_branch(name);
  // A branch that is not there is no error.
  if (!commit.ok()) return empty_answer();
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_branch(out, "deletedBranch", name, *commit);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void Service::update_default_branch(const Call& call, const Reply& reply) {
  auto opened = open(call);
  if (!opened.ok()) return reply(Err{opened.error()});
  const auto name = branch_name(call, "defaultBranchName");
  if (!name.ok()) return reply(Err{name.error()});
  if (!opened->repository.branch(*name).ok()) return reply(Err{no_such_branch(*name)});
  if (const auto set = opened->repository.set_head(*name); !set.ok()) {
    return reply(Err{git_failed(set.error())});
  }
  change(
      opened->record.key(),
      [name = *name, now = clock_.wall_now()](RepositoryRecord& record) {
        record.default_branch = name;
        record.modification_time = now;
        return std::optional<ServiceError>();
      },
      reply);
}

}  // namespace pawl::codecommit
