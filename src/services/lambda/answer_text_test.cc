#include "services/lambda/answer_text.h"

#include <gtest/gtest.h>

namespace pawl::lambda {
namespace {

TEST(AnswerText, JsonStandsAndTheRestIsAString) {
  const std::pair<const char*, const char*> cases[] = {{R"({"a": 1})", R"({"a": 1})"},
                                                       {" 12 ", " 12 "},
                                                       {R"("text")", R"("text")"},
                                                       {"hello", R"("hello")"},
                                                       {"", R"("")"},
                                                       {R"({"a":)", R"("{\"a\":")"},
                                                       {"a\nb", R"("a\nb")"},
                                                       {"\xC3\xA9", "\"\xC3\xA9\""},
                                                       {"\xFFz", "\"\xEF\xBF\xBDz\""}};
  for (const auto& [text, value] : cases) EXPECT_EQ(value_of_answer(text).text(), value) << text;
}

TEST(AnswerText, WhatIsNoUtf8IsReplaced) {
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

}  // namespace
}  // namespace pawl::lambda
