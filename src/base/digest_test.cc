// RFC 1321 and FIPS 180-4 examples.
#include "base/digest.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace pawl {
namespace {

TEST(Digest, IsLowerCaseHexadecimal) {
  EXPECT_EQ(hex_digest("abc", "MD5"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex_digest("abc", "SHA-1"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex_digest("", "SHA-256"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_digest("abc", "SHA-384")->size(), 96U);
  EXPECT_EQ(hex_digest("abc", "SHA-512")->size(), 128U);
}

TEST(Digest, KnowsItsAlgorithmsToTheLetter) {
  for (const char* algorithm : {"", "md5", "SHA1", "SHA-512/256"}) {
    EXPECT_EQ(hex_digest("abc", algorithm), std::nullopt) << algorithm;
  }
}

// FIPS 180-4 and RFC 4231, test case 2.
TEST(Digest, OfSha256IsRawBytes) {
  EXPECT_EQ(encode_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(encode_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, IsComparedWhole) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

}  // namespace
}  // namespace pawl
