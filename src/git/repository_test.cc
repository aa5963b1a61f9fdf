#include "git/repository.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

namespace pawl::git {
namespace {

using testing::ElementsAre;

class RepositoryTest : public testing::Test {
 protected:
  RepositoryTest() {
    EXPECT_TRUE(Repository::create(path_).ok());
    repository_.emplace(Repository::open(path_).value());
  }
  ~RepositoryTest() override { std::filesystem::remove_all(folder_); }

  // Writes the files on top of the parent; nothing deletes one.
  GitResult<Commit> commit(const std::string& branch, const std::optional<ObjectId>& parent,
                           const std::map<std::string, std::optional<std::string>>& files) {
    NewCommit commit{
        .branch = branch,
        .parent = parent,
        .changes = {},
        .author = {.name = "Ada", .email = "ada@example.com", .seconds = 1'700'000'000},
        .message = "change"};
    for (const auto& [path, content] : files) {
      std::optional<File> file;
      if (content) file = File{FileMode::kNormal, repository_->add_blob(*content).value()};
      commit.changes[path] = file;
    }
    return repository_->add_commit(commit);
  }
  std::string content(const Commit& commit, const std::string& path) {
    const auto entry = repository_->entry(commit, path);
    return entry.ok() ? repository_->blob(entry->id).value() : "absent";
  }
  std::vector<std::string> paths(const Commit& commit, const std::string& path) {
    std::vector<std::string> found;
    const auto entries = repository_->folder(commit, path);
    if (!entries.ok()) return {"no folder"};
    for (const Entry& entry : *entries) found.push_back(entry.path);
    return found;
  }

  static std::string make_folder() {
    char path[] = "/tmp/pawl-git-XXXXXX";
    return mkdtemp(path);
  }

  std::string folder_ = make_folder();
  std::string path_ = folder_ + "/r.git";
  std::optional<Repository> repository_;
};

TEST_F(RepositoryTest, IsEmptyAtFirst) {
  EXPECT_TRUE(repository_->branches().empty());
  EXPECT_EQ(repository_->branch("main").error().kind, GitError::Kind::kNotFound);
  EXPECT_FALSE(Repository::create(path_).ok());
}

TEST_F(RepositoryTest, ReadsBackWhatWasCommitted) {
  const Commit first = commit("main", {}, {{"a.txt", "one"}, {"lib/b.txt", "two"}}).value();
  EXPECT_EQ(repository_->branch("main").value(), first.id);
  EXPECT_EQ(content(first, "lib/b.txt"), "two");
  EXPECT_THAT(paths(first, ""), ElementsAre("a.txt", "lib"));
  EXPECT_THAT(paths(first, "lib"), ElementsAre("lib/b.txt"));
  EXPECT_THAT(paths(first, "a.txt"), ElementsAre("no folder"));
  EXPECT_EQ(first.author.name, "Ada");
  EXPECT_TRUE(first.parents.empty());

  const Commit second = commit("main", first.id, {{"a.txt", "1"}, {"lib/b.txt", {}}}).value();
  EXPECT_THAT(second.parents, ElementsAre(first.id));
  EXPECT_THAT(paths(second, ""), ElementsAre("a.txt"));
  EXPECT_EQ(content(first, "a.txt"), "one");
}

TEST_F(RepositoryTest, ABranchMovesOnlyFromWhereTheCallerKnowsIt) {
  const Commit first = commit("main", {}, {{"a", "1"}}).value();
  const Commit second = commit("main", first.id, {{"a", "2"}}).value();
  EXPECT_EQ(commit("main", first.id, {{"a", "3"}}).error().kind, GitError::Kind::kOutdated);
  EXPECT_EQ(commit("main", {}, {{"a", "4"}}).error().kind, GitError::Kind::kOutdated);
  EXPECT_EQ(repository_->branch("main").value(), second.id);
}

TEST_F(RepositoryTest, BranchesAreMadeListedAndDeleted) {
  const Commit first = commit("main", {}, {{"a", "1"}}).value();
  EXPECT_TRUE(repository_->create_branch("feature/x", first.id).ok());
  EXPECT_EQ(repository_->create_branch("main", first.id).error().kind, GitError::Kind::kOutdated);
  EXPECT_EQ(repository_->create_branch("y", std::string(40, '0')).error().kind,
            GitError::Kind::kNotFound);
  ASSERT_EQ(repository_->branches().size(), 2u);
  EXPECT_EQ(repository_->branches().front().name, "feature/x");
  EXPECT_EQ(repository_->delete_branch("feature/x").value(), first.id);
  EXPECT_FALSE(repository_->delete_branch("feature/x").ok());
}

TEST_F(RepositoryTest, ResolvesNamesAndIds) {
  const Commit first = commit("main", {}, {{"a", "1"}}).value();
  for (const std::string& name : {std::string("main"), std::string("refs/heads/main"), first.id}) {
    EXPECT_EQ(repository_->resolve(name).value(), first.id) << name;
  }
  EXPECT_FALSE(repository_->resolve("nowhere").ok());
  // A tree is no commit.
  EXPECT_FALSE(repository_->resolve(first.tree).ok());
}

TEST_F(RepositoryTest, TellsWhatTwoCommitsDoNotShare) {
  const Commit first = commit("main", {}, {{"a", "1"}, {"b", "2"}, {"d/x", "9"}}).value();
  const Commit second =
      commit("main", first.id, {{"a", "11"}, {"b", {}}, {"c", "3"}, {"d/x", "8"}}).value();
  const auto types = [&](const std::optional<Commit>& before, const std::string& path) {
    std::string text;
    const auto found = repository_->differences(before, second, path, path);
    for (const Difference& difference : found.value()) {
      text += !difference.before ? "A" : difference.after ? "M" : "D";
      text += (difference.after ? difference.after : difference.before)->path + " ";
    }
    return text;
  };
  EXPECT_EQ(types(first, ""), "Ma Db Ac Md/x ");
  EXPECT_EQ(types(first, "d"), "Md/x ");
  EXPECT_EQ(types({}, ""), "Aa Ac Ad/x ");
}

TEST(GitNames, AreThoseThatGitTakes) {
  for (const char* name : {"main", "feature/x", "a.b", "1"}) EXPECT_TRUE(is_branch_name(name));
  for (const char* name : {"", "a b", "a..b", "-a", "a~", "a^", "a:b", "a.lock", "/a", "a/"}) {
    EXPECT_FALSE(is_branch_name(name)) << name;
  }
  for (const char* path : {"a", "a/b.txt", ".gitignore", "a/.github/x"}) {
    EXPECT_TRUE(is_file_path(path)) << path;
  }
  for (const char* path :
       {"", "/a", "a/", "a//b", "..", "a/../b", ".git/config", "a/.GIT/x", "."}) {
    EXPECT_FALSE(is_file_path(path)) << path;
  }
}

}  // namespace
}  // namespace pawl::git
