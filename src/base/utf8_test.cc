#include "base/utf8.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(Utf8, IsKnown) {
  for (const char* good : {"", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf",
                           "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  }
  EXPECT_TRUE(is_valid_utf8({"a\0b", 3}));
  for (const char* bad :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "a\xff"}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << bad;
  }
}

TEST(Utf8, IsMeasuredFromTheFront) {
  EXPECT_EQ(utf8_character_bytes(""), 0U);
  EXPECT_EQ(utf8_character_bytes("ab"), 1U);
  EXPECT_EQ(utf8_character_bytes("\xf0\x9f\x98\x80z"), 4U);
  EXPECT_EQ(utf8_character_bytes("\x80"), 0U);
  EXPECT_EQ(sound_utf8_prefix("ab\xc3\xa9\xff z"), 4U);
}

TEST(Utf8, IsMadeOfAnyBytes) {
  const std::string bad = "\xEF\xBF\xBD";
  const std::pair<std::string, std::string> cases[] = {
      {"plain", "plain"},
      {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
      {"\xC0\x80", bad + bad},                      // overlong
      {"\xED\xA0\x80", bad + bad + bad},            // a surrogate
      {"\xF4\x90\x80\x80", bad + bad + bad + bad},  // above U+10FFFF
      {"a\xE2\x82", "a" + bad + bad},               // cut off
      {"\x80z", bad + "z"}};
  for (const auto& [bytes, text] : cases) EXPECT_EQ(valid_utf8(bytes), text);
}

TEST(Utf8, IsGuessed) {
  EXPECT_EQ(utf8_or_latin1("\xC3\xA9"), "\xC3\xA9");
  EXPECT_EQ(utf8_or_latin1("caf\xE9\x80\xFF"), "caf\xC3\xA9\xC2\x80\xC3\xBF");
}

}  // namespace
}  // namespace pawl
