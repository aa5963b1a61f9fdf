// Every expectation is what jsonata-js 2.2.2 answers.
#include "jsonata/integer_picture.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pawl::jsonata {
namespace {

std::string format(double value, const char* picture) {
  const auto compiled = IntegerPicture::compile(picture);
  if (!compiled.ok()) return std::string(compiled.error().code);
  const auto text = compiled->format(value);
  return text.ok() ? *text : std::string(text.error().code);
}

double parse(const char* text, const char* picture) {
  const auto number = IntegerPicture::compile(picture)->parse(text);
  return number.ok() ? *number : -1e99;
}

TEST(FormatInteger, InDigits) {
  struct Case {
    double value;
    const char* picture;
    const char* text;
  };
  const Case cases[] = {
      {123, "0000", "0123"},
      {-3, "0000", "-0003"},
      {12.6, "###0", "12"},
      {-3.5, "0", "-4"},
      {1234, "0;c", "1234"},
      {12345678, "#,##0", "12,345,678"},
      {1234567890, "#:###,##0", "1234:567,890"},
      {1234567890, "##,##,##0", "12345,67,890"},
      {12, "##,##,##0", ",,12"},
      {12, "#,##0,", ",2,"},
      {1e21, "#,##0", "1e,+21"},
      {123456, "0\U0001F60000", "12\U0001F60034\U0001F60056"},
      {123, "\u0660\u0660\u0660\u0660", "\u0660\u0661\u0662\u0663"},
      {1, "0;o", "1st"},
      {12, "###0;o", "12th"},
      {123, "000;o", "123rd"},
      {112, "0,0;o", "1,1,2nd"},
      {5, "0;0;o", "0;5th"},
      {121, "\u0660;o", "\u0661\u0662\u0661th"},
      {INFINITY, "0", "Infinity"},
      {NAN, "0001", "0NaN"},
  };
  for (const auto& [value, picture, text] : cases)
    EXPECT_EQ(format(value, picture), text) << picture;
}

TEST(FormatInteger, InWords) {
  const std::pair<double, const char*> cases[] = {
      {0, "Zero"},
      {34, "Thirty-Four"},
      {555, "Five Hundred and Fifty-Five"},
      {1001, "One Thousand and One"},
      {1100, "One Thousand, One Hundred"},
      {327730, "Three Hundred and Twenty-Seven Thousand, Seven Hundred and Thirty"},
      {1000000000001, "One Trillion and One"},
      {1e15, "One Thousand Trillion"},
      {1e18, "One Million Trillion"},
      {1e25, "Ten Trillion Trillion"},
      {-5, "-Five"},
  };
  for (const auto& [value, words] : cases) EXPECT_EQ(format(value, "Ww"), words);
  EXPECT_EQ(format(99, "W"), "NINETY-NINE");
  EXPECT_EQ(format(99, "w"), "ninety-nine");
}

TEST(FormatInteger, InOrdinalWords) {
  const std::pair<double, const char*> cases[] = {
      {0, "zeroth"},
      {12, "twelfth"},
      {20, "twentieth"},
      {34, "thirty-fourth"},
      {40, "fortieth"},
      {100, "one hundredth"},
      {1000, "one thousandth"},
      {1021, "one thousand and twenty-first"},
      {1100, "one thousand, one hundredth"},
      {1e6, "one millionth"},
  };
  for (const auto& [value, words] : cases) EXPECT_EQ(format(value, "w;o"), words);
}

TEST(FormatInteger, InLettersAndNumerals) {
  EXPECT_EQ(format(1984, "I"), "MCMLXXXIV");
  EXPECT_EQ(format(99, "i"), "xcix");
  EXPECT_EQ(format(0, "I"), "");
  EXPECT_EQ(format(-1, "I"), "-I");
  EXPECT_EQ(format(26, "a"), "z");
  EXPECT_EQ(format(27, "A"), "AA");
  EXPECT_EQ(format(702, "a"), "zz");
  EXPECT_EQ(format(1e15, "a"), "gbdpxgrzxjl");
  EXPECT_EQ(format(5, "A;o"), "E");
}

TEST(FormatInteger, RefusesWhatItDoesNotKnow) {
  for (const char* picture : {"", ";o", "#", "WW", "aa", "\u03B1", "\U0001D7CE"}) {
    EXPECT_EQ(format(5, picture), "D3130") << picture;
  }
  EXPECT_EQ(format(12340, "##0\uFF10"), "D3131");
  for (const char* picture : {"w", "I", "A"}) EXPECT_EQ(format(INFINITY, picture), "D1001");
  EXPECT_EQ(format(1e15, "I"), "D1001");
}

TEST(ParseInteger, ReadsWhatItFormats) {
  struct Case {
    const char* text;
    const char* picture;
    double value;
  };
  const Case cases[] = {
      {"0123", "0000", 123},
      {"123rd", "000;o", 123},
      {"1,234,567,890", "#,###,##0", 1234567890},
      {"1234:567,890", "#:###,##0", 1234567890},
      {"1.234", "#.##0", 1},
      {"1,234", "#.##0", 1234},
      {"\u0661\u0662\u0663", "\u0660", 123},
      {" 12abc", "0", 12},
      {"-12.7", "0", -12},
      {"0x1F", "0", 31},
      {"", "I", 0},
      {"MCMLXXXIV", "I", 1984},
      {"mcm", "i", 1900},
      {"VX", "I", 5},
      {"FZPH", "A", 123456},
      {"a", "A", 33},
      {"A1", "A", 11},
      {"Five Hundred and Fifty-Five", "Ww", 555},
      {"one thousand, nine hundred and eighty-four", "w", 1984},
      {"ten billion trillion trillion trillion", "w", 1e46},
      {"three hundred and twenty-seven thousand, seven hundred and thirteenth", "w;o", 327713},
      {"one trillion and first", "w;o", 1000000000001},
      {"hundred", "w", 0},
      {"two, three", "w", 5},
      {"two hundred\\five", "w", 205},
  };
  for (const auto& [text, picture, value] : cases) EXPECT_EQ(parse(text, picture), value) << text;
}

TEST(ParseInteger, AnswersNothingForOtherText) {
  const std::pair<const char*, const char*> cases[] = {
      {"xyz", "w"},       {"", "w"},    {"one hundred  five", "w"},
      {"two,three", "w"}, {"", "0"},    {"abc", "0"},
      {"1", "0;o"},       {"mcm", "I"}, {"abc", "I"}};
  for (const auto& [text, picture] : cases) EXPECT_TRUE(std::isnan(parse(text, picture))) << text;
  EXPECT_EQ(IntegerPicture::compile("#")->parse("50").error().code, "D3130");
  EXPECT_EQ(IntegerPicture::compile("\u0660")->parse("123").error().code, "");
}

}  // namespace
}  // namespace pawl::jsonata
