#include "base/secret_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/ensure.h"

namespace pawl {
namespace {

class SecretKeyFile : public ::testing::Test {
 protected:
  SecretKeyFile() : folder_(std::filesystem::temp_directory_path() / "pawl-key-XXXXXX") {
    ENSURE(mkdtemp(folder_.data()) != nullptr, folder_);
  }
  ~SecretKeyFile() override { std::filesystem::remove_all(folder_); }
  std::string at(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

TEST_F(SecretKeyFile, IsMadeOnceAndReadableByTheServerAlone) {
  const std::string file = at("functions/key");
  const auto first = SecretKey::load(file);
  ASSERT_TRUE(first.ok());
  struct stat status{};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto second = SecretKey::load(file);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(first->sign("a", "text"), second->sign("a", "text"));
  EXPECT_NE(first->sign("a", "text"), first->sign("b", "text"));
  EXPECT_TRUE(second->verify("a", "text", first->sign("a", "text")));
  EXPECT_FALSE(second->verify("a", "texts", first->sign("a", "text")));
  EXPECT_FALSE(second->verify("a", "text", ""));
}

TEST_F(SecretKeyFile, DecryptsOnlyWhatWasEncryptedForThePlace) {
  const SecretKey key = *SecretKey::load(at("key"));
  const SecretKey other = *SecretKey::load(at("other"));
  for (const std::string& text : {std::string(), std::string("hush"), std::string(5'000, 'x')}) {
    const std::string encrypted = key.encrypt("use", text, "here");
    EXPECT_EQ(key.decrypt("use", encrypted, "here"), text);
    EXPECT_EQ(key.decrypt("use", encrypted, "there"), std::nullopt);
    EXPECT_EQ(key.decrypt("other", encrypted, "here"), std::nullopt);
    EXPECT_EQ(other.decrypt("use", encrypted, "here"), std::nullopt);
    EXPECT_NE(encrypted, key.encrypt("use", text, "here"));
    std::string damaged = encrypted;
    damaged[10] = damaged[10] == 'A' ? 'B' : 'A';
    EXPECT_EQ(key.decrypt("use", damaged, "here"), std::nullopt);
  }
  EXPECT_EQ(key.decrypt("use", "", "here"), std::nullopt);
  EXPECT_EQ(key.decrypt("use", "no base64!", "here"), std::nullopt);
}

TEST_F(SecretKeyFile, RefusesAFileThatIsNoKey) {
  const std::string file = at("key");
  std::ofstream(file) << "short";
  EXPECT_FALSE(SecretKey::load(file).ok());
  std::ofstream(file) << std::string(33, 'k');
  EXPECT_FALSE(SecretKey::load(file).ok());
}

}  // namespace
}  // namespace pawl
