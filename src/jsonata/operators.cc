// Arithmetic, comparison, logic, `&`, `in` and `..` (JSONata, "Numeric", "Comparison" and "Other
// Operators").
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string_view>

#include "jsonata/nodes.h"
#include "jsonata/number_text.h"
#include "jsonata/stringify.h"
#include "jsonata/text_functions.h"

namespace pawl::jsonata {
namespace {

constexpr double kRangeSizeMax = 1e7;

std::string_view symbol_of(Operator operation) {
  switch (operation) {
    case Operator::kAdd:
      return "+";
    case Operator::kSubtract:
      return "-";
    case Operator::kMultiply:
      return "*";
    case Operator::kDivide:
      return "/";
    case Operator::kModulo:
      return "%";
    case Operator::kEqual:
      return "=";
    case Operator::kNotEqual:
      return "!=";
    case Operator::kLess:
      return "<";
    case Operator::kLessEqual:
      return "<=";
    case Operator::kGreater:
      return ">";
    case Operator::kGreaterEqual:
      return ">=";
    case Operator::kAnd:
      return "and";
    case Operator::kOr:
      return "or";
    case Operator::kIn:
      return "in";
    case Operator::kRange:
      return "..";
    default:
      return "";
  }
}

// A failure of the operator itself is reported at the operator.
Value at_operator(Evaluation& evaluation, const Binary& node) {
  evaluation.mistake.position = node.position;
  evaluation.mistake.token = json_text(symbol_of(node.operation));
  return Value::failed();
}

Value refuse(Evaluation& evaluation, const Binary& node, std::string_view code,
             const Value& value) {
  evaluation.fail(code, value);
  return at_operator(evaluation, node);
}

double compute(Operator operation, double left, double right) {
  switch (operation) {
    case Operator::kAdd:
      return left + right;
    case Operator::kSubtract:
      return left - right;
    case Operator::kMultiply:
      return left * right;
    case Operator::kDivide:
      return left / right;
    default:
      return std::fmod(left, right);
  }
}

// NaN is no number here, as in jsonata-js.
Value odd_operands(Evaluation& evaluation, const Binary& node, const Value& left,
                   const Value& right) {
  double real = 0.0;
  for (const auto& [value, code] : {std::pair{left, "T2001"}, std::pair{right, "T2002"}}) {
    if (value.is_undefined()) continue;
    switch (numeric(evaluation, value, real)) {
      case Numeric::kYes:
        break;
      case Numeric::kNo:
        return refuse(evaluation, node, code, value);
      case Numeric::kFailed:
        return at_operator(evaluation, node);
    }
  }
  return Value::undefined();
}

bool is_same_text(const Value& left, const Value& right) {
  return left.size() == right.size() &&
         same_text(left.characters(), right.characters(), left.size());
}

}  // namespace

Value run_negate(Evaluation& evaluation, const Unary& node, Value input) {
  const Value value = VALUE(evaluate(evaluation, *node.operand, input));
  if (value.is_undefined()) return value;
  double real = 0.0;
  switch (numeric(evaluation, value, real)) {
    case Numeric::kYes:
      return Value::number(-real);
    case Numeric::kFailed:
      return Value::failed();
    case Numeric::kNo:
      break;
  }
  evaluation.fail("D1002", value);
  evaluation.mistake.position = node.position;
  evaluation.mistake.token = "\"-\"";
  return Value::failed();
}

Value run_arithmetic(Evaluation& evaluation, const Binary& node, Value input) {
  const Value left = operand_value(evaluation, *node.left, input);
  if (left.is_failed()) return left;
  const Value right = operand_value(evaluation, *node.right, input);
  if (right.is_failed()) return right;
  if (left.is_number() && right.is_number()) [[likely]] {
    const double first = left.to_real();
    const double second = right.to_real();
    if (std::isfinite(first) && std::isfinite(second)) [[likely]] {
      return Value::number(compute(node.operation, first, second));
    }
  }
  return odd_operands(evaluation, node, left, right);
}

Value run_equality(Evaluation& evaluation, const Binary& node, Value input) {
  const Value left = operand_value(evaluation, *node.left, input);
  if (left.is_failed()) return left;
  const Value right = operand_value(evaluation, *node.right, input);
  if (right.is_failed()) return right;
  if (left.is_undefined() || right.is_undefined()) return Value::boolean(false);
  const bool equal = left.is_string() && right.is_string()   ? is_same_text(left, right)
                     : left.is_number() && right.is_number() ? left.to_real() == right.to_real()
                                                             : deep_equal(left, right);
  return Value::boolean(equal == (node.operation == Operator::kEqual));
}

namespace {

Value order(Operator operation, int order) {
  switch (operation) {
    case Operator::kLess:
      return Value::boolean(order < 0);
    case Operator::kLessEqual:
      return Value::boolean(order <= 0);
    case Operator::kGreater:
      return Value::boolean(order > 0);
    default:
      return Value::boolean(order >= 0);
  }
}

// Not by order(): NaN is neither less nor greater.
Value order_numbers(Operator operation, double left, double right) {
  switch (operation) {
    case Operator::kLess:
      return Value::boolean(left < right);
    case Operator::kLessEqual:
      return Value::boolean(left <= right);
    case Operator::kGreater:
      return Value::boolean(left > right);
    default:
      return Value::boolean(left >= right);
  }
}

}  // namespace

Value run_comparison(Evaluation& evaluation, const Binary& node, Value input) {
  const Value left = operand_value(evaluation, *node.left, input);
  if (left.is_failed()) return left;
  const Value right = operand_value(evaluation, *node.right, input);
  if (right.is_failed()) return right;
  if (left.is_number() && right.is_number()) [[likely]] {
    return order_numbers(node.operation, left.to_real(), right.to_real());
  }
  if (left.is_string() && right.is_string()) {
    return order(node.operation, compare_utf16(left.text(), right.text()));
  }
  const auto is_comparable = [](const Value& value) {
    return value.is_undefined() || value.is_string() || value.is_number();
  };
  if (!is_comparable(left) || !is_comparable(right)) {
    const bool left_is_wrong = !left.is_string() && !left.is_number();
    return refuse(evaluation, node, "T2010", left_is_wrong ? left : right);
  }
  if (left.is_undefined() || right.is_undefined()) return Value::undefined();
  refuse(evaluation, node, "T2009", left);
  evaluation.mistake.value2 = shown_text(right, 10'000);
  return Value::failed();
}

Value run_logic(Evaluation& evaluation, const Binary& node, Value input) {
  const Value left = evaluate(evaluation, *node.left, input);
  if (left.is_failed()) return left;
  const Value left_truth = left.is_boolean() ? left : to_boolean(evaluation, left);
  if (left_truth.is_failed()) return at_operator(evaluation, node);
  if (left_truth.truth() == (node.op == Op::kOr)) return left_truth;
  const Value right = evaluate(evaluation, *node.right, input);
  if (right.is_boolean()) return right;
  if (right.is_failed()) return at_operator(evaluation, node);
  const Value right_truth = to_boolean(evaluation, right);
  return right_truth.is_failed() ? at_operator(evaluation, node) : right_truth;
}

Value run_in(Evaluation& evaluation, const Binary& node, Value input) {
  const Value left = VALUE(evaluate(evaluation, *node.left, input));
  const Value right = VALUE(evaluate(evaluation, *node.right, input));
  if (left.is_undefined() || right.is_undefined()) return Value::boolean(false);
  // Containers are in an array only as themselves.
  const auto same = [&left](const Value& item) {
    if (left.is_array() || left.is_object()) {
      return left.tag() == item.tag() && left.elements() == item.elements() &&
             left.size() == item.size();
    }
    return deep_equal(left, item);
  };
  if (!right.is_array()) return Value::boolean(same(right));
  for (const Value& item : right) {
    if (same(item)) return Value::boolean(true);
  }
  return Value::boolean(false);
}

namespace {

// In the arena from the first: what was just written is not quickly copied.
Value written_number(Evaluation& evaluation, double real) {
  void* const place = evaluation.arena.allocate(sizeof(NumberText));
  return Value::string((new (place) NumberText(rounded_number_text(real)))->view());
}

// What the operand is as text. False: D3001 or D1001.
bool to_text(Evaluation& evaluation, Value& value) {
  switch (value.tag()) {
    case Tag::kString:
      return true;
    case Tag::kUndefined:
    case Tag::kFunction:
      value = Value::string("");
      return true;
    case Tag::kReal:
    case Tag::kNumberText:
      if (is_integer_text(value)) {
        value = Value::string(value.text());
        return true;
      }
      if (!std::isfinite(value.to_real())) return evaluation.fail("D3001", value), false;
      value = written_number(evaluation, value.to_real());
      return true;
    default: {
      std::string text;
      if (!append_string(evaluation, value, Layout::kCompact, text)) return false;
      value = evaluation.string(text);
      return !value.is_failed();
    }
  }
}

Value joined(Evaluation& evaluation, std::span<const Value> texts) {
  std::size_t size = 0;
  for (const Value& text : texts) size += text.size();
  if (!evaluation.has_room(size)) return Value::failed();
  auto* const characters = static_cast<char*>(evaluation.arena.allocate(size));
  char* end = characters;
  for (const Value& text : texts) {
    if (text.size() > 0) std::memcpy(end, text.characters(), text.size());
    end += text.size();
  }
  return Value::string({characters, size});
}

}  // namespace

// As if each operator ran for itself: operands fail in the order, and count as nested as deep, as
// in jsonata-js.
Value run_concatenation(Evaluation& evaluation, const Concatenation& node, Value input) {
  std::array<Value, Concatenation::kOperandsMax> texts;
  const std::size_t count = node.operands.size();
  const int depth = evaluation.depth;
  const auto take = [&](std::size_t operand, std::uint32_t position) {
    if (to_text(evaluation, texts[operand])) return true;
    evaluation.mistake.position = position;
    evaluation.mistake.token = "\"&\"";
    return false;
  };
  for (std::size_t i = 0; i < count; ++i) {
    evaluation.depth = depth + static_cast<int>(count - 1 - std::max<std::size_t>(i, 1));
    texts[i] = VALUE(operand_value(evaluation, *node.operands[i], input));
    evaluation.depth = depth;
    if (i == 0) continue;
    if (i == 1 && !take(0, node.positions[0])) return Value::failed();
    if (!take(i, node.positions[i - 1])) return Value::failed();
  }
  return joined(evaluation, std::span(texts).first(count));
}

Value run_range(Evaluation& evaluation, const Binary& node, Value input) {
  const Value left = VALUE(evaluate(evaluation, *node.left, input));
  const Value right = VALUE(evaluate(evaluation, *node.right, input));
  const auto is_integer = [](const Value& value) {
    if (!value.is_number()) return false;
    const double real = value.to_real();
    return std::isfinite(real) && std::floor(real) == real;
  };
  if (!left.is_undefined() && !is_integer(left)) return refuse(evaluation, node, "T2003", left);
  if (!right.is_undefined() && !is_integer(right)) return refuse(evaluation, node, "T2004", right);
  if (left.is_undefined() || right.is_undefined()) return Value::undefined();
  const double first = left.to_real();
  const double last = right.to_real();
  if (first > last) return Value::undefined();
  const double size = last - first + 1;
  if (size > kRangeSizeMax) return refuse(evaluation, node, "D2014", Value::number(size));
  const auto count = static_cast<std::size_t>(size);
  if (!evaluation.has_room(count * sizeof(Value))) return Value::failed();
  auto* items = static_cast<Value*>(evaluation.arena.allocate(count * sizeof(Value)));
  for (std::size_t i = 0; i < count; ++i) {
    items[i] = Value::number(first + static_cast<double>(i));
  }
  return Value::array(items, count, Value::kSequence | Value::kBuilt);
}

}  // namespace pawl::jsonata
