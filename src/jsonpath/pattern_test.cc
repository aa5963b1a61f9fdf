// java.util.regex through PCRE2: every expectation is what a JVM answered.
#include "jsonpath/pattern.h"

#include <gtest/gtest.h>

namespace pawl::jsonpath {
namespace {

struct MatchCase {
  std::string expression;
  std::string text;
  bool matches;
  Letters letters = Letters::kAsWritten;
};

TEST(Pattern, MatchesTheWholeTextAsJavaDoes) {
  const MatchCase cases[] = {
      {"b", "abc", false},
      {"a.c", "a\nc", false},
      {"a.c",
       "a\xE2\x80\xA8"
       "c",
       false},
      {"(?s)a.c", "a\nc", true},
      {"(?m)a$(?s:.)^b", "a\nb", true},
      {"(?m)a$(?s:.)^b",
       "a\x0B"
       "b",
       false},
      {"a$", "a\n", false},
      {"\xC3\xA9", "\xC3\x89", false, Letters::kEitherCase},
      {"k", "K", true, Letters::kEitherCase},
      {"k", "\xE2\x84\xAA", false, Letters::kEitherCase},
      {"[a-f]+", "AbF", true, Letters::kEitherCase},
      {"(?i:a)b", "AB", false},
      {"(?-i)a", "A", false, Letters::kEitherCase},
      {"\\w", "\xC3\xA9", false},
      {"\\p{L}", "\xC3\xA9", true},
      {"\\p{Lower}", "A", true, Letters::kEitherCase},
      {"[a[b-c]\\p{Digit}]+", "abc7", true},
      {"[^a[b]]", "b", false},
      {"\\Qa.b\\E+", "a.bb", true},
      {"\\Qa.b\\E+", "axb", false},
      {"(?x) a b # c", "ab", true},
      {"a{2}{3}", "aa", true},
      {"(a)\\2", "aa", false},
      {"(a)\\10", "aa0", true},
      {"\\uD83D\\uDE00", "\xF0\x9F\x98\x80", true},
      {"\\x{1F600}\\0141\\cA",
       "\xF0\x9F\x98\x80"
       "a\x01",
       true},
      {"\\Z*a^*", "a", true},
  };
  for (const MatchCase& each : cases) {
    const auto pattern = Pattern::compile(each.expression, each.letters);
    ASSERT_TRUE(pattern.ok()) << each.expression << ": " << pattern.error().text;
    EXPECT_EQ(pattern->match(each.text) == Pattern::Outcome::kMatches, each.matches)
        << each.expression << " on " << each.text;
  }
}

TEST(Pattern, RefusesInJavasWords) {
  const struct {
    std::string expression;
    std::string complaint;
  } cases[] = {
      {"\xC3\xA9*+*", "Dangling meta character '*' near index 3\n\xC3\xA9*+*\n   ^"},
      {"{", "Illegal repetition near index 1\n{"},
      {"a{1,x", "Unclosed counted closure near index 4\na{1,x\n    ^"},
      {"a{3,2}", "Illegal repetition range near index 5\na{3,2}\n     ^"},
      {"a{99999999999}", "Illegal repetition range near index 11\na{99999999999}\n           ^"},
      {"(a", "Unclosed group near index 2\n(a"},
      {"a)", "Unmatched closing ')' near index 0\na)\n^"},
      {")", "Unmatched closing ')'\n)"},
      {"[^]", "Unclosed character class near index 2\n[^]\n  ^"},
      {"[b-a]", "Illegal character range near index 3\n[b-a]\n   ^"},
      {"[a-z]\\y", "Illegal/unsupported escape sequence near index 6\n[a-z]\\y\n      ^"},
      {"\\x1g", "Illegal hexadecimal escape sequence near index 3\n\\x1g\n   ^"},
      {"\\p{Foo}", "Unknown character property name {Foo} near index 6\n\\p{Foo}\n      ^"},
      {"(?iz)", "Unknown inline modifier near index 3\n(?iz)\n   ^"},
      {"\\Qa.b\\Ea**", "Dangling meta character '*' near index 6\n\\Qa.b\\Ea**\n      ^"},
  };
  for (const auto& each : cases) {
    const auto pattern = Pattern::compile(each.expression, Letters::kAsWritten);
    ASSERT_FALSE(pattern.ok()) << each.expression;
    EXPECT_EQ(pattern.error().text, "java.util.regex.PatternSyntaxException: " + each.complaint);
  }
}

TEST(Pattern, RefusesWhatIsBeyondPcre2) {
  const auto refuses = [](const std::string& expression) {
    return !Pattern::compile(expression, Letters::kAsWritten).ok();
  };
  EXPECT_TRUE(refuses(std::string(5000, '[')));
  EXPECT_TRUE(refuses("a{70000}"));
  std::string deep(1000, '(');
  deep.append(1000, ')');
  EXPECT_TRUE(refuses(deep));
}

}  // namespace
}  // namespace pawl::jsonpath
