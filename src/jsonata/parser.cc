#include "jsonata/parser.h"

#include <algorithm>
#include <array>
#include <optional>

#include "jsonata/signature.h"
#include "jsonata/tokenizer.h"

namespace pawl::jsonata {
namespace {

// How tightly a symbol binds to what stands before it. Symbols that are not listed end an
// expression.
struct Binding {
  std::string_view symbol;
  int power;
  Operator op;
};

constexpr Binding kBindings[] = {
    {".", 75, Operator::kDot},        {"[", 80, Operator::kFilter},
    {"{", 70, Operator::kGroup},      {"(", 80, Operator::kNone},
    {"@", 80, Operator::kFocus},      {"#", 80, Operator::kIndex},
    {"?", 20, Operator::kNone},       {"+", 50, Operator::kAdd},
    {"-", 50, Operator::kSubtract},   {"*", 60, Operator::kMultiply},
    {"/", 60, Operator::kDivide},     {"%", 60, Operator::kModulo},
    {"=", 40, Operator::kEqual},      {"<", 40, Operator::kLess},
    {">", 40, Operator::kGreater},    {"^", 40, Operator::kOrder},
    {":=", 10, Operator::kBind},      {"!=", 40, Operator::kNotEqual},
    {"<=", 40, Operator::kLessEqual}, {">=", 40, Operator::kGreaterEqual},
    {"~>", 40, Operator::kApply},     {"?:", 40, Operator::kNone},
    {"??", 40, Operator::kNone},      {"and", 30, Operator::kAnd},
    {"or", 25, Operator::kOr},        {"in", 40, Operator::kIn},
    {"&", 50, Operator::kConcatenate}};

// Symbols of the language that cannot stand between two operands.
constexpr std::string_view kOtherSymbols[] = {")", "]", "}", ",", ":", ";", "..", "|", "**"};

const Binding* binding_of(const Token& token) {
  if (token.kind != Token::Kind::kOperator) return nullptr;
  for (const Binding& binding : kBindings) {
    if (binding.symbol == token.text) return &binding;
  }
  return nullptr;
}

constexpr int kNegationPower = 70;

class Parser {
 public:
  Parser(std::string_view text, SyntaxArena& arena)
      : text_(text), arena_(arena), tokenizer_(text, arena) {}

  Result<Syntax*, Refusal> run() {
    TRY(advance(Tokenizer::Expect::kOperand));
    Syntax* const root = TRY(expression(0));
    if (token_.kind != Token::Kind::kEnd) return refuse("S0201");
    return root;
  }

 private:
  using Parsed = Result<Syntax*, Refusal>;

  Err<Mistake> refuse(std::string_view code, const Token& token) const {
    Mistake mistake;
    mistake.code = code;
    mistake.position = token.position;
    mistake.token = token_text(token);
    return Err{std::move(mistake)};
  }
  Err<Mistake> refuse(std::string_view code) const { return refuse(code, token_); }

  static std::string token_text(const Token& token) {
    switch (token.kind) {
      case Token::Kind::kEnd:
        return "\"(end)\"";
      case Token::Kind::kNumber:
      case Token::Kind::kBoolean:
      case Token::Kind::kNull:
        return std::string(token.text);
      case Token::Kind::kRegex:
        return "{}";
      default:
        return json_text(token.text);
    }
  }

  bool stands(std::string_view symbol) const {
    return token_.kind == Token::Kind::kOperator && token_.text == symbol;
  }

  Result<void, Refusal> advance(Tokenizer::Expect expect) {
    token_ = TRY(tokenizer_.next(expect));
    if (token_.kind == Token::Kind::kOperator && binding_of(token_) == nullptr &&
        std::find(std::begin(kOtherSymbols), std::end(kOtherSymbols), token_.text) ==
            std::end(kOtherSymbols)) {
      return refuse("S0204");
    }
    return {};
  }

  // Takes the symbol; `next` is what may follow it.
  Result<void, Refusal> take(std::string_view symbol,
                             Tokenizer::Expect next = Tokenizer::Expect::kOperand) {
    if (!stands(symbol)) {
      auto refused = refuse(token_.kind == Token::Kind::kEnd ? "S0203" : "S0202");
      refused.error.value = json_text(symbol);
      return refused;
    }
    return advance(next);
  }

  // Whether another item follows.
  Result<bool, Refusal> comma() {
    if (!stands(",")) return false;
    TRY(take(","));
    return true;
  }

  Parsed too_deep() const {
    Mistake mistake;
    mistake.message = "The expression is nested too deeply";
    mistake.position = token_.position;
    return Err{std::move(mistake)};
  }

  Syntax* make(SyntaxKind kind, const Token& token) {
    Syntax* node = arena_.make<Syntax>();
    node->kind = kind;
    node->position = token.position;
    node->text = token.text;
    return node;
  }

  // Keeps the depth of the tree known, because later passes walk it recursively.
  static void adopt(Syntax* parent, const Syntax* child) {
    parent->depth = std::max<std::uint16_t>(parent->depth, child->depth + 1);
  }

  Parsed expression(int power) {
    if (++depth_ > kSyntaxDepthMax) return too_deep();
    const Token first = token_;
    TRY(advance(opens_operand(first) ? Tokenizer::Expect::kOperand : Tokenizer::Expect::kOperator));
    Syntax* left = TRY(operand(first));
    for (;;) {
      const Binding* binding = binding_of(token_);
      if (binding == nullptr || binding->power <= power) break;
      const Token symbol = token_;
      TRY(advance(Tokenizer::Expect::kOperand));
      left = TRY(continuation(symbol, *binding, left));
      if (left->depth > kSyntaxDepthMax) return too_deep();
    }
    --depth_;
    return left;
  }

  // Whether an operand follows the token, so that `/` begins a pattern.
  static bool opens_operand(const Token& token) {
    return token.kind == Token::Kind::kOperator &&
           (token.text == "(" || token.text == "[" || token.text == "{" || token.text == "-" ||
            token.text == "|");
  }

  // What a token means where an operand is due.
  Parsed operand(const Token& token) {
    switch (token.kind) {
      case Token::Kind::kEnd: {
        Syntax* end = make(SyntaxKind::kEnd, token);
        end->position = static_cast<std::uint32_t>(text_.size());
        return end;
      }
      case Token::Kind::kName:
        return make(SyntaxKind::kName, token);
      case Token::Kind::kVariable:
        return make(SyntaxKind::kVariable, token);
      case Token::Kind::kString:
        return make(SyntaxKind::kString, token);
      case Token::Kind::kNull:
        return make(SyntaxKind::kNull, token);
      case Token::Kind::kNumber: {
        Syntax* node = make(SyntaxKind::kNumber, token);
        node->number = token.number;
        return node;
      }
      case Token::Kind::kBoolean: {
        Syntax* node = make(SyntaxKind::kBoolean, token);
        node->boolean = token.boolean;
        return node;
      }
      case Token::Kind::kRegex: {
        Syntax* node = make(SyntaxKind::kRegex, token);
        node->flags = token.flags;
        return node;
      }
      case Token::Kind::kOperator:
        break;
    }
    return symbol_operand(token);
  }

  Parsed symbol_operand(const Token& token) {
    const std::string_view symbol = token.text;
    if (symbol == "(") return block(token);
    if (symbol == "[") return array(token);
    if (symbol == "{") return object(token);
    if (symbol == "|") return transform(token);
    if (symbol == "-") {
      Syntax* node = make(SyntaxKind::kNegate, token);
      node->left = TRY(expression(kNegationPower));
      adopt(node, node->left);
      return node;
    }
    if (symbol == "*") return make(SyntaxKind::kWildcard, token);
    if (symbol == "**") return make(SyntaxKind::kDescendants, token);
    if (symbol == "%") return make(SyntaxKind::kParent, token);
    if (symbol == "and" || symbol == "or" || symbol == "in") {
      return make(SyntaxKind::kWord, token);
    }
    return refuse("S0211", token);
  }

  Parsed block(const Token& token) {
    Syntax* node = make(SyntaxKind::kBlock, token);
    while (!stands(")")) {
      Syntax* part = TRY(expression(0));
      adopt(node, part);
      node->items.push(arena_, part);
      if (!stands(";")) break;
      TRY(take(";"));
    }
    TRY(take(")", Tokenizer::Expect::kOperator));
    return node;
  }

  Parsed array(const Token& token) {
    Syntax* node = make(SyntaxKind::kArray, token);
    for (bool more = !stands("]"); more;) {
      Syntax* item = TRY(expression(0));
      if (stands("..")) {
        Syntax* range = make(SyntaxKind::kBinary, token_);
        range->op = Operator::kRange;
        TRY(take(".."));
        range->left = item;
        range->right = TRY(expression(0));
        adopt(range, range->left);
        adopt(range, range->right);
        item = range;
      }
      adopt(node, item);
      node->items.push(arena_, item);
      more = TRY(comma());
    }
    TRY(take("]", Tokenizer::Expect::kOperator));
    return node;
  }

  Result<void, Refusal> pairs(Syntax* node) {
    for (bool more = !stands("}"); more;) {
      Syntax* key = TRY(expression(0));
      TRY(take(":"));
      Syntax* value = TRY(expression(0));
      adopt(node, key);
      adopt(node, value);
      node->items.push(arena_, key);
      node->items.push(arena_, value);
      more = TRY(comma());
    }
    return take("}", Tokenizer::Expect::kOperator);
  }

  Parsed object(const Token& token) {
    Syntax* node = make(SyntaxKind::kObject, token);
    TRY(pairs(node));
    return node;
  }

  // |pattern|update| or |pattern|update,delete|
  Parsed transform(const Token& token) {
    Syntax* node = make(SyntaxKind::kTransform, token);
    node->left = TRY(expression(0));
    TRY(take("|"));
    node->right = TRY(expression(0));
    if (stands(",")) {
      TRY(take(","));
      node->third = TRY(expression(0));
      adopt(node, node->third);
    }
    adopt(node, node->left);
    adopt(node, node->right);
    TRY(take("|", Tokenizer::Expect::kOperator));
    return node;
  }

  // What a symbol means behind an operand.
  Parsed continuation(const Token& symbol, const Binding& binding, Syntax* left) {
    if (symbol.text == "(") return call(symbol, left);
    if (symbol.text == "?") return condition(symbol, left);
    if (symbol.text == "?:") return fallback(SyntaxKind::kDefault, symbol, left);
    if (symbol.text == "??") return fallback(SyntaxKind::kCoalesce, symbol, left);
    switch (binding.op) {
      case Operator::kFilter:
        return filter(symbol, left);
      case Operator::kGroup: {
        Syntax* node = binary(symbol, Operator::kGroup, left);
        TRY(pairs(node));
        return node;
      }
      case Operator::kOrder:
        return order(symbol, left);
      case Operator::kBind:
        return bind(symbol, left);
      case Operator::kFocus:
      case Operator::kIndex:
        return position_bind(symbol, binding, left);
      default: {
        Syntax* node = binary(symbol, binding.op, left);
        node->right = TRY(expression(binding.power));
        adopt(node, node->right);
        return node;
      }
    }
  }

  Syntax* binary(const Token& symbol, Operator op, Syntax* left) {
    Syntax* node = make(SyntaxKind::kBinary, symbol);
    node->op = op;
    node->left = left;
    adopt(node, left);
    return node;
  }

  Parsed condition(const Token& symbol, Syntax* left) {
    Syntax* node = make(SyntaxKind::kCondition, symbol);
    node->left = left;
    node->right = TRY(expression(0));
    if (stands(":")) {
      TRY(take(":"));
      node->third = TRY(expression(0));
      adopt(node, node->third);
    }
    adopt(node, left);
    adopt(node, node->right);
    return node;
  }

  Parsed fallback(SyntaxKind kind, const Token& symbol, Syntax* left) {
    Syntax* node = make(kind, symbol);
    node->left = left;
    node->right = TRY(expression(0));
    adopt(node, left);
    adopt(node, node->right);
    return node;
  }

  Parsed filter(const Token& symbol, Syntax* left) {
    if (stands("]")) {
      // `[]` marks the step that the filters before it belong to.
      Syntax* step = left;
      while (step->kind == SyntaxKind::kBinary && step->op == Operator::kFilter) step = step->left;
      step->keep_array = true;
      TRY(take("]", Tokenizer::Expect::kOperator));
      return left;
    }
    Syntax* node = binary(symbol, Operator::kFilter, left);
    node->right = TRY(expression(0));
    adopt(node, node->right);
    TRY(take("]", Tokenizer::Expect::kOperator));
    return node;
  }

  Parsed order(const Token& symbol, Syntax* left) {
    Syntax* node = binary(symbol, Operator::kOrder, left);
    TRY(take("("));
    for (;;) {
      SortTerm term;
      if (stands("<")) {
        TRY(take("<"));
      } else if (stands(">")) {
        term.descending = true;
        TRY(take(">"));
      }
      term.expression = TRY(expression(0));
      adopt(node, term.expression);
      node->terms.push(arena_, term);
      if (!TRY(comma())) break;
    }
    TRY(take(")", Tokenizer::Expect::kOperator));
    return node;
  }

  Err<Mistake> refuse_node(std::string_view code, const Syntax* node, std::string token) const {
    Mistake mistake;
    mistake.code = code;
    mistake.position = node->position;
    mistake.token = std::move(token);
    return Err{std::move(mistake)};
  }

  // What jsonata-js has as the node's value.
  static std::string value_text(const Syntax* node) {
    switch (node->kind) {
      case SyntaxKind::kNumber:
      case SyntaxKind::kBoolean:
      case SyntaxKind::kNull:
        return std::string(node->text);
      default:
        return json_text(node->text);
    }
  }

  Parsed bind(const Token& symbol, Syntax* left) {
    if (left->kind != SyntaxKind::kVariable) return refuse_node("S0212", left, value_text(left));
    Syntax* node = binary(symbol, Operator::kBind, left);
    node->right = TRY(expression(binding_of(symbol)->power - 1));
    adopt(node, node->right);
    return node;
  }

  Parsed position_bind(const Token& symbol, const Binding& binding, Syntax* left) {
    Syntax* node = binary(symbol, binding.op, left);
    node->right = TRY(expression(binding.power));
    if (node->right->kind != SyntaxKind::kVariable) {
      return refuse_node("S0214", node->right, json_text(symbol.text));
    }
    return node;
  }

  Parsed call(const Token& symbol, Syntax* left) {
    Syntax* node = make(SyntaxKind::kFunction, symbol);
    node->left = left;
    adopt(node, left);
    for (bool more = !stands(")"); more;) {
      if (stands("?")) {
        node->kind = SyntaxKind::kPartial;
        node->items.push(arena_, make(SyntaxKind::kPlaceholder, token_));
        TRY(take("?"));
      } else {
        Syntax* argument = TRY(expression(0));
        adopt(node, argument);
        node->items.push(arena_, argument);
      }
      more = TRY(comma());
    }
    TRY(take(")", Tokenizer::Expect::kOperator));
    if (left->kind == SyntaxKind::kName && (left->text == "function" || left->text == "λ")) {
      return lambda(node);
    }
    return node;
  }

  // `call` is `function(...)`: what follows is the body.
  Parsed lambda(Syntax* call) {
    for (std::uint32_t i = 0; i < call->items.count; ++i) {
      if (call->items[i]->kind == SyntaxKind::kVariable) continue;
      auto refused = refuse_node("S0208", call->items[i], value_text(call->items[i]));
      refused.error.value = std::to_string(i + 1);
      return refused;
    }
    call->kind = SyntaxKind::kLambda;
    if (stands("<")) TRY(signature(call));
    TRY(take("{"));
    call->left = TRY(expression(0));
    adopt(call, call->left);
    TRY(take("}", Tokenizer::Expect::kOperator));
    return call;
  }

  Result<void, Refusal> signature(Syntax* lambda) {
    const std::uint32_t position = token_.position;
    std::string signature = "<";
    for (int depth = 1; depth > 0 && !stands("{") && token_.kind != Token::Kind::kEnd;) {
      TRY(advance(Tokenizer::Expect::kOperand));
      if (stands(">")) --depth;
      if (stands("<")) ++depth;
      signature += token_.text;
    }
    TRY(take(">"));
    char* copy = arena_.make_array<char>(signature.size());
    std::copy(signature.begin(), signature.end(), copy);
    lambda->signature = {copy, signature.size()};
    auto checked = Signature::compile(lambda->signature);
    if (!checked.ok()) {
      Mistake mistake = std::move(checked).error();
      mistake.position = position + mistake.position.value_or(0);
      return Err{std::move(mistake)};
    }
    return {};
  }

  std::string_view text_;
  SyntaxArena& arena_;
  Tokenizer tokenizer_;
  Token token_;  // the next one
  int depth_ = 0;
};

}  // namespace

Result<Syntax*, Refusal> parse_syntax(std::string_view text, SyntaxArena& arena) {
  return Parser(text, arena).run();
}

}  // namespace pawl::jsonata
