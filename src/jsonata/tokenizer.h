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

  // Reads the next token, which is at the text's end kEnd.
  Result<void, Refusal> next(Expect expect);
  // The one that was read last.
  const Token& token() const { return token_; }

 private:
  char at(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
  Err<Mistake> mistake(std::string_view code, std::size_t position) const;
  // Makes it the token, which ends here.
  Token& accept(Token::Kind kind, std::string_view text);

  Result<void, Refusal> skip_blanks();
  Result<void, Refusal> string(char quote);
  Result<void, Refusal> escape(char*& out);
  Result<void, Refusal> regex();
  Result<void, Refusal> number(std::size_t end);
  Result<void, Refusal> quoted_name();
  void name();
  void symbol(Symbol first);
  std::size_t number_end() const;

  std::string_view text_;
  SyntaxArena& arena_;
  std::size_t position_ = 0;
  Token token_;
};

}  // namespace pawl::jsonata
