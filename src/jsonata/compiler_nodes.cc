// Literals, names, operators and constructors.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "jsonata/compiler_parts.h"

namespace pawl::jsonata {

std::uint8_t Compiler::reach_of(const Node* node) {
  if (node == nullptr) return 0;
  if (node->op == Op::kNames) return 3;
  return node->op == Op::kField ? 2 : 1;
}

// Predicates and grouping of what is no path, then the node itself.
const Node* Compiler::compile(Syntax* syntax) {
  if (mistake_) return nullptr;
  const bool is_path = syntax->kind == SyntaxKind::kPath;
  const bool refined = !is_path && (!syntax->predicates.empty() || syntax->group != nullptr);
  if (!refined) return plain(syntax);
  const bool tail = std::exchange(tail_, false);
  Refined* node = make<Refined>(Op::kRefined, syntax);
  node->inner = plain(syntax);
  const auto predicates = room<Filter>(syntax->predicates.count);
  for (std::size_t i = 0; i < predicates.size(); ++i) {
    predicates[i] = filter(syntax->predicates[i].filter);
  }
  node->predicates = predicates;
  if (syntax->group != nullptr) node->group = grouping(*syntax->group);
  if (tuple_scope_ != nullptr && tuple_scope_->frame == frame_) node->tuples = tuple_layout_;
  node->reach = 2;
  tail_ = tail;
  return node;
}

const Node* Compiler::operand(Syntax* syntax) {
  const bool tail = std::exchange(tail_, false);
  const Node* node = compile(syntax);
  tail_ = tail;
  return node;
}

const Node* Compiler::plain(Syntax* syntax) {
  switch (syntax->kind) {
    case SyntaxKind::kString:
      return constant(syntax, Value::string(keep_literal(syntax->text)));
    case SyntaxKind::kNumber:
      return number(syntax);
    case SyntaxKind::kBoolean:
      return constant(syntax, Value::boolean(syntax->boolean));
    case SyntaxKind::kNull:
      return constant(syntax, Value::null());
    case SyntaxKind::kRegex:
      return regex(syntax);
    case SyntaxKind::kVariable:
      return reference(syntax);
    case SyntaxKind::kParent:
      return variable(syntax, label_name(*syntax->slot));
    case SyntaxKind::kName:
      return name(syntax);
    case SyntaxKind::kWildcard:
      check_top_level("*", syntax);
      return make<Node>(Op::kWildcard, syntax);
    case SyntaxKind::kDescendants:
      check_top_level("**", syntax);
      return make<Node>(Op::kDescendants, syntax);
    case SyntaxKind::kPath:
      return path(syntax);
    default:
      return compound(syntax);
  }
}

const Node* Compiler::compound(Syntax* syntax) {
  switch (syntax->kind) {
    case SyntaxKind::kBinary:
      return binary(syntax);
    case SyntaxKind::kNegate: {
      Unary* node = make<Unary>(Op::kNegate, syntax);
      node->operand = operand(syntax->left);
      node->reach = reach_of(node->operand);
      return node;
    }
    case SyntaxKind::kArray:
      return array(syntax);
    case SyntaxKind::kObject:
      return repeated_object(syntax);
    case SyntaxKind::kFunction:
      return call(syntax);
    case SyntaxKind::kPartial:
      return partial(syntax);
    case SyntaxKind::kLambda:
      return lambda(syntax);
    case SyntaxKind::kCondition:
      return condition(syntax);
    case SyntaxKind::kCoalesce:
      return fallback(Op::kCoalesce, syntax);
    case SyntaxKind::kDefault:
      return fallback(Op::kDefault, syntax);
    case SyntaxKind::kBlock:
      return block(syntax);
    case SyntaxKind::kTransform:
      return transform(syntax);
    case SyntaxKind::kBind:
      return bind(syntax);
    case SyntaxKind::kApply:
      return apply(syntax);
    default:
      ENSURE(false, static_cast<int>(syntax->kind));
      return nullptr;
  }
}

const Node* Compiler::constant(const Syntax* syntax, Value value) {
  Constant* node = make<Constant>(Op::kConstant, syntax);
  node->reach = 1;
  node->value = value;
  return node;
}

const Node* Compiler::number(const Syntax* syntax) {
  return constant(syntax, Value::number(syntax->number));
}

const Node* Compiler::regex(const Syntax* syntax) {
  auto compiled = Regex::compile(syntax->text, syntax->flags);
  if (!compiled.ok()) {
    Mistake mistake;
    mistake.message =
        "Invalid regular expression: /" + std::string(syntax->text) + "/: " + compiled.error();
    mistake.position = syntax->position;
    refuse(std::move(mistake));
    return nullptr;
  }
  RegexLiteral* node = make<RegexLiteral>(Op::kRegex, syntax);
  node->regex = &program_.regexes.emplace_front(std::move(compiled).value());
  return node;
}

// Step Functions knows no input document: at the top level there is nothing to refer to.
void Compiler::check_top_level(std::string_view name, const Syntax* syntax) {
  if (program_.dialect != Dialect::kStepFunctions || !top_level_) return;
  refuse_reference("Reference to '" + std::string(name) + "' at the top level is not supported.",
                   syntax);
}

const Node* Compiler::reference(const Syntax* syntax) {
  if (syntax->text.empty()) {
    check_top_level("$", syntax);
    Node* node = make<Node>(Op::kContext, syntax);
    node->reach = 1;
    return node;
  }
  if (syntax->text == "$" && program_.dialect == Dialect::kStepFunctions) {
    refuse_reference("Reference to '$$' is not supported.", syntax);
  }
  return variable(syntax, syntax->text);
}

// A name that is a step by itself, behind another step's parentheses for example.
Field* Compiler::name(const Syntax* syntax) {
  check_top_level(syntax->text, syntax);
  Field* node = make<Field>(Op::kName, syntax);
  node->name = keep(syntax->text);
  return node;
}

// `(a & b) & c` is one node: no text is made that is only a part of another one.
const Node* Compiler::concatenation(Syntax* syntax) {
  const auto is_inner = [](const Syntax* left) {
    return left->kind == SyntaxKind::kBinary && left->op == Operator::kConcatenate &&
           left->predicates.empty() && left->group == nullptr && !left->keep_array;
  };
  std::size_t count = 2;
  Syntax* first = syntax;
  for (; is_inner(first->left) && count < Concatenation::kOperandsMax; first = first->left) ++count;
  Concatenation* node = make<Concatenation>(Op::kConcatenate, syntax);
  const auto operands = room<const Node*>(count);
  const auto positions = room<std::uint32_t>(count - 1);
  std::array<Syntax*, Concatenation::kOperandsMax> parts{first->left};
  for (std::size_t i = count - 1; i > 0; --i, syntax = syntax->left) {
    parts[i] = syntax->right;
    positions[i - 1] = syntax->position;
  }
  for (std::size_t i = 0; i < count; ++i) {
    operands[i] = operand(parts[i]);
    // How deep it would be in nested nodes.
    const std::size_t nested = count - 1 - std::max<std::size_t>(i, 1);
    node->reach = std::max(node->reach, static_cast<std::uint8_t>(nested + reach_of(operands[i])));
  }
  node->operands = operands;
  node->positions = positions;
  return node;
}

const Node* Compiler::binary(Syntax* syntax) {
  if (syntax->op == Operator::kConcatenate) return concatenation(syntax);
  const auto op = [syntax] {
    switch (syntax->op) {
      case Operator::kEqual:
      case Operator::kNotEqual:
        return Op::kEquality;
      case Operator::kLess:
      case Operator::kLessEqual:
      case Operator::kGreater:
      case Operator::kGreaterEqual:
        return Op::kComparison;
      case Operator::kAnd:
        return Op::kAnd;
      case Operator::kOr:
        return Op::kOr;
      case Operator::kIn:
        return Op::kIn;
      case Operator::kRange:
        return Op::kRange;
      default:
        return Op::kArithmetic;
    }
  }();
  Binary* node = make<Binary>(op, syntax);
  node->operation = syntax->op;
  node->left = operand(syntax->left);
  node->right = operand(syntax->right);
  node->reach = std::max(reach_of(node->left), reach_of(node->right));
  return node;
}

std::span<const Node* const> Compiler::operands(const List<Syntax*>& items) {
  const auto nodes = room<const Node*>(items.count);
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] = operand(items[i]);
  return nodes;
}

const Node* Compiler::array(Syntax* syntax) {
  ArrayNode* node = make<ArrayNode>(Op::kArray, syntax);
  node->items = operands(syntax->items);
  node->constructed = syntax->is_constructor;
  for (const Node* item : node->items) node->reach = std::max(node->reach, reach_of(item));
  return node;
}

// The keys and values are evaluated for each item of the input.
const Node* Compiler::repeated_object(Syntax* syntax) {
  const bool once = std::exchange(once_, false);
  ObjectNode* node = object(syntax->items, syntax);
  once_ = once;
  return node;
}

// Whether all keys are literals that differ.
bool Compiler::has_plain_keys(const List<Syntax*>& items) {
  constexpr std::size_t kComparedMax = 24;
  std::set<std::string_view> many;
  for (std::uint32_t i = 0; i + 1 < items.count; i += 2) {
    const Syntax* key = items[i];
    if (key->kind != SyntaxKind::kString || !key->predicates.empty() || key->group != nullptr) {
      return false;
    }
    if (items.count > kComparedMax) {
      if (!many.insert(key->text).second) return false;
      continue;
    }
    for (std::uint32_t other = 0; other < i; other += 2) {
      if (items[other]->text == key->text) return false;
    }
  }
  return true;
}

ObjectNode* Compiler::object(const List<Syntax*>& items, const Syntax* syntax) {
  ObjectNode* node = make<ObjectNode>(Op::kObject, syntax);
  node->plain_keys = has_plain_keys(items);
  const auto pairs = room<Pair>(items.count / 2);
  for (std::uint32_t i = 0; i < pairs.size(); ++i) {
    pairs[i].key = operand(items[2 * i]);
    pairs[i].value = operand(items[2 * i + 1]);
    node->reach = std::max({node->reach, reach_of(pairs[i].key), reach_of(pairs[i].value)});
  }
  node->pairs = pairs;
  return node;
}

const ObjectNode* Compiler::grouping(const Grouping& group) {
  Syntax place;
  place.position = group.position;
  return repeated([&] { return object(group.pairs, &place); });
}

Filter Compiler::filter(Syntax* predicate) {
  Filter made;
  if (predicate->kind == SyntaxKind::kNumber && predicate->predicates.empty()) {
    made.is_index = true;
    made.index = std::floor(predicate->number);
    return made;
  }
  made.predicate = repeated([&] { return operand(predicate); });
  return made;
}

const Node* Compiler::condition(Syntax* syntax) {
  Condition* node = make<Condition>(Op::kCondition, syntax);
  node->condition = operand(syntax->left);
  node->then = compile(syntax->right);
  if (syntax->third != nullptr) node->otherwise = compile(syntax->third);
  node->reach = std::max(reach_of(node->condition), reach_of(node->then));
  return node;
}

const Node* Compiler::fallback(Op op, Syntax* syntax) {
  Binary* node = make<Binary>(op, syntax);
  node->left = operand(syntax->left);
  node->right = compile(syntax->right);
  node->reach = reach_of(node->left);
  return node;
}

}  // namespace pawl::jsonata
