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
    {R"({ $.a = %^x[0-9]+$% })", R"({"a":"x12"})", true},
    {R"({ $.a = %^x[0-9]+$% })", R"({"a":"x12y"})", false},
    {R"({ $.a != %b% && $.c = 1 })", R"({"a":"abc","c":1})", false},
    {"%ERROR|WARN%", "a WARN", true},
    {"%ERROR|WARN%", "an INFO", false},
    {R"(%[Ee]rror \d{3}%)", "no error 404 here", true},
    {R"(%[Ee]rror \d{3}%)", "no error 40 here", false},
    {"%[Ee]rror [0-9]{3}% -debug", "no error 404 here", true},
    {"%[Ee]rror [0-9]{3}% -debug", "debug: error 404", false},
    {"[ip, user, code]", "127.0.0.1 frank 404", true},
    {"[ip, user, code]", "127.0.0.1 frank 404 more", false},
    {"[ip, user, code = 4*]", "127.0.0.1 frank 404", true},
    {"[ip, user, code = 4*]", "127.0.0.1 frank 500", false},
    {"[ip, user, code = 4* || code = 5*]", "127.0.0.1 frank 500", true},
    {"[ip, ..., bytes > 1000]", "127.0.0.1 frank 500 1001", true},
    {"[ip, ..., bytes > 1000]", "127.0.0.1 1000", false},
    {"[..., code >= 400 && code < 500, bytes]", "a b c 404 1", true},
    {"[..., code >= 400 && code < 500, bytes]", "a b c 500 1", false},
    {"[ip=%^127[.]0% , ...]", "127.0.0.1 x", true},
    {R"([ip, time, request = "GET *.html *", code != 200])",
     R"(::1 [10/Oct/2026:13:25:15 -0700] "GET /index.html HTTP/1.0" 404)", true},
    {R"([ip, time, request = *.html*, code != 200])",
     R"(::1 [10/Oct/2026:13:25:15 -0700] "GET /index.html HTTP/1.0" 200)", false},
};

TEST(FilterPattern, MatchesAsTheUserGuideSays) {
  for (const Case& one : kCases) {
    const auto pattern = FilterPattern::parse(one.pattern);
    ASSERT_TRUE(pattern.ok()) << one.pattern;
    EXPECT_EQ(pattern->matches(one.message), one.matches) << one.pattern << " on " << one.message;
  }
}

TEST(FilterPattern, SaysWhatIsWrong) {
  for (const char* text : {"\"open",
                           "{ $.a = 1",
                           "{ a = 1 }",
                           "{ $.a }",
                           "{ $.a IS 5 }",
                           "{ ($.a = 1 }",
                           "{ $.a = 1 ) }",
                           "[a, b",
                           "[]",
                           "[a, ..., b, ...]",
                           "[a =]",
                           "[a = 1 b]",
                           "[a = 1 && b]",
                           "%open",
                           "%%",
                           "%(a)%",
                           "%[a%",
                           "{ $.a = %x }",
                           "{ $. = 1 }",
                           "{ $[x] = 1 }",
                           "{ $.a NOT THERE }",
                           "{ }"}) {
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
