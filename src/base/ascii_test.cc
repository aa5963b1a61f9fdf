#include "base/ascii.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(Ascii, KnowsNoLettersBeyondAscii) {
  for (int code = 0; code < 256; ++code) {
    const char byte = static_cast<char>(code);
    const bool upper = code >= 65 && code <= 90;
    const bool lower = code >= 97 && code <= 122;
    const bool digit = code >= 48 && code <= 57;
    EXPECT_EQ(is_upper_case(byte), upper) << code;
    EXPECT_EQ(is_lower_case(byte), lower) << code;
    EXPECT_EQ(is_digit(byte), digit) << code;
    EXPECT_EQ(is_letter(byte), upper || lower) << code;
    EXPECT_EQ(is_letter_or_digit(byte), upper || lower || digit) << code;
    EXPECT_EQ(lower_case(byte), static_cast<char>(upper ? code + 32 : code)) << code;
    EXPECT_EQ(upper_case(byte), static_cast<char>(lower ? code - 32 : code)) << code;
  }
}

TEST(Ascii, ChangesTheCaseOfTexts) {
  EXPECT_EQ(lower_case("X-Amz-Date [@`{ \xC3\x84"), "x-amz-date [@`{ \xC3\x84");
  EXPECT_EQ(upper_case("us-east_1 [@`{ \xC3\xA4"), "US-EAST_1 [@`{ \xC3\xA4");
  EXPECT_EQ(lower_first("RoleName"), "roleName");
  EXPECT_EQ(lower_first(""), "");
}

TEST(Ascii, ComparesIgnoringCase) {
  EXPECT_TRUE(equal_ignoring_case("Content-Length", "content-lENGTH"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("Content", "Content-Length"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(Ascii, TrimsBothEnds) {
  EXPECT_EQ(trimmed("  a b "), "a b");
  EXPECT_EQ(trimmed("\t a "), "\t a");
  EXPECT_EQ(trimmed("\t a\r\n", " \t\r\n"), "a");
  EXPECT_EQ(trimmed("   "), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace pawl
