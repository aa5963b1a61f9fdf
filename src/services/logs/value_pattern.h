// What a filter pattern compares a value with: a text in which `*` stands for any run of
// characters, or `%expression%`, found anywhere in the value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jsonpath/pattern.h"

namespace pawl::logs {

class ValuePattern {
 public:
  static ValuePattern text(std::string text);
  // Error: what is wrong with the expression.
  static Result<ValuePattern, std::string> regex(std::string_view expression);

  bool matches(std::string_view value) const;
  // The text that a number is compared with; an expression is none.
  std::optional<double> number() const;

 private:
  std::string text_;
  std::optional<jsonpath::Pattern> regex_;
};

// From the beginning of `rest`, which is moved behind it: `"quoted"`, `%expression%`, or a word
// that ends at one of `ends`.
Result<ValuePattern, std::string> take_value(std::string_view& rest, std::string_view ends);
// Behind the expression's second `%`.
Result<ValuePattern, std::string> take_regex(std::string_view& rest);

enum class Operator { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
// Moves `rest` behind the operator it begins with.
std::optional<Operator> take_operator(std::string_view& rest);
// Of numbers.
bool compare(double left, Operator how, double right);

}  // namespace pawl::logs
