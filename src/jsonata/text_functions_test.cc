// Every expectation is what jsonata-js 2.2.2 answers.
#include "jsonata/text_functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "jsonata/letter_case.h"

namespace pawl::jsonata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr const char* kFace = "\U0001F600";
constexpr const char* kHighHalf = "\xED\xA0\xBD";
constexpr const char* kLowHalf = "\xED\xB8\x80";

TEST(Length, CountsCharactersOrUnits) {
  EXPECT_EQ(character_count(""), 0U);
  EXPECT_EQ(character_count("na\u00EFve \U0001F600"), 7U);
  EXPECT_EQ(utf16_length("na\u00EFve \U0001F600"), 8U);
  EXPECT_EQ(utf16_length(kHighHalf), 1U);
  EXPECT_EQ(utf16_offset("\u00EF\U0001F600b", 6), 3U);
}

TEST(Length, OfLongTextsIsTheSumOfTheirParts) {
  const std::string part = "na\u00EFve \U0001F600 caf\u00E9";
  std::string text;
  for (std::size_t parts = 0; parts < 3'000; ++parts, text += part) {
    ASSERT_EQ(character_count(text), parts * character_count(part)) << parts;
  }
}

TEST(Order, IsThatOfUtf16Units) {
  EXPECT_LT(compare_utf16(kFace, "\uFB00"), 0);
  EXPECT_GT(compare_utf16("\uFB00", kFace), 0);
  EXPECT_LT(compare_utf16(kFace, "\U0001F601"), 0);
  EXPECT_LT(compare_utf16(kHighHalf, kFace), 0);
  EXPECT_LT(compare_utf16(kFace, kLowHalf), 0);
  EXPECT_LT(compare_utf16("ab", "a\u00E9"), 0);
  EXPECT_LT(compare_utf16("a", "ab"), 0);
  EXPECT_EQ(compare_utf16("a\u00E9", "a\u00E9"), 0);
}

TEST(Substring, CountsCharacters) {
  struct Case {
    const char* text;
    double start;
    std::optional<double> length;
    std::string part;
  };
  const Case cases[] = {
      {"a\U0001F600b", 1, 1, kFace},
      {"a\U0001F600b", 2, {}, "b"},
      {"a\U0001F600b", -2, {}, "\U0001F600b"},
      {"hello", -3, {}, "llo"},
      {"hello", -3, 2, "ll"},
      {"hello", 1.9, 2.9, "ell"},
      {"hello", 10, {}, ""},
      {"hello", 2, -1, ""},
      {"hello", -10, 3, "hel"},
      {"hello", -6.5, 3, "hel"},
      {"hello", -2.5, {}, "lo"},
      {"hello", -2.5, 1, ""},
      {"hello", 0.5, 0.4, ""},
      {"hello", 1, kInfinity, "ello"},
      {"hello", kInfinity, {}, ""},
      {"", 0, 1, ""},
  };
  for (const auto& [text, start, length, part] : cases) {
    EXPECT_EQ(length ? substring(text, start, *length) : substring(text, start), part)
        << text << " from " << start;
  }
}

TEST(Substring, EndsOrBeginsAtAMark) {
  EXPECT_EQ(substring_before("a-b-c", "-"), "a");
  EXPECT_EQ(substring_after("a-b-c", "-"), "b-c");
  EXPECT_EQ(substring_before("abc", ""), "");
  EXPECT_EQ(substring_after("abc", ""), "abc");
  EXPECT_EQ(substring_before("abc", "x"), "abc");
  EXPECT_EQ(substring_after("abc", "x"), "abc");
}

TEST(Contains, FindsHalvesOfCharacters) {
  EXPECT_TRUE(contains("abc", ""));
  EXPECT_TRUE(contains("abc", "bc"));
  EXPECT_FALSE(contains("abc", "cb"));
  EXPECT_TRUE(contains("a\U0001F600b", kHighHalf));
  EXPECT_TRUE(contains("a\U0001F600b", std::string(kLowHalf) + "b"));
  EXPECT_FALSE(contains("a\U0001F600b", std::string(kHighHalf) + "b"));
}

TEST(Pad, FillsUpToCharacters) {
  EXPECT_EQ(pad("x", 5, "ab"), "xabab");
  EXPECT_EQ(pad("x", -5, "ab"), "ababx");
  EXPECT_EQ(pad("x", 4, "ab"), "xaba");
  EXPECT_EQ(pad("x", 3, ""), "x  ");
  EXPECT_EQ(pad("x", 2.5, " "), "x ");
  EXPECT_EQ(pad("x", -2.5, "ab"), "ax");
  EXPECT_EQ(pad("hello", 2, "-"), "hello");
  EXPECT_EQ(pad(kFace, 3, "\u00E9\U0001F600"), "\U0001F600\u00E9\U0001F600");
}

TEST(Trim, KeepsSingleSpaces) {
  EXPECT_EQ(trim("  a \n\t b  "), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim("\u00A0 a \u00A0\v b \f"), "\u00A0 a \u00A0\v b \f");
}

TEST(Split, CutsAtEachSeparator) {
  EXPECT_THAT(split("a,b,,c", ",", {}), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split("a,b,c", ",", 2), ElementsAre("a", "b"));
  EXPECT_THAT(split("a,b,c", ",", 1.5), ElementsAre("a"));
  EXPECT_THAT(split("a,b,c", ",", kInfinity), IsEmpty());
  EXPECT_THAT(split("", ",", {}), ElementsAre(""));
  EXPECT_THAT(split("", "", {}), IsEmpty());
  EXPECT_THAT(split("abc", "", 2), ElementsAre("a", "b"));
  EXPECT_THAT(split("a\U0001F600b", "", {}), ElementsAre("a", kHighHalf, kLowHalf, "b"));
}

TEST(Replace, TakesTheTextAsItIs) {
  EXPECT_EQ(replace("a.b.c", ".", "x", {}), "axbxc");
  EXPECT_EQ(replace("aaa", "a", "b", 2), "bba");
  EXPECT_EQ(replace("aaa", "a", "b", 1.5), "bba");
  EXPECT_EQ(replace("aaa", "a", "b", 0), "aaa");
  EXPECT_EQ(replace("abc", "b", "$0$1$$", {}), "a$0$1$$c");
}

TEST(LetterCase, FollowsUnicode) {
  EXPECT_EQ(to_uppercase("stra\u00DFe \u0149 \uFB01 \u01F0"), "STRASSE \u02BCN FI J\u030C");
  EXPECT_EQ(to_uppercase("az{`\u24D0\u10D0\uAB70\U0001044E"), "AZ{`\u24B6\u1C90\u13A0\U00010426");
  EXPECT_EQ(to_lowercase("AZ[@\u1C90\U00010426"), "az[@\u10D0\U0001044E");
  EXPECT_EQ(to_lowercase("\u0130STANBUL \u0391\u03A3"), "i\u0307stanbul \u03B1\u03C2");
  EXPECT_EQ(to_lowercase("\u0391\u03A3\u0391 \u03A3 \u0391'\u03A3' \u0391.\u03A3\u0392"),
            "\u03B1\u03C3\u03B1 \u03C3 \u03B1'\u03C2' \u03B1.\u03C3\u03B2");
  EXPECT_EQ(to_uppercase(kHighHalf), kHighHalf);
}

}  // namespace
}  // namespace pawl::jsonata
