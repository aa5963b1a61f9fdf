// Whether a filter takes an item: Jayway 2.0.0's Criteria, with its loose comparisons.
#include <algorithm>
#include <new>
#include <optional>

#include "json/number.h"
#include "jsonpath/evaluation.h"

namespace pawl::jsonpath {
namespace {

// What one side of a comparison came to: something in the document, or the literal.
struct Value {
  const json::Node* node = nullptr;
  const Operand* literal = nullptr;
  // Two values with one identity are the same Java object. Null: equal to no other object.
  const void* identity = nullptr;

  bool is_null() const { return node != nullptr && node->is_null(); }
  bool is_pattern() const { return literal != nullptr && literal->kind == Operand::Kind::kPattern; }
  std::optional<std::string_view> string() const {
    if (node != nullptr) return node->is_string() ? std::optional(node->string()) : std::nullopt;
    return literal->kind == Operand::Kind::kText ? std::optional<std::string_view>(literal->text)
                                                 : std::nullopt;
  }
  bool is_boolean() const { return node != nullptr && node->is_boolean(); }
};

struct Evaluated {
  Outcome outcome = Outcome::kDone;
  Value value;
};

enum class Order { kLess, kEqual, kGreater, kIncomparable, kFailed };

class Judge {
 public:
  Judge(Model item, Evaluation& evaluation) : item_(item), evaluation_(evaluation) {}

  Outcome judge(const Filter& filter) {
    for (const auto& criteria : filter.alternatives) {
      Outcome outcome = Outcome::kDone;
      for (auto it = criteria.begin(); it != criteria.end() && outcome == Outcome::kDone; ++it) {
        outcome = judge(*it);
      }
      if (outcome != Outcome::kNotFound) return outcome;
    }
    return Outcome::kNotFound;
  }

 private:
  static Outcome yes_or_no(bool yes) { return yes ? Outcome::kDone : Outcome::kNotFound; }

  Outcome judge(const Criterion& criterion) {
    if (criterion.op == Operator::kExists || criterion.op == Operator::kIsAbsent) {
      const Outcome found = exists(*criterion.left.path);
      if (found == Outcome::kFailed) return found;
      return yes_or_no((found == Outcome::kDone) == (criterion.op == Operator::kExists));
    }
    const Evaluated left = evaluate(criterion.left);
    if (left.outcome != Outcome::kDone) return left.outcome;
    const Evaluated right = evaluate(criterion.right);
    if (right.outcome != Outcome::kDone) return right.outcome;
    if (criterion.op == Operator::kMatches) return matches(left.value, right.value);
    return compare(criterion.op, left.value, right.value);
  }

  // Is there something, and is it not null? Of several names all must be there. Even a path that
  // begins with `$` starts at the item here.
  Outcome exists(const CompiledPath& path) {
    const Located located = find(path, item_);
    if (located.outcome != Outcome::kDone) return located.outcome;
    const Step& last = path.steps.back();
    if (last.kind == Step::Kind::kProperties && located.node->size() != last.distinct.size()) {
      return Outcome::kNotFound;
    }
    return yes_or_no(!located.node->is_null());
  }

  Evaluated evaluate(const Operand& operand) {
    if (operand.kind != Operand::Kind::kPath) return {Outcome::kDone, {nullptr, &operand, nullptr}};
    const CompiledPath& path = *operand.path;
    // The node provider copies what a path finds; what a `$` path found is kept and found again.
    const bool copies = evaluation_.provider == Provider::kNode;
    if (!path.from_document) {
      const Located located = find(path, item_);
      return {located.outcome, {located.node, nullptr, copies ? nullptr : located.node}};
    }
    const json::Node*& known = evaluation_.document_values[operand.document_path];
    if (known == nullptr) {
      const Located located = find(path, evaluation_.root_model());
      if (located.outcome != Outcome::kDone) return {located.outcome, {}};
      known = located.node;
    }
    const void* identity = known;
    if (copies) identity = &known;
    return {Outcome::kDone, {known, nullptr, identity}};
  }

  Located find(const CompiledPath& path, Model start) {
    if (!evaluation_.spend()) return {};
    const Located located =
        locate(path.steps, *start.node, evaluation_.provider, evaluation_.hints);
    if (located.outcome != Outcome::kFailed) return located;
    std::vector<json::Node> results;
    ++evaluation_.swallowing;
    const Outcome outcome = run_path(path, start, evaluation_, results);
    --evaluation_.swallowing;
    if (outcome != Outcome::kDone) return {outcome, nullptr};
    void* place = evaluation_.arena.allocate(sizeof(json::Node));
    return {Outcome::kDone, new (place) json::Node(results.front())};
  }

  Outcome compare(Operator op, const Value& model, const Value& expected) {
    const bool ordering = op != Operator::kEq && op != Operator::kNe;
    if (ordering && expected.is_null() != model.is_null()) return Outcome::kNotFound;
    const Order order = order_of(expected, model);
    if (order == Order::kFailed) return Outcome::kFailed;
    if (order == Order::kIncomparable) return Outcome::kNotFound;
    switch (op) {
      case Operator::kEq:
        return yes_or_no(order == Order::kEqual);
      case Operator::kNe:
        return yes_or_no(order != Order::kEqual);
      case Operator::kGt:
        return yes_or_no(order == Order::kLess);
      case Operator::kGe:
        return yes_or_no(order != Order::kGreater);
      case Operator::kLt:
        return yes_or_no(order == Order::kGreater);
      case Operator::kLe:
        return yes_or_no(order != Order::kLess);
      case Operator::kExists:
      case Operator::kIsAbsent:
      case Operator::kMatches:
        break;
    }
    return Outcome::kNotFound;
  }

  // How `expected` stands to `model`.
  Order order_of(const Value& expected, const Value& model) {
    if (expected.identity != nullptr && expected.identity == model.identity) return Order::kEqual;
    const std::optional<std::string_view> text = expected.string();
    const std::optional<std::string_view> model_text = model.string();
    // The text "null" is null.
    const bool null = expected.is_null() || text == "null";
    const bool model_null = model.is_null() || model_text == "null";
    if (null || model_null) {
      return null == model_null ? Order::kEqual : null ? Order::kLess : Order::kGreater;
    }
    if (text && model_text) return order_of_texts(expected, *model_text);
    if (is_number(model) && (text || is_number(expected))) {
      return order_of_numbers(expected, text, *model.node);
    }
    if (model.is_boolean() && (text || expected.is_boolean())) {
      const bool value = text ? is_true(*text) : expected.node->boolean();
      return order(value <=> model.node->boolean());
    }
    return Order::kIncomparable;
  }

  static Order order(std::strong_ordering ordering) {
    return ordering < 0 ? Order::kLess : ordering > 0 ? Order::kGreater : Order::kEqual;
  }

  static Order order_of_texts(const Value& expected, std::string_view model) {
    const auto order_to_model = [model](std::string_view text) {
      return text == model ? Order::kEqual : order(java::compare(text, model) <=> 0);
    };
    if (expected.literal != nullptr) return order_to_model(expected.literal->unescaped);
    const std::string_view text = expected.node->string();
    if (text.find('\'') == std::string_view::npos) return order_to_model(text);
    return order_to_model(unescape_quotes(text));
  }

  // The node provider keeps integers beyond 64 bits as its own nodes, which compare with nothing.
  bool is_number(const Value& value) const {
    if (value.node == nullptr || !value.node->is_number()) return false;
    const std::string_view text = value.node->number_text();
    return evaluation_.provider == Provider::kMap || text.size() < 18 ||
           !json::is_integral_text(text) || json::to_int64(text).has_value();
  }

  Order order_of_numbers(const Value& expected, std::optional<std::string_view> text,
                         const json::Node& model) {
    if (expected.literal != nullptr) {
      const Result<Decimal, NumberFormatError>& number = *expected.literal->number;
      return number.ok() ? order_to_number(*number, model) : not_a_number(number.error());
    }
    const auto number = text ? parse_decimal(*text) : decimal_of_json(expected.node->number_text());
    return number.ok() ? order_to_number(*number, model) : not_a_number(number.error());
  }

  Order order_to_number(const Decimal& expected, const json::Node& model) {
    if (const auto known = compare_short(expected, model.number_text())) return order(*known);
    const auto number = decimal_of_json(model.number_text());
    if (!number.ok()) return not_a_number(number.error());
    return order(pawl::jsonpath::compare(expected, *number));
  }

  Order not_a_number(const NumberFormatError& error) {
    evaluation_.other("NumberFormatException", error.message);
    return Order::kFailed;
  }

  static bool is_true(std::string_view text) {
    constexpr std::string_view kTrue = "true";
    return std::equal(text.begin(), text.end(), kTrue.begin(), kTrue.end(), [](char a, char b) {
      return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
    });
  }

  Outcome matches(const Value& model, const Value& expected) {
    const Value& pattern = model.is_pattern() ? model : expected;
    const Value& target = model.is_pattern() ? expected : model;
    if (!pattern.is_pattern() && !pattern.is_null()) return no_pattern(pattern);
    if (target.is_null()) return Outcome::kNotFound;
    if (pattern.is_null()) {
      return evaluation_.other(
          "NullPointerException",
          "Cannot invoke \"java.util.regex.Pattern.matcher(java.lang.CharSequence)\" because "
          "\"pattern\" is null");
    }
    switch (pattern.literal->pattern->match(text_of(target))) {
      case Pattern::Outcome::kMatches:
        return Outcome::kDone;
      case Pattern::Outcome::kDiffers:
        return Outcome::kNotFound;
      case Pattern::Outcome::kTooMuchWork:
        break;
    }
    return evaluation_.other("StackOverflowError",
                             "Matching the regular expression takes too many steps");
  }

  std::string text_of(const Value& value) const {
    if (value.node == nullptr) return value.literal->text;
    return java::text_of(*value.node, evaluation_.notation());
  }

  Outcome no_pattern(const Value& value) {
    const std::string name = class_of(value);
    const bool foreign = name.starts_with("com.");
    const std::string pattern = "java.util.regex.Pattern";
    return evaluation_.other(
        "ClassCastException",
        "class " + name + " cannot be cast to class " + pattern + " (" + name +
            (foreign ? " is in unnamed module of loader 'app'; " + pattern + " is"
                     : " and " + pattern + " are") +
            " in module java.base of loader 'bootstrap')");
  }

  std::string class_of(const Value& value) const {
    if (value.node == nullptr || value.node->is_string()) return "java.lang.String";
    const std::string nodes = "com.fasterxml.jackson.databind.node.";
    const bool map = evaluation_.provider == Provider::kMap;
    switch (value.node->kind()) {
      case json::Kind::kBoolean:
        return "java.lang.Boolean";
      case json::Kind::kArray:
        return map ? "java.util.ArrayList" : nodes + "ArrayNode";
      case json::Kind::kObject:
        return map ? "java.util.LinkedHashMap" : nodes + "ObjectNode";
      case json::Kind::kNull:
      case json::Kind::kString:
      case json::Kind::kNumber:
        break;
    }
    const std::string_view text = value.node->number_text();
    if (!json::is_integral_text(text)) return "java.lang.Double";
    const std::optional<std::int64_t> integer = json::to_int64(text);
    if (!integer) return map ? "java.math.BigInteger" : nodes + "BigIntegerNode";
    const bool small = *integer == static_cast<std::int32_t>(*integer);
    return small ? "java.lang.Integer" : "java.lang.Long";
  }

  Model item_;
  Evaluation& evaluation_;
};

}  // namespace

Outcome accepts(const Filter& filter, Model item, Evaluation& evaluation) {
  return Judge(item, evaluation).judge(filter);
}

}  // namespace pawl::jsonpath
