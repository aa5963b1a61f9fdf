#include "jsonata/parser.h"

#include <algorithm>
#include <array>

#include "jsonata/number_text.h"
#include "jsonata/signature.h"
#include "jsonata/tokenizer.h"

namespace pawl::jsonata {
namespace {

// How tightly a symbol binds to what stands before it; 0: it ends an expression.
struct Binding {
  int power = 0;
  Operator op = Operator::kNone;
};

constexpr std::array<Binding, kSymbolCount> kBindings = [] {
  std::array<Binding, kSymbolCount> table{};
  const auto set = [&table](Symbol symbol, int power, Operator op) {
    table[static_cast<std::size_t>(symbol)] = {power, op};
  };
  set(Symbol::kDot, 75, Operator::kDot);
  set(Symbol::kOpenBracket, 80, Operator::kFilter);
  set(Symbol::kOpenBrace, 70, Operator::kGroup);
  set(Symbol::kOpenParenthesis, 80, Operator::kNone);
  set(Symbol::kAt, 80, Operator::kFocus);
  set(Symbol::kHash, 80, Operator::kIndex);
  set(Symbol::kQuestion, 20, Operator::kNone);
  set(Symbol::kPlus, 50, Operator::kAdd);
  set(Symbol::kMinus, 50, Operator::kSubtract);
  set(Symbol::kStar, 60, Operator::kMultiply);
  set(Symbol::kSlash, 60, Operator::kDivide);
  set(Symbol::kPercent, 60, Operator::kModulo);
  set(Symbol::kEqual, 40, Operator::kEqual);
  set(Symbol::kLess, 40, Operator::kLess);
  set(Symbol::kGreater, 40, Operator::kGreater);
  set(Symbol::kCaret, 40, Operator::kOrder);
  set(Symbol::kBind, 10, Operator::kBind);
  set(Symbol::kNotEqual, 40, Operator::kNotEqual);
  set(Symbol::kLessEqual, 40, Operator::kLessEqual);
  set(Symbol::kGreaterEqual, 40, Operator::kGreaterEqual);
  set(Symbol::kChain, 40, Operator::kApply);
  set(Symbol::kDefault, 40, Operator::kNone);
  set(Symbol::kCoalesce, 40, Operator::kNone);
  set(Symbol::kAnd, 30, Operator::kAnd);
  set(Symbol::kOr, 25, Operator::kOr);
  set(Symbol::kIn, 40, Operator::kIn);
  set(Symbol::kAmpersand, 50, Operator::kConcatenate);
  return table;
}();

const Binding& binding_of(Symbol symbol) { return kBindings[static_cast<std::size_t>(symbol)]; }

// Characters that are symbols only together with another one.
bool is_unknown(Symbol symbol) {
  return symbol == Symbol::kExclamation || symbol == Symbol::kTilde;
}

constexpr int kNegationPower = 70;

class Parser {
 public:
  Parser(std::string_view text, SyntaxArena& arena)
      : text_(text), arena_(arena), tokenizer_(text, arena) {}

  Result<SyntaxTree, Refusal> run() {
    TRY(advance(Tokenizer::Expect::kOperand));
    tree_.root = TRY(expression(0));
    if (token_.kind != Token::Kind::kEnd) return refuse("S0201");
    return tree_;
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
        return std::string(number_text(token.number).view());
      case Token::Kind::kBoolean:
      case Token::Kind::kNull:
        return std::string(token.text);
      case Token::Kind::kRegex:
        return "{}";
      default:
        return json_text(token.text);
    }
  }

  bool stands(Symbol symbol) const { return token_.symbol == symbol; }

  Result<void, Refusal> advance(Tokenizer::Expect expect) {
    TRY(tokenizer_.next(expect));
    if (is_unknown(token_.symbol)) return refuse("S0204");
    return {};
  }

  // Takes the symbol, which is spelled so. By `next`, `/` divides behind it or opens a pattern;
  // which one is jsonata-js's choice, also where nothing but a division makes sense: `a[] / 2`.
  Result<void, Refusal> take(Symbol symbol, std::string_view spelled,
                             Tokenizer::Expect next = Tokenizer::Expect::kOperand) {
    if (stands(symbol)) return advance(next);
    auto refused = refuse(token_.kind == Token::Kind::kEnd ? "S0203" : "S0202");
    refused.error.value = json_text(spelled);
    return refused;
  }

  // Whether another item follows.
  Result<bool, Refusal> comma() {
    if (!stands(Symbol::kComma)) return false;
    TRY(advance(Tokenizer::Expect::kOperand));
    return true;
  }

  Parsed too_deep() const {
    Mistake mistake;
    mistake.message = "The expression is nested too deeply";
    mistake.position = token_.position;
    return Err{std::move(mistake)};
  }

  Syntax* make(SyntaxKind kind, const Token& token) {
    Syntax* node = make_syntax(arena_);
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
    const Token first = token_;
    // As in jsonata-js, a pattern does not begin behind an expression's first token: not in
    // `(/a/)`.
    TRY(advance(Tokenizer::Expect::kOperator));
    return expression_from(first, power);
  }

  // The expression that begins with `first`, behind which the tokenizer stands.
  Parsed expression_from(const Token& first, int power) {
    if (++depth_ > kSyntaxDepthMax) return too_deep();
    Syntax* left = TRY(operand(first));
    for (;;) {
      const Binding& binding = binding_of(token_.symbol);
      if (binding.power <= power) break;
      const Token symbol = token_;
      TRY(advance(Tokenizer::Expect::kOperand));
      left = TRY(continuation(symbol, binding, left));
      if (left->depth > kSyntaxDepthMax) return too_deep();
    }
    --depth_;
    return left;
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
        if (token.text == "eval") tree_.makes_functions = true;
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
    switch (token.symbol) {
      case Symbol::kOpenParenthesis:
        return block(token);
      case Symbol::kOpenBracket:
        return array(token);
      case Symbol::kOpenBrace:
        return object(token);
      case Symbol::kBar:
        return transform(token);
      case Symbol::kMinus: {
        Syntax* node = make(SyntaxKind::kNegate, token);
        node->left = TRY(expression(kNegationPower));
        adopt(node, node->left);
        return node;
      }
      case Symbol::kStar:
        return make(SyntaxKind::kWildcard, token);
      case Symbol::kDescendants:
        return make(SyntaxKind::kDescendants, token);
      case Symbol::kPercent:
        return make(SyntaxKind::kParent, token);
      case Symbol::kAnd:
      case Symbol::kOr:
      case Symbol::kIn:
        return make(SyntaxKind::kWord, token);
      default:
        return refuse("S0211", token);
    }
  }

  Parsed block(const Token& token) {
    Syntax* node = make(SyntaxKind::kBlock, token);
    while (!stands(Symbol::kCloseParenthesis)) {
      Syntax* part = TRY(expression(0));
      adopt(node, part);
      node->items.push(arena_, part);
      if (!stands(Symbol::kSemicolon)) break;
      TRY(take(Symbol::kSemicolon, ";"));
    }
    TRY(take(Symbol::kCloseParenthesis, ")", Tokenizer::Expect::kOperator));
    return node;
  }

  Parsed array(const Token& token) {
    Syntax* node = make(SyntaxKind::kArray, token);
    for (bool more = !stands(Symbol::kCloseBracket); more;) {
      Syntax* item = TRY(expression(0));
      if (stands(Symbol::kRange)) {
        Syntax* range = make(SyntaxKind::kBinary, token_);
        range->op = Operator::kRange;
        TRY(take(Symbol::kRange, ".."));
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
    TRY(take(Symbol::kCloseBracket, "]", Tokenizer::Expect::kOperator));
    return node;
  }

  Result<void, Refusal> pairs(Syntax* node) {
    for (bool more = !stands(Symbol::kCloseBrace); more;) {
      Syntax* key = TRY(expression(0));
      TRY(take(Symbol::kColon, ":"));
      Syntax* value = TRY(expression(0));
      adopt(node, key);
      adopt(node, value);
      node->items.push(arena_, key);
      node->items.push(arena_, value);
      more = TRY(comma());
    }
    return take(Symbol::kCloseBrace, "}", Tokenizer::Expect::kOperator);
  }

  Parsed object(const Token& token) {
    Syntax* node = make(SyntaxKind::kObject, token);
    TRY(pairs(node));
    return node;
  }

  // |pattern|update| or |pattern|update,delete|
  Parsed transform(const Token& token) {
    Syntax* node = make(SyntaxKind::kTransform, token);
    tree_.makes_functions = true;
    node->left = TRY(expression(0));
    TRY(take(Symbol::kBar, "|"));
    node->right = TRY(expression(0));
    if (stands(Symbol::kComma)) {
      TRY(take(Symbol::kComma, ","));
      node->third = TRY(expression(0));
      adopt(node, node->third);
    }
    adopt(node, node->left);
    adopt(node, node->right);
    TRY(take(Symbol::kBar, "|"));
    return node;
  }

  // What a symbol means behind an operand.
  Parsed continuation(const Token& symbol, const Binding& binding, Syntax* left) {
    switch (symbol.symbol) {
      case Symbol::kOpenParenthesis:
        return call(symbol, left);
      case Symbol::kQuestion:
        return condition(symbol, left);
      case Symbol::kDefault:
        return fallback(SyntaxKind::kDefault, symbol, left);
      case Symbol::kCoalesce:
        return fallback(SyntaxKind::kCoalesce, symbol, left);
      default:
        break;
    }
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
      case Operator::kDot:
        return dot(symbol, left);
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

  // Names alone, as most steps are, are listed in one node behind what they begin at: `a.b.c`.
  Parsed dot(const Token& symbol, Syntax* left) {
    const int power = binding_of(Symbol::kDot).power;
    const Token first = token_;
    TRY(advance(Tokenizer::Expect::kOperator));
    if (first.kind == Token::Kind::kName && binding_of(token_.symbol).power <= power) {
      const bool continues =
          left->kind == SyntaxKind::kBinary && left->op == Operator::kDot && left->right == nullptr;
      Syntax* const node = continues ? left : binary(symbol, Operator::kDot, left);
      if (!continues) node->items.push(arena_, left);
      node->position = symbol.position;  // mistakes are shown at the last dot
      node->items.push(arena_, make(SyntaxKind::kName, first));
      return node;
    }
    Syntax* node = binary(symbol, Operator::kDot, left);
    node->right = TRY(expression_from(first, power));
    adopt(node, node->right);
    return node;
  }

  Parsed condition(const Token& symbol, Syntax* left) {
    Syntax* node = make(SyntaxKind::kCondition, symbol);
    node->left = left;
    node->right = TRY(expression(0));
    if (stands(Symbol::kColon)) {
      TRY(take(Symbol::kColon, ":"));
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
    if (stands(Symbol::kCloseBracket)) {
      // `[]` marks the step that the filters before it belong to.
      Syntax* step = left;
      while (step->kind == SyntaxKind::kBinary && step->op == Operator::kFilter) step = step->left;
      step->keep_array = true;
      TRY(take(Symbol::kCloseBracket, "]"));
      return left;
    }
    Syntax* node = binary(symbol, Operator::kFilter, left);
    node->right = TRY(expression(0));
    adopt(node, node->right);
    TRY(take(Symbol::kCloseBracket, "]", Tokenizer::Expect::kOperator));
    return node;
  }

  Parsed order(const Token& symbol, Syntax* left) {
    Syntax* node = binary(symbol, Operator::kOrder, left);
    TRY(take(Symbol::kOpenParenthesis, "("));
    for (;;) {
      SortTerm term;
      if (stands(Symbol::kLess)) {
        TRY(take(Symbol::kLess, "<"));
      } else if (stands(Symbol::kGreater)) {
        term.descending = true;
        TRY(take(Symbol::kGreater, ">"));
      }
      term.expression = TRY(expression(0));
      adopt(node, term.expression);
      node->terms.push(arena_, term);
      if (!TRY(comma())) break;
    }
    TRY(take(Symbol::kCloseParenthesis, ")"));
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
        return std::string(number_text(node->number).view());
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
    tree_.binds_names = true;
    node->right = TRY(expression(binding_of(symbol.symbol).power - 1));
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
    for (bool more = !stands(Symbol::kCloseParenthesis); more;) {
      if (stands(Symbol::kQuestion)) {
        node->kind = SyntaxKind::kPartial;
        tree_.makes_functions = true;
        node->items.push(arena_, make(SyntaxKind::kPlaceholder, token_));
        TRY(take(Symbol::kQuestion, "?"));
      } else {
        Syntax* argument = TRY(expression(0));
        adopt(node, argument);
        node->items.push(arena_, argument);
      }
      more = TRY(comma());
    }
    TRY(take(Symbol::kCloseParenthesis, ")", Tokenizer::Expect::kOperator));
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
    tree_.makes_functions = true;
    if (stands(Symbol::kLess)) TRY(signature(call));
    TRY(take(Symbol::kOpenBrace, "{"));
    call->left = TRY(expression(0));
    adopt(call, call->left);
    TRY(take(Symbol::kCloseBrace, "}"));
    return call;
  }

  Result<void, Refusal> signature(Syntax* lambda) {
    const std::uint32_t position = token_.position;
    std::string signature = "<";
    for (int depth = 1;
         depth > 0 && !stands(Symbol::kOpenBrace) && token_.kind != Token::Kind::kEnd;) {
      TRY(advance(Tokenizer::Expect::kOperand));
      if (stands(Symbol::kGreater)) --depth;
      if (stands(Symbol::kLess)) ++depth;
      signature += token_.text;
    }
    TRY(take(Symbol::kGreater, ">"));
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
  const Token& token_ = tokenizer_.token();  // the next one
  int depth_ = 0;
  SyntaxTree tree_;
};

}  // namespace

Result<SyntaxTree, Refusal> parse_syntax(std::string_view text, SyntaxArena& arena) {
  return Parser(text, arena).run();
}

}  // namespace pawl::jsonata
