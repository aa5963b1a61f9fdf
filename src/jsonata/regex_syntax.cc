#include "jsonata/regex_syntax.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

constexpr std::uint32_t kRepetitionsMax = 65'535;  // PCRE2's

// What `.` does not match; \s; and the complement of \s, for classes that hold \S.
constexpr std::string_view kLineEnds = "\\n\\r\\x{2028}\\x{2029}";
constexpr std::string_view kSpaces =
    "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"
    "\\x{feff}";
constexpr std::string_view kNoSpaces =
    "\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}"
    "\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-"
    "\\x{10ffff}";

bool is_digit(char32_t code) { return code >= U'0' && code <= U'9'; }
bool is_octal(char32_t code) { return code >= U'0' && code <= U'7'; }
bool is_letter(char32_t code) { return (code | 0x20) >= U'a' && (code | 0x20) <= U'z'; }
bool is_name_part(char32_t code) {
  return is_letter(code) || is_digit(code) || code == U'_' || code == U'$' || code > 0x7F;
}

std::optional<std::uint32_t> hex_value(char32_t code) {
  if (is_digit(code)) return code - U'0';
  const char32_t lower = code | 0x20;
  if (lower >= U'a' && lower <= U'f') return lower - U'a' + 10;
  return std::nullopt;
}

// Appends a character as PCRE2 takes it literally, in a class or not.
void append_literal(char32_t code, std::string& out) {
  if (is_letter(code) || is_digit(code) || code == U'_' || code == U' ') {
    out += static_cast<char>(code);
    return;
  }
  static constexpr char kHex[] = "0123456789abcdef";
  out += "\\x{";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(code >> shift) & 15];
  out += '}';
}

class Translator {
 public:
  Translator(std::u32string_view body, Letters letters, Lines lines)
      : body_(body), letters_(letters), lines_(lines) {}

  Result<std::string, std::string> translate() {
    constexpr std::size_t kBytesMore = 64;
    out_.reserve(2 * body_.size() + kBytesMore);
    count_groups();
    while (error_.empty() && !at_end()) term();
    if (error_.empty() && depth_ > 0) error_ = "Unterminated group";
    if (!error_.empty()) return Err{error_};
    return std::move(out_);
  }

 private:
  bool at_end() const { return at_ >= body_.size(); }
  char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < body_.size() ? body_[at_ + ahead] : U'\0';
  }
  bool starts_with(std::u32string_view text) const { return body_.substr(at_).starts_with(text); }
  bool take(std::u32string_view text) {
    if (!starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  void fail(std::string_view message) {
    if (error_.empty()) error_ = message;
  }

  void append_class(std::string_view opening, std::string_view set) {
    out_ += opening;
    out_ += set;
    out_ += ']';
  }

  // ---- Groups are counted first: what \1 and \k mean depends on those behind it too.

  void count_groups() {
    bool in_class = false;
    for (std::size_t at = 0; at < body_.size(); ++at) {
      if (body_[at] == U'\\') {
        ++at;
      } else if (body_[at] == U'[') {
        in_class = true;
      } else if (body_[at] == U']') {
        in_class = false;
      } else if (body_[at] == U'(' && !in_class) {
        count_group(body_.substr(at + 1));
      }
    }
  }

  void count_group(std::u32string_view inside) {
    if (!inside.starts_with(U"?")) {
      ++groups_;
      return;
    }
    if (!inside.starts_with(U"?<") || inside.starts_with(U"?<=") || inside.starts_with(U"?<!")) {
      return;
    }
    ++groups_;
    const std::u32string name(inside.substr(2, inside.find(U'>') - 2));
    if (!names_.emplace(name, groups_).second) fail("Duplicate capture group name");
  }

  // ---- Terms.

  void term() {
    const char32_t current = peek();
    if (current == U'|') {
      ++at_;
      out_ += '|';
    } else if (current == U'(') {
      open_group();
    } else if (current == U')') {
      close_group();
    } else if (current == U'*' || current == U'+' || current == U'?' || is_repetition()) {
      fail("Nothing to repeat");
    } else if (!assertion()) {
      atom();
      quantifier();
    }
  }

  void open_group() {
    ++at_;
    ++depth_;
    lookbehinds_.push_back(false);
    if (!take(U"?")) {
      out_ += '(';
      return;
    }
    for (const std::u32string_view kind : {U":", U"=", U"!", U"<=", U"<!"}) {
      if (!take(kind)) continue;
      out_ += "(?";
      for (const char32_t code : kind) out_ += static_cast<char>(code);
      lookbehinds_.back() = kind.size() == 2;
      return;
    }
    if (!take(U"<")) return fail("Invalid group");
    const std::size_t end = body_.find(U'>', at_);
    const std::u32string_view name = body_.substr(at_, end - at_);
    if (end == std::u32string_view::npos || name.empty() || is_digit(name.front()) ||
        !std::all_of(name.begin(), name.end(), is_name_part)) {
      return fail("Invalid capture group name");
    }
    at_ = end + 1;
    out_ += '(';  // nobody asks by name
  }

  void close_group() {
    if (depth_ == 0) return fail("Unmatched ')'");
    ++at_;
    --depth_;
    out_ += ')';
    const bool lookbehind = lookbehinds_.back();
    lookbehinds_.pop_back();
    if (!lookbehind) quantifier();
  }

  // `^`, `$`, \b and \B, which take no quantifier.
  bool assertion() {
    if (take(U"^")) {
      out_ += lines_ == Lines::kOne ? "^" : "(?:^|(?<=[" + std::string(kLineEnds) + "]))";
    } else if (take(U"$")) {
      out_ += lines_ == Lines::kOne ? "$" : "(?=[" + std::string(kLineEnds) + "]|$)";
    } else if (take(U"\\b")) {
      out_ += "\\b";
    } else if (take(U"\\B")) {
      out_ += "\\B";
    } else {
      return false;
    }
    if (peek() == U'*' || peek() == U'+' || peek() == U'?' || is_repetition()) {
      fail("Nothing to repeat");
    }
    return true;
  }

  void atom() {
    if (take(U".")) {
      append_class("[^", kLineEnds);
    } else if (take(U"[")) {
      character_class();
    } else if (peek() == U'\\') {
      ++at_;
      escape();
    } else {
      single(body_[at_++]);
    }
  }

  // ECMAScript's other case of k and s is ASCII; to PCRE2 the Kelvin sign and the long s are too.
  void single(char32_t code) {
    const char32_t lower = code | 0x20;
    if (letters_ == Letters::kEitherCase && (lower == U'k' || lower == U's')) {
      out_ += lower == U'k' ? "(?-i:[kK])" : "(?-i:[sS])";
    } else {
      append_literal(code, out_);
    }
  }

  // Whether `{2}`, `{2,}` or `{2,3}` stands here; all other braces are themselves.
  bool is_repetition() const {
    if (peek() != U'{' || !is_digit(peek(1))) return false;
    std::size_t ahead = 1;
    while (is_digit(peek(ahead))) ++ahead;
    if (peek(ahead) == U',') {
      ++ahead;
      while (is_digit(peek(ahead))) ++ahead;
    }
    return peek(ahead) == U'}';
  }

  void quantifier() {
    if (is_repetition()) {
      repetition();
    } else if (peek() == U'*' || peek() == U'+' || peek() == U'?') {
      out_ += static_cast<char>(body_[at_++]);
    } else {
      return;
    }
    if (take(U"?")) out_ += '?';
  }

  void repetition() {
    ++at_;
    const std::uint32_t least = take_number();
    out_ += '{';
    out_ += std::to_string(std::min(least, kRepetitionsMax));
    if (take(U",")) {
      out_ += ',';
      if (is_digit(peek())) {
        const std::uint32_t most = take_number();
        if (most < least) fail("numbers out of order in {} quantifier");
        // More than PCRE2 counts to is as good as any number.
        if (most <= kRepetitionsMax) out_ += std::to_string(most);
      }
    }
    ++at_;
    out_ += '}';
  }

  std::uint32_t take_number() {
    std::uint32_t value = 0;
    for (; is_digit(peek()); ++at_) {
      value = std::min<std::uint32_t>(value * 10 + (peek() - U'0'), 100'000'000);
    }
    return value;
  }

  // ---- Escapes. `at_` is behind the backslash.

  void escape() {
    if (at_end()) return fail("\\ at end of pattern");
    const char32_t kind = peek();
    if (kind >= U'1' && kind <= U'9' && back_reference()) return;
    if (kind == U'k' && !names_.empty()) return named_reference();
    if (const auto set = class_escape()) {
      append_class("[", *set);
      return;
    }
    single(escaped_character());
  }

  // \11 is the eleventh group where there is one, else an octal code.
  bool back_reference() {
    const std::size_t before = at_;
    const std::uint32_t number = take_number();
    if (number > groups_) {
      at_ = before;
      return false;
    }
    out_ += "\\g{" + std::to_string(number) + "}";
    return true;
  }

  void named_reference() {
    ++at_;
    const std::size_t end = body_.find(U'>', at_);
    if (!take(U"<") || end == std::u32string_view::npos) return fail("Invalid named reference");
    const auto group = names_.find(std::u32string(body_.substr(at_, end - at_)));
    if (group == names_.end()) return fail("Invalid named capture referenced");
    at_ = end + 1;
    out_ += "\\g{" + std::to_string(group->second) + "}";
  }

  // \d, \w, \s and their complements, as the content of a class.
  std::optional<std::string_view> class_escape() {
    std::string_view set;
    switch (peek()) {
      case U'd':
        set = "0-9";
        break;
      case U'D':
        set = "\\x00-/:-\\x{10ffff}";
        break;
      case U'w':
        set = "0-9A-Z_a-z";
        break;
      case U'W':
        set = "\\W";
        break;
      case U's':
        set = kSpaces;
        break;
      case U'S':
        set = kNoSpaces;
        break;
      default:
        return std::nullopt;
    }
    ++at_;
    return set;
  }

  char32_t escaped_character() {
    const char32_t kind = body_[at_++];
    switch (kind) {
      case U't':
        return U'\t';
      case U'n':
        return U'\n';
      case U'v':
        return U'\v';
      case U'f':
        return U'\f';
      case U'r':
        return U'\r';
      case U'c':
        if (is_letter(peek())) return body_[at_++] & 0x1F;
        --at_;
        return U'\\';
      case U'x':
        return hex_code(2).value_or(U'x');
      case U'u':
        return hex_code(4).value_or(U'u');
      default:
        if (is_octal(kind)) {
          --at_;
          return octal_code();
        }
        return kind;
    }
  }

  std::optional<char32_t> hex_code(std::size_t digits) {
    char32_t code = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const auto value = hex_value(peek(i));
      if (!value) return std::nullopt;
      code = code * 16 + *value;
    }
    at_ += digits;
    return code;
  }

  // Annex B: at most three digits, up to \377.
  char32_t octal_code() {
    char32_t code = 0;
    for (int i = 0; i < 3 && is_octal(peek()) && code * 8 + (peek() - U'0') <= 0xFF; ++i) {
      code = code * 8 + (body_[at_++] - U'0');
    }
    return code;
  }

  // ---- Classes.

  void character_class() {
    out_ += '[';
    if (take(U"^")) out_ += '^';
    while (!at_end() && peek() != U']' && error_.empty()) class_range();
    if (!take(U"]")) return fail("Unterminated character class");
    out_ += ']';
  }

  void class_range() {
    const auto first = class_atom();
    if (peek() != U'-' || peek(1) == U']' || at_ + 1 >= body_.size()) {
      if (first) append_literal(*first, out_);
      return;
    }
    ++at_;
    const auto last = class_atom();
    if (first && last) {
      if (*last < *first) return fail("Range out of order in character class");
      append_literal(*first, out_);
      out_ += '-';
      append_literal(*last, out_);
    } else {
      // Annex B: next to \w or the like the hyphen is itself.
      if (first) append_literal(*first, out_);
      append_literal(U'-', out_);
      if (last) append_literal(*last, out_);
    }
  }

  // One character, or nothing when it was a set, which is written at once.
  std::optional<char32_t> class_atom() {
    if (peek() != U'\\') return body_[at_++];
    ++at_;
    if (at_end()) return fail("\\ at end of pattern"), std::nullopt;
    if (const auto set = class_escape()) {
      out_ += *set;
      return std::nullopt;
    }
    if (take(U"b")) return U'\b';
    return escaped_character();
  }

  std::u32string_view body_;
  Letters letters_;
  Lines lines_;
  std::size_t at_ = 0;
  std::uint32_t groups_ = 0;
  std::map<std::u32string, std::uint32_t, std::less<>> names_;
  std::size_t depth_ = 0;
  std::vector<bool> lookbehinds_;
  std::string out_;
  std::string error_;
};

}  // namespace

Result<std::string, std::string> to_pcre2(std::string_view body, Letters letters, Lines lines) {
  const std::u32string codes =
      is_ascii(body) ? std::u32string(body.begin(), body.end()) : to_codes(with_surrogates(body));
  return Translator(codes, letters, lines).translate();
}

}  // namespace pawl::jsonata
