#include <gtest/gtest.h>

#include "json/number.h"
#include "json/value.h"
#include "json/writer.h"

namespace pawl::json {
namespace {

TEST(JsonParse, PrintsCompactly) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {" null ", "null"},
      {"[ 1 , 2.50, -0 ]", "[1,2.50,-0]"},
      {R"({"a" : {"b":[1,2,{"c":"\u0041\n"}]}, "a":3 })", R"({"a":3})"},
      {R"({"b":"\ud83d\ude00\uD800","c":""})", "{\"b\":\"😀\\uD800\",\"c\":\"\"}"},
      {R"({})", "{}"},
      {R"([ ])", "[]"},
      {R"([[],{},"/\/"])", R"([[],{},"//"])"},
  };
  for (const auto& [text, expected] : cases) {
    const auto value = Value::parse(text);
    ASSERT_TRUE(value.ok()) << text;
    EXPECT_EQ(print(value->root()), expected);
  }
}

TEST(JsonParse, Refuses) {
  for (const char* text : {"",
                           " ",
                           "nul",
                           "nulll",
                           "[1,]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{a:1}",
                           "1 2",
                           "01",
                           "\"\\x\"",
                           "\"\n\"",
                           "[",
                           "]",
                           "{]",
                           "\xff",
                           "\"\xed\xa0\x80\"",
                           "-",
                           "1.",
                           "[1 2]",
                           "{\"a\":1,}",
                           "\"abc\"x",
                           "tru\"e\""}) {
    EXPECT_FALSE(Value::parse(text).ok()) << text;
  }
}

TEST(JsonNumber, Forms) {
  EXPECT_EQ(java_double_text(1), "1.0");
  EXPECT_EQ(java_double_text(1e10), "1.0E10");
  EXPECT_EQ(java_double_text(0.1), "0.1");
  EXPECT_EQ(java_double_text(1e-5), "1.0E-5");
  EXPECT_EQ(java_double_text(1234567.5), "1234567.5");
  EXPECT_EQ(ecmascript_number_text(1e21), "1e+21");
  EXPECT_EQ(ecmascript_number_text(1e-7), "1e-7");
  EXPECT_EQ(ecmascript_number_text(1e-6), "0.000001");
  EXPECT_EQ(ecmascript_number_text(123), "123");
  EXPECT_EQ(compare_numbers("1", "1.0"), 0);
  EXPECT_EQ(compare_numbers("1e2", "100"), 0);
  EXPECT_LT(compare_numbers("-2", "1"), 0);
  EXPECT_GT(compare_numbers("100000000000000000001", "100000000000000000000"), 0);
}

}  // namespace
}  // namespace pawl::json
