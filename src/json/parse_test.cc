// What parses and what does not (RFC 8259), and that no text hurts.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/value.h"

namespace pawl::json {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

struct Accepted {
  std::string text;
  std::string printed;
};

TEST(Parse, AcceptsJsonAndPrintsItCompactly) {
  const std::vector<Accepted> cases = {
      {"null", "null"},
      {" \t\r\n true \n", "true"},
      {"false", "false"},
      {"\"\"", "\"\""},
      {"{}", "{}"},
      {"{ }", "{}"},
      {"[\n]", "[]"},
      {"[[],{},[[]]]", "[[],{},[[]]]"},
      {"[ [1] ,{\"a\" :[2]} ]", "[[1],{\"a\":[2]}]"},
      {"[1 , 2]", "[1,2]"},
      {"{\"\":{\" \":\",:{}[]\"}}", "{\"\":{\" \":\",:{}[]\"}}"},
      // Numbers keep their text.
      {"[0,-0,0.0,1.50,1E5,1e+5,-2.5e-07]", "[0,-0,0.0,1.50,1E5,1e+5,-2.5e-07]"},
      {"1e400", "1e400"},
      {"123456789012345678901234567890", "123456789012345678901234567890"},
      {repeated("7", 100'000), repeated("7", 100'000)},
      // Of equal keys the last value stands at the first one's place.
      {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
      {R"({"a":1,"\u0061":2})", R"({"a":2})"},
      {R"([{"a":1,"a":1}])", R"([{"a":1}])"},
      {R"({"":1,"":2})", R"({"":2})"},
      // Text beyond ASCII stays as it is.
      {"\"Zoë 😀 \u2028 \x7f\"", "\"Zoë 😀 \u2028 \x7f\""},
      {"\"\xF4\x8F\xBF\xBF\"", "\"\xF4\x8F\xBF\xBF\""},
  };
  for (const Accepted& test : cases) {
    const auto value = Value::parse(test.text);
    ASSERT_TRUE(value.ok()) << test.text << ": " << value.error().message;
    EXPECT_EQ(print(value->root()), test.printed);
    EXPECT_EQ(value->text(), test.text);
  }
}

TEST(Parse, RefusesWhatIsNotJson) {
  const std::vector<std::string> cases = {
      "", " ", "nul", "nulll", "NULL", "True", "nan", "undefined", "[1,]", "[,1]", "[1,,2]",
      "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{\"a\" 1}",
      "{\"a\"::1}", "{1:2}", "{null:1}", "{\"a\":1 \"b\":2}", "1 2", "{} {}", "[] ,", "1,", "[",
      "]", "{", "}", "[}", "{]", "[[]", "[]]", "{\"a\":[}", ",", ":", "\"", "\"\\\"", "'a'",
      "\"abc\"x", "x\"abc\"", "\"abc\"\"def\"", "tru\"e\"", "[\"a\"1]", "[1\"a\"]", "[true false]",
      "[truefalse]",
      // Numbers.
      "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1e", "1e+", "1.e5", "0x10", "1_000",
      "1.5.5", "--1", "1-1", "Infinity", "-Infinity", "NaN", "1f", "[1.]", "[-]", "[0123]",
      "{\"a\":1e}",
      // Strings.
      "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud83d\\u00\"", "\"\\'\"", "\"\n\"", "\"\t\"",
      std::string("\"\0\"", 3), "\"\x1f\"",
      // Between tokens.
      "\xEF\xBB\xBF{}", "\v1", "\f1", "[1\x01]", std::string("1\0", 2), std::string("\0", 1),
      "//c\n1", "/**/1", "#c\n1", "\xC2\xA0{}"};
  for (const std::string& text : cases) {
    const auto value = Value::parse(text);
    ASSERT_FALSE(value.ok()) << text;
    EXPECT_FALSE(value.error().message.empty()) << text;
    EXPECT_LE(value.error().offset, text.size()) << text;
  }
}

TEST(Parse, RefusesInvalidUtf8) {
  const std::vector<std::string> sequences = {
      "\x80",  // continuation byte first
      "\xBF",
      "\xC0\x80",  // overlong
      "\xC1\xBF",
      "\xE0\x80\x80",
      "\xE0\x9F\xBF",
      "\xF0\x80\x80\x80",
      "\xF0\x8F\xBF\xBF",
      "\xED\xA0\x80",  // surrogates
      "\xED\xBF\xBF",
      "\xED\xA0\xBD\xED\xB8\x80",
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "\xF5\x80\x80\x80",
      "\xFF",
      "\xFE",
      "\xC3",  // cut short
      "\xE2\x82",
      "\xF0\x9F\x98",
      "\xC3(",
      "\xE2(\xA1",
      "\xF0\x9F(\x80",
  };
  for (const std::string& sequence : sequences) {
    for (const std::string& text :
         {'"' + sequence + '"', "{\"" + sequence + "\":1}", sequence, "[1," + sequence,
          '"' + repeated("x", 61) + sequence + "\"", '"' + sequence}) {
      EXPECT_FALSE(Value::parse(text).ok()) << testing::PrintToString(text);
    }
  }
}

TEST(Parse, NestsToTheLimitAndNoFurther) {
  const auto nested = [](std::string_view open, std::string_view close, std::size_t depth) {
    return repeated(open, depth) + "1" + repeated(close, depth);
  };
  const std::size_t limit = kDepthMax;
  EXPECT_TRUE(Value::parse(nested("[", "]", limit)).ok());
  EXPECT_TRUE(Value::parse(nested("{\"a\":", "}", limit)).ok());
  const auto deeper = Value::parse(nested("[", "]", limit + 1));
  ASSERT_FALSE(deeper.ok());
  EXPECT_EQ(deeper.error().message,
            "Document nesting depth (1001) exceeds the maximum allowed (1000, from "
            "`StreamReadConstraints.getMaxNestingDepth()`)");
  EXPECT_EQ(deeper.error().offset, limit + 1);
  for (const char* bracket : {"[", "{\"a\":", "[{\"a\":", "]", "}", "[1,"}) {
    EXPECT_FALSE(Value::parse(repeated(bracket, 100'000)).ok()) << bracket;
  }
}

// Our own text may be as deep as somebody made it: nothing may recurse on it.
TEST(Parse, TrustedTextMayBeDeep) {
  const std::size_t depth = 100'000;
  const std::string text = repeated("[", depth) + repeated("]", depth);
  const Value deep = Value::trusted(text);
  EXPECT_EQ(print(deep.root()), text);
  EXPECT_TRUE(equal(deep.root(), Value::trusted(text + " ").root()));
}

TEST(Parse, RefusesEveryFrontPartOfAContainer) {
  const std::string text =
      R"({"a":[1,-2.5e+3,true,false,null,"x\u00e9\n\\",{}],"é😀":{"b":[[],"c"]}} )";
  ASSERT_TRUE(Value::parse(text).ok());
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    EXPECT_FALSE(Value::parse(text.substr(0, size)).ok()) << text.substr(0, size);
  }
}

// The parser must read nothing outside of its text: what stands around it would complete it.
TEST(Parse, LooksAtItsOwnTextOnly) {
  const std::string text = "[[1,true,\"abc\"],123456]789";
  for (std::size_t first = 0; first < text.size(); ++first) {
    for (std::size_t size = 0; first + size <= text.size(); ++size) {
      const std::string_view part = std::string_view(text).substr(first, size);
      Arena arena;
      const auto node = parse_into(arena, part);
      const auto copied = Value::parse(std::string(part));
      ASSERT_EQ(node.ok(), copied.ok()) << part;
      if (node.ok()) {
        EXPECT_EQ(print(*node), print(copied->root()));
      } else {
        EXPECT_EQ(node.error().message, copied.error().message);
      }
    }
  }
}

TEST(Parse, DecodesEscapes) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "Aé€"},
      {R"("\ud83d\ude00x")", "😀x"},
      {R"("a\u0000b")", std::string("a\0b", 3)},
      {R"("\uD800")", "\xED\xA0\x80"},
      {R"("\udc00\ud800")", "\xED\xB0\x80\xED\xA0\x80"},
      {R"("\ud800\ud83d\ude00")", "\xED\xA0\x80😀"},
      {R"("\ud800\n")", "\xED\xA0\x80\n"},
      {R"("\ud800\u0041")",
       "\xED\xA0\x80"
       "A"},
      {R"("x\\")", "x\\"},
  };
  for (const auto& [text, expected] : cases) {
    const auto value = Value::parse(text);
    ASSERT_TRUE(value.ok()) << text;
    EXPECT_EQ(value->root().string(), expected) << text;
  }
}

TEST(Parse, FindsStringsAmongEscapesAndBlanks) {
  const auto value = Value::parse(R"({ "a\"" : "x" , "b":"\\","c" : "y\n" ,"d":"plain"})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->root().find("a\"")->string(), "x");
  EXPECT_EQ(value->root().find("b")->string(), "\\");
  EXPECT_EQ(value->root().find("c")->string(), "y\n");
  EXPECT_EQ(value->root().find("d")->string(), "plain");
}

}  // namespace
}  // namespace pawl::json
