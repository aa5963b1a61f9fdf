// An expression on the first line, a document behind it: refused or answered, the same way twice,
// within a small budget and in both dialects.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "json/value.h"
#include "jsonata/expression.h"

namespace {

namespace json = pawl::json;
using pawl::jsonata::Answer;
using pawl::jsonata::Budget;
using pawl::jsonata::Dialect;
using pawl::jsonata::Error;
using pawl::jsonata::Expression;

constexpr Budget kBudget = {
    .depth_max = 100, .milliseconds_max = 1'000, .bytes_max = 4u << 20, .regex_steps_max = 10'000};

std::string show(const pawl::Result<Answer, Error>& result) {
  if (!result.ok()) return result.error().code + ":" + result.error().message;
  if (result->kind == Answer::Kind::kValue) return json::print(result->node);
  return std::to_string(static_cast<int>(result->kind));
}

// Each evaluation with a generator of its own, so that $random and $shuffle agree.
std::string evaluate(const Expression& expression, json::Node root) {
  json::Arena arena;
  pawl::SeededRng rng(1);
  const pawl::jsonata::Binding states{"states", root};
  const auto result = expression.evaluate(
      {.input = root, .bindings = {&states, 1}, .now = 0, .rng = rng, .budget = kBudget}, arena);
  ENSURE(result.ok() || !result.error().message.empty(), expression.text());
  return show(result);
}

// What ran out of a budget may have got a little further the other time.
bool ran_out(const std::string& answer) {
  return answer.starts_with("U1001") || answer.starts_with("D1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = text.find('\n');
  const std::string_view expression_text = text.substr(0, line_end);
  json::Arena arena;
  const std::string document(line_end == std::string_view::npos ? "null"
                                                                : text.substr(line_end + 1));
  const auto root = json::parse_into(arena, document);
  for (const Dialect dialect : {Dialect::kFull, Dialect::kStepFunctions}) {
    const auto expression = Expression::compile(expression_text, dialect);
    if (!expression.ok()) {
      ENSURE(!expression.error().message.empty());
      continue;
    }
    if (!root.ok()) continue;
    const std::string first = evaluate(*expression, *root);
    const std::string second = evaluate(*expression, *root);
    ENSURE(first == second || ran_out(first) || ran_out(second), first, second);
  }
  return 0;
}
