// Every expectation is what jsonata-js 2.2.2 answers.
#include "jsonata/number_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "base/rng.h"
#include "json/number.h"

namespace pawl::jsonata {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(NumberText, IsTheShortestThatReadsBack) {
  const std::pair<double, const char*> cases[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-17, "-17"},
      {0.1, "0.1"},
      {-0.5, "-0.5"},
      {123.456, "123.456"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {1.5e-7, "1.5e-7"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {1.25e300, "1.25e+300"},
      {9007199254740993.0, "9007199254740992"},
      {123456789012345680000.0, "123456789012345680000"},
      {5e-324, "5e-324"},
      {-1.7976931348623157e308, "-1.7976931348623157e+308"},
      {kInfinity, "Infinity"},
      {-kInfinity, "-Infinity"},
      {NAN, "NaN"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(number_text(value).view(), text);
}

TEST(NumberText, RoundsFractionsToFifteenDigits) {
  const std::pair<double, const char*> cases[] = {
      {1.0 / 3, "0.333333333333333"},
      {0.1 + 0.2, "0.3"},
      {100.0 / 3, "33.3333333333333"},
      {12345.678901234567, "12345.6789012346"},
      {5890840712243076, "5890840712243076"},
      {1e20, "100000000000000000000"},
      {1.5e300, "1.5e+300"},
      {-2.0 / 3, "-0.666666666666667"},
      {1.2345678901234567e-7, "1.23456789012346e-7"},
      // Halves go up, not to the even digit.
      {100000000000000.5, "100000000000001"},
      {-100000000000000.5, "-100000000000001"},
      {12345678901234.25, "12345678901234.3"},
      {0.999999999999999944, "1"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(rounded_number_text(value).view(), text);
}

TEST(ParseNumber, TakesDecimalsAndThreeNotations) {
  const std::pair<const char*, double> cases[] = {
      {"0", 0},     {"-1.5", -1.5}, {"1E5", 100000}, {"1e-3", 0.001}, {"01", 1},     {"0x1F", 31},
      {"0X1f", 31}, {"0o17", 15},   {"0B11", 3},     {"-0", 0},       {"1e-400", 0},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_number(text), value) << text;
  for (const char* text : {"", "abc", "Infinity", "1_000", "1.", ".5", " 1", "1e400", "-", "+1",
                           "-0x1F", "0x", "0b12", "1e", "0o8"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
  for (const char* text : {"0x12zz", "zz0o17", "0o17zz", "zz0b11"}) {
    const auto number = parse_number(text);
    EXPECT_TRUE(number && std::isnan(*number)) << text;
  }
}

TEST(Round, TakesTheEvenOfTwoEquallyNear) {
  struct Case {
    double value, places, rounded;
  };
  const Case cases[] = {
      {2.5, 0, 2},      {3.5, 0, 4},       {-2.5, 0, -2},        {-1.5, 0, -2},
      {0.5, 0, 0},      {-0.4, 0, 0},      {1.005, 2, 1},        {125, -1, 120},
      {135, -1, 140},   {1.25, 1, 1.2},    {2.675, 2, 2.68},     {5e-7, 6, 0},
      {15e-7, 6, 2e-6}, {1e21, -20, 1e21}, {1234.5678, -500, 0}, {123.456, 1, 123.5},
      {4.525, 2, 4.52}, {4.515, 2, 4.52},  {12.4, 0, 12},
  };
  for (const auto& [value, places, rounded] : cases) {
    EXPECT_EQ(round_half_even(value, places), rounded) << value << " to " << places;
  }
  EXPECT_TRUE(std::isnan(round_half_even(1.5, 1.5)));
  EXPECT_TRUE(std::isnan(round_half_even(1234.5678, 500)));
  EXPECT_FALSE(std::signbit(round_half_even(-0.4, 0)));
}

TEST(FormatBase, PrintsTheNearestInteger) {
  struct Case {
    double value, radix;
    const char* text;
  };
  const Case cases[] = {
      {255, 16, "ff"},
      {-255, 2, "-11111111"},
      {1.5, 10, "2"},
      {2.5, 10, "2"},
      {10, 2.5, "1010"},
      {10, 1.6, "1010"},
      {10, 36.4, "a"},
      {1e25, 10, "1e+25"},
      {-0.4, 2, "0"},
      {kInfinity, 16, "Infinity"},
      {1e25, 16, "845951614014880000000"},
      {1e25, 3, "11122100212211000001110012002111110000000000000000000"},
      {123456789012345680000.0, 7, "434014101441402122660000"},
      {9007199254740992.0, 36, "2gosa7pa2gw"},
  };
  for (const auto& [value, radix, text] : cases) EXPECT_EQ(*format_base(value, radix), text);
  for (const double radix : {1.0, 0.0, 36.6, -2.0, std::nan("")}) {
    ASSERT_FALSE(format_base(10, radix).ok());
    EXPECT_EQ(format_base(10, radix).error().code, "D3100");
  }
  EXPECT_EQ(std::get<double>(format_base(10, 36.6).error().value), 37);
}

// As jsonata-js writes it down: the text's exponent is changed, not the number.
double shifted(double value, int places) {
  const std::string text(number_text(value).view());
  const std::size_t mark = std::min(text.find('e'), text.size());
  const int exponent = mark < text.size() ? std::stoi(text.substr(mark + 1)) : 0;
  return std::strtod((text.substr(0, mark) + "e" + std::to_string(exponent + places)).c_str(),
                     nullptr);
}

double round_by_text(double value, int places) {
  const double scaled = shifted(value, places);
  double whole = std::floor(scaled + 0.5);
  if (whole - scaled == 0.5 && std::fmod(whole, 2) != 0) whole -= 1;
  return shifted(whole, -places) + 0.0;
}

TEST(Round, IsThatOfTheText) {
  SeededRng rng(5);
  for (int i = 0; i < 20'000; ++i) {
    const int places = 1 + static_cast<int>(rng.next() % 6);
    const auto digits = static_cast<double>(rng.next() % 100'000'000);
    const double few = digits / std::pow(10, static_cast<double>(rng.next() % 9));
    const double many = few * (1 + uniform_unit(rng));
    for (const double value : {few, -few, many, -many, few * 0.9}) {
      EXPECT_EQ(round_half_even(value, places), round_by_text(value, places))
          << number_text(value).view() << " to " << places;
    }
  }
}

TEST(NumberText, IsThatOfToCharsInScientificForm) {
  SeededRng rng(6);
  for (int i = 0; i < 20'000; ++i) {
    const double value = (uniform_unit(rng) - 0.5) * std::pow(10, double(rng.next() % 24) - 7);
    const double rounded = round_half_even(value, static_cast<double>(rng.next() % 7));
    for (const double each : {value, rounded}) {
      const std::string text(number_text(each).view());
      EXPECT_EQ(std::strtod(text.c_str(), nullptr), each) << text;
      EXPECT_EQ(text, json::ecmascript_number_text(each));
    }
  }
}

}  // namespace
}  // namespace pawl::jsonata
