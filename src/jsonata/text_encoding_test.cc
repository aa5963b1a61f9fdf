// Every expectation is what jsonata-js 2.2.2 answers.
#include "jsonata/text_encoding.h"

#include <gtest/gtest.h>

namespace pawl::jsonata {
namespace {

TEST(Url, EscapesUtf8) {
  EXPECT_EQ(encode_url("a b&c/\u00E9?x=1#y[]"), "a%20b&c/%C3%A9?x=1#y%5B%5D");
  EXPECT_EQ(encode_url_component("a b&c/\u00E9?x=1#\U0001F600!'()*~"),
            "a%20b%26c%2F%C3%A9%3Fx%3D1%23%F0%9F%98%80!'()*~");
  EXPECT_EQ(encode_url("\xED\xA0\x80"), std::nullopt);
  EXPECT_EQ(encode_url_component("a\xED\xBF\xBF"), std::nullopt);
  EXPECT_EQ(encode_url_component("\uD7FF"), "%ED%9F%BF");
}

TEST(Url, DecodesWhatIsUtf8) {
  EXPECT_EQ(decode_url_component("a%20b%2Fc%c3%a9%f0%9f%98%80"), "a b/c\u00E9\U0001F600");
  EXPECT_EQ(decode_url("%2f%41%23%C3%A9"), "%2fA%23\u00E9");
  for (const char* text : {"%", "%4", "%zz", "%E9", "%E0%A4%A", "%C0%80", "%ED%A0%80", "%80",
                           "%F8%88%80%80%80", "%F4%90%80%80", "%C3a%A9"}) {
    EXPECT_EQ(decode_url(text), std::nullopt) << text;
    EXPECT_EQ(decode_url_component(text), std::nullopt) << text;
  }
}

TEST(Base64, IsOfLowBytes) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("myuser:mypass"), "bXl1c2VyOm15cGFzcw==");
  EXPECT_EQ(base64_encode("\u00E9"), "6Q==");
  EXPECT_EQ(base64_encode("\u65E5\u672C\U0001F600"), "5Sw9AA==");
  EXPECT_EQ(base64_encode("abc"), "YWJj");
}

TEST(Base64, DecodesLeniently) {
  EXPECT_EQ(base64_decode("bXl1c2VyOm15cGFzcw=="), "myuser:mypass");
  EXPECT_EQ(base64_decode("w6k="), "\u00C3\u00A9");
  EXPECT_EQ(base64_decode("w6k"), "\u00C3\u00A9");
  EXPECT_EQ(base64_decode("w-_k=abc"), "\u00C3\u00EF\u00E4");
  EXPECT_EQ(base64_decode("YW Jj\nZGU"), "abcde");
  EXPECT_EQ(base64_decode("a"), "");
  EXPECT_EQ(base64_decode("=aaa"), "");
}

}  // namespace
}  // namespace pawl::jsonata
