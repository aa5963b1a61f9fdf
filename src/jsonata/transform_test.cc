// Updates that bring in the document that they are changing.
#include <gtest/gtest.h>

#include "json/value.h"
#include "jsonata/expression.h"

namespace pawl::jsonata {
namespace {

std::string evaluate(const char* text) {
  json::Arena arena;
  SeededRng rng(1);
  const auto input = json::parse_into(arena, R"({"a":{"b":1},"c":[{"x":1},{"x":2}]})");
  const Expression expression = Expression::compile(text, Dialect::kFull).value();
  const auto answer = expression.evaluate({.input = *input, .bindings = {}, .rng = rng}, arena);
  if (!answer.ok()) return answer.error().code;
  return json::print(answer->node);
}

TEST(Transform, LeavesWhatAnUpdateBringsAsItWas) {
  const std::pair<const char*, const char*> cases[] = {
      {"$ ~> |a|{'k': $$}|",
       R"({"a":{"b":1,"k":{"a":{"b":1},"c":[{"x":1},{"x":2}]}},"c":[{"x":1},{"x":2}]})"},
      {"$ ~> |$|{'k': $$.a}|", R"({"a":{"b":1},"c":[{"x":1},{"x":2}],"k":{"b":1}})"},
      {"$ ~> |c|{'k': $$.c[0]}|", R"({"a":{"b":1},"c":[{"x":1,"k":{"x":1}},{"x":2,"k":{"x":1}}]})"},
      {"($y := $; $ ~> |a|{'k': $y.a}|)", R"({"a":{"b":1,"k":{"b":1}},"c":[{"x":1},{"x":2}]})"},
      {"$ ~> |a|{'k': $$.a}| ~> |a.k|{'b': 2}|",
       R"({"a":{"b":1,"k":{"b":2}},"c":[{"x":1},{"x":2}]})"},
      {"$ ~> |a|{'k': $$.c}| ~> |$|{'z': a.k}| ~> |z|{'x': 3}|",
       R"({"a":{"b":1,"k":[{"x":1},{"x":2}]},"c":[{"x":1},{"x":2}],"z":[{"x":3},{"x":3}]})"},
  };
  for (const auto& [text, answer] : cases) EXPECT_EQ(evaluate(text), answer) << text;
}

}  // namespace
}  // namespace pawl::jsonata
