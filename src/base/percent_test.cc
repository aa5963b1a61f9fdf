#include "base/percent.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pawl {
namespace {

TEST(Percent, EncodesAllButTheUnreserved) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  EXPECT_EQ(percent_encode(kPlain, Slash::kEncode), kPlain);
  EXPECT_EQ(percent_encode("a b/\xC3\xA4+*%", Slash::kEncode), "a%20b%2F%C3%A4%2B%2A%25");
  EXPECT_EQ(percent_encode("a b/c", Slash::kKeep), "a%20b/c");
  EXPECT_EQ(percent_encode({"\0\x7f", 2}, Slash::kEncode), "%00%7F");
}

TEST(Percent, EncodesKeysAsForms) {
  EXPECT_EQ(form_encode_key("dir/a b+*~-._\xC3\xA4"), "dir/a+b%2B*%7E-._%C3%A4");
}

TEST(Percent, DecodesWhatItEncoded) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const Slash slash : {Slash::kEncode, Slash::kKeep}) {
    EXPECT_EQ(percent_decode(percent_encode(all, slash), Plus::kIsPlus), all);
  }
  EXPECT_EQ(percent_decode(form_encode_key(all), Plus::kIsSpace), all);
  EXPECT_EQ(percent_decode("a+b%2b%2B", Plus::kIsPlus), "a+b++");
  EXPECT_EQ(percent_decode("a+b%2b%2B", Plus::kIsSpace), "a b++");
}

RC_GTEST_PROP(PercentProperty, DecodingUndoesEncoding, (const std::string& bytes)) {
  RC_ASSERT(percent_decode(percent_encode(bytes, Slash::kEncode), Plus::kIsSpace) == bytes);
}

TEST(Percent, RefusesBrokenEscapes) {
  for (const char* text : {"%", "a%4", "%4g", "%g4", "%%41", "% 41"}) {
    EXPECT_EQ(percent_decode(text, Plus::kIsPlus), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace pawl
