// Conditions on JSON events: selector, operator, value; && and || with parentheses.
#include <cctype>
#include <utility>
#include <variant>

#include "json/number.h"
#include "services/logs/filter_pattern.h"
#include "services/logs/value_pattern.h"

namespace pawl::logs {

namespace {

constexpr int kDepthMax = 50;

// `$.a.b[0]['c d']`: names and indices.
using Selector = std::vector<std::variant<std::string, std::size_t>>;

const json::Node* select(const Selector& selector, const json::Node& event) {
  const json::Node* node = &event;
  for (const auto& step : selector) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      node = node->find(*name);
    } else {
      const std::size_t index = std::get<std::size_t>(step);
      node = node->is_array() && index < node->size() ? &node->at(index) : nullptr;
    }
    if (!node) return nullptr;
  }
  return node;
}

struct Comparison final : JsonCondition {
  Selector selector;
  Operator how = Operator::kEqual;
  ValuePattern pattern;
  std::optional<double> number;

  bool equals(const json::Node& value) const {
    if (value.is_number()) return number && json::to_double(value.number_text()) == *number;
    if (value.is_string()) return pattern.matches(value.string());
    if (value.is_boolean()) return pattern.matches(value.boolean() ? "true" : "false");
    return false;
  }
  bool holds(json::Node event) const override {
    const json::Node* value = select(selector, event);
    if (!value) return false;
    if (how == Operator::kEqual) return equals(*value);
    if (how == Operator::kNotEqual) return !equals(*value);
    return value->is_number() && number &&
           compare(json::to_double(value->number_text()), how, *number);
  }
};

struct StateTest final : JsonCondition {
  enum class Kind { kNull, kTrue, kFalse, kExists, kNotExists } kind = Kind::kNull;
  Selector selector;

  bool holds(json::Node event) const override {
    const json::Node* value = select(selector, event);
    switch (kind) {
      case Kind::kNull:
        return value && value->is_null();
      case Kind::kTrue:
        return value && value->is_boolean() && value->boolean();
      case Kind::kFalse:
        return value && value->is_boolean() && !value->boolean();
      case Kind::kExists:
        return value != nullptr;
      case Kind::kNotExists:
        return value == nullptr;
    }
    return false;
  }
};

using Condition = std::shared_ptr<const JsonCondition>;

struct Junction final : JsonCondition {
  enum class Kind { kAnd, kOr } kind = Kind::kAnd;
  std::vector<Condition> parts;

  bool holds(json::Node event) const override {
    for (const Condition& part : parts) {
      if (part->holds(event) == (kind == Kind::kOr)) return kind == Kind::kOr;
    }
    return kind == Kind::kAnd;
  }
};

// or := and ("||" and)*; and := part ("&&" part)*; part := "(" or ")" | selector test
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Result<Condition, std::string> parse() {
    Condition condition = TRY(junction(Junction::Kind::kOr, 0));
    skip_blanks();
    if (!rest_.empty()) return Err{"'" + std::string(rest_) + "' is not expected"};
    return condition;
  }

 private:
  Result<Condition, std::string> junction(Junction::Kind kind, int depth) {
    if (depth > kDepthMax) return Err{std::string("the pattern is nested too deeply")};
    auto all = std::make_shared<Junction>();
    all->kind = kind;
    const std::string_view word = kind == Junction::Kind::kOr ? "||" : "&&";
    do {
      all->parts.push_back(kind == Junction::Kind::kOr ? TRY(junction(Junction::Kind::kAnd, depth))
                                                       : TRY(part(depth)));
    } while (take(word));
    if (all->parts.size() == 1) return all->parts[0];
    return Condition(std::move(all));
  }

  Result<Condition, std::string> part(int depth) {
    if (take("(")) {
      Condition inner = TRY(junction(Junction::Kind::kOr, depth + 1));
      if (!take(")")) return Err{std::string("a parenthesis does not end")};
      return inner;
    }
    Selector selector = TRY(this->selector());
    if (take_word("IS")) return state_test(std::move(selector));
    if (take_word("NOT")) {
      if (!take_word("EXISTS")) return Err{std::string("EXISTS is expected")};
      return made(StateTest::Kind::kNotExists, std::move(selector));
    }
    if (take_word("EXISTS")) return made(StateTest::Kind::kExists, std::move(selector));
    return comparison(std::move(selector));
  }

  static Condition made(StateTest::Kind kind, Selector selector) {
    auto test = std::make_shared<StateTest>();
    test->kind = kind;
    test->selector = std::move(selector);
    return test;
  }

  Result<Condition, std::string> state_test(Selector selector) {
    if (take_word("NULL")) return made(StateTest::Kind::kNull, std::move(selector));
    if (take_word("TRUE")) return made(StateTest::Kind::kTrue, std::move(selector));
    if (take_word("FALSE")) return made(StateTest::Kind::kFalse, std::move(selector));
    return Err{std::string("NULL, TRUE or FALSE is expected")};
  }

  Result<Condition, std::string> comparison(Selector selector) {
    auto comparison = std::make_shared<Comparison>();
    comparison->selector = std::move(selector);
    skip_blanks();
    const auto how = take_operator(rest_);
    if (!how) return Err{std::string("an operator is expected")};
    comparison->how = *how;
    skip_blanks();
    const bool quoted = rest_.starts_with('"');
    comparison->pattern = TRY(take_value(rest_, " \t\r\n)&|"));
    if (!quoted) comparison->number = comparison->pattern.number();
    return Condition(std::move(comparison));
  }

  Result<Selector, std::string> selector() {
    Selector selector;
    if (!take("$")) return Err{std::string("a selector beginning with $ is expected")};
    for (;;) {
      if (rest_.starts_with('.')) {
        rest_.remove_prefix(1);
        const std::size_t end = std::min(rest_.find_first_of(" \t\r\n.[=!<>()&|"), rest_.size());
        if (end == 0) return Err{std::string("a member's name is expected")};
        selector.emplace_back(std::string(rest_.substr(0, end)));
        rest_.remove_prefix(end);
      } else if (rest_.starts_with('[')) {
        const std::size_t end = rest_.find(']');
        if (end == std::string_view::npos) return Err{std::string("a bracket does not end")};
        TRY(add_bracket(selector, rest_.substr(1, end - 1)));
        rest_.remove_prefix(end + 1);
      } else {
        return selector;
      }
    }
  }

  static Result<void, std::string> add_bracket(Selector& selector, std::string_view inside) {
    const bool quoted = inside.size() >= 2 && (inside.front() == '\'' || inside.front() == '"') &&
                        inside.back() == inside.front();
    if (quoted) {
      selector.emplace_back(std::string(inside.substr(1, inside.size() - 2)));
      return {};
    }
    const auto index = json::to_int64(inside);
    if (!index || *index < 0) return Err{std::string("an index is expected")};
    selector.emplace_back(static_cast<std::size_t>(*index));
    return {};
  }

  void skip_blanks() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front()))) {
      rest_.remove_prefix(1);
    }
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  // In any letter case, and not the beginning of a longer word.
  bool take_word(std::string_view word) {
    skip_blanks();
    if (rest_.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (std::toupper(static_cast<unsigned char>(rest_[i])) != word[i]) return false;
    }
    if (rest_.size() > word.size() &&
        std::isalnum(static_cast<unsigned char>(rest_[word.size()]))) {
      return false;
    }
    rest_.remove_prefix(word.size());
    return true;
  }

  std::string_view rest_;
};

}  // namespace

Result<std::shared_ptr<const JsonCondition>, std::string> parse_json_condition(
    std::string_view text) {
  return Parser(text).parse();
}

}  // namespace pawl::logs
