#include "jsonpath/java_regex.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "jsonpath/regex_property.h"
#include "jsonpath/regex_reader.h"

namespace pawl::jsonpath {
namespace {

constexpr std::size_t kClassNestingMax = 250;
constexpr std::int64_t kRepetitionsMax = std::numeric_limits<std::int32_t>::max();

// Escapes that mean the same to both and stand for no character of their own.
constexpr std::string_view kClassEscapes = "dDwWsShHvV";
constexpr std::string_view kSharedEscapes = "dDwWsShHvVRX";

// Java's line terminators, which `.` does not match; and what \b takes for a word.
constexpr std::string_view kDot = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";
constexpr std::string_view kBoundary =
    "(?:(?<=[\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_])|(?<![\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_]))";
constexpr std::string_view kNoBoundary =
    "(?:(?<=[\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_])|(?<![\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_]))";

// In groups of their own: Java repeats them, PCRE2 does not.
constexpr std::string_view kBegin = "(?:\\A)";
constexpr std::string_view kEnd = "(?:\\z)";
constexpr std::string_view kEndOrTerminator =
    "(?:(?!(?<=\\r)\\n)(?=(?:\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}])?\\z))";
constexpr std::string_view kLineBegin =
    "(?:\\A|(?<=[\\n\\r\\x{85}\\x{2028}\\x{2029}])(?!(?<=\\r)\\n)(?!\\z))";
constexpr std::string_view kLineEnd =
    "(?:(?!(?<=\\r)\\n)(?:(?=[\\n\\r\\x{85}\\x{2028}\\x{2029}])|\\z))";

bool contains(std::string_view set, char character) {
  return character != '\0' && set.find(character) != std::string_view::npos;
}

std::string code_text(std::uint32_t code) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string digits;
  for (int shift = 20; shift >= 0; shift -= 4) digits += kHex[(code >> shift) & 15];
  return "\\x{" + digits + "}";
}

// The ASCII letters among first..last, in the other case.
std::string other_case(std::uint32_t first, std::uint32_t last) {
  std::string text;
  for (std::uint32_t code = first; code <= last && code <= 'z'; ++code) {
    if (is_letter(code)) text += static_cast<char>(code ^ 0x20);
  }
  return text;
}

std::string unknown_property(std::string_view name) {
  const std::size_t equals = name.find('=');
  if (equals == std::string_view::npos) {
    return "Unknown character property name {" + std::string(name) + "}";
  }
  return "Unknown Unicode property {name=<" + std::string(name.substr(0, equals)) + ">, value=<" +
         std::string(name.substr(equals + 1)) + ">}";
}

// Reads in the order of java.util.regex.Pattern's own parser, so that the errors are its errors.
class Translator {
 public:
  Translator(std::string_view expression, Letters letters, std::uint32_t groups)
      : in_(expression), groups_(groups) {
    flags_.either_case = letters == Letters::kEitherCase;
  }

  std::optional<RegexError> translate() {
    while (!in_.at_end()) one();
    if (!open_.empty()) in_.fail("Unclosed group", 1);
    return in_.error();
  }

  std::string& output() { return out_; }
  std::uint32_t groups_seen() const { return groups_seen_; }

 private:
  struct Flags {
    bool either_case = false;
    bool dot_matches_all = false;
    bool comments = false;
    bool lines = false;
  };

  // ---- Sequences.

  void one() {
    const char current = in_.peek();
    if (current == '(') return open_group();
    if (current == '|') {
      out_ += in_.take();
      return;
    }
    if (contains("*+?", current)) {
      return in_.fail("Dangling meta character '" + std::string(1, current) + "'", 1);
    }
    if (flags_.comments && skip_comment()) return;
    if (current == ')') {
      if (open_.empty()) return in_.fail("Unmatched closing ')'");
      close_group();
    } else {
      atom(current);
    }
    quantifier();
  }

  void atom(char current) {
    if (current == '\\') {
      escape();
    } else if (current == '[') {
      in_.take();
      out_ += character_class(1);
    } else if (current == '{') {
      out_ += "(?:)";  // what Java repeats in `a{2}{3}` and `{2}` is the empty expression
    } else if (current == '.') {
      in_.take();
      out_ += flags_.dot_matches_all ? "(?s:.)" : kDot;
    } else if (current == '^' || current == '$') {
      in_.take();
      if (flags_.lines) {
        out_ += current == '^' ? kLineBegin : kLineEnd;
      } else {
        out_ += current == '^' ? kBegin : kEndOrTerminator;
      }
    } else {
      literal(in_.take_character());
    }
  }

  bool skip_comment() {
    if (contains(" \t\n\r\f\v", in_.peek())) {
      in_.take();
      return true;
    }
    if (in_.peek() != '#') return false;
    in_.take_until('\n');
    return true;
  }

  void quantifier() {
    while (flags_.comments && skip_comment()) {
    }
    const char current = in_.peek();
    if (contains("*+?", current)) {
      out_ += in_.take();
    } else if (current != '{' || !repetition()) {
      return;
    }
    if (contains("?+", in_.peek())) out_ += in_.take();
  }

  // `{n}`, `{n,}`, `{n,m}`.
  bool repetition() {
    const std::size_t begin = in_.place();
    in_.take();
    if (!is_digit(in_.peek())) return refuse("Illegal repetition", 1);
    const std::int64_t least = take_number();
    std::int64_t most = least;
    if (in_.peek() == ',') {
      in_.take();
      most = in_.peek() == '}' ? kRepetitionsMax : take_number();
    }
    if (std::max(least, most) > kRepetitionsMax) return refuse("Illegal repetition range", 0);
    if (in_.peek() != '}') return refuse("Unclosed counted closure", 1);
    in_.take();
    if (most < least) return refuse("Illegal repetition range", 0);
    out_ += in_.since(begin);
    return true;
  }

  bool refuse(std::string_view description, std::ptrdiff_t beyond) {
    in_.fail(description, beyond);
    return false;
  }

  // Stops behind the digit that is too much for an int.
  std::int64_t take_number() {
    std::int64_t value = 0;
    while (is_digit(in_.peek()) && value <= kRepetitionsMax) {
      value = value * 10 + (in_.take().front() - '0');
    }
    return value;
  }

  // ---- Literals.

  void literal(std::uint32_t code) {
    if (is_letter(code) && flags_.either_case) {
      out_ += {'[', static_cast<char>(code | 0x20), static_cast<char>(code & ~0x20U), ']'};
    } else if (is_letter(code)) {
      out_ += static_cast<char>(code);
    } else {
      out_ += code_text(code);
    }
  }

  // ---- Groups. Names and looking behind need `<`, which Jayway lets no expression contain.

  void open_group() {
    if (!in_.starts_with("(?")) {
      ++groups_seen_;
      out_ += in_.take();
      return open_.push_back(flags_);
    }
    if (contains(":=!>", in_.peek(2))) {
      out_ += in_.take(3);
      return open_.push_back(flags_);
    }
    in_.take(2);
    if (contains("$@<", in_.peek())) return in_.fail("Unknown group type", 1);
    flag_group();
  }

  // `(?i)` holds to the end of the group around it, `(?i:` for the group it opens.
  void flag_group() {
    const Flags before = flags_;
    bool on = true;
    while (contains("idmsucxU-", in_.peek())) {
      const char flag = in_.take().front();
      if (flag == '-') on = false;
      if (flag == 'i') flags_.either_case = on;
      if (flag == 's') flags_.dot_matches_all = on;
      if (flag == 'x') flags_.comments = on;
      if (flag == 'm') flags_.lines = on;
    }
    const char end = in_.peek();
    if (end != ')' && end != ':') return in_.fail("Unknown inline modifier", 1);
    in_.take();
    if (end == ')') return;
    open_.push_back(before);
    out_ += "(?:";
  }

  void close_group() {
    out_ += in_.take();
    flags_ = open_.back();
    open_.pop_back();
  }

  // ---- Escapes.

  void escape() {
    const char kind = in_.peek(1);
    if (kind == 'b' || kind == 'B') {
      in_.take(2);
      out_ += kind == 'b' ? kBoundary : kNoBoundary;
    } else if (kind >= '1' && kind <= '9') {
      back_reference();
    } else if (kind == 'p' || kind == 'P') {
      out_ += take_property();
    } else if (contains(kSharedEscapes, kind)) {
      out_ += in_.take(2);
    } else if (contains("AGZz", kind)) {
      in_.take(2);
      out_ += kind == 'Z' ? kEndOrTerminator : kind == 'z' ? kEnd : kBegin;
    } else if (kind == 'k') {
      in_.take(2);
      in_.fail("\\k is not followed by '<' for named capturing group", 1);
    } else if (kind == 'N') {
      in_.take(2);
      in_.fail("Illegal character name escape sequence", 1);
    } else {
      literal(in_.take_escaped());
    }
  }

  // As many digits as make a group that exists by then. One that never does never matches.
  void back_reference() {
    in_.take();
    auto group = static_cast<std::uint32_t>(in_.take().front() - '0');
    for (; is_digit(in_.peek()); in_.take()) {
      const std::uint32_t longer = group * 10 + static_cast<std::uint32_t>(in_.peek() - '0');
      if (longer > groups_seen_) break;
      group = longer;
    }
    if (group > groups_) {
      out_ += "(?!)";
    } else {
      out_ += (flags_.either_case ? "(?i:\\g{" : "(?:\\g{") + std::to_string(group) + "})";
    }
  }

  // \p{Alpha}, \P{IsLatin}, \pL: as a class of its own.
  std::string take_property() {
    const bool negated = in_.take(2).back() == 'P';
    std::string_view name;
    if (in_.peek() != '{') {
      name = in_.take();
    } else {
      in_.take();
      name = in_.take_until('}');
      if (in_.at_end()) return in_.fail("Unclosed character family", 1), "";
      in_.take();
      if (name.empty()) return in_.fail("Empty character family"), "";
    }
    const auto content = property_class(name, flags_.either_case);
    if (!content) return in_.fail(unknown_property(name)), "";
    return (negated ? "[^" : "[") + *content + "]";
  }

  // ---- Classes. Java's may hold classes; what comes out is an alternative of simple ones.
  // (Intersections need `&&`, which Jayway lets no expression contain.)

  std::string character_class(std::size_t depth) {
    if (depth > kClassNestingMax) return in_.fail("Pattern too large"), "";
    const bool negated = in_.peek() == '^';
    if (negated) in_.take();
    std::string content;
    std::string others;
    while (!in_.at_end() && (in_.peek() != ']' || (content.empty() && others.empty()))) {
      if (in_.peek() == '[') {
        in_.take();
        others += "|" + character_class(depth + 1);
      } else if (in_.peek() == '\\' && contains("pP", in_.peek(1))) {
        others += "|" + take_property();
      } else if (is_class_escape()) {
        content += in_.take(2);
      } else if (!flags_.comments || !skip_comment()) {
        content += take_range();
      }
    }
    if (in_.at_end()) return in_.fail("Unclosed character class"), "";
    in_.take();
    if (others.empty()) return (negated ? "[^" : "[") + content + "]";
    const std::string all = content.empty() ? others.substr(1) : "[" + content + "]" + others;
    return negated ? "(?:(?!" + all + ")(?s:.))" : "(?:" + all + ")";
  }

  // \v that begins a range is U+000B.
  bool is_class_escape() const {
    if (in_.peek() != '\\' || !contains(kClassEscapes, in_.peek(1))) return false;
    return in_.peek(1) != 'v' || in_.peek(2) != '-';
  }

  std::string take_range() {
    const std::uint32_t first = take_class_character();
    std::uint32_t last = first;
    if (in_.peek() == '-' && !contains("][", in_.peek(1)) && in_.peek(1) != '\0') {
      in_.take();
      if (is_class_escape()) {
        in_.take(2);
        return in_.fail("Illegal character range"), "";
      }
      last = take_class_character();
      if (last < first) return in_.fail("Illegal character range"), "";
    }
    std::string range = code_text(first) + "-" + code_text(last);
    if (flags_.either_case) range += other_case(first, last);
    return range;
  }

  std::uint32_t take_class_character() {
    if (in_.peek() != '\\') return in_.take_character();
    if (in_.peek(1) == 'v') return in_.take(2), 0x0B;
    if (in_.peek(1) == '\0') {
      in_.take();
      return in_.fail("Unclosed character class", 1), 0;
    }
    return in_.take_escaped();
  }

  RegexReader in_;
  std::uint32_t groups_;
  std::uint32_t groups_seen_ = 0;
  Flags flags_;
  std::vector<Flags> open_;
  std::string out_;
};

}  // namespace

Result<std::string, Exception> to_pcre2(std::string_view expression, Letters letters) {
  const std::string plain = without_quotations(expression);
  // Twice: what a back reference means depends on the groups behind it too.
  Translator counting(plain, letters, 0);
  if (const auto error = counting.translate()) return Err{error->exception(expression)};
  Translator translator(plain, letters, counting.groups_seen());
  translator.translate();
  return std::move(translator.output());
}

}  // namespace pawl::jsonpath
