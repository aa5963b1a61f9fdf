#include "objects/folder_listings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/ensure.h"

namespace pawl::objects {
namespace {

using ::testing::ElementsAre;
using Keys = std::vector<std::string>;

class FolderListingsTest : public ::testing::Test {
 protected:
  FolderListingsTest() : folder_(std::filesystem::temp_directory_path() / "pawl-list-XXXXXX") {
    ENSURE(mkdtemp(folder_.data()) != nullptr, folder_);
    for (const char* key : {"b", "a/2", "a/1", "a.txt", "c/d/e", "c/f", "being.pawl-part"})
      put(key);
  }
  ~FolderListingsTest() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& key) const {
    const std::filesystem::path path = std::filesystem::path(folder_) / key;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << key;
  }
  void remove(const std::string& key) const { std::filesystem::remove(folder_ + "/" + key); }

  // All pages of a list.
  Keys all(const std::string& prefix, std::size_t limit) { return all(listings, prefix, limit); }
  Keys all(FolderListings& asked, const std::string& prefix, std::size_t limit) const {
    Keys found;
    for (Keys page = asked.page(folder_, prefix, "", limit); !page.empty();
         page = asked.page(folder_, prefix, found.back(), limit)) {
      found.insert(found.end(), page.begin(), page.end());
    }
    return found;
  }

  std::string folder_;
  FolderListings listings;
};

TEST_F(FolderListingsTest, ListsOfMoreThanIsKeptAreWhole) {
  for (const std::size_t keys_max : {1u, 2u, 3u, 5u}) {
    FolderListings few(keys_max);
    for (const std::size_t limit : {1u, 2u, 4u}) {
      EXPECT_THAT(all(few, "", limit), ElementsAre("a.txt", "a/1", "a/2", "b", "c/d/e", "c/f"))
          << keys_max << " kept, by " << limit;
    }
  }
}

TEST_F(FolderListingsTest, PagesAreTheListWhateverTheirSize) {
  const std::pair<std::string, Keys> rows[] = {{"", {"a.txt", "a/1", "a/2", "b", "c/d/e", "c/f"}},
                                               {"a", {"a.txt", "a/1", "a/2"}},
                                               {"c/", {"c/d/e", "c/f"}},
                                               {"none", {}}};
  for (const auto& [prefix, keys] : rows) {
    for (const std::size_t limit : {1u, 2u, 3u, 6u, 100u}) {
      EXPECT_EQ(all(prefix, limit), keys) << prefix << " by " << limit;
    }
  }
}

TEST_F(FolderListingsTest, AListGoesOnWithWhatWasThereWhenItBegan) {
  EXPECT_THAT(listings.page(folder_, "", "", 2), ElementsAre("a.txt", "a/1"));
  put("aa");
  remove("b");
  EXPECT_THAT(listings.page(folder_, "", "a/1", 2), ElementsAre("a/2", "c/d/e"));
  EXPECT_THAT(listings.page(folder_, "", "a/1", 3), ElementsAre("a/2", "aa", "c/d/e"));
}

TEST_F(FolderListingsTest, ManyListsAtOnceForgetNothing) {
  for (int begun = 0; begun < 30; ++begun) listings.page(folder_, "", "", 1);
  EXPECT_THAT(listings.page(folder_, "", "c/d/e", 5), ElementsAre("c/f"));
  EXPECT_THAT(all("", 4), ElementsAre("a.txt", "a/1", "a/2", "b", "c/d/e", "c/f"));
}

}  // namespace
}  // namespace pawl::objects
