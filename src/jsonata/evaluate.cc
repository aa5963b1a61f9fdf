// The dispatcher, and the nodes that only pass values on.
#include "jsonata/evaluation.h"
#include "jsonata/natives.h"
#include "jsonata/nodes.h"

namespace pawl::jsonata {
namespace {

Frame* frame_at(Evaluation& evaluation, std::uint16_t hops) {
  Frame* frame = evaluation.frame;
  for (; hops > 0; --hops) frame = frame->parent;
  return frame;
}

Value run_global(Evaluation& evaluation, const Global& node) {
  const Value bound = evaluation.globals[node.number].bound;
  if (bound.tag() != Tag::kUnbound) return bound;
  return node.native != nullptr ? native_value(evaluation, node) : Value::undefined();
}

Value run_variable(Evaluation& evaluation, const Variable& variable) {
  const Node* node = &variable;
  while (node != nullptr && node->op == Op::kVariable) {
    const auto& place = static_cast<const Variable&>(*node);
    const Value value = frame_at(evaluation, place.hops)->slots()[place.slot];
    if (value.tag() != Tag::kUnbound) return value;
    node = place.otherwise;
  }
  return node == nullptr ? Value::undefined()
                         : run_global(evaluation, static_cast<const Global&>(*node));
}

Value run_block(Evaluation& evaluation, const Block& node, Value input) {
  if (node.parts.size() == 1 && node.slots.count == 0 && !node.slots.own_frame) {
    return evaluate(evaluation, *node.parts[0], input);
  }
  Frame* const outer = evaluation.frame;
  if (node.slots.own_frame) {
    evaluation.frame = evaluation.make_frame(outer, node.slots.count, true);
  } else {
    Value* slots = outer->slots() + node.slots.first;
    for (std::uint16_t i = 0; i < node.slots.count; ++i) slots[i] = Value::of_tag(Tag::kUnbound);
  }
  Value result;
  for (const Node* part : node.parts) {
    result = evaluate(evaluation, *part, input);
    if (result.is_failed()) break;
  }
  evaluation.frame = outer;
  return result;
}

Value run_bind(Evaluation& evaluation, const Bind& node, Value input) {
  const Value value = evaluate(evaluation, *node.value, input);
  if (!value.is_failed()) frame_at(evaluation, node.hops)->slots()[node.slot] = value;
  return value;
}

Value run_condition(Evaluation& evaluation, const Condition& node, Value input) {
  Value condition = evaluate(evaluation, *node.condition, input);
  if (condition.is_failed()) return condition;
  if (!condition.is_boolean()) condition = VALUE(to_boolean(evaluation, condition));
  if (condition.truth()) return evaluate(evaluation, *node.then, input);
  if (node.otherwise == nullptr) return Value::undefined();
  return evaluate(evaluation, *node.otherwise, input);
}

// `a ?? b`, `a ?: b`.
Value run_fallback(Evaluation& evaluation, const Binary& node, Value input) {
  const Value left = VALUE(evaluate(evaluation, *node.left, input));
  const bool takes_left =
      node.op == Op::kCoalesce ? !left.is_undefined() : VALUE(to_boolean(evaluation, left)).truth();
  return takes_left ? left : evaluate(evaluation, *node.right, input);
}

const Function* make_regex(Evaluation& evaluation, const RegexLiteral& node) {
  Function* function = evaluation.make_function(Function::Kind::kRegex);
  function->regex = node.regex;
  function->regex_position = node.position;
  return function;
}

Value run_regex(Evaluation& evaluation, const RegexLiteral& node) {
  if (node.kept == RegexLiteral::kNotKept) return Value::of(make_regex(evaluation, node));
  const Function*& kept = evaluation.regexes[node.kept];
  if (kept == nullptr) kept = make_regex(evaluation, node);
  return Value::of(kept);
}

Value run_transform_value(Evaluation& evaluation, const Transform& node) {
  Function* function = evaluation.make_function(Function::Kind::kTransform);
  function->transform = &node;
  function->frame = evaluation.frame;
  return Value::of(function);
}

Value run_field(Evaluation& evaluation, const Field& field, Value input) {
  if (input.is_object()) {
    const Value* found = find_member(input, field.name, field.hint);
    if (found == nullptr) return Value::undefined();
    if (!found->is_array()) return *found;
  }
  Value found = lookup(evaluation, input, field.name, field.hint);
  // A sequence that was kept in an object is a new one here.
  if (found.is_array()) found.remove_flags(Value::kKeepSingleton);
  return found;
}

Value run_names(Evaluation& evaluation, const Names& node, Value input) {
  const Value bound = bound_value(evaluation, *node.variable);
  const Value* value = &bound;
  for (const MemberName& name : node.names) {
    if (!value->is_object()) return evaluate_raw(evaluation, *node.path, input);
    value = find_member(*value, name.name, name.hint);
    if (value == nullptr) return Value::undefined();
  }
  Value result = *value;
  // A sequence that was kept in an object is a new one here.
  if (result.is_array()) result.remove_flags(Value::kKeepSingleton);
  return result;
}

// What needs no other node, and no depth.
[[gnu::always_inline]] inline Value run_leaf(Evaluation& evaluation, const Node& node,
                                             Value input) {
  switch (node.op) {
    case Op::kConstant:
      return static_cast<const Constant&>(node).value;
    case Op::kField:
      return run_field(evaluation, static_cast<const Field&>(node), input);
    case Op::kNames:
      return run_names(evaluation, static_cast<const Names&>(node), input);
    case Op::kVariable:
      return run_variable(evaluation, static_cast<const Variable&>(node));
    case Op::kContext:
      return input.is_array() && (input.flags() & Value::kOuterWrapper) ? input.elements()[0]
                                                                        : input;
    case Op::kGlobal:
      return run_global(evaluation, static_cast<const Global&>(node));
    default: {
      const auto& name = static_cast<const Field&>(node);
      if (name.keep_array && input.is_array()) {
        return lookup_sequence(evaluation, input, name.name, name.hint);
      }
      return lookup(evaluation, input, name.name, name.hint);
    }
  }
}

// The dispatcher is a part of evaluate(), of which each nested evaluation is one more call.
[[gnu::always_inline]] inline Value run(Evaluation& evaluation, const Node& node, Value input) {
  switch (node.op) {
    case Op::kWildcard:
      return run_wildcard(evaluation, input);
    case Op::kDescendants:
      return run_descendants(evaluation, input);
    case Op::kPath:
      return run_path(evaluation, static_cast<const Path&>(node), input);
    case Op::kTuplePath:
      return run_tuple_path(evaluation, static_cast<const Path&>(node), input);
    case Op::kRefined:
      return run_refined(evaluation, static_cast<const Refined&>(node), input);
    case Op::kNegate:
      return run_negate(evaluation, static_cast<const Unary&>(node), input);
    case Op::kArithmetic:
      return run_arithmetic(evaluation, static_cast<const Binary&>(node), input);
    case Op::kEquality:
      return run_equality(evaluation, static_cast<const Binary&>(node), input);
    case Op::kComparison:
      return run_comparison(evaluation, static_cast<const Binary&>(node), input);
    case Op::kAnd:
    case Op::kOr:
      return run_logic(evaluation, static_cast<const Binary&>(node), input);
    case Op::kIn:
      return run_in(evaluation, static_cast<const Binary&>(node), input);
    case Op::kConcatenate:
      return run_concatenation(evaluation, static_cast<const Concatenation&>(node), input);
    case Op::kRange:
      return run_range(evaluation, static_cast<const Binary&>(node), input);
    case Op::kArray:
      return run_array(evaluation, static_cast<const ArrayNode&>(node), input);
    case Op::kObject:
      return run_object(evaluation, static_cast<const ObjectNode&>(node), input);
    case Op::kBlock:
      return run_block(evaluation, static_cast<const Block&>(node), input);
    case Op::kBind:
      return run_bind(evaluation, static_cast<const Bind&>(node), input);
    case Op::kCondition:
      return run_condition(evaluation, static_cast<const Condition&>(node), input);
    case Op::kCoalesce:
    case Op::kDefault:
      return run_fallback(evaluation, static_cast<const Binary&>(node), input);
    case Op::kCall:
      return run_call(evaluation, static_cast<const Call&>(node), input);
    case Op::kPartial:
      return run_partial(evaluation, static_cast<const Partial&>(node), input);
    case Op::kApply:
      return run_apply(evaluation, static_cast<const Apply&>(node), input);
    case Op::kLambda:
      return run_lambda(evaluation, static_cast<const Lambda&>(node), input);
    case Op::kTransform:
      return run_transform_value(evaluation, static_cast<const Transform&>(node));
    case Op::kRegex:
      return run_regex(evaluation, static_cast<const RegexLiteral&>(node));
    case Op::kConstant:
    case Op::kContext:
    case Op::kVariable:
    case Op::kGlobal:
    case Op::kField:
    case Op::kNames:
    case Op::kName:
      break;
  }
  ENSURE(false, static_cast<int>(node.op));
  return Value::undefined();
}

[[gnu::always_inline]] inline Value dispatch(Evaluation& evaluation, const Node& node,
                                             Value input) {
  if (node.op <= Op::kName) return run_leaf(evaluation, node, input);
  if (++evaluation.depth + node.reach > evaluation.depth_max) [[unlikely]] {
    return evaluation.too_deep();
  }
  const Value result = run(evaluation, node, input);
  --evaluation.depth;
  return result;
}

}  // namespace

Value evaluate_raw(Evaluation& evaluation, const Node& node, Value input) {
  return dispatch(evaluation, node, input);
}

Value evaluate(Evaluation& evaluation, const Node& node, Value input) {
  Value result = dispatch(evaluation, node, input);
  if (result.tag() == Tag::kArray && result.has(Value::kSequence)) {
    if (node.keep_array) result.add_flags(Value::kKeepSingleton);
    return unwrap(result);
  }
  return result;
}

}  // namespace pawl::jsonata
