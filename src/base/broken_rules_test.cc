#include "base/broken_rules.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/ascii.h"

namespace pawl {
namespace {

constexpr TextRules kRules{
    .length_min = 2, .length_max = 4, .pattern = "[a-z]*", .fits = [](std::string_view text) {
      return std::all_of(text.begin(), text.end(), is_lower_case);
    }};

TEST(BrokenRules, AreAllNamed) {
  const std::string at = "' at 'n' failed to satisfy constraint: Member must ";
  const std::string pattern = at + "satisfy regular expression pattern: [a-z]*";
  const std::string too_short = at + "have length greater than or equal to 2";
  const std::string too_long = at + "have length less than or equal to 4";
  const struct {
    std::string text;
    std::string message;
  } rows[] = {
      {"ab", ""},
      {"abcd", ""},
      {"a", "1 validation error detected: Value 'a" + too_short},
      {"", "1 validation error detected: Value '" + too_short},
      {"abcde", "1 validation error detected: Value 'abcde" + too_long},
      {"a b", "1 validation error detected: Value 'a b" + pattern},
      {"?", "2 validation errors detected: Value '?" + pattern + "; Value '?" + too_short},
      {"a b c",
       "2 validation errors detected: Value 'a b c" + pattern + "; Value 'a b c" + too_long},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(broken_rules("n", row.text, kRules).value_or(""), row.message) << row.text;
  }
}

}  // namespace
}  // namespace pawl
