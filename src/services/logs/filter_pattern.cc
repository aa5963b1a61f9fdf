#include "services/logs/filter_pattern.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "json/value.h"

namespace pawl::logs {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// One term, quoted or not, from the beginning of `text`, which is moved behind it.
Result<std::string, std::string> take_term(std::string_view& text) {
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
    std::string term(text.substr(0, end));
    text.remove_prefix(end);
    return term;
  }
  std::string term;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return term;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    term.push_back(text[i]);
  }
  return Err{std::string("a quoted term does not end")};
}

bool contains(std::string_view message, const std::string& term) {
  return message.find(term) != std::string_view::npos;
}

Result<TermPattern, std::string> parse_terms(std::string_view text) {
  TermPattern pattern;
  while (!(text = trimmed(text, kBlanks)).empty()) {
    if (text.starts_with('%')) {
      pattern.expressions.push_back(TRY(take_regex(text)));
      continue;
    }
    std::vector<std::string>* place = &pattern.wanted;
    if (text.size() > 1 && (text.front() == '-' || text.front() == '?')) {
      place = text.front() == '-' ? &pattern.excluded : &pattern.optional;
      text.remove_prefix(1);
    }
    place->push_back(TRY(take_term(text)));
  }
  return pattern;
}

}  // namespace

bool TermPattern::matches(std::string_view message) const {
  const auto found = [message](const std::string& term) { return contains(message, term); };
  if (std::any_of(excluded.begin(), excluded.end(), found)) return false;
  const auto agrees = [message](const ValuePattern& one) { return one.matches(message); };
  if (!std::all_of(expressions.begin(), expressions.end(), agrees)) return false;
  if (!wanted.empty()) return std::all_of(wanted.begin(), wanted.end(), found);
  return optional.empty() || std::any_of(optional.begin(), optional.end(), found);
}

Result<FilterPattern, std::string> FilterPattern::parse(std::string_view text) {
  FilterPattern pattern;
  text = trimmed(text, kBlanks);
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return Err{std::string("a bracket does not end")};
    pattern.fields_ = TRY(FieldPattern::parse(text.substr(1, text.size() - 2)));
    return pattern;
  }
  if (!text.starts_with('{')) {
    pattern.terms_ = TRY(parse_terms(text));
    return pattern;
  }
  if (!text.ends_with('}')) return Err{std::string("a brace does not end")};
  pattern.condition_ = TRY(parse_json_condition(text.substr(1, text.size() - 2)));
  return pattern;
}

bool FilterPattern::matches(std::string_view message) const {
  if (fields_) return fields_->matches(message);
  if (!condition_) return terms_.matches(message);
  // A message that is no JSON cannot meet a condition on JSON.
  const std::size_t first = message.find_first_not_of(kBlanks);
  if (first == std::string_view::npos || (message[first] != '{' && message[first] != '[')) {
    return false;
  }
  const auto event = json::Value::parse(std::string(message));
  return event.ok() && condition_->holds(event->root());
}

}  // namespace pawl::logs
