// Every expectation is what jsonata-js 2.2.2, or Node's RegExp, answers.
#include "jsonata/regex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <iterator>

#include "base/rng.h"

namespace pawl::jsonata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t kSteps = 1'000'000;

// "ab@0(a,-)": each match, its index in UTF-16 units, its groups; "-" for one that took no part.
std::string matches(std::string_view text, std::string_view body, std::string_view flags = "") {
  const auto regex = Regex::compile(body, flags);
  if (!regex.ok()) return "refused: " + regex.error();
  RegexSubject subject(text);
  std::string out;
  for (std::optional<std::size_t> from;;) {
    const auto match =
        from ? regex->find_next(subject, *from, kSteps) : regex->find(subject, kSteps);
    if (!match.ok()) return out + std::string(match.error().code);
    if (!*match) return out;
    const RegexMatch& found = **match;
    out += std::string(subject.piece(found.whole)) + "@" +
           std::to_string(subject.utf16_index(found.whole.begin));
    for (const auto& group : found.groups) {
      out += group ? "(" + std::string(subject.piece(*group)) + ")" : "(-)";
    }
    out += ' ';
    from = found.whole.end;
  }
}

struct MatchCase {
  const char* text;
  const char* body;
  const char* flags;
  std::string found;
};

TEST(Regex, FindsAllMatches) {
  const MatchCase cases[] = {
      {"ababbabbcc", "a(b+)", "", "ab@0(b) abb@2(bb) abb@5(bb) "},
      {"abc", "(x)?b", "", "b@1(-) "},
      {"abc", "x", "", ""},
      {"Ab", "ab", "i", "Ab@0 "},
      {"a\nb", "^b", "m", "b@2 "},
      {"a\r\nb", "a$", "m", "a@0 "},
      {"a\nb", "^b", "", ""},
      {"b\n", "b$", "", ""},
      {"foobar", "foo(?=bar)", "", "foo@0 "},
      {"foobar", "(?<!x)bar", "", "bar@3 "},
      {"aa1", "(?<l>a)\\k<l>1", "", "aa1@0(a) "},
      {"aa", "(b)?\\1a", "", "a@0(-) a@1(-) "},
      {"abc", "b*", "", "@0 D1004"},
      {"abb", "b*?", "", "@0 D1004"},
      {"ab", "$", "", "@2 "},
      {"bbb", "b*", "", "bbb@0 "},
      {"bba", "b*", "", "bb@0 D1004"},
      {"a{1}", "a{,1}", "", ""},
      {"a{,1}", "a{,1}", "", "a{,1}@0 "},
      {"]a}", "]a}", "", "]a}@0 "},
      {"\\c", "\\c", "", "\\c@0 "},
      {"a8", "a\\8", "", "a8@0 "},
      {"a\x01", "a\\1", "", "a\x01@0 "},
  };
  for (const auto& [text, body, flags, found] : cases) {
    EXPECT_EQ(matches(text, body, flags), found) << body;
  }
}

TEST(Regex, KnowsEcmaScriptsClasses) {
  const MatchCase cases[] = {
      {"a\nb", "a.b", "", ""},
      {"a\vb", "a.b", "", "a\vb@0 "},
      {"a\u2028", "a[^]", "", "a\u2028@0 "},
      {"a", "[]", "", ""},
      {"\u00A0\uFEFFx", "\\s+", "", "\u00A0\uFEFF@0 "},
      {"\u00A0x", "[\\S]", "", "x@1 "},
      {"\u00E91", "\\w", "", "1@1 "},
      {"\u0663", "\\d", "", ""},
      {"b-", "[a-\\d]", "", "-@1 "},
      {"[:]", "[[:alpha:]]", "", ":]@1 "},
      {"zQ\\E", "\\z\\Q", "", "zQ@0 "},
      {"\u212A\u017F", "[^x]", "i", "\u212A@0 \u017F@1 "},
      {"\u212A", "k", "i", ""},
      {"\u017F", "s", "i", ""},
      {"\u01C4", "\u01C6", "i", "\u01C4@0 "},
  };
  for (const auto& [text, body, flags, found] : cases) {
    EXPECT_EQ(matches(text, body, flags), found) << body;
  }
}

TEST(Regex, SeesHalvesOfCharacters) {
  EXPECT_EQ(matches("\U0001F600", "."), "\xED\xA0\xBD@0 \xED\xB8\x80@1 ");
  EXPECT_EQ(matches("a\U0001F600b", "\U0001F600"), "\U0001F600@1 ");
  EXPECT_EQ(matches("a\U0001F600b", "[^a]+"), "\U0001F600b@1 ");
  EXPECT_EQ(matches("a\U0001F600b", "\\ud83d"), "\xED\xA0\xBD@1 ");
  EXPECT_EQ(matches("\U0001F600b", "b"), "b@2 ");
}

TEST(Regex, RefusesWhatIsNoExpression) {
  const std::pair<const char*, const char*> cases[] = {
      {"(", "Unterminated group"},
      {")", "Unmatched ')'"},
      {"[", "Unterminated character class"},
      {"a**", "Nothing to repeat"},
      {"a++", "Nothing to repeat"},
      {"{1}", "Nothing to repeat"},
      {"\\b+", "Nothing to repeat"},
      {"(?<=a)*", "Nothing to repeat"},
      {"(?i)x", "Invalid group"},
      {"(?>x)", "Invalid group"},
      {"(*UTF)", "Nothing to repeat"},
      {"(?<1>x)", "Invalid capture group name"},
      {"(?<a>x)(?<a>y)", "Duplicate capture group name"},
      {"(?<a>x)\\k<b>", "Invalid named capture referenced"},
      {"[b-a]", "Range out of order in character class"},
      {"a{2,1}", "numbers out of order in {} quantifier"},
      {"\\", "\\ at end of pattern"},
  };
  for (const auto& [body, reason] : cases) {
    EXPECT_EQ(matches("x", body), std::string("refused: ") + reason) << body;
  }
}

TEST(Regex, GivesUpInTime) {
  const auto regex = Regex::compile("(a+)+[cd]", "");
  std::string text(60, 'a');
  text += 'b';
  const auto found = regex->contained_in(text, kSteps);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, "U1001");
  const std::string deep(100'000, 'a');
  EXPECT_TRUE(Regex::compile("(?:a|b)*", "")->contained_in(deep, 100 * kSteps).ok());
}

std::vector<std::string> split(std::string_view text, std::string_view body,
                               std::optional<double> limit) {
  RegexSubject subject(text);
  std::vector<std::string> parts;
  const auto ranges = Regex::compile(body, "")->split(subject, limit, kSteps);
  for (const TextRange part : *ranges) {
    parts.emplace_back(subject.piece(part));
  }
  return parts;
}

TEST(Regex, Splits) {
  EXPECT_THAT(split("ababbxabbcc", "b+", {}), ElementsAre("a", "a", "xa", "cc"));
  EXPECT_THAT(split("ababbxabbcc", "b+", 2), ElementsAre("a", "a"));
  EXPECT_THAT(split("ababbxabbcc", "d+", {}), ElementsAre("ababbxabbcc"));
  EXPECT_THAT(split("a1b2c", "\\d", 1.5), ElementsAre("a", "b"));
  EXPECT_THAT(split("abc", "x*", 0), IsEmpty());
  EXPECT_THAT(split("", "x", {}), ElementsAre(""));
}

TEST(Regex, Replaces) {
  struct Case {
    const char* text;
    const char* body;
    const char* replacement;
    const char* result;
  };
  const Case cases[] = {
      {"ababbxabbcc", "b+", "yy", "ayyayyxayycc"},
      {"265USD", "([0-9]+)USD", "$$$1", "$265"},
      {"265USD", "([0-9]+)USD", "$w", "$w"},
      {"265USD", "([0-9]+)USD", "$0$1$2", "265USD265"},
      {"abcd", "(ab)|(a)", "[1=$1][2=$2]", "[1=ab][2=]cd"},
      {"abcdefghijklmno", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)(m)", "$8$5$12$12$18$123",
       "hella8l3no"},
      {"abcdefghijklmno", "ijk", "$8$5$12$12$18$123", "abcdefgh22823lmno"},
      {"abcdefghijklmno", "(ijk)", "$x$", "abcdefgh$x$lmno"},
      {"\U0001F600b", ".", "x", "xxx"},
      {"\U0001F600b", "b", "x", "\U0001F600x"},
      {"\U0001F600", "(.)(.)", "$1$2-$2$1", "\U0001F600-\xED\xB8\x80\xED\xA0\xBD"},
  };
  for (const auto& [text, body, replacement, result] : cases) {
    EXPECT_EQ(*Regex::compile(body, "")->replace(text, replacement, {}, kSteps), result) << body;
  }
  const Regex letter = *Regex::compile("b", "");
  EXPECT_EQ(*letter.replace("bbb", "c", 2, kSteps), "ccb");
  EXPECT_EQ(*letter.replace("bbb", "c", 0, kSteps), "bbb");
}

// What compiles can be matched: PCRE2 is asked at the first match only.
RC_GTEST_PROP(Regex, WhatCompilesCanBeMatched, (std::uint64_t seed)) {
  static constexpr std::string_view kParts[] = {
      "a",   "b",   "k", ".", "[ab]", "[^a-c]", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<n>",
      "\\d", "\\1", "*", "+", "?",    "{2}",    "|", "^", "$",   "\\b", "[]",  "\\W",  "{1,3}"};
  SeededRng rng(seed);
  std::string body;
  for (std::uint64_t left = 1 + rng.next() % 12; left > 0; --left) {
    body += kParts[rng.next() % std::size(kParts)];
  }
  const auto regex = Regex::compile(body, rng.next() % 2 == 0 ? "i" : "");
  if (!regex.ok()) return;
  const auto found = regex->contained_in("abkab", 10'000'000);
  const bool refused = !found.ok() && found.error().code == "U1001";
  RC_ASSERT(!refused);
}

}  // namespace
}  // namespace pawl::jsonata
