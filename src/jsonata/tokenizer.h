// From text to tokens. As in jsonata-js, a token's position is where it ends.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "jsonata/errors.h"
#include "jsonata/syntax.h"

namespace pawl::jsonata {

// The operators and brackets.
enum class Symbol : std::uint8_t {
  kNone,
  kDot,
  kOpenBracket,
  kCloseBracket,
  kOpenBrace,
  kCloseBrace,
  kOpenParenthesis,
  kCloseParenthesis,
  kComma,
  kAt,
  kHash,
  kSemicolon,
  kColon,
  kQuestion,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kBar,
  kEqual,
  kLess,
  kGreater,
  kCaret,
  kAmpersand,
  kExclamation,
  kTilde,
  kRange,
  kBind,
  kNotEqual,
  kGreaterEqual,
  kLessEqual,
  kDescendants,
  kChain,
  kDefault,
  kCoalesce,
  kAnd,
  kOr,
  kIn,
};
inline constexpr std::size_t kSymbolCount = static_cast<std::size_t>(Symbol::kIn) + 1;

struct Token {
  enum class Kind : std::uint8_t {
    kEnd,
    kOperator,
    kName,
    kVariable,
    kString,
    kNumber,
    kBoolean,
    kNull,
    kRegex
  };
  Kind kind = Kind::kEnd;
  Symbol symbol = Symbol::kNone;  // of kOperator
  bool boolean = false;
  std::uint32_t position = 0;
  double number = 0.0;
  std::string_view text;
  std::string_view flags;
};

class Tokenizer {
 public:
  // What may follow: `/` divides where an operator is due, and opens a pattern elsewhere.
  enum class Expect { kOperand, kOperator };

  Tokenizer(std::string_view text, SyntaxArena& arena) : text_(text), arena_(arena) {}

  Result<Token, Refusal> next(Expect expect);

 private:
  char at(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
  Err<Mistake> mistake(std::string_view code, std::size_t position) const;
  Token token(Token::Kind kind, std::string_view text) const;

  Result<void, Refusal> skip_blanks();
  Result<Token, Refusal> string(char quote);
  Result<void, Refusal> escape(char*& out);
  Result<Token, Refusal> regex();
  Result<Token, Refusal> number(std::size_t end);
  Result<Token, Refusal> quoted_name();
  Token name();
  Token symbol(Symbol first);
  std::size_t number_end() const;

  std::string_view text_;
  SyntaxArena& arena_;
  std::size_t position_ = 0;
};

}  // namespace pawl::jsonata
