// What an expression says that it looks at of `$states`: with nothing else there, it answers the
// same.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "json/selection.h"
#include "jsonata/expression.h"

namespace pawl::jsonata {
namespace {

constexpr std::string_view kStates = R"({"input":{
  "id":"A-1","flag":false,"total":3,"customer":{"tier":"gold","address":{"city":"Bern","zip":1}},
  "items":[{"sku":"x","price":2,"parts":[{"n":1},{"n":2}]},{"sku":"y","price":5,"parts":{"n":3}}],
  "nested":[[{"a":1},{"a":2}]],"one":[[1,2,3]],"empty":[]},
  "context":{"State":{"Name":"S","RetryCount":0},"Execution":{"Id":"e"}}})";

std::string answer(const Expression& expression, const json::Selection& selection) {
  json::Arena arena;
  const json::Node states = json::parse_into(arena, kStates, selection).value();
  SeededRng rng(1);
  const Binding binding{"states", states};
  const auto answer =
      expression.evaluate({.input = {}, .bindings = {&binding, 1}, .now = 0, .rng = rng}, arena);
  if (!answer.ok()) return answer.error().code + answer.error().message;
  return answer->kind == Answer::Kind::kValue ? json::print(answer->node) : "nothing";
}

// The document, with what is selected of it.
std::string seen(const json::Selection& selection) {
  json::Arena arena;
  return json::print(json::parse_into(arena, kStates, selection).value());
}

Expression compile(std::string_view text) {
  return Expression::compile(text, Dialect::kStepFunctions).value();
}

TEST(StatesSelection, NamesWhatPathsReach) {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"1 + 2", "{}"},
      {"$states.input.id", R"({"input":{"id":"A-1"}})"},
      {"$states.input.customer.address.city",
       R"({"input":{"customer":{"address":{"city":"Bern"}}}})"},
      {"$states.input.total + $states.context.State.RetryCount",
       R"({"input":{"total":3},"context":{"State":{"RetryCount":0}}})"},
      {"$count($states.input.items)", R"({"input":{"items":[{},{}]}})"},
      {"$count($states.input.items.parts)",
       R"({"input":{"items":[{"parts":[{},{}]},{"parts":{}}]}})"},
      {"$exists($states.input.customer)", R"({"input":{"customer":{}}})"},
      {"$states.input.items.sku", R"({"input":{"items":[{"sku":"x"},{"sku":"y"}]}})"},
      {"$states.input.customer.address",
       R"({"input":{"customer":{"address":{"city":"Bern","zip":1}}}})"},
      {"$states.input.customer.address.zip & $states.input.customer.address.city",
       R"({"input":{"customer":{"address":{"city":"Bern","zip":1}}}})"},
      {"$states.context.Execution{'a': Id}", R"({"context":{"Execution":{"Id":"e"}}})"},
  };
  for (const auto& [expression, expected] : kCases) {
    EXPECT_EQ(seen(compile(expression).states_selection()), expected) << expression;
  }
}

TEST(StatesSelection, IsEverythingWhereNobodyKnows) {
  for (const std::string_view expression :
       {"$states", "$keys($states)", "$states.*", "($s := $states; $s.input.id)",
        "$states[0].input.id", "$states.input.items.(%.%.id)", "$states.**.n",
        "$map([1], function($x) { $states })", "$states ~> |input|{'id': 1}|",
        "$lookup($states, 'input')", "($f := function($states) { $states.input.id }; $f($states))",
        "$states@$s.input.id"}) {
    EXPECT_TRUE(compile(expression).states_selection().is_everything()) << expression;
  }
}

TEST(StatesSelection, IsEnough) {
  for (const std::string_view expression :
       {"$states.input.items[price > 2].sku",
        "$states.input.items[0]",
        "$states.input.items.parts.n",
        "$states.input.items^(>price).sku",
        "$states.input.items{sku: price}",
        "$states.input.**.n",
        "$states.input.items.(price * 2)",
        "$states.input.items@$i.parts.{'s': $i.sku, 'n': n}",
        "$states.input.items.parts.(%.sku)",
        "$states.input.items#$n.$n",
        "$count($states.input.nested)",
        "$count($states.input.nested.a)",
        "$count($states.input.one)",
        "$count($states.input.empty)",
        "$count($states.input.items[price > 2])",
        "$count($states.input.items.parts[n = 1])",
        "$count($states.input.customer)",
        "$count($states.input.none)",
        "$count($states.input.items[])",
        "$exists($states.input.items.parts)",
        "$exists($states.input.none.x)",
        "$count($states.input.items) & $states.input.items[1].sku",
        "$count($states.input.*)",
        "$count($states.input.items, 2)",
        "$states.input.items ~> $count",
        "$states.input.items ~> $count()",
        "$sum($states.input.items.price)",
        "$states.input ~> |items|{'price': 0}, 'sku'|",
        "$merge([$states.input, {'x': 1}])",
        "$states.input.(customer.tier & id)",
        "$map($states.input.items, function($v) { $v.sku & $states.input.id })",
        "$filter($states.input.items, function($v) { $count($v.parts) = 2 }).sku",
        "$states.input.customer.address.missing",
        "$states.result",
        "$string($states.input.customer)",
        "$states.input.`customer`.\"address\".zip",
        "$states.(input.id)",
        "$states.input.one[0][1]",
        "($states := {'input': 7}; $states.input)",
        "$count(($states.input.items))",
        "$count($states.input.items{'a': $count(sku)})",
        "$exists($states.input.items^(price))",
        "$states.input.customer.address = {'city': 'Bern', 'zip': 1}",
        "$count($states.input)"}) {
    const Expression compiled = compile(expression);
    EXPECT_EQ(answer(compiled, compiled.states_selection()),
              answer(compiled, json::Selection::everything()))
        << expression;
  }
}

}  // namespace
}  // namespace pawl::jsonata
