#include "services/lambda/secret_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "store/test_directory.h"

namespace pawl::lambda {
namespace {

TEST(SecretKey, IsMadeOnceAndReadableByTheServerAlone) {
  const store::TestDirectory directory;
  const std::string file = directory.path() + "/functions/key";
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

TEST(SecretKey, DecryptsOnlyWhatWasEncryptedForThePlace) {
  const store::TestDirectory directory;
  const SecretKey key = *SecretKey::load(directory.path() + "/key");
  const SecretKey other = *SecretKey::load(directory.path() + "/other");
  for (const std::string& text : {std::string(), std::string("hush"), std::string(5'000, 'x')}) {
    const std::string encrypted = key.encrypt(text, "here");
    EXPECT_EQ(key.decrypt(encrypted, "here"), text);
    EXPECT_EQ(key.decrypt(encrypted, "there"), std::nullopt);
    EXPECT_EQ(other.decrypt(encrypted, "here"), std::nullopt);
    EXPECT_NE(encrypted, key.encrypt(text, "here"));
    std::string damaged = encrypted;
    damaged[10] = damaged[10] == 'A' ? 'B' : 'A';
    EXPECT_EQ(key.decrypt(damaged, "here"), std::nullopt);
  }
  EXPECT_EQ(key.decrypt("", "here"), std::nullopt);
  EXPECT_EQ(key.decrypt("no base64!", "here"), std::nullopt);
}

TEST(SecretKey, RefusesAFileThatIsNoKey) {
  const store::TestDirectory directory;
  const std::string file = directory.path() + "/key";
  std::ofstream(file) << "short";
  EXPECT_FALSE(SecretKey::load(file).ok());
  std::ofstream(file) << std::string(33, 'k');
  EXPECT_FALSE(SecretKey::load(file).ok());
}

}  // namespace
}  // namespace pawl::lambda
