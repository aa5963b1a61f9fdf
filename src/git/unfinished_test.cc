#include "git/unfinished.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "git/repository.h"

namespace pawl::git {
namespace {

TEST(Unfinished, IsWhatGitHasBegun) {
  struct Case {
    const char* path;
    bool unfinished;
  };
  for (const Case& each :
       {Case{"refs/heads/main.lock", true}, Case{"packed-refs.lock", true},
        Case{"objects/pack/tmp_pack_x1", true}, Case{"objects/4b/tmp_obj_x", true},
        Case{"objects/incoming-x", true}, Case{"refs/heads/main", false},
        Case{"refs/heads/tmp_work", false}, Case{"refs/heads/incoming-x", false},
        Case{"objects/pack/pack-1.pack", false}, Case{"HEAD", false}}) {
    EXPECT_EQ(is_unfinished(each.path), each.unfinished) << each.path;
  }
}

TEST(Unfinished, IsRemovedSoThatARepositoryIsWrittenAgain) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("unfinished-" + std::to_string(getpid())))
          .string();
  ASSERT_TRUE(Repository::create(folder).ok());
  std::filesystem::create_directories(folder + "/refs/heads/feature");
  for (const char* path : {"/refs/heads/main.lock", "/refs/heads/feature/x.lock", "/HEAD.lock",
                           "/objects/pack/tmp_pack_1", "/refs/heads/tmp_work"}) {
    std::ofstream(folder + path) << "x";
  }
  const auto commit_to_main = [&] {
    auto repository = Repository::open(folder);
    return repository->add_commit(
        {.branch = "main",
         .parent = {},
         .changes = {{"a", File{FileMode::kNormal, repository->add_blob("a").value()}}},
         .author = {.name = "Ada", .email = "a@b.c", .seconds = 1},
         .message = "m"});
  };
  EXPECT_FALSE(commit_to_main().ok());
  remove_unfinished(folder);
  EXPECT_TRUE(commit_to_main().ok());
  EXPECT_FALSE(std::filesystem::exists(folder + "/refs/heads/feature/x.lock"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/objects/pack/tmp_pack_1"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/refs/heads/tmp_work"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace pawl::git
