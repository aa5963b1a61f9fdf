// The language as a table, the limits, and properties that hold for any value.
#include "jsonata/expression.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <iterator>
#include <memory>
#include <string>

#include "json/value.h"

namespace pawl::jsonata {
namespace {

constexpr std::string_view kDocument = R"({
  "name": "Ann", "n": 3, "none": [], "nothing": null,
  "orders": [
    {"id": "a", "items": [{"sku": "x", "price": 2, "count": 3}, {"sku": "y", "price": 5, "count": 1}]},
    {"id": "b", "items": [{"sku": "x", "price": 4, "count": 2}]}
  ],
  "stock": [{"sku": "x", "left": 7}, {"sku": "y", "left": 0}]
})";

// The answer as text: JSON, "undefined", "function", "NaN", or "T2001: ..." for a failure.
std::string answer(std::string_view expression, Dialect dialect = Dialect::kFull,
                   Budget budget = {}) {
  json::Arena arena;
  const auto compiled = Expression::compile(expression, dialect);
  if (!compiled.ok()) return compiled.error().code + ": " + compiled.error().message;
  SeededRng rng(7);
  const json::Node document = json::parse_into(arena, kDocument).value();
  const Binding bindings[] = {{"bound", document}};
  const Scope scope{document, bindings, 1'510'067'557'121, rng, budget};
  const auto answer = compiled->evaluate(scope, arena);
  if (!answer.ok()) return answer.error().code + ": " + answer.error().message;
  switch (answer->kind) {
    case Answer::Kind::kUndefined:
      return "undefined";
    case Answer::Kind::kFunction:
      return "function";
    case Answer::Kind::kNonFinite:
      return std::string(answer->node.string());
    case Answer::Kind::kValue:
      break;
  }
  return json::print(answer->node);
}

struct Case {
  std::string_view expression;
  std::string_view answer;
};

void check(std::initializer_list<Case> cases) {
  for (const Case& each : cases) EXPECT_EQ(answer(each.expression), each.answer) << each.expression;
}

TEST(Expression, Paths) {
  check({{"name", R"("Ann")"},
         {"missing.name", "undefined"},
         {"orders.id", R"(["a","b"])"},
         {"orders[0].items.sku", R"(["x","y"])"},
         {"orders.items[0].sku", R"(["x","x"])"},
         {"(orders.items)[0].sku", R"("x")"},
         {"orders.items[price > 3].sku", R"(["y","x"])"},
         {"orders.items[-1].price", "[5,4]"},
         {"orders[id = 'b'].items", R"([{"sku":"x","price":4,"count":2}])"},
         {"orders[id = 'b'].items[]", R"([{"sku":"x","price":4,"count":2}])"},
         {"none", "[]"},
         {"nothing", "null"},
         {"orders.*.sku", R"(["x","y","x"])"},
         {"**.price", "[2,5,4]"},
         {"nothing.x", "undefined"}});
}

TEST(Expression, BindingsOnTheWay) {
  check({{"orders.items.{'o': %.id, 's': sku}",
          R"([{"o":"a","s":"x"},{"o":"a","s":"y"},{"o":"b","s":"x"}])"},
         {"orders#$i.($i & id)", R"(["0a","1b"])"},
         {"orders.items@$i.$$.stock@$s[$s.sku = $i.sku].[$i.price, $s.left]", "[2,7,5,0,4,7]"},
         {"orders@$o.items@$i{$i.sku: $sum($i.price)}", "{}"},
         {"orders.items^(>price).price", "[5,4,2]"},
         {"orders.items{sku: $sum(price * 1)}",
          "T2001: The left side of the \"*\" operator must "
          "evaluate to a number"},
         {"orders.items{sku: $sum(price)}", R"({"x":6,"y":5})"}});
}

TEST(Expression, FunctionsAndVariables) {
  check(
      {{"($x := 1; ($x := 2; $x); $x)", "1"},
       {"($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(50))", "50"},
       {"($even := function($n) { $n = 0 ? true : $odd($n - 1) };"
        " $odd := function($n) { $n = 0 ? false : $even($n - 1) }; $even(100001))",
        "false"},
       {"orders.(function() { id }).($())", R"(["a","b"])"},
       {"($fs := [1..3].($v := $; function() { $v }); $fs.($()))", "[1,2,3]"},
       {"$map([1, 2], function($v, $i) { $v * 10 + $i })", "[10,21]"},
       {"$substring(?, 1, 2)('hello')", R"("el")"},
       {"[3, 1, 2] ~> $sort ~> $reverse", "[3,2,1]"},
       {"($twice := $uppercase ~> $length; $twice('abc'))", "3"},
       {"$ ~> |orders.items|{'price': 0}, 'count'|",
        R"({"name":"Ann","n":3,"none":[],"nothing":null,"orders":[{"id":"a","items":[)"
        R"({"sku":"x","price":0},{"sku":"y","price":0}]},{"id":"b","items":[{"sku":"x","price":0}]}],)"
        R"("stock":[{"sku":"x","left":7},{"sku":"y","left":0}]})"},
       {"($y := 5; $eval('$y + n'))", "8"},
       {"$sum", "function"},
       {"$bound.n", "3"}});
}

TEST(Expression, Failures) {
  check({{"1 +", "S0207: Unexpected end of expression"},
         {"name + 1", "T2001: The left side of the \"+\" operator must evaluate to a number"},
         {"$nope()", "T1006: Attempted to invoke a non-function"},
         {"sum([1])", "T1005: Attempted to invoke a non-function. Did you mean $sum?"},
         {"$error('no')", "D3137: no"},
         {"1/0", "Infinity"},
         {"{'a': 1, 'a': 2}", "D1009: Multiple key definitions evaluate to same key: \"a\""}});
}

// Mistakes are where they are in jsonata-js, whose paths are not read in one go.
TEST(Expression, RefusesPathsInTheirPlaces) {
  const std::pair<std::string_view, std::size_t> kPlaces[] = {
      {"a.b.c := 1", 4}, {"$x.y.z := 1", 5}, {"function(a.b){1}", 11}, {"1.a.b", 1}, {"a.b.1", 5}};
  for (const auto& [expression, position] : kPlaces) {
    const auto compiled = Expression::compile(expression, Dialect::kFull);
    ASSERT_FALSE(compiled.ok()) << expression;
    EXPECT_EQ(compiled.error().position, position) << expression;
  }
  check({{"orders.id.and", "undefined"},
         {"orders[1].items.sku", "\"x\""},
         {"orders.items{sku: price}.x", "{}"},
         {"orders.items.(sku).missing", "undefined"},
         {"(orders).items.sku[]", R"(["x","y","x"])"}});
}

// `/` is a pattern, or divides, where jsonata-js has it so.
TEST(Expression, PatternsBegin) {
  check({{"n / 3", "1"},
         {"(n) / 3", "1"},
         {"name ~> /An/", R"({"match":"An","start":0,"end":2,"groups":[]})"},
         {"n ~> /3/", R"({"match":"3","start":0,"end":1,"groups":[]})"},
         {"(/a/)", "S0211: The symbol \"/\" cannot be used as a unary operator"},
         {"[/a/]", "S0211: The symbol \"/\" cannot be used as a unary operator"},
         {"n[] / 3", "S0302: No terminating / in regular expression"},
         {"none^($) / 3", "S0302: No terminating / in regular expression"},
         {"function(){1} / 3", "S0302: No terminating / in regular expression"},
         {"|n|{}| / 3", "S0302: No terminating / in regular expression"}});
}

// What is done in one go fails, nests and answers as if it were done step by step.
TEST(Expression, ShortCuts) {
  check({{"'a' & n & null & true & [1, 0.1 + 0.2] & missing & {'k': sum}",
          R"("a3nulltrue[1,0.3]{}")"},
         {"1/0 & 'x' & $error('never')",
          "D3001: Attempting to invoke string function on Infinity or NaN"},
         {"'x' & $error('first') & 1/0", "D3137: first"},
         {"missing & missing", R"("")"},
         {"**.sku", R"(["x","y","x","x","y"])"},
         {"$count(**.items)", "3"},
         {"orders[0].**.price", "[2,5]"},
         {"none.**.x", "undefined"},
         {"missing.$error('never'){'k': 1}", R"({"k":1})"},
         {"[missing].a@$x", "[]"},
         {"[missing].a@$x.b{'k': 1}", R"({"k":1})"},
         {"[1, 2]#$i.{'i': $i}", "[{},{}]"},
         {"[missing][0].a@$x", "undefined"},
         {"orders[0].id^($)[]", R"(["a"])"},
         {"missing^($)[]", "undefined"},
         {"missing{'k': 1}.a#$i", R"({"k":1})"},
         {"['abc'][0].$", R"(["a","b","c"])"},
         {"[{'a': 1}][0].a", "undefined"},
         {"[{'a': 1}, {'a': 2}][a > 0].a", "[1,2]"},
         {"[[1, 2]][0].$", "[1,2]"},
         {"['ab'][0]^($).$", R"(["a","b"])"},
         {"[{'a': 1}][0]^(a)", R"({"a":1})"},
         {"$merge([{'a': 1, 'b': 2}, {'c': 3, 'a': 4}])", R"({"a":4,"b":2,"c":3})"},
         {"$keys($merge([1..40].{$string($): $, 'last': $}))[-1]", R"("40")"},
         {"$count($keys([1..100]{$string($ % 50): $}))", "50"},
         {"$map([1..3], function($v) { ($w := $v; $w * 2) })", "[2,4,6]"},
         {"$map([1, 2], function($v) { ($exists($w) ? $w : ($w := $v; 0)) })", "[0,0]"},
         {"$string(orders[1])",
          R"("{\"id\":\"b\",\"items\":[{\"sku\":\"x\",\"price\":4,\"count\":2}]}")"},
         {R"($string(["\u001f"]))", R"("[\"\\u001f\"]")"},
         {"$split('a,b,,c', ',')", R"(["a","b","","c"])"},
         {"$substring(name, missing, 1)", R"("")"},
         {"$replace(name, 'n', missing, 1)", R"("Aundefinedn")"},
         {"$formatNumber(0, '0.00')", R"("0.00")"},
         {"$formatNumber(12345678901234, '0.00')", R"("12345678901234.00")"},
         {"$fromMillis(0, '[Y,2-2] [Y0001] [Y]')", R"("70 1970 1970")"},
         {"$substring(name, missing)", R"("Ann")"},
         {"$formatNumber(1234.5, '#,##0.00')", R"("1,234.50")"},
         {"$formatNumber(-0.005, '0.0#')", R"("-0.0")"},
         {"$round(2.675, 2)", "2.68"},
         {"$round(-1.005, 2)", "-1"},
         {"[1.5, 2.25, 0.1 * 3, 1e21, 1e-7]", "[1.5,2.25,0.30000000000000004,1e+21,1e-7]"}});
}

TEST(Expression, StepFunctionsHasNoInput) {
  const auto aws = [](std::string_view text) { return answer(text, Dialect::kStepFunctions); };
  EXPECT_EQ(aws("name"), ": Reference to 'name' at the top level is not supported.");
  EXPECT_EQ(aws("$.name"), ": Reference to '$' at the top level is not supported.");
  EXPECT_EQ(aws("$bound.orders.(id)"), R"(["a","b"])");
  EXPECT_EQ(aws("$eval('1')"), "T1006: Attempted to invoke a non-function");
  EXPECT_EQ(aws("$partition([1,2,3], 2)"), "[[1,2],[3]]");
  EXPECT_EQ(aws("$range(0, 6, 2)"), "[0,2,4,6]");
  EXPECT_EQ(aws("$range(0, 6, -2)"), "undefined");
  EXPECT_EQ(aws("$range(0, 6)"), "undefined");
  EXPECT_EQ(aws("$parse('{\"a\": [1.0]}').a"), "[1.0]");
  EXPECT_EQ(aws("$length($uuid())"), "36");
  EXPECT_EQ(aws("$random(42)"), "0.7275636800328681");
}

TEST(Expression, FreeVariables) {
  const auto free_of = [](std::string_view text) {
    std::string names;
    const auto expression = Expression::compile(text, Dialect::kFull);
    for (const std::string& name : expression->free_variables()) names += name + " ";
    return names;
  };
  EXPECT_EQ(free_of("$states.input.a + $total"), "states total ");
  EXPECT_EQ(free_of("($a := $b; $a & $sum($c))"), "b c ");
  EXPECT_EQ(free_of("function($x) { $x + $y }"), "y ");
  EXPECT_EQ(free_of("a@$i#$k.($i & $k & %.x & $$ & $)"), "");
}

TEST(Limits, NestedTextIsRefused) {
  for (const std::string_view open : {"(", "[", "-", "$f(", "{'a':", "function(){", "a[", "1+("}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += open;
    EXPECT_FALSE(Expression::compile(text, Dialect::kFull).ok()) << open;
  }
  std::string sum = "1";
  for (int i = 0; i < 100'000; ++i) sum += "+1";
  EXPECT_FALSE(Expression::compile(sum, Dialect::kFull).ok());
}

TEST(Limits, EvaluationEnds) {
  Budget budget;
  budget.milliseconds_max = 50;
  budget.bytes_max = 4u << 20;
  const auto limited = [&](std::string_view text) {
    return answer(text, Dialect::kFull, budget).substr(0, 5);
  };
  EXPECT_EQ(limited("($f := function() { $f() }; $f())"), "U1001");
  EXPECT_EQ(limited("($f := function() { 1 + $f() }; $f())"), "U1001");
  EXPECT_EQ(limited("[1..9000000]"), "U1001");
  EXPECT_EQ(limited("($f := function($s) { $f($s & $s) }; $f('abcdefgh'))"), "U1001");
  EXPECT_EQ(limited("($f := function($s, $n) { $n = 0 ? $s : $f([[$s], [$s]], $n - 1) }; "
                    "$f('a', 60))"),
            "U1001");
  EXPECT_EQ(limited("$pad('x', 1e12)"), "U1001");
  EXPECT_EQ(limited("[1..1000].([1..1000].([1..1000]))"), "U1001");
}

// The answer outlives the expression.
TEST(Expression, AnswersKeepNothingOfTheExpression) {
  json::Arena arena;
  SeededRng rng(1);
  const Scope scope{{}, {}, 0, rng, {}};
  auto compiled = std::make_unique<Expression>(
      Expression::compile(R"({'key\n': ['text', 'a' & 'b'], 'k': $eval("'in\tner'")})",
                          Dialect::kFull)
          .value());
  const auto answer = compiled->evaluate(scope, arena);
  compiled.reset();
  EXPECT_EQ(json::print(answer->node), R"({"key\n":["text","ab"],"k":"in\tner"})");
}

// Evaluating `$` answers the document itself, and `$string` what parses to it again.
RC_GTEST_PROP(ExpressionProperty, TheInputComesBack, (std::vector<std::string> texts)) {
  std::string document = "[0";
  for (const std::string& text : texts) {
    std::string plain;
    for (const char c : text) {
      if (c >= ' ' && c < 127 && c != '"' && c != '\\') plain += c;
    }
    document += ",{\"k\":\"" + plain + "\"}";
  }
  document += "]";
  json::Arena arena;
  const json::Node input = json::parse_into(arena, document).value();
  SeededRng rng(1);
  const Scope scope{input, {}, 0, rng, {}};
  const auto same = Expression::compile("$", Dialect::kFull)->evaluate(scope, arena);
  RC_ASSERT(json::print(same->node) == document);
  const auto text = Expression::compile("$string($)", Dialect::kFull)->evaluate(scope, arena);
  RC_ASSERT(text->node.string() == document);
}

TEST(Expression, FindsWhatMatchesNothingOnce) {
  check({
      {R"($contains("abc", /x*/))", "true"},
      {R"($match("", /x*/))", R"({"match":"","index":0,"groups":[]})"},
      {R"($match("ab", /$/).index)", "2"},
      {R"($match("xab", /x*/))", "D1004: Regular expression matches zero length string"},
      {R"($match("ab", /^/, 1))", "D1004: Regular expression matches zero length string"},
      {R"($split("abc", /$/))", R"(["abc",""])"},
      {R"($split("xx", /x*/))", R"(["",""])"},
      {R"($split("axb", /x*/, 1))", "D1004: Regular expression matches zero length string"},
      {R"($split("abc", /$/, 0))", "[]"},
      {R"($replace("abc", /$/, "-"))", R"("abc-")"},
      {R"($replace("abc", /$/, function($m) {"<" & $m.start & ">"}))", R"("abc<3>")"},
      {R"($replace("abc", /^/, "-", 1))", "D1004: Regular expression matches zero length string"},
      {R"($filter(["a", "b"], /x*/))", R"(["a","b"])"},
  });
}

TEST(Expression, TakesOddArguments) {
  check({
      {R"($fromMillis(0, "[Y]", ""))", R"("NaN")"},
      {R"($fromMillis(1.5, "[s].[f001]", "-0800"))", R"("00.002")"},
      {R"($fromMillis(8.65e15, "[FNn] [MNn]"))", R"("undefined undefined")"},
      {R"($replace("ab", "x", 1, 1))",
       R"(T0410: Argument 4 of function "replace" does not match function signature)"},
      {"λ($p)<a<a<n>>:n>{$p}({})",
       "T0412: Argument 1 of function undefined must be an array of undefined"},
      {R"("\u12)", "S0101: String literal must be terminated by a matching quote"},
      {R"("\u1z")", R"(S0104: The escape sequence \u must be followed by 4 hex digits)"},
      {"orders.items[%]", "undefined"},
      {R"([[{"x": 1}], [{"x": [[2]]}]].x[])", "[1,[2]]"},
      {R"([[{"x": 1}], [{"x": [[2]]}]].x)", "[1,2]"},
      {R"(λ($p,$q,$r)<n?n?j>{[$p,$q,$r]}(["a"]))", R"(["a"])"},
      {R"($contains("23", missing))", "undefined"},
      {R"($replace("ab", "x", $uppercase))", R"("ab")"},
      {R"($base64decode("\u0663\u0664"))", R"("q")"},
      {R"($fromMillis(1e300, "[YI]x[DA]"))", R"("x")"},
      {R"($sort([3, 1, 2], $string))",
       R"(T0410: Argument 2 of function "sort" does not match function signature)"},
      {"[missing]^(a).b#$i", "[]"},
      {"[missing]^(a)#$i", "undefined"},
      {"$power(2, missing)",
       "D3061: The power function has resulted in a value that cannot be represented as a JSON "
       "number: base=2, exponent=undefined"},
      {R"($reverse(?, 1)([1, 2]))", "[2,1]"},
      {R"($type(?, "")(-1))", R"("number")"},
      {R"($zip(?, [1])([2]))", "[[2]]"},
      {"$f(1)5e300", "S0201: Syntax error: 5e+300"},
      {"-$sum",
       "D1002: Cannot negate a non-numeric value: "
       R"({"_jsonata_function":true,"signature":{"definition":"<a<n>:n>"}})"},
  });
}

// A filter and its negation share the items between them.
RC_GTEST_PROP(ExpressionProperty, FiltersPartition, (std::vector<int> numbers, int bound)) {
  std::string document = "{\"v\":[";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    document += (i > 0 ? "," : "") + std::to_string(numbers[i]);
  }
  document += "],\"b\":" + std::to_string(bound) + "}";
  json::Arena arena;
  const json::Node input = json::parse_into(arena, document).value();
  SeededRng rng(1);
  const Scope scope{input, {}, 0, rng, {}};
  const auto counted =
      Expression::compile("$count(v[$ < $$.b]) + $count(v[$ >= $$.b])", Dialect::kFull)
          ->evaluate(scope, arena);
  RC_ASSERT(json::print(counted->node) == std::to_string(numbers.size()));
}

// A join by keys is a filter of all pairs: the other predicate is one that no hash answers.
RC_GTEST_PROP(Joins, FindWhatComparingAllFinds, (std::uint64_t seed)) {
  SeededRng rng(seed);
  const auto rows = [&rng](std::uint64_t count) {
    static constexpr std::string_view kKeys[] = {
        R"("k":"x")", R"("k":"y")", R"("k":"long enough")", R"("k":1)",      R"("k":null)",
        R"("z":0)",   R"("k":[])",  R"("k":["x"])",         R"("k":{"a":1})"};
    std::string text;
    for (std::uint64_t n = 0; n < count; ++n) {
      text += (n > 0 ? ",{" : "{") + std::string(kKeys[rng.next() % std::size(kKeys)]) +
              ",\"n\":" + std::to_string(n) + "}";
    }
    return "[" + text + "]";
  };
  const std::string data =
      "{'a':" + rows(1 + rng.next() % 12) + ",'b':" + rows(rng.next() % 30) + "}";
  const auto run = [&data](const std::string& predicate, const std::string& index) {
    return answer("(" + data + ").(a@$i.b@$s[" + predicate + "]" + index + ".{'i':$i.n,'s':$s.n" +
                  (index.empty() ? "" : ",'p':$p") + "})");
  };
  for (const char* index : {"", "#$p"}) {
    const std::string all = run("($s.k = $i.k) = true", index);
    RC_ASSERT(run("$s.k = $i.k", index) == all);
    RC_ASSERT(run("$i.k = $s.k", index) == all);
  }
}

}  // namespace
}  // namespace pawl::jsonata
