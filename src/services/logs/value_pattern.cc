#include "services/logs/value_pattern.h"

#include <algorithm>
#include <utility>

#include "json/number.h"

namespace pawl::logs {

namespace {

// `*` stands for any run of characters.
bool matches_text(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      mark = in;
    } else if (at < pattern.size() && pattern[at] == text[in]) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++mark;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

Result<std::string, std::string> take_quoted(std::string_view& rest) {
  std::string text;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    text.push_back(rest[i]);
  }
  return Err{std::string("a quoted value does not end")};
}

}  // namespace

ValuePattern ValuePattern::text(std::string text) {
  ValuePattern pattern;
  pattern.text_ = std::move(text);
  return pattern;
}

Result<ValuePattern, std::string> ValuePattern::regex(std::string_view expression) {
  if (expression.empty()) return Err{std::string("a regular expression is empty")};
  // Groups, and what they are good for, are not part of this syntax.
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] == '\\') {
      ++i;
    } else if (expression[i] == '(' || expression[i] == ')') {
      return Err{std::string("parentheses are not part of a regular expression here")};
    }
  }
  // The expression matches whole texts.
  const std::string anywhere = "(?s:.*?)(?:" + std::string(expression) + ")(?s:.*)";
  auto compiled = jsonpath::Pattern::compile(anywhere, jsonpath::Letters::kAsWritten);
  if (!compiled.ok()) return Err{"'" + std::string(expression) + "' is no regular expression"};
  ValuePattern pattern;
  pattern.regex_ = std::move(compiled).value();
  return pattern;
}

bool ValuePattern::matches(std::string_view value) const {
  if (!regex_) return matches_text(text_, value);
  return regex_->match(value) == jsonpath::Pattern::Outcome::kMatches;
}

// Decimal, with or without an exponent.
std::optional<double> ValuePattern::number() const {
  const bool digits = text_.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (!digits || text_.find_first_of("0123456789") == std::string::npos) return std::nullopt;
  return json::to_double(text_);
}

Result<ValuePattern, std::string> take_regex(std::string_view& rest) {
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != '%') end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size()) return Err{std::string("a regular expression does not end")};
  const std::string_view expression = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  return ValuePattern::regex(expression);
}

Result<ValuePattern, std::string> take_value(std::string_view& rest, std::string_view ends) {
  if (rest.starts_with('%')) return take_regex(rest);
  if (rest.starts_with('"')) return ValuePattern::text(TRY(take_quoted(rest)));
  const std::size_t end = std::min(rest.find_first_of(ends), rest.size());
  if (end == 0) return Err{std::string("a value is expected")};
  std::string word(rest.substr(0, end));
  rest.remove_prefix(end);
  return ValuePattern::text(std::move(word));
}

std::optional<Operator> take_operator(std::string_view& rest) {
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"!=", Operator::kNotEqual}, {"<=", Operator::kLessEqual}, {">=", Operator::kGreaterEqual},
      {"=", Operator::kEqual},     {"<", Operator::kLess},       {">", Operator::kGreater}};
  for (const auto& [word, how] : kOperators) {
    if (!rest.starts_with(word)) continue;
    rest.remove_prefix(word.size());
    return how;
  }
  return std::nullopt;
}

bool compare(double left, Operator how, double right) {
  switch (how) {
    case Operator::kEqual:
      return left == right;
    case Operator::kNotEqual:
      return left != right;
    case Operator::kLess:
      return left < right;
    case Operator::kLessEqual:
      return left <= right;
    case Operator::kGreater:
      return left > right;
    case Operator::kGreaterEqual:
      return left >= right;
  }
  return false;
}

}  // namespace pawl::logs
