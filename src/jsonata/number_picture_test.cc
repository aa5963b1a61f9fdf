// Every expectation is what jsonata-js 2.2.2 answers.
#include "jsonata/number_picture.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pawl::jsonata {
namespace {

struct FormatCase {
  double value;
  const char* picture;
  const char* text;
};

std::string format(double value, const char* picture, const DecimalFormat& format = {}) {
  const auto compiled = NumberPicture::compile(picture, format);
  return compiled.ok() ? compiled->format(value) : std::string(compiled.error().code);
}

TEST(NumberPicture, Formats) {
  const FormatCase cases[] = {
      {12345.6, "#,###.00", "12,345.60"},
      {12345678.9, "9,999.99", "12,345,678.90"},
      {123412345678.9, "9,9,99.99", "123412345,6,78.90"},
      {1234.56789, "9,999.999,999", "1,234.567,890"},
      {1e20, "#,######", "100,000000,000000,000000"},
      {-6, "000", "-006"},
      {0.5, "0", "0"},
      {1.5, "0", "2"},
      {2.5, "0", "2"},
      {1.005, "0.00", "1.00"},
      {2.675, "0.00", "2.68"},
      {0, "#", "0"},
      {0, "#.#", ".0"},
      {5, "#.#", "5.0"},
      {1, "123", "001"},
      {1, "ab0cd", "ab1cd"},
      {1e22, "#,##0.00", "1e,+22.00"},
      {-0.4, "0", "-0"},
      {-1234, "#,##0;(#,##0)", "(1,234)"},
      {-1, "0;-0", "-1"},
      {INFINITY, "0", "Infinity"},
      {-INFINITY, "(0)", "-(Infinity)"},
      {NAN, "0", "-NaN"},
      {INFINITY, "0.0%", "NaN.0%"},
      {123.456, "#0.################################", "123.4560000000000030695446184836328"},
  };
  for (const auto& [value, picture, text] : cases)
    EXPECT_EQ(format(value, picture), text) << picture;
}

TEST(NumberPicture, ScalesByPercentAndExponent) {
  const FormatCase cases[] = {
      {0.14, "01%", "14%"},
      {0.4857, "###.###\u2030", "485.7\u2030"},
      {1234.5678, "00.000e0", "12.346e2"},
      {1234.5678, "00.000e000", "12.346e002"},
      {0.234, "#.00e0", "0.23e0"},
      {0.234, ".00e0", ".23e0"},
      {0.00012, "0.00e0", "1.20e-4"},
      {999.9, "0e0", "10e2"},
      {0, "0.00e0", "0.00e0"},
      {-42, "0e0", "-4e1"},
      {5, "#e0", "0.e1"},
      {5, "##00.0e00", "50.0e-01"},
      {1, "exp0", "exp1"},
      {1234.5678, "$0e00", "$1e3"},
  };
  for (const auto& [value, picture, text] : cases)
    EXPECT_EQ(format(value, picture), text) << picture;
}

TEST(NumberPicture, GroupsIrregularlyAsTheReferenceDoes) {
  const FormatCase cases[] = {
      {1234567, "#,##,##0", "12,34,567"},
      {185.25, "#,#,0000", "0,185,"},
      {5818.45, "#,#", "5,8,1,8"},
      {1234567.89123, "0.0,0,0,0", "1234567.8,912"},
      {1234.5678, "0,000,000.0,0", "0,001,234.5,,7"},
  };
  for (const auto& [value, picture, text] : cases)
    EXPECT_EQ(format(value, picture), text) << picture;
}

TEST(NumberPicture, TakesOptions) {
  DecimalFormat comma;
  comma.set("decimal-separator", ",");
  comma.set("grouping-separator", ".");
  comma.set("nonsense", "x");
  EXPECT_EQ(format(1234.5, "#.##0,00", comma), "1.234,50");
  DecimalFormat circled;
  circled.set("zero-digit", "\u245F");
  EXPECT_EQ(format(1234.5678, "\u2460\u2460.\u2460\u2460\u2460e\u2460", circled),
            "\u2460\u2461.\u2462\u2463\u2465e\u2461");
  DecimalFormat letters;
  letters.set("zero-digit", "A");
  EXPECT_EQ(format(0.1, "AeAAA", letters), "Be-AAB");
  DecimalFormat words;
  words.set("minus-sign", "neg");
  words.set("percent", "pc");
  EXPECT_EQ(format(-0.015, "0pc", words), "neg2pc");
  DecimalFormat none;
  none.set("zero-digit", "");
  EXPECT_EQ(format(1, "0", none), "D3086");
}

TEST(NumberPicture, NamesTheLastBrokenRule) {
  const std::pair<const char*, const char*> cases[] = {
      {"#;#;#", "D3080"},    {"0.0.0", "D3081"}, {"#0%%", "D3082"}, {"#0\u2030\u2030", "D3083"},
      {"0%\u2030", "D3084"}, {"", "D3085"},      {".e0", "D3085"},  {"#,##0;", "D3085"},
      {"abc", "D3086"},      {"%", "D3086"},     {"a#b0", "D3086"}, {"0,.0", "D3087"},
      {"0.,0", "D3087"},     {"0,", "D3088"},    {"0,,0", "D3089"}, {"0#", "D3090"},
      {"0.#0", "D3091"},     {"0e0%", "D3092"},  {"0e", "D3093"},   {"0e0e0", "D3093"},
      {"11,%$0e", "D3093"},  {"%0e0", "D3093"},
  };
  for (const auto& [picture, code] : cases) EXPECT_EQ(format(20, picture), code) << picture;
}

}  // namespace
}  // namespace pawl::jsonata
