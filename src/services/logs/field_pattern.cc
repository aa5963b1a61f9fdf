#include "services/logs/field_pattern.h"

#include <algorithm>
#include <utility>

#include "json/number.h"

namespace pawl::logs {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kEllipsis = "...";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

bool take(std::string_view& rest, std::string_view word) {
  skip_blanks(rest);
  if (!rest.starts_with(word)) return false;
  rest.remove_prefix(word.size());
  return true;
}

std::vector<std::string_view> words_of(std::string_view message) {
  std::vector<std::string_view> words;
  for (skip_blanks(message); !message.empty(); skip_blanks(message)) {
    const bool hulled = message.front() == '"' || message.front() == '[';
    const char close = message.front() == '[' ? ']' : '"';
    const std::size_t end = hulled ? message.find(close, 1) : std::string_view::npos;
    if (end != std::string_view::npos) {
      words.push_back(message.substr(1, end - 1));
      message.remove_prefix(end + 1);
    } else {
      const std::size_t blank = std::min(message.find_first_of(kBlanks), message.size());
      words.push_back(message.substr(0, blank));
      message.remove_prefix(blank);
    }
  }
  return words;
}

}  // namespace

bool FieldPattern::Test::holds(std::string_view word) const {
  if (how == Operator::kEqual) return value.matches(word);
  if (how == Operator::kNotEqual) return !value.matches(word);
  const auto left = ValuePattern::text(std::string(word)).number();
  return left && number && compare(*left, how, *number);
}

bool FieldPattern::Field::holds(std::string_view word) const {
  return alternatives.empty() ||
         std::any_of(alternatives.begin(), alternatives.end(), [word](const auto& all) {
           return std::all_of(all.begin(), all.end(),
                              [word](const Test& test) { return test.holds(word); });
         });
}

// name [operator value] [&& name operator value ...] [|| ...]
Result<FieldPattern::Field, std::string> FieldPattern::parse_field(std::string_view& rest) {
  Field field;
  std::vector<Test> all;
  for (;;) {
    skip_blanks(rest);
    const std::size_t end = std::min(rest.find_first_of(" \t\r\n,=!<>&|"), rest.size());
    if (end == 0) return Err{std::string("a field's name is expected")};
    rest.remove_prefix(end);
    skip_blanks(rest);
    const auto how = take_operator(rest);
    if (!how && all.empty() && field.alternatives.empty()) return field;
    if (!how) return Err{std::string("an operator is expected")};
    skip_blanks(rest);
    ValuePattern value = TRY(take_value(rest, " \t\r\n,&|"));
    const auto number = value.number();
    all.push_back({*how, std::move(value), number});
    if (take(rest, "&&")) continue;
    field.alternatives.push_back(std::exchange(all, {}));
    if (!take(rest, "||")) return field;
  }
}

Result<FieldPattern, std::string> FieldPattern::parse(std::string_view text) {
  FieldPattern pattern;
  do {
    if (take(text, kEllipsis)) {
      if (pattern.ellipsis_) return Err{std::string("there is more than one ellipsis")};
      pattern.ellipsis_ = pattern.fields_.size();
    } else {
      pattern.fields_.push_back(TRY(parse_field(text)));
    }
  } while (take(text, ","));
  skip_blanks(text);
  if (!text.empty()) return Err{"'" + std::string(text) + "' is not expected"};
  return pattern;
}

bool FieldPattern::matches(std::string_view message) const {
  const std::vector<std::string_view> words = words_of(message);
  const bool fits = ellipsis_ ? words.size() >= fields_.size() : words.size() == fields_.size();
  if (!fits) return false;
  const std::size_t passed_over = words.size() - fields_.size();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const std::size_t place = ellipsis_ && i >= *ellipsis_ ? i + passed_over : i;
    if (!fields_[i].holds(words[place])) return false;
  }
  return true;
}

}  // namespace pawl::logs
