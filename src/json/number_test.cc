#include "json/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace pawl::json {
namespace {

struct Form {
  double value;
  std::string java;
  std::string ecmascript;
};

TEST(Number, JavaAndEcmascriptForms) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Form> cases = {
      {0, "0.0", "0"},
      {-0.0, "-0.0", "0"},
      {1, "1.0", "1"},
      {-1.5, "-1.5", "-1.5"},
      {0.1, "0.1", "0.1"},
      {0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"},
      {100, "100.0", "100"},
      {1234567, "1234567.0", "1234567"},
      {9999999, "9999999.0", "9999999"},
      {10000000, "1.0E7", "10000000"},
      {12345678.5, "1.23456785E7", "12345678.5"},
      {0.001, "0.001", "0.001"},
      {0.00099, "9.9E-4", "0.00099"},
      {1e-5, "1.0E-5", "0.00001"},
      {1e-6, "1.0E-6", "0.000001"},
      {1.5e-7, "1.5E-7", "1.5e-7"},
      {1e-7, "1.0E-7", "1e-7"},
      {1e10, "1.0E10", "10000000000"},
      {123456789012345680000.0, "1.2345678901234568E20", "123456789012345680000"},
      {1e20, "1.0E20", "100000000000000000000"},
      {1e21, "1.0E21", "1e+21"},
      {1.25e300, "1.25E300", "1.25e+300"},
      {2e-3, "0.002", "0.002"},
      {2.0e23, "2.0E23", "2e+23"},
      {std::numeric_limits<double>::max(), "1.7976931348623157E308", "1.7976931348623157e+308"},
      {std::numeric_limits<double>::denorm_min(), "4.9E-324", "5e-324"},
      {infinity, "Infinity", "Infinity"},
      {-infinity, "-Infinity", "-Infinity"},
      {std::nan(""), "NaN", "NaN"},
  };
  for (const Form& form : cases) {
    EXPECT_EQ(java_double_text(form.value), form.java);
    EXPECT_EQ(ecmascript_number_text(form.value), form.ecmascript);
  }
}

TEST(Number, IntegersAndDoublesOfText) {
  EXPECT_EQ(to_int64("0"), 0);
  EXPECT_EQ(to_int64("-0"), 0);
  EXPECT_EQ(to_int64("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(to_int64("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"9223372036854775808", "1.0", "1e2", "123456789012345678901234567890"}) {
    EXPECT_EQ(to_int64(text), std::nullopt) << text;
  }
  EXPECT_TRUE(is_integral_text("-12"));
  EXPECT_FALSE(is_integral_text("12.0"));
  EXPECT_FALSE(is_integral_text("1e2"));
  EXPECT_FALSE(is_integral_text("1E2"));
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<std::string, double>> cases = {
      {"0", 0},
      {"-12.5e-1", -1.25},
      {"9007199254740993", 9007199254740992.0},
      {"1e400", infinity},
      {"-1e400", -infinity},
      {"1e-400", 0},
      {"0e999999999999999999999", 0},
      {"0.000e-99999", 0},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"4.9e-324", std::numeric_limits<double>::denorm_min()},
      {"0." + std::string(400, '0') + "1e401", 1},
      {"1" + std::string(400, '0') + "e-400", 1}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(to_double(text), expected) << text;
  EXPECT_TRUE(std::signbit(to_double("-0")));
}

TEST(Number, ComparesByExactValue) {
  // Ascending; those on one line are equal.
  const std::vector<std::vector<std::string>> ascending = {
      {"-1e400", "-1000e397"},
      {"-123456789012345678901234567891"},
      {"-123456789012345678901234567890", "-12345678901234567890123456789e1"},
      {"-10", "-10.0", "-1e1"},
      {"-1.5"},
      {"-1e-400"},
      {"0", "-0", "0.000", "0e10", "-0.0e-7"},
      {"1e-400", "0.01e-398"},
      {"0.1", "0.10", "1e-1", "100e-3"},
      {"0.1000000000000000000000001"},
      {"1", "1.0", "10e-1", "0.1e1"},
      {"2"},
      {"9.99"},
      {"10", "1E1", "1e+1"},
      {"9007199254740992"},
      {"9007199254740993", "9007199254740993.0"},
      {"123456789012345678901234567890"},
      {"123456789012345678901234567891", "123456789012345678901234567891.000"},
      {"1e400"},
      {"1e401", "10e400"},
      {"1e999999999999"},
      {"1e1000000000000"},
  };
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      for (const std::string& left : ascending[i]) {
        for (const std::string& right : ascending[j]) {
          const int order = compare_numbers(left, right);
          EXPECT_EQ(order < 0, i < j) << left << ' ' << right;
          EXPECT_EQ(order > 0, i > j) << left << ' ' << right;
        }
      }
    }
  }
}

}  // namespace
}  // namespace pawl::json
