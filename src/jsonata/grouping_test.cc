// Grouping nothing. Every expectation is what jsonata-js 2.2.2 answers.
#include <gtest/gtest.h>

#include "json/value.h"
#include "jsonata/expression.h"

namespace pawl::jsonata {
namespace {

std::string evaluate(const char* text) {
  json::Arena arena;
  SeededRng rng(1);
  const auto input = json::parse_into(arena, R"({"items":[{"id":1}],"none":[]})");
  const Expression expression = Expression::compile(text, Dialect::kFull).value();
  const auto answer = expression.evaluate({.input = *input, .bindings = {}, .rng = rng}, arena);
  return answer.ok() ? json::print(answer->node) : answer.error().code;
}

TEST(Grouping, MakesOneGroupOfNoItemsAndNoneOfNoTuples) {
  const std::pair<const char*, const char*> cases[] = {
      {"nothing{'k': 1}", R"({"k":1})"},
      {"none{'k': 1}", R"({"k":1})"},
      {"items.nothing{'k': 1}", R"({"k":1})"},
      {"nothing{'k': $error('x')}", "D3137"},
      {"nothing#$i{'k': 1}", "{}"},
      {"none@$j{'k': $count($j)}", "{}"},
      {"items#$i.nothing{'k': 1}", "{}"},
      {"nothing#$i{$error('x'): 1}", "{}"},
      {"items#$i{'k': $i}", R"({"k":0})"},
  };
  for (const auto& [text, answer] : cases) EXPECT_EQ(evaluate(text), answer) << text;
}

}  // namespace
}  // namespace pawl::jsonata
