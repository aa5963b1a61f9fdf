// Messages and places of mistakes, as Jackson 2.14's ObjectMapper.readTree(String) gives them with
// FAIL_ON_TRAILING_TOKENS, each recorded from it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/value.h"

namespace pawl::json {
namespace {

struct Mistake {
  std::string text;
  std::size_t line;
  std::size_t column;
  std::string message;
};

void check(const std::vector<Mistake>& mistakes) {
  for (const Mistake& expected : mistakes) {
    const auto value = Value::parse(expected.text);
    ASSERT_FALSE(value.ok()) << expected.text;
    const ParseError& error = value.error();
    EXPECT_EQ(error.message, expected.message) << expected.text;
    EXPECT_EQ(error.line, expected.line) << expected.text;
    EXPECT_EQ(error.column, expected.column) << expected.text;
  }
}

const std::string kValues =
    "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

TEST(Diagnose, Words) {
  check({
      {"not a definition", 1, 4, "Unrecognized token 'not': was expecting " + kValues},
      {"[tru]", 1, 5, "Unrecognized token 'tru': was expecting " + kValues},
      {"[true1]", 1, 7, "Unrecognized token 'true1': was expecting " + kValues},
      {"[abc$_9-x]", 1, 8, "Unrecognized token 'abc$_9': was expecting " + kValues},
      {"[aéb.c]", 1, 5, "Unrecognized token 'aéb': was expecting " + kValues},
      {"{\"a\":\n\n  tr}", 3, 5, "Unrecognized token 'tr': was expecting " + kValues},
      {std::string(300, 'a'), 1, 257,
       "Unrecognized token '" + std::string(256, 'a') + "...': was expecting " + kValues},
      {"[NaN]", 1, 5,
       "Non-standard token 'NaN': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"},
      {"-Infinity", 1, 10,
       "Non-standard token '-Infinity': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to "
       "allow"},
      {"[-IN]", 1, 5, "Unrecognized token '-IN': was expecting " + kValues},
  });
}

TEST(Diagnose, Structure) {
  check({
      {"{'a':1}", 1, 3,
       "Unexpected character (''' (code 39)): was expecting double-quote to start field name"},
      {"{\"a\":1,}", 1, 9,
       "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"},
      {"{\"a\" 1}", 1, 7,
       "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and "
       "value"},
      {"{\"a\":1 \"b\":2}", 1, 9,
       "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"},
      {"[1 2]", 1, 5,
       "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"},
      {"[1,]", 1, 5, "Unexpected character (']' (code 93)): expected a valid value " + kValues},
      {"[1,}", 1, 5, "Unexpected character ('}' (code 125)): expected a value"},
      {"{\"a\":}", 1, 7,
       "Unexpected character ('}' (code 125)): expected a valid value " + kValues},
      {"[😀]", 1, 3,
       "Unexpected character ('?' (code 55357 / 0xd83d)): expected a valid value " + kValues},
      {"[“a”]", 1, 3,
       "Unexpected character ('“' (code 8220 / 0x201c)): expected a valid value " + kValues},
      {"[1}", 1, 4,
       "Unexpected close marker '}': expected ']' (for Array starting at [Source: "
       "(String)\"[1}\"; line: 1, column: 1])"},
      {"{\"a\" : [ {\"b\":1,\"c\":[}]}", 1, 23,
       "Unexpected close marker '}': expected ']' (for Array starting at [Source: (String)\"{\"a\" "
       ": [ {\"b\":1,\"c\":[}]}\"; line: 1, column: 21])"},
      {"{}]", 1, 4,
       "Unexpected close marker ']': expected '}' (for root starting at [Source: (String)\"{}]\"; "
       "line: 1, column: 0])"},
      {"// c\n1", 1, 2,
       "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as "
       "one since Feature 'ALLOW_COMMENTS' not enabled for parser)"},
      {"[1\x01]", 1, 4,
       "Illegal character ((CTRL-CHAR, code 1)): only regular white space (\\r, \\n, \\t) is "
       "allowed between tokens"},
  });
}

TEST(Diagnose, EndOfInput) {
  check({
      {"", 1, 0, "No content to map due to end-of-input"},
      {" \n ", 1, 0, "No content to map due to end-of-input"},
      {"[", 1, 2,
       "Unexpected end-of-input: expected close marker for Array (start marker at [Source: "
       "(String)\"[\"; line: 1, column: 1])"},
      {"{\"a\":\n {\"b\": [", 2, 9,
       "Unexpected end-of-input: expected close marker for Array (start marker at [Source: "
       "(String)\"{\"a\":\n {\"b\": [\"; line: 2, column: 8])"},
      {"{\"a\"", 1, 5, "Unexpected end-of-input within/between Object entries"},
      {"[1,", 1, 4, "Unexpected end-of-input within/between Array entries"},
      {"\"abc", 1, 5, "Unexpected end-of-input: was expecting closing quote for a string value"},
      {"{\"a", 1, 4, "Unexpected end-of-input in field name"},
      {"\"\\u", 1, 4, "Unexpected end-of-input in character escape sequence"},
      {"-", 1, 2, "Unexpected end-of-inputNo digit following minus sign"},
      {"1e+", 1, 4, "Unexpected end-of-inputexpected a digit for number exponent"},
      {"-I", 1, 3, "Unexpected end-of-input in a Number value"},
  });
}

TEST(Diagnose, Numbers) {
  check({
      {"[00]", 1, 3, "Invalid numeric value: Leading zeroes not allowed"},
      {"-01", 1, 3, "Invalid numeric value: Leading zeroes not allowed"},
      {"[-]", 1, 4,
       "Unexpected character (']' (code 93)) in numeric value: expected digit (0-9) to follow "
       "minus "
       "sign, for valid numeric value"},
      {"1.", 1, 3,
       "Unexpected character ('.' (code 46)) in numeric value: Decimal point not followed by a "
       "digit"},
      {"[123.a]", 1, 6,
       "Unexpected character ('a' (code 97)) in numeric value: Decimal point not followed by a "
       "digit"},
      {"[15e+]", 1, 5,
       "Unexpected character (']' (code 93)) in numeric value: Exponent indicator not followed by "
       "a "
       "digit"},
      {"[0ex ]", 1, 5,
       "Unexpected character ('x' (code 120)) in numeric value: Exponent indicator not followed by "
       "a digit"},
      {"+1", 1, 3,
       "Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to "
       "have plus signs: enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow"},
      {"12x", 1, 4,
       "Unexpected character ('x' (code 120)): Expected space separating root-level "
       "values"},
      {"[0x1]", 1, 4,
       "Unexpected character ('x' (code 120)): was expecting comma to separate Array entries"},
  });
}

TEST(Diagnose, Strings) {
  check({
      {"\"ab\nc\"", 1, 5,
       "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be "
       "included in string value"},
      {"{\"\x1f\":1}", 1, 4,
       "Illegal unquoted character ((CTRL-CHAR, code 31)): has to be escaped using backslash to be "
       "included in name"},
      {"\"\\x\"", 1, 4, "Unrecognized character escape 'x' (code 120)"},
      {"[\"\\\x01\"]", 1, 5, "Unrecognized character escape (CTRL-CHAR, code 1)"},
      {"\"\\u12G4\"", 1, 7,
       "Unexpected character ('G' (code 71)): expected a hex-digit for character escape sequence"},
      {"[\"\xC3(\"]", 1, 5, "Invalid UTF-8 middle byte 0x28"},
      {"[\"\x80\"]", 1, 4, "Invalid UTF-8 start byte 0x80"},
  });
}

TEST(Diagnose, TrailingTokens) {
  const auto trailing = [](const std::string& type) {
    return "Trailing token (of type " + type +
           ") found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): not allowed "
           "as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`";
  };
  check({
      {"{} {}", 1, 4, trailing("START_OBJECT")},
      {"{}\n[", 2, 1, trailing("START_ARRAY")},
      {"1 2", 1, 3, trailing("VALUE_NUMBER_INT")},
      {"1 2.5", 1, 3, trailing("VALUE_NUMBER_FLOAT")},
      {"[] \"unclosed", 1, 4, trailing("VALUE_STRING")},
      {"true null", 1, 6, trailing("VALUE_NULL")},
      {"{} x", 1, 5, "Unrecognized token 'x': was expecting " + kValues},
      {"[],", 1, 4, "Unexpected character (',' (code 44)): expected a valid value " + kValues},
  });
}

TEST(Diagnose, LocationQuotesTheText) {
  const auto location = [](const std::string& text) {
    return source_location(text, Value::parse(text).error());
  };
  EXPECT_EQ(location("not a definition"),
            "[Source: (String)\"not a definition\"; line: 1, column: 4]");
  EXPECT_EQ(location("[\"\t"), "[Source: (String)\"[\"\\u0009\"; line: 1, column: 4]");
  EXPECT_EQ(location("[\n\x7f"), "[Source: (String)\"[\n\\u007F\"; line: 2, column: 2]");
  const std::string digits(600, '1');
  EXPECT_EQ(location("[\"y\"," + digits + "x"),
            "[Source: (String)\"[\"y\"," + digits.substr(105) +
                "\"[truncated 106 chars]; line: 1, column: 607]");
}

}  // namespace
}  // namespace pawl::json
