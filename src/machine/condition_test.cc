#include "machine/condition.h"

#include <gtest/gtest.h>

namespace pawl::machine {
namespace {

using asl::Comparison;

struct Row {
  Comparison comparison;
  const char* value;
  const char* operand;
  bool expected;
};

bool check(const Row& row) {
  const json::Value value = json::Value::trusted(row.value);
  const json::Value operand = json::Value::trusted(row.operand);
  return compares(row.comparison, value.root(), operand.root());
}

// What the shared choice_operators suite has no row for.
TEST(Condition, Comparisons) {
  constexpr Row kRows[] = {
      // A value of another type is false, whichever way the operator looks.
      {Comparison::kStringLessThan, "1", R"("2")", false},
      {Comparison::kStringGreaterThanEquals, "1", R"("0")", false},
      {Comparison::kNumericLessThan, R"("1")", "2", false},
      {Comparison::kNumericEquals, "null", "0", false},
      {Comparison::kBooleanEquals, R"("true")", "true", false},
      {Comparison::kTimestampEquals, "0", "0", false},
      // By value: exactly, however many digits.
      {Comparison::kNumericEquals, "0", "0.0", true},
      {Comparison::kNumericEquals, "-0.0", "0", true},
      {Comparison::kNumericEquals, "1e2", "100", true},
      {Comparison::kNumericLessThan, "9007199254740992", "9007199254740993", true},
      {Comparison::kNumericGreaterThanEquals, "1.10", "1.1", true},
      {Comparison::kBooleanEquals, "false", "false", true},
      {Comparison::kBooleanEquals, "true", "false", false},
      {Comparison::kStringEquals, R"("é")", R"("é")", true},
      {Comparison::kStringLessThan, R"("A")", R"("AB")", true},
      {Comparison::kStringGreaterThanEquals, R"("")", R"("")", true},
      // Instants, not texts.
      {Comparison::kTimestampEquals, R"("2012-10-09T19:00:55Z")", R"("2012-10-09T20:00:55+01:00")",
       true},
      {Comparison::kTimestampLessThan, R"("2012-10-09T19:00:55.1Z")",
       R"("2012-10-09T19:00:55.11Z")", true},
      {Comparison::kTimestampLessThanEquals, R"("2012-10-09T19:00:55Z")", R"("no")", false},
      {Comparison::kIsTimestamp, R"("2012-10-09T19:00:55+01:00")", "true", true},
      {Comparison::kIsTimestamp, R"("2012-10-09T19:00:55")", "true", false},
      {Comparison::kIsTimestamp, R"("2023-02-24")", "false", true},
      {Comparison::kIsTimestamp, "12", "false", true},
      {Comparison::kIsPresent, "null", "true", true},
      {Comparison::kIsPresent, "null", "false", false},
      {Comparison::kIsNull, "null", "true", true},
      {Comparison::kIsNumeric, R"("1")", "false", true},
      {Comparison::kIsString, R"("")", "true", true},
      {Comparison::kIsBoolean, "0", "true", false},
      {Comparison::kStringMatches, "1", R"("*")", false},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(check(row), row.expected)
        << static_cast<int>(row.comparison) << ' ' << row.value << ' ' << row.operand;
  }
}

TEST(Condition, StringMatches) {
  struct Match {
    const char* text;
    const char* pattern;
    bool expected;
  };
  constexpr Match kRows[] = {
      {"log-2012.txt", "log-*.txt", true},
      {"log-.txt", "log-*.txt", true},
      {"log.txt", "log-*.txt", false},
      {"", "", true},
      {"", "*", true},
      {"a", "", false},
      {"abcabc", "*abc", true},
      {"abcabd", "*abc", false},
      {"aXbXc", "a*b*c", true},
      {"aXbX", "a*b*c", false},
      {"a*b", R"(a\*b)", true},
      {"aXb", R"(a\*b)", false},
      {R"(a\b)", R"(a\\b)", true},
      {R"(a\)", R"(a\)", true},
      {R"(a\n)", R"(a\n)", true},  // a backslash before anything else is itself
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*b", true},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*b", false},
      {"zürich", "z*rich", true},
      {"whole", "hol", false},
  };
  for (const Match& row : kRows) {
    EXPECT_EQ(matches_wildcards(row.text, row.pattern), row.expected)
        << row.text << ' ' << row.pattern;
  }
}

TEST(Condition, StringsCompareByUtf16CodeUnits) {
  EXPECT_EQ(compare_utf16("a", "a"), 0);
  EXPECT_LT(compare_utf16("a", "aa"), 0);
  EXPECT_GT(compare_utf16("b", "aa"), 0);
  EXPECT_LT(compare_utf16("z", "é"), 0);
  // U+1F600 is d83d de00 in UTF-16: before U+FFFD, though its UTF-8 is greater.
  EXPECT_LT(compare_utf16("\U0001F600", "\uFFFD"), 0);
  EXPECT_GT(compare_utf16("\uE000", "\U0001F600"), 0);
  EXPECT_LT(compare_utf16("\uD7FF", "\U0001F600"), 0);
}

}  // namespace
}  // namespace pawl::machine
