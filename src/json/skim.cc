#include "json/skim.h"

#include <cstring>

#include "base/ascii.h"
#include "json/escapes.h"

namespace pawl::json {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Up to the next token, without the blanks between them.
std::string_view token_text(const char* text, const std::uint32_t* at) {
  std::uint32_t end = at[1];
  while (end > at[0] + 1 && is_blank(text[end - 1])) --end;
  return {text + at[0], end - at[0]};
}

[[gnu::noinline]] bool is_odd_scalar(std::string_view token) {
  return token == "true" || token == "false" || token == "null" || is_number(token);
}

// Most are numbers like 12 or 1.25, with nothing behind them.
inline bool check_scalar(const char* text, const std::uint32_t* at) {
  const char* digit = text + at[0];
  const char* const end = text + at[1];
  if (*digit >= '1' && *digit <= '9') {
    do ++digit;
    while (digit != end && is_digit(*digit));
    if (digit == end) return true;
    if (*digit == '.' && ++digit != end) {
      while (digit != end && is_digit(*digit)) ++digit;
      if (digit == end) return true;
    }
  }
  return is_odd_scalar(token_text(text, at));
}

bool is_open(char c) { return c == '{' || c == '['; }

// Where the first or next value of a container begins, whose closing bracket is this: behind its
// key. nullptr when there is no such, or not enough text for it and for something behind it.
inline const std::uint32_t* next_value(const char* text, char bracket, const std::uint32_t* at,
                                       const std::uint32_t* last) {
  if (bracket == ']') return last - at >= 2 ? at : nullptr;
  // Behind long strings the text has left the caches since stage one read it.
  constexpr std::ptrdiff_t kTokensAhead = 128;
  if (last - at > kTokensAhead) __builtin_prefetch(text + at[kTokensAhead]);
  return last - at >= 4 && text[at[0]] == '"' && text[at[1]] == ':' ? at + 2 : nullptr;
}

}  // namespace

// Walks a pointer, because numbers are a large part of what is parsed.
bool is_number(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto skip_digits = [&at, end] {
    const char* first = at;
    while (at != end && is_digit(*at)) ++at;
    return at - first;
  };
  if (at != end && *at == '-') ++at;
  const bool zero = at != end && *at == '0';
  const auto integer = skip_digits();
  if (integer == 0 || (zero && integer > 1)) return false;
  if (at != end && *at == '.') {
    ++at;
    if (skip_digits() == 0) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (skip_digits() == 0) return false;
  }
  return at == end;
}

Skimmer::Token Skimmer::skim(Token at, std::size_t depth_max) {
  if (at == last_) return nullptr;
  const char first = text_[*at];
  if (is_open(first)) return skim_container(at, depth_max);
  // Stage one promises that strings end, and that nothing stands behind them.
  return first == '"' || check_scalar(text_, at) ? at + 1 : nullptr;
}

// What the loop needs lies in variables of its own: through `this`, each bracket that it writes
// down might have changed where the text is. next_value() has seen to it that no token is beyond
// the last.
Skimmer::Token Skimmer::skim_container(Token at, std::size_t depth_max) {
  const char* const text = text_;
  const Token last = last_;
  std::size_t depth = 0;
  char bracket = 0;  // that ends what is open innermost
  for (;;) {
    const char first = text[*at];
    if (first == '"') {
      ++at;
    } else if (is_open(first)) {
      if (depth >= depth_max || ++at == last) return nullptr;
      if (depth == around_.size()) around_.resize(2 * depth + 64);
      around_[depth++] = bracket;
      bracket = first == '{' ? '}' : ']';
      if (text[*at] != bracket) {
        at = next_value(text, bracket, at, last);
        if (at == nullptr) return nullptr;
        continue;
      }
    } else {
      if (!check_scalar(text, at)) return nullptr;
      ++at;
    }
    // A value ends here, and perhaps containers with it.
    while (text[*at] != ',') {
      if (text[*at++] != bracket) return nullptr;
      bracket = around_[--depth];
      if (depth == 0) return at;
      if (at == last) return nullptr;
    }
    at = next_value(text, bracket, at + 1, last);
    if (at == nullptr) return nullptr;
  }
}

void Skimmer::trim(std::size_t bytes) {
  if (around_.capacity() > bytes) around_ = {};
  if (plain_.capacity() > bytes) plain_ = {};
}

bool Skimmer::check_escapes(Token first, Token end) {
  for (Token at = first; at != end; ++at) {
    if (text_[*at] != '"') continue;
    std::string_view string = token_text(text_, at);
    if (std::memchr(string.data(), '\\', string.size()) == nullptr) continue;
    string = string.substr(1, string.size() - 2);
    if (plain_.size() < string.size()) plain_.resize(string.size());
    if (!unescape(string, plain_.data())) return false;
  }
  return true;
}

}  // namespace pawl::json
