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

}  // namespace
}  // namespace pawl::lambda
