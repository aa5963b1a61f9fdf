// Paths, queries and ResultPath: tables of text in, text out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/value.h"
#include "jsonpath/path.h"
#include "jsonpath/query.h"

namespace pawl::jsonpath {
namespace {

std::string show(const PathError& error) {
  switch (error.kind) {
    case PathError::Kind::kInvalidPath:
      return "invalid: " + error.message;
    case PathError::Kind::kNotFound:
      return "not found: " + error.message;
    case PathError::Kind::kOther:
      break;
  }
  return error.exception + ": " + error.message;
}

json::Node parse(json::Arena& arena, const std::string& text) {
  const auto node = json::parse_into(arena, text);
  EXPECT_TRUE(node.ok()) << text;
  return node.ok() ? *node : json::Node::null();
}

std::string evaluate(const std::string& path, const std::string& document,
                     Provider provider = Provider::kMap) {
  json::Arena arena;
  const auto compiled = Path::compile(path);
  if (!compiled.ok()) return show(compiled.error());
  const auto result = compiled->evaluate(parse(arena, document), arena, provider);
  return result.ok() ? json::print(*result) : show(result.error());
}

struct Case {
  std::string path;
  std::string document;
  std::string expected;
};

void check(const std::vector<Case>& cases, Provider provider = Provider::kMap) {
  for (const Case& each : cases) {
    EXPECT_EQ(evaluate(each.path, each.document, provider), each.expected)
        << each.path << " over " << each.document;
  }
}

TEST(Path, ReadsMembersAndElements) {
  check({
      {"$", R"({"a":1})", R"({"a":1})"},
      {"$.a.b", R"({"a":{"b":[1,2]}})", "[1,2]"},
      {"$['a']['b'][1]", R"({"a":{"b":[1,2]}})", "2"},
      {"$.a.['b c']", R"({"a":{"b c":true}})", "true"},
      {"a.b", R"({"a":{"b":1.50}})", "1.50"},
      {"$.a[(@.length-1)]", R"({"a":[1,2,3]})", "3"},
      {"$['a','c','a']", R"({"a":1,"b":2,"c":3})", R"({"a":1,"c":3})"},
      {"$['x']", R"({"a":1})", "not found: No results for path: $['x']"},
      {"$.x.y", R"({"a":1})", "not found: Missing property in path $['x']"},
      {"$.a.y", R"({"a":1})", "not found: Property ['y'] not found in path $['a']"},
      {"$.a[0].b", R"({"a":[]})", "not found: Index out of bounds when evaluating path $['a'][0]"},
      {"$.a[0]", R"({"a":null})", "not found: The path $['a'] is null"},
      {"$.a[0].b", R"({"a":{"b":[1,"x",null]}})",
       "invalid: Filter: [0]['b'] can only be applied to arrays. Current context is: "
       "{b=[1, x, null]}"},
      {"$['a','b'].c", R"({"a":1})",
       "invalid: Multi properties can only be used as path leafs: $['a', 'b']"},
      {"$", "null", "IllegalArgumentException: root can not be null"},
  });
}

TEST(Path, AnswersListsForWildcardsSlicesAndScans) {
  check({
      {"$.a[*].b", R"({"a":[{"b":1},{"c":2},3,{"b":null}]})", "[1,null]"},
      {"$.*", R"({"a":1,"b":[2]})", "[1,[2]]"},
      {"$.x[*].y", R"({"a":1})", "[]"},
      {"$.a[1:]", R"({"a":[1,2,3]})", "[2,3]"},
      {"$.a[:-1]", R"({"a":[1,2,3]})", "[1,2]"},
      {"$.a[0:9:2]", R"({"a":[1,2,3]})", "[1,2,3]"},
      {"$.a[2,0]", R"({"a":[1,2,3]})", "[3,1]"},
      {"$.a[0,5]", R"({"a":[1]})", "not found: Index out of bounds when evaluating path $['a'][5]"},
      {"$..b", R"({"b":1,"a":[{"b":{"b":2}}]})", R"([1,{"b":2},2])"},
      {"$..[0]", R"({"a":[[1],2]})", "[[1],1]"},
      {"$..[0].x", R"({"a":[{"x":1},{"x":2}]})", "[1,2]"},
      {"$..*", R"([[1],{"a":2}])", R"([[1],{"a":2},1,2])"},
  });
}

TEST(Path, FiltersCompareLoosely) {
  const std::string items =
      R"([{"n":1,"s":"a"},{"n":"1"},{"n":1.0},{"n":null},{"n":true},{"n":[1]},{"m":7}])";
  check({
      {"$[?(@.n == 1)]", items, R"([{"n":1,"s":"a"},{"n":"1"},{"n":1.0}])"},
      {"$[?(@.n)]", R"([{"n":false},{"n":null},{"m":1}])", R"([{"n":false}])"},
      {"$[?(!@.n)]", R"([{"n":false},{"n":null},{"m":1}])", R"([{"n":null},{"m":1}])"},
      {"$[?(@ > 1)]", "[1,2,3]", "[2,3]"},
      {"$[?(@.n > null)]", R"([{"n":1},{"n":null}])", R"([{"n":1}])"},
      {"$[?(@.n != null)]", R"([{"n":[1]},{"n":null}])", R"([{"n":[1]}])"},
      {"$[?(@.n == 'x' || @.n == 'y' && @.m)]", R"([{"n":"x"},{"n":"y"},{"n":"y","m":1}])",
       R"([{"n":"x"},{"n":"y","m":1}])"},
      {"$.a[?(@.n <= $.max)].n", R"({"max":2,"a":[{"n":1},{"n":2},{"n":3}]})", "[1,2]"},
      {"$[?(@.s =~ /A.*c/i)].s", R"([{"s":"abbc"},{"s":"abbcd"},{"s":7}])", R"(["abbc"])"},
      {"$[?(@ == 'x')]", "[1]",
       "NumberFormatException: Character x is neither a decimal digit number, decimal point, nor "
       "\"e\" notation exponential mark."},
      {"$[?(@.a)]", "7",
       "invalid: Filter: [?] can not be applied to primitives. Current context is: 7"},
  });
}

TEST(Path, RefusesWhatDoesNotCompile) {
  check({
      {"", "1", "IllegalArgumentException: json can not be null or empty"},
      {"$.", "1",
       "invalid: java.lang.StringIndexOutOfBoundsException: String index out of range: 2"},
      {"$.日.", "1", "invalid: java.lang.StringIndexOutOfBoundsException: index 4, length 4"},
      {"$.a b", "1",
       "invalid: com.jayway.jsonpath.InvalidPathException: Space not allowed in path"},
      {"$a", "1", "invalid: com.jayway.jsonpath.InvalidPathException: Invalid path $a"},
      {"$..", "1",
       "invalid: com.jayway.jsonpath.InvalidPathException: A path can not end with a scan."},
      {"$[a]", "1",
       "invalid: com.jayway.jsonpath.InvalidPathException: Could not analyze path component: [a]"},
      {"$[:]", "1", "invalid: java.lang.NumberFormatException: For input string: \"\""},
      {"$[?(@.a && )]", "1", "invalid: java.util.EmptyStackException"},
      {"$[?(@.a[*] == 1)]", "1",
       "invalid: com.jayway.jsonpath.InvalidPathException: the predicate path: @.a[*] is not "
       "definite"},
  });
}

TEST(Path, NodeProviderAnswersNullOutOfRange) {
  check(
      {
          {"$.a[5]", R"({"a":[1]})", "null"},
          {"$.a[0,5]", R"({"a":[1]})", "[1,null]"},
          {"$[0][1]", R"([[null]])", "null"},
          {"$[0][0]", R"([null])",
           "invalid: Filter: [0] can only be applied to arrays. Current context is: null"},
          {"$[0][0]", R"(["x"])",
           "invalid: Filter: [0] can only be applied to arrays. Current context is: \"x\""},
          {"$", "null", "null"},
      },
      Provider::kNode);
}

TEST(Path, WorkIsBounded) {
  std::string document = "1";
  for (int i = 0; i < 400; ++i) document = "[" + document + "]";
  const std::string answer = evaluate("$..*..*..*..*", document);
  EXPECT_EQ(answer, "StackOverflowError: Evaluating the path takes too many steps");
  EXPECT_EQ(evaluate("$[?(@.s =~ /(a|aa)+[xy]/)]", "[{\"s\":\"" + std::string(40, 'a') + "\"}]"),
            "StackOverflowError: Matching the regular expression takes too many steps");
}

TEST(Path, KnowsReferencePaths) {
  const auto is_reference = [](const char* text) { return Path::compile(text)->is_reference(); };
  for (const char* text : {"$", "$.a", "$.a['b c'][0].d", "$['a,b']"}) {
    EXPECT_TRUE(is_reference(text)) << text;
  }
  for (const char* text :
       {"$.*", "$..a", "$[0:1]", "$[0,1]", "$['a','b']", "$[?(@.a)]", "@.a", "$[(@.length-1)]"}) {
    EXPECT_FALSE(is_reference(text)) << text;
  }
}

TEST(Path, PutsValues) {
  struct PutCase {
    std::string path, document, expected;
  };
  const std::vector<PutCase> cases = {
      {"$", R"({"a":1})", "[9]"},
      {"$.a", R"({"a":1,"b":2})", R"({"a":[9],"b":2})"},
      {"$.c", R"({"a":1})", R"({"a":1,"c":[9]})"},
      {"$.c.d['e f']", R"({"a":1})", R"({"a":1,"c":{"d":{"e f":[9]}}})"},
      {"$.a[1].b", R"({"a":[1,{}]})", R"({"a":[1,{"b":[9]}]})"},
      {"$[0]", "[1,2]", "[[9],2]"},
      {"$.a.b", R"({"a":1})",
       "not found: The path '$.a.b' leads to 'b' in a value that is no object"},
      {"$.a[1]", R"({"a":[1]})",
       "not found: The path '$.a[1]' leads to element 1 of a value that has none"},
      {"$.a[0]", R"({})",
       "not found: The path '$.a[0]' leads to element 0 of a value that has none"},
      {"$.a[*]", R"({})", "invalid: The path '$.a[*]' is not a reference path"},
  };
  for (const PutCase& each : cases) {
    json::Arena arena;
    const std::string value = "[9]";
    const auto result =
        Path::compile(each.path)->put(parse(arena, each.document), parse(arena, value), arena);
    EXPECT_EQ(result.ok() ? json::print(*result) : show(result.error()), each.expected)
        << each.path;
  }
}

TEST(Query, ReadsInputContextAndVariables) {
  json::Arena arena;
  const std::string input = R"({"a":[1]})";
  const std::string context = R"({"Execution":{"Name":"x"}})";
  const std::string variables = R"({"order":{"id":7},"nothing":null})";
  const Scope scope{parse(arena, input), parse(arena, context), parse(arena, variables)};
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"$.a[0]", "1"},
      {"$.a[5]", "null"},
      {"$", R"({"a":[1]})"},
      {"$$.Execution.Name", "\"x\""},
      {"$$", R"({"Execution":{"Name":"x"}})"},
      {"$order", R"({"id":7})"},
      {"$order.id", "7"},
      {"$order['id']", "7"},
      {"$nothing", "null"},
      {"$other.id", "not found: No results for path: $['other']"},
      {"$.b", "not found: No results for path: $['b']"},
      {"a", "invalid: A path must begin with '$': a"},
      {"$order id", "invalid: com.jayway.jsonpath.InvalidPathException: Invalid path $ id"},
  };
  for (const auto& [text, expected] : cases) {
    const auto query = Query::compile(text);
    if (!query.ok()) {
      EXPECT_EQ(show(query.error()), expected) << text;
      continue;
    }
    const auto result = evaluate(*query, scope, arena);
    EXPECT_EQ(result.ok() ? json::print(*result) : show(result.error()), expected) << text;
  }
}

}  // namespace
}  // namespace pawl::jsonpath
