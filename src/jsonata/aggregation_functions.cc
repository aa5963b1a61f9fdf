// $sum, $count, $max, $min, $average (JSONata, "Aggregation Functions").
#include <cmath>

#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"

namespace pawl::jsonata {
namespace {

Value sum(const Invocation& call) {
  const Value& numbers = call[0];
  if (numbers.is_undefined()) return numbers;
  double total = 0.0;
  for (const Value& number : numbers) total += number.to_real();
  return Value::number(total);
}

Value count(const Invocation& call) {
  return Value::number(call[0].is_undefined() ? 0.0 : static_cast<double>(call[0].size()));
}

// NaN makes Math.max and Math.min NaN.
template <class Better>
Value extreme(const Value& numbers, Better better) {
  if (numbers.is_undefined() || numbers.size() == 0) return Value::undefined();
  double best = numbers.elements()[0].to_real();
  for (const Value& number : numbers) {
    const double real = number.to_real();
    if (std::isnan(real)) return Value::number(real);
    if (better(real, best)) best = real;
  }
  return Value::number(best);
}

Value max(const Invocation& call) {
  return extreme(call[0], [](double a, double b) { return a > b; });
}

Value min(const Invocation& call) {
  return extreme(call[0], [](double a, double b) { return a < b; });
}

Value average(const Invocation& call) {
  const Value& numbers = call[0];
  if (numbers.is_undefined() || numbers.size() == 0) return Value::undefined();
  return Value::number(sum(call).real() / static_cast<double>(numbers.size()));
}

constexpr Native kFunctions[] = {
    {"sum", "<a<n>:n>", 1, sum}, {"count", "<a:n>", 1, count},        {"max", "<a<n>:n>", 1, max},
    {"min", "<a<n>:n>", 1, min}, {"average", "<a<n>:n>", 1, average},
};

}  // namespace

std::span<const Native> aggregation_functions() { return kFunctions; }

}  // namespace pawl::jsonata
