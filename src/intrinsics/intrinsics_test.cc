// The intrinsic functions: a table of expression, input, outcome.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/rng.h"
#include "intrinsics/call.h"
#include "intrinsics/java_hash.h"

namespace pawl::intrinsics {
namespace {

json::Node parse(json::Arena& arena, const std::string& text) {
  const auto node = json::parse_into(arena, text);
  EXPECT_TRUE(node.ok()) << text;
  return node.ok() ? *node : json::Node::null();
}

// The value, "refused" when it does not compile, or the cause, without the name of the call.
std::string evaluate(const std::string& text, const std::string& input) {
  json::Arena arena;
  const auto call = Call::compile(text);
  if (!call.ok()) return "refused";
  const std::string context = R"({"Execution":{"Name":"run","Input":{"n":3}}})";
  const std::string variables = R"({"list":[1,2],"none":null})";
  const jsonpath::Scope scope{parse(arena, input), parse(arena, context), parse(arena, variables)};
  SeededRng rng(7);
  const auto result = call->evaluate(scope, arena, rng);
  if (result.ok()) return json::print(*result);
  std::string cause = result.error().cause;
  const std::string function = "The function '" + text + "' had the following error: ";
  const std::string failure =
      "There was an error while evaluating the intrinsic function: " + text + ". ";
  if (cause.starts_with(function)) return "argument: " + cause.substr(function.size());
  if (cause.starts_with(failure)) return "failed: " + cause.substr(failure.size());
  return "unexpected cause: " + cause;
}

struct Case {
  std::string call;
  std::string input;
  std::string expected;
};

void check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    EXPECT_EQ(evaluate(each.call, each.input), each.expected) << each.call << " of " << each.input;
  }
}

TEST(Compile, RefusesWhatIsNoCall) {
  for (const char* text : {
           "",
           "States.",
           "States.Array",
           "States.Array(",
           "States.Array(1",
           "States.Array(1,)",
           "States.Array(,)",
           "States.Array(1 2)",
           "States.Array() trailing",
           "States.Array([1])",
           "States.Array(1.)",
           "States.Array(.5)",
           "States.Array(01)",
           "States.Array(+1)",
           "States.Array(yes)",
           "States.Array(\"a\")",
           "States.Array('a)",
           "States.Array('\\\"')",
           "States.Array('\\n')",
           "States.Array($.a[)",
           "States.array()",
           "States.NoSuch()",
           "States.UUID)",
           "$.a",
       }) {
    EXPECT_FALSE(Call::compile(text).ok()) << text;
  }
}

TEST(Compile, NestsTenDeep) {
  const auto nested = [](int depth) {
    std::string text = "1";
    for (int i = 0; i < depth; ++i) text = "States.Array(" + text + ")";
    return text;
  };
  EXPECT_TRUE(Call::compile(nested(10)).ok());
  EXPECT_FALSE(Call::compile(nested(11)).ok());
}

TEST(Compile, ShowsItsQueries) {
  const auto call = Call::compile("States.Array($.a, States.Array($$.b, $v.c, 'x'), $.d['e,f'])");
  std::vector<std::string> seen;
  call->for_each_query([&seen](const jsonpath::Query& query) { seen.push_back(query.text); });
  EXPECT_EQ(seen, (std::vector<std::string>{"$.a", "$$.b", "$v.c", "$.d['e,f']"}));
}

TEST(Arguments, AreReadFromEverySource) {
  check({
      {"States.Array()", "{}", "[]"},
      {" States.Array( 1 , -2.50 ,'it\\'s \\{\\}\\\\', null,true,false ) ", "{}",
       R"([1,-2.50,"it's {}\\",null,true,false])"},
      {"States.Array($.a, $$.Execution.Input.n, $list[1], $none)", R"({"a":{"b":1}})",
       R"([{"b":1},3,2,null])"},
      {"States.Array($.a[?(@.b == 'x,y)')].b)", R"x({"a":[{"b":"x,y)"}]})x", R"x([["x,y)"]])x"},
      {"States.Array($.x)", R"({"a": 1})",
       R"(argument: The JsonPath argument for the field '$.x' could not be found in the input '{"a":1}')"},
      {"States.Array($.a[5])", R"({"a":[1]})",
       R"(argument: The JsonPath argument for the field '$.a[5]' could not be found in the input '{"a":[1]}')"},
      {"States.Array(States.Array($$.x.y))", R"({"a":1})",
       R"(argument: The JsonPath argument for the field '$.x.y' could not be found in the input '{"a":1}')"},
      {"States.Array($.a[0])", R"({"a":1})",
       "argument: Filter: [0] can only be applied to arrays. Current context is: 1"},
  });
}

TEST(ArrayFunctions, Answer) {
  check({
      {"States.ArrayLength($)", "[1,[2]]", "2"},
      {"States.ArrayLength($)", "{}", "failed: Invalid arguments in States.ArrayLength"},
      {"States.ArrayLength()", "{}", "failed: Invalid arguments in States.ArrayLength"},
      {"States.ArrayLength($, 1)", "[1]", "failed: Invalid arguments in States.ArrayLength"},
      {"States.ArrayContains($, 2)", "[1,2]", "true"},
      {"States.ArrayContains($, 2)", R"([1,"2"])", "false"},
      {"States.ArrayContains($, 'true')", "[true,null]", "false"},
      {"States.ArrayContains($, null)", "[true,null]", "true"},
      {"States.ArrayContains($, '2')", "[1,[2]]", "false"},
      {"States.ArrayContains($.l, $.v)", R"({"l":[{"a":1,"b":2}],"v":{"b":2,"a":1}})", "true"},
      {"States.ArrayContains($.l, $.v)", R"({"l":[{"a":1,"b":2}],"v":{"a":1,"b":"2"}})", "false"},
      {"States.ArrayContains($.l, $.v)", R"({"l":[[1,[2]]],"v":[1,[2]]})", "true"},
      {"States.ArrayGetItem($, 1)", "[1,[2]]", "[2]"},
      {"States.ArrayGetItem($, 1.9)", "[1,[2]]", "[2]"},
      {"States.ArrayGetItem($, 2)", "[1,2]", "failed: Invalid arguments in States.ArrayGetItem"},
      {"States.ArrayGetItem($, -1)", "[1,2]", "failed: Invalid arguments in States.ArrayGetItem"},
      {"States.ArrayGetItem($, '1')", "[1,2]", "failed: Invalid arguments in States.ArrayGetItem"},
      {"States.ArrayGetItem($, 999)", "[]", "null"},
      {"States.ArrayPartition($, 2)", "[1,2,3]", "[[1,2],[3]]"},
      {"States.ArrayPartition($, 2.9)", "[1,2,3]", "[[1,2],[3]]"},
      {"States.ArrayPartition($, 5)", "[]", "[]"},
      {"States.ArrayPartition($, 2147483647)", "[1]", "[[1]]"},
      {"States.ArrayPartition($, 0.6)", "[1]",
       "failed: Invalid arguments in States.ArrayPartition"},
      {"States.ArrayPartition($, -1)", "[1]", "failed: Invalid arguments in States.ArrayPartition"},
      {"States.ArrayRange(1, 9, 2)", "{}", "[1,3,5,7,9]"},
      {"States.ArrayRange(5.4, -0.6, -2.4)", "{}", "[5,3,1]"},
      {"States.ArrayRange(1, 9, 9)", "{}", "[1]"},
      {"States.ArrayRange(5, 1, 1)", "{}", "[]"},
      {"States.ArrayRange(1, 5, 0.5)", "{}", "failed: Invalid arguments in States.ArrayRange"},
      {"States.ArrayLength(States.ArrayRange(1, 1000, 1))", "{}", "1000"},
      {"States.ArrayRange(1, 1001, 1)", "{}", "failed: Invalid arguments in States.ArrayRange"},
      {"States.ArrayRange(-2147483648, 2147483647, 2147483647)", "{}",
       "[-2147483648,-1,2147483646]"},
      {"States.ArrayUnique($)", "[1,2,3,3,3,4]", "[1,2,3,4]"},
      {"States.ArrayUnique($)", "[true,false,true]", "[false,true]"},
      {"States.ArrayUnique($)", "[[1,2],[1,2],[2,1]]", "[[2,1],[1,2]]"},
      {"States.ArrayUnique($)", R"([1,"1",1.0,"01",1.00,-0,0])", R"([1.0,-0,1,"1","01"])"},
      {"States.ArrayUnique($)", R"([{"a":1,"b":2},{"b":2,"a":1},null,1,null])",
       R"([{"a":1,"b":2},null,1])"},
  });
}

TEST(StringFunctions, Answer) {
  const std::string mismatch =
      "failed: Invalid arguments in States.Format: number of arguments do not match the "
      "occurrences of {}.";
  check({
      {"States.Format('{} and {}', $.a, $.b)", R"({"a":"x","b":{"k":[1,"y",null,1.10]}})",
       R"("x and {k=[1, y, null, 1.1]}")"},
      {"States.Format('\\{{}\\} \\'\\\\', 1)", "{}", R"("{1} '\\")"},
      {"States.Format($.t, 1, true, null)", R"({"t":"{}{}{}"})", R"("1truenull")"},
      {"States.Format('{}', 1e3)", "{}", R"("1000.0")"},
      {"States.Format('x')", "{}", R"("x")"},
      {"States.Format('{}')", "{}", mismatch},
      {"States.Format('{}', 1, 2)", "{}", mismatch},
      {"States.Format($.t, 1)", R"({"t":123})", mismatch},
      {"States.Format()", "{}", "failed: Invalid arguments in States.Format"},
      {"States.Format('a {', 1)", "{}",
       "failed: Invalid template in States.Format: matching '}' not found for '{'."},
      {"States.Format('{{}}', 1)", "{}",
       "failed: Invalid template in States.Format: matching '}' not found for '{'."},
      {"States.Format('}')", "{}",
       "failed: Invalid template in States.Format: matching '{' not found for '}'."},
      {"States.StringSplit('a.b+c,=d', '.+,=')", "{}", R"(["a","b","c","d"])"},
      {"States.StringSplit(',,,,', ',')", "{}", "[]"},
      {"States.StringSplit(', , ,', ',')", "{}", R"([" "," "])"},
      {"States.StringSplit('a😀b😁', '😀')", "{}", R"(["a","b😁"])"},
      {"States.StringSplit('abc', '')", "{}", R"(["abc"])"},
      {"States.StringSplit(1, ',')", "{}", "failed: Invalid arguments in States.StringSplit"},
      {"States.Base64Encode('Data to encode')", "{}", R"("RGF0YSB0byBlbmNvZGU=")"},
      {"States.Base64Encode('🚀')", "{}", R"("8J+agA==")"},
      {"States.Base64Encode(1)", "{}", "failed: Invalid arguments in States.Base64Encode"},
      {"States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "{}", R"("Data to encode")"},
      {"States.Base64Decode(' YWJj ZA== ')", "{}", R"("abcd")"},
      {"States.Base64Decode('abc')", "{}", R"("i�")"},
      {"States.Base64Decode('YQ==cd')", "{}", R"("a")"},
      {"States.Hash('hello', 'MD5')", "{}", R"("5d41402abc4b2a76b9719d911017c592")"},
      {"States.Hash('hello', 'SHA-1')", "{}", R"("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")"},
      {"States.Hash(123, 'MD5')", "{}", R"("202cb962ac59075b964b07152d234b70")"},
      {"States.Hash('hello', 'md5')", "{}", "failed: Invalid arguments in States.Hash"},
      {"States.Hash('hello', 'SHA256')", "{}", "failed: Invalid arguments in States.Hash"},
  });
  const std::string longest = "\"" + std::string(10'000, 'a') + "\"";
  const std::string longer = "\"" + std::string(10'001, 'a') + "\"";
  EXPECT_EQ(evaluate("States.Base64Encode($)", longest).size(), 13'336U + 2);
  EXPECT_EQ(evaluate("States.Base64Encode($)", longer),
            "failed: Invalid arguments in States.Base64Encode");
  EXPECT_EQ(evaluate("States.Hash($, 'SHA-512')", longer),
            "failed: Invalid arguments in States.Hash");
}

TEST(JsonFunctions, Answer) {
  check({
      {"States.StringToJson($)", R"("{\"a\": [1, 2.0]}")", R"({"a":[1,2.0]})"},
      {"States.StringToJson($)", R"("")", "null"},
      {"States.StringToJson($)", R"("  ")", "null"},
      {"States.StringToJson($)", R"("-0")", "0"},
      {"States.StringToJson($)", "1", "failed: Invalid arguments in States.StringToJson"},
      {"States.StringToJson($)", R"("{bad json}")",
       "failed: Cannot convert String to Json in States.StringToJson, caused by: Unexpected "
       "character ('b' (code 98)): was expecting double-quote to start field name\n at [Source: "
       "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]"},
      {"States.JsonToString($.a)", R"({"a": {"b" : [1, "x"]}})", R"("{\"b\":[1,\"x\"]}")"},
      {"States.JsonToString(null)", "{}", R"("null")"},
      {"States.JsonMerge($.a, $.b, false)", R"({"a":{"x":{"k":1},"y":2},"b":{"x":{"l":2},"z":3}})",
       R"({"x":{"l":2},"y":2,"z":3})"},
      {"States.JsonMerge($.a, $.b, 'no')",
       R"({"a":{"constant_in_literal":1},"b":{"constant_input_field":2}})",
       R"({"constant_input_field":2,"constant_in_literal":1})"},
      {"States.JsonMerge($.a, $.b, true)", R"({"a":{},"b":{}})",
       "failed: Invalid arguments in States.JsonMerge"},
      {"States.JsonMerge($.a, $.b, false)", R"({"a":[],"b":{}})",
       "failed: Invalid arguments in States.JsonMerge"},
  });
}

TEST(MathFunctions, Answer) {
  check({
      {"States.MathAdd($, -1)", "111", "110"},
      {"States.MathAdd(1.49, 1.5)", "{}", "3"},
      {"States.MathAdd(-1.5, -1.51)", "{}", "-3"},
      {"States.MathAdd(0.49999999999999994, 0)", "{}", "0"},
      {"States.MathAdd(2147483647, 0)", "{}", "2147483647"},
      {"States.MathAdd(2147483647, 1)", "{}", "failed: Invalid arguments in States.MathAdd"},
      {"States.MathAdd(3000000000, 1)", "{}", "failed: Invalid arguments in States.MathAdd"},
      {"States.MathAdd('1', 1)", "{}", "failed: Invalid arguments in States.MathAdd"},
      {"States.MathRandom(-5, 5, 42)", "{}", "-5"},
      {"States.MathRandom(2147483640, 2147483647, 1)", "{}", "2147483644"},
      {"States.MathRandom(1, 10, -10)", "{}", "1"},
      {"States.MathRandom(0, 99, 42)", "{}", "62"},
      {"States.MathRandom(0, 8, 42)", "{}", "5"},
      {"States.MathRandom(3, 4)", "{}", "3"},
      {"States.MathRandom(1.4, 1.6)", "{}", "failed: Invalid arguments in States.MathRandom"},
      {"States.MathRandom(5, 1)", "{}", "failed: Invalid arguments in States.MathRandom"},
      {"States.MathRandom(1, 5, 'x')", "{}", "failed: Invalid arguments in States.MathRandom"},
  });
  EXPECT_EQ(evaluate("States.UUID()", "{}").size(), 38U);
  EXPECT_EQ(evaluate("States.UUID('x', 1)", "{}"), evaluate("States.UUID()", "{}"));
}

TEST(JavaHash, IsJavas) {
  json::Arena arena;
  const auto hash = [&arena](const std::string& text) { return java::hash_of(parse(arena, text)); };
  EXPECT_EQ(hash(R"("hello")"), 99162322);
  EXPECT_EQ(hash(R"("日本😀")"), 804253066);
  EXPECT_EQ(hash("12345678901"), -539222985);
  EXPECT_EQ(hash("1.5"), 1073217536);
  EXPECT_EQ(hash("-123456789012345678901234567890"), -1915528825);
  EXPECT_EQ(hash(R"({"a":[1,null,true],"b":{}})"), 31984);
}

}  // namespace
}  // namespace pawl::intrinsics
