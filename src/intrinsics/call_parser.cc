#include "intrinsics/call_parser.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>

#include "base/ascii.h"
#include "base/limits.h"

namespace pawl::intrinsics {
namespace {

bool is_blank(char character) {
  return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

bool is_word(char character) {
  return is_letter(character) || is_digit(character) || character == '_' || character == '.';
}

class CallParser {
 public:
  explicit CallParser(std::string_view text) : text_(text) {}

  Result<CallNode, CompileError> parse() {
    skip_blanks();
    CallNode call = TRY(parse_call(1));
    skip_blanks();
    if (at_ != text_.size()) return fail("the end");
    call.text = text_;
    return call;
  }

 private:
  Err<CompileError> fail(std::string_view expected) const {
    return Err{CompileError{"expected " + std::string(expected) + " at character " +
                            std::to_string(at_ + 1) + " of " + std::string(text_)}};
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char character) {
    if (peek() != character || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  std::string_view take_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Result<CallNode, CompileError> parse_call(int depth) {
    if (depth > kAwsLimits.intrinsic_depth_max) return fail("no deeper nesting");
    const std::size_t begin = at_;
    const std::optional<Function> function = find_function(take_word());
    if (!function) {
      at_ = begin;
      return fail("an intrinsic function");
    }
    CallNode call;
    call.function = *function;
    if (!take('(')) return fail("'('");
    skip_blanks();
    if (take(')')) return call;
    do {
      skip_blanks();
      call.arguments.push_back(TRY(parse_argument(depth)));
      skip_blanks();
    } while (take(','));
    if (!take(')')) return fail("',' or ')'");
    return call;
  }

  Result<Argument, CompileError> parse_argument(int depth) {
    const char first = peek();
    if (first == '\'') return parse_string();
    if (first == '$') return parse_path();
    if (first == '-' || is_digit(first)) return parse_number();
    const std::size_t begin = at_;
    const std::string_view word = take_word();
    Literal literal;
    if (word == "null") return Argument(literal);
    if (word == "true" || word == "false") {
      literal.kind = json::Kind::kBoolean;
      literal.boolean = word == "true";
      return Argument(literal);
    }
    at_ = begin;
    if (!word.starts_with("States.")) return fail("an argument");
    return Argument(std::make_shared<const CallNode>(TRY(parse_call(depth + 1))));
  }

  // Between single quotes; a backslash stands before ' { } \ and before nothing else.
  Result<Argument, CompileError> parse_string() {
    ++at_;
    Literal literal;
    literal.kind = json::Kind::kString;
    const std::size_t begin = at_;
    while (peek() != '\'') {
      if (at_ == text_.size()) return fail("a closing quote");
      if (text_[at_] == '\\') {
        ++at_;
        if (at_ == text_.size() ||
            std::string_view("'{}\\").find(text_[at_]) == std::string_view::npos) {
          return fail("one of ' { } \\ behind a backslash");
        }
      }
      literal.text += text_[at_++];
    }
    literal.raw = text_.substr(begin, at_ - begin);
    ++at_;
    return Argument(std::move(literal));
  }

  // JSON's numbers (RFC 8259 section 6).
  Result<Argument, CompileError> parse_number() {
    const std::size_t begin = at_;
    take('-');
    if (take('0') ? is_digit(peek()) : !take_digits()) return fail("a number");
    if (take('.') && !take_digits()) return fail("digits");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!take_digits()) return fail("digits");
    }
    Literal literal;
    literal.kind = json::Kind::kNumber;
    literal.text = text_.substr(begin, at_ - begin);
    return Argument(std::move(literal));
  }

  bool take_digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ > begin;
  }

  // A path goes on to the comma or parenthesis that ends the argument; those in its brackets,
  // parentheses and quotes are its own.
  Result<Argument, CompileError> parse_path() {
    const std::size_t begin = at_;
    int nested = 0;
    bool quoted = false;
    for (; at_ < text_.size(); ++at_) {
      const char current = text_[at_];
      if (current == '\'' && nested > 0) quoted = !quoted;
      if (quoted) continue;
      if (nested == 0 && (current == ',' || current == ')')) break;
      nested += (current == '[' || current == '(') - (current == ']' || current == ')');
    }
    std::size_t end = at_;
    while (is_blank(text_[end - 1])) --end;
    auto query = jsonpath::Query::compile(text_.substr(begin, end - begin));
    if (!query.ok()) return Err{CompileError{query.error().message}};
    return Argument(std::move(query).value());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<CallNode, CompileError> parse_call(std::string_view text) {
  return CallParser(text).parse();
}

}  // namespace pawl::intrinsics
