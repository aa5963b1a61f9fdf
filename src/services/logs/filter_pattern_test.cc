#include "services/logs/filter_pattern.h"

#include <gtest/gtest.h>

namespace pawl::logs {
namespace {

struct Case {
  const char* pattern;
  const char* message;
  bool matches;
};

const Case kCases[] = {
    {"", "anything", true},
    {"ERROR", "an ERROR here", true},
    {"ERROR", "an error here", false},
    {"ERROR route", "no route: ERROR", true},
    {"ERROR route", "ERROR", false},
    {R"("no route")", "there is no route", true},
    {R"("no route")", "no such route", false},
    {R"("a \" b")", R"(a " b)", true},
    {"ERROR -debug", "ERROR debug", false},
    {"ERROR -debug", "ERROR", true},
    {"-debug", "nothing", true},
    {"?WARN ?ERROR", "a WARN", true},
    {"?WARN ?ERROR", "an INFO", false},
    {R"({ $.level = "ERROR" })", R"({"level":"ERROR"})", true},
    {R"({ $.level = ERROR })", R"({"level":"ERROR"})", true},
    {R"({ $.level != "ERROR" })", R"({"level":"INFO"})", true},
    {R"({ $.level != "ERROR" })", R"({"other":1})", false},
    {R"({ $.level = "ERR*" })", R"({"level":"ERROR"})", true},
    {R"({ $.level = "*R*R" })", R"({"level":"ERROR"})", true},
    {R"({ $.n >= 100 })", R"({"n":100})", true},
    {R"({ $.n >= 100 })", R"({"n":99.5})", false},
    {R"({ $.n < 1e2 })", R"({"n":99})", true},
    {R"({ $.n = 1 })", R"({"n":1.0})", true},
    {R"({ $.a.b[1].c = "x" })", R"({"a":{"b":[0,{"c":"x"}]}})", true},
    {R"({ $['a b'] = 1 })", R"({"a b":1})", true},
    {R"({ $.a IS NULL })", R"({"a":null})", true},
    {R"({ $.a IS TRUE })", R"({"a":true})", true},
    {R"({ $.a IS FALSE })", R"({"a":true})", false},
    {R"({ $.a NOT EXISTS })", R"({"b":1})", true},
    {R"({ $.a EXISTS })", R"({"b":1})", false},
    {R"({ ($.a = 1 || $.a = 2) && $.b = "x" })", R"({"a":2,"b":"x"})", true},
    {R"({ $.a = 1 || $.a = 2 && $.b = "x" })", R"({"a":1,"b":"y"})", true},
    {R"({ $.a = 1 })", "no json", false},
};

TEST(FilterPattern, MatchesAsTheUserGuideSays) {
  for (const Case& one : kCases) {
    const auto pattern = FilterPattern::parse(one.pattern);
    ASSERT_TRUE(pattern.ok()) << one.pattern;
    EXPECT_EQ(pattern->matches(one.message), one.matches) << one.pattern << " on " << one.message;
  }
}

TEST(FilterPattern, SaysWhatIsWrong) {
  for (const char* text :
       {"\"open", "{ $.a = 1", "{ a = 1 }", "{ $.a }", "{ $.a IS 5 }", "{ ($.a = 1 }",
        "{ $.a = 1 ) }", "{ $. = 1 }", "{ $[x] = 1 }", "{ $.a NOT THERE }", "{ }"}) {
    EXPECT_FALSE(FilterPattern::parse(text).ok()) << text;
  }
}

TEST(FilterPattern, NestingIsLimited) {
  const std::string deep =
      "{" + std::string(1'000, '(') + "$.a = 1" + std::string(1'000, ')') + "}";
  EXPECT_FALSE(FilterPattern::parse(deep).ok());
}

}  // namespace
}  // namespace pawl::logs
