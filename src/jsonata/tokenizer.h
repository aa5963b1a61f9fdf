// From text to tokens. As in jsonata-js, a token's position is where it ends.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "jsonata/errors.h"
#include "jsonata/syntax.h"

namespace pawl::jsonata {

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

  Result<Token, Mistake> next(Expect expect);

 private:
  char at(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
  Err<Mistake> mistake(std::string_view code, std::size_t position) const;
  Token token(Token::Kind kind, std::string_view text) const;

  Result<void, Mistake> skip_blanks();
  Result<Token, Mistake> string(char quote);
  Result<void, Mistake> escape(char*& out);
  Result<Token, Mistake> regex();
  Result<Token, Mistake> number(std::size_t end);
  Result<Token, Mistake> quoted_name();
  Token name();
  std::size_t operator_size() const;
  std::size_t number_end() const;

  std::string_view text_;
  SyntaxArena& arena_;
  std::size_t position_ = 0;
};

}  // namespace pawl::jsonata
