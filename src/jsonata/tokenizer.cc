#include "jsonata/tokenizer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "json/escapes.h"
#include "json/number.h"

namespace pawl::jsonata {
namespace {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v';
}
// The characters that are symbols, and end a name.
constexpr std::array<Symbol, 256> kSymbols = [] {
  std::array<Symbol, 256> table{};
  constexpr std::string_view kCharacters = ".[]{}(),@#;:?+-*/%|=<>^&!~";
  for (std::size_t i = 0; i < kCharacters.size(); ++i) {
    table[static_cast<unsigned char>(kCharacters[i])] = static_cast<Symbol>(i + 1);
  }
  return table;
}();
static_assert(kSymbols['.'] == Symbol::kDot && kSymbols['~'] == Symbol::kTilde);

Symbol symbol_of(char c) { return kSymbols[static_cast<unsigned char>(c)]; }

constexpr std::array<bool, 256> kEndsName = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = kSymbols[i] != Symbol::kNone || is_blank(static_cast<char>(i));
  }
  return table;
}();

constexpr std::pair<std::string_view, Symbol> kWords[] = {
    {"and", Symbol::kAnd}, {"or", Symbol::kOr}, {"in", Symbol::kIn}};

// The symbol of two characters, or kNone.
Symbol double_symbol(char first, char second) {
  switch (first) {
    case '.':
      return second == '.' ? Symbol::kRange : Symbol::kNone;
    case ':':
      return second == '=' ? Symbol::kBind : Symbol::kNone;
    case '!':
      return second == '=' ? Symbol::kNotEqual : Symbol::kNone;
    case '>':
      return second == '=' ? Symbol::kGreaterEqual : Symbol::kNone;
    case '<':
      return second == '=' ? Symbol::kLessEqual : Symbol::kNone;
    case '*':
      return second == '*' ? Symbol::kDescendants : Symbol::kNone;
    case '~':
      return second == '>' ? Symbol::kChain : Symbol::kNone;
    case '?':
      return second == ':' ? Symbol::kDefault : second == '?' ? Symbol::kCoalesce : Symbol::kNone;
    default:
      return Symbol::kNone;
  }
}

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// Joins the two halves of a character that two \u escapes spelled.
char* join_surrogates(char* first, char* end) {
  const auto byte = [end](std::ptrdiff_t back) { return static_cast<unsigned char>(end[-back]); };
  if (end - first < 6 || byte(6) != 0xED || byte(5) < 0xA0 || byte(5) >= 0xB0 || byte(3) != 0xED ||
      byte(2) < 0xB0) {
    return end;
  }
  const unsigned high = (byte(5) & 0x0Fu) << 6 | (byte(4) & 0x3Fu);
  const unsigned low = (byte(2) & 0x0Fu) << 6 | (byte(1) & 0x3Fu);
  return json::put_utf8(0x10000u + (high << 10) + low, end - 6);
}

}  // namespace

Err<Mistake> Tokenizer::mistake(std::string_view code, std::size_t position) const {
  Mistake found;
  found.code = code;
  found.position = static_cast<std::uint32_t>(position);
  return Err{std::move(found)};
}

Token& Tokenizer::accept(Token::Kind kind, std::string_view text) {
  token_.kind = kind;
  token_.symbol = Symbol::kNone;
  token_.position = static_cast<std::uint32_t>(position_);
  token_.text = text;
  return token_;
}

Result<void, Refusal> Tokenizer::skip_blanks() {
  for (;;) {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
    if (at(position_) != '/' || at(position_ + 1) != '*') return {};
    const std::size_t close = text_.find("*/", position_ + 2);
    if (close == std::string_view::npos) return mistake("S0106", position_);
    position_ = close + 2;
  }
}

void Tokenizer::symbol(Symbol first) {
  const Symbol both = double_symbol(text_[position_], at(position_ + 1));
  const std::size_t size = both != Symbol::kNone ? 2 : 1;
  position_ += size;
  accept(Token::Kind::kOperator, text_.substr(position_ - size, size)).symbol =
      both != Symbol::kNone ? both : first;
}

Result<void, Refusal> Tokenizer::next(Expect expect) {
  if (is_blank(at(position_)) || at(position_) == '/') TRY(skip_blanks());
  if (position_ >= text_.size()) {
    accept(Token::Kind::kEnd, {});
    return {};
  }
  const char first = text_[position_];
  if (first == '/' && expect == Expect::kOperand) {
    ++position_;
    return regex();
  }
  if (const Symbol found = symbol_of(first); found != Symbol::kNone) {
    symbol(found);
    return {};
  }
  if (first == '"' || first == '\'') return string(first);
  if (const std::size_t end = number_end(); end > position_) return number(end);
  if (first == '`') return quoted_name();
  name();
  return {};
}

// RFC 8259's numbers, without a sign: that is an operator.
std::size_t Tokenizer::number_end() const {
  std::size_t end = position_;
  const auto skip_digits = [&] {
    const std::size_t first = end;
    while (is_digit(at(end))) ++end;
    return end > first;
  };
  if (!is_digit(at(end))) return position_;
  if (at(end) == '0') {
    ++end;
  } else {
    skip_digits();
  }
  const std::size_t integer = end;
  if (at(end) == '.') {
    ++end;
    if (!skip_digits()) end = integer;
  }
  const std::size_t fraction = end;
  if (at(end) == 'e' || at(end) == 'E') {
    ++end;
    if (at(end) == '+' || at(end) == '-') ++end;
    if (!skip_digits()) end = fraction;
  }
  return end;
}

Result<void, Refusal> Tokenizer::number(std::size_t end) {
  const std::string_view digits = text_.substr(position_, end - position_);
  const double value = json::to_double(digits);
  if (!std::isfinite(value)) {
    auto found = mistake("S0102", position_);
    found.error.token = json_text(digits);
    return found;
  }
  position_ = end;
  accept(Token::Kind::kNumber, digits).number = value;
  return {};
}

Result<void, Refusal> Tokenizer::quoted_name() {
  const std::size_t first = position_ + 1;
  const std::size_t close = text_.find('`', first);
  if (close == std::string_view::npos) return mistake("S0105", text_.size());
  position_ = close + 1;
  accept(Token::Kind::kName, text_.substr(first, close - first));
  return {};
}

void Tokenizer::name() {
  const std::size_t first = position_;
  while (position_ < text_.size() && !kEndsName[static_cast<unsigned char>(text_[position_])]) {
    ++position_;
  }
  const std::string_view word = text_.substr(first, position_ - first);
  if (word.front() == '$') {
    accept(Token::Kind::kVariable, word.substr(1));
    return;
  }
  accept(Token::Kind::kName, word);
  constexpr std::size_t kWordSizeMax = 5;
  if (word.size() > kWordSizeMax) return;
  if (word == "null") {
    token_.kind = Token::Kind::kNull;
  } else if (word == "true" || word == "false") {
    token_.kind = Token::Kind::kBoolean;
    token_.boolean = word == "true";
  } else {
    for (const auto& [text, symbol] : kWords) {
      if (word != text) continue;
      token_.kind = Token::Kind::kOperator;
      token_.symbol = symbol;
    }
  }
}

Result<void, Refusal> Tokenizer::string(char quote) {
  ++position_;
  // The common case: no escapes, so that the text itself serves.
  const std::size_t first = position_;
  while (position_ < text_.size() && text_[position_] != quote && text_[position_] != '\\') {
    ++position_;
  }
  if (at(position_) == quote && position_ < text_.size()) {
    ++position_;
    accept(Token::Kind::kString, text_.substr(first, position_ - 1 - first));
    return {};
  }
  std::size_t end = position_;
  while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
  // No escape is shorter than what it stands for.
  char* const decoded = arena_.make_array<char>(std::min(end, text_.size()) - first + 4);
  std::memcpy(decoded, text_.data() + first, position_ - first);
  char* out = decoded + (position_ - first);
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == quote) {
      ++position_;
      accept(Token::Kind::kString, {decoded, static_cast<std::size_t>(out - decoded)});
      return {};
    }
    if (c == '\\') {
      TRY(escape(out));
      out = join_surrogates(decoded, out);
    } else {
      *out++ = c;
    }
    ++position_;
  }
  return mistake("S0101", text_.size());
}

// At a backslash; stops at the escape's last character.
Result<void, Refusal> Tokenizer::escape(char*& out) {
  static constexpr std::string_view kLetters = "\"\\/bfnrt";
  static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char letter = at(++position_);
  if (letter == 'u') {
    unsigned code = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
      // The end of the text is no bad digit: what is missing is the quote behind it.
      if (i > 1 && position_ + i >= text_.size()) return mistake("S0101", position_ + 5);
      const auto digit = hex_digit(at(position_ + i));
      if (!digit) return mistake("S0104", position_);
      code = code << 4 | *digit;
    }
    out = json::put_utf8(code, out);
    position_ += 4;
    return {};
  }
  const std::size_t found = position_ < text_.size() ? kLetters.find(letter) : kLetters.npos;
  if (found == std::string_view::npos) {
    auto refused = mistake("S0103", position_);
    // A whole character, however many bytes it has.
    std::size_t size = position_ < text_.size() ? 1 : 0;
    while ((static_cast<unsigned char>(at(position_ + size)) & 0xC0) == 0x80) ++size;
    refused.error.token = json_text(text_.substr(std::min(position_, text_.size()), size));
    return refused;
  }
  *out++ = kMeanings[found];
  return {};
}

// Behind the opening slash. A slash within brackets or behind a backslash does not close.
Result<void, Refusal> Tokenizer::regex() {
  const std::size_t first = position_;
  int depth = 0;
  for (; position_ < text_.size(); ++position_) {
    const char c = text_[position_];
    if (c == '/' && depth == 0) {
      std::size_t backslashes = 0;
      while (position_ > backslashes && text_[position_ - backslashes - 1] == '\\') ++backslashes;
      if (backslashes % 2 == 0) break;
    }
    if (text_[position_ - 1] == '\\') continue;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
  }
  if (position_ >= text_.size()) return mistake("S0302", text_.size());
  const std::string_view body = text_.substr(first, position_ - first);
  if (body.empty()) return mistake("S0301", position_);
  const std::size_t flags = ++position_;
  while (at(position_) == 'i' || at(position_) == 'm') ++position_;
  accept(Token::Kind::kRegex, body).flags = text_.substr(flags, position_ - flags);
  return {};
}

}  // namespace pawl::jsonata
