// Says what is wrong with a text, in Jackson 2.14's words and with its idea of where: the place its
// reader had reached when it gave up, lines and UTF-16 columns counted from 1. Reads token by token
// in Jackson's order, because the first mistake is the one it reports. Runs only after parse_json
// has refused, so it is written for exactness and not for speed.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "json/parser.h"
#include "json/source_location.h"

namespace pawl::json {
namespace {

using Checked = Result<void, ParseError>;

constexpr std::size_t kWordUnitsMax = 256;
constexpr std::string_view kValues =
    "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

bool is_digit(std::uint32_t code) { return code >= '0' && code <= '9'; }

class Diagnosis {
 public:
  explicit Diagnosis(std::string_view text)
      : text_(text), sound_(text.substr(0, sound_utf8_prefix(text))) {}

  Checked run() {
    TRY(skip_blanks());
    if (at_end()) return Err{ParseError{"No content to map due to end-of-input", 0, 1, 0}};
    if (at_close()) return close();
    TRY(take_value());
    while (!open_.empty()) TRY(take_next());
    return check_nothing_follows();
  }

 private:
  struct Container {
    bool object;
    bool filled;
    std::size_t line;
    std::size_t column;
  };

  // ---- Reading characters. `at_` is the next one's offset, as Jackson's input pointer.

  bool at_end() const { return at_ == text_.size(); }
  Character peek() const { return character_at_front(text_.substr(at_)); }
  std::uint32_t peek_code() const { return at_end() ? 0 : peek().code; }
  bool at_close() const { return peek_code() == ']' || peek_code() == '}'; }

  Result<std::uint32_t, ParseError> take() {
    if (at_ == sound_.size()) return Err{invalid_utf8()};
    const Character character = peek();
    at_ += character.bytes;
    return character.code;
  }

  // Blanks between tokens; comments and control characters among them are mistakes.
  Checked skip_blanks() {
    while (!at_end()) {
      const std::uint32_t code = peek_code();
      if (code > ' ' && code != '/') return {};
      (void)TRY(take());
      if (code == '/') {
        return unexpected(code,
                          "maybe a (non-standard) comment? (not recognized as one since Feature "
                          "'ALLOW_COMMENTS' not enabled for parser)");
      }
      const bool line_end = code == '\n' || (code == '\r' && peek_code() != '\n');
      if (line_end) {
        ++line_;
        line_start_ = at_;
      } else if (code != ' ' && code != '\t' && code != '\r') {
        return fail("Illegal character (" + describe_character(code) +
                    "): only regular white space (\\r, \\n, \\t) is allowed between tokens");
      }
    }
    return {};
  }

  // ---- Structure.

  Checked take_next() {
    TRY(skip_blanks());
    if (at_end()) return unclosed();
    Container& container = open_.back();
    if (at_close()) return close();
    if (container.filled) {
      const std::uint32_t code = TRY(take());
      if (code != ',') {
        return unexpected(code, "was expecting comma to separate " + kind_name() + " entries");
      }
      TRY(skip_between());
    }
    container.filled = true;
    if (container.object) {
      TRY(take_name());
    } else if (peek_code() == '}') {
      (void)TRY(take());
      return unexpected('}', "expected a value");
    }
    return take_value();
  }

  Checked take_name() {
    const std::uint32_t code = TRY(take());
    if (code != '"') return unexpected(code, "was expecting double-quote to start field name");
    TRY(take_string(Where::kName));
    TRY(skip_between());
    const std::uint32_t colon = TRY(take());
    if (colon != ':') {
      return unexpected(colon, "was expecting a colon to separate field name and value");
    }
    return skip_between();
  }

  Checked skip_between() {
    TRY(skip_blanks());
    if (!at_end()) return {};
    return fail("Unexpected end-of-input within/between " + kind_name() + " entries");
  }

  Checked close() {
    const std::uint32_t code = TRY(take());
    const bool object = code == '}';
    const bool root = open_.empty();
    if (!root && open_.back().object == object) {
      open_.pop_back();
      return {};
    }
    const std::string place = root ? describe_place(text_, 1, 0)
                                   : describe_place(text_, open_.back().line, open_.back().column);
    return fail(std::string("Unexpected close marker '") + (object ? '}' : ']') + "': expected '" +
                (object ? ']' : '}') + "' (for " + kind_name() + " starting at " + place + ")");
  }

  Checked unclosed() {
    const Container& container = open_.back();
    return fail("Unexpected end-of-input: expected close marker for " + kind_name() +
                " (start marker at " + describe_place(text_, container.line, container.column) +
                ")");
  }

  // FAIL_ON_TRAILING_TOKENS. The place is where the token begins, and it must be sound itself.
  Checked check_nothing_follows() {
    TRY(skip_blanks());
    if (at_end()) return {};
    if (at_close()) return close();
    ParseError trailing = error("");
    // Jackson does not look into a string before somebody wants it.
    if (peek_code() != '"') TRY(take_value());
    trailing.message = "Trailing token (of type " + token_type(trailing.offset) +
                       ") found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): "
                       "not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`";
    return Err{trailing};
  }

  std::string token_type(std::size_t offset) const {
    const std::string_view token = text_.substr(offset, at_ - offset);
    switch (token.front()) {
      case '{':
        return "START_OBJECT";
      case '[':
        return "START_ARRAY";
      case '"':
        return "VALUE_STRING";
      case 't':
        return "VALUE_TRUE";
      case 'f':
        return "VALUE_FALSE";
      case 'n':
        return "VALUE_NULL";
      default:
        break;
    }
    const bool integral = token.find_first_of(".eE") == std::string_view::npos;
    return integral ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
  }

  // ---- Values.

  Checked take_value() {
    const std::size_t line = line_;
    const std::size_t column = column_of(at_);
    const std::uint32_t code = TRY(take());
    switch (code) {
      case '"':
        return take_string(Where::kValue);
      case '{':
      case '[':
        return open({code == '{', false, line, column});
      case 't':
        return take_word("true", 1);
      case 'f':
        return take_word("false", 1);
      case 'n':
        return take_word("null", 1);
      case '-':
        return take_number();
      default:
        break;
    }
    if (is_digit(code)) {
      at_ -= 1;
      return take_number();
    }
    return odd_value(code);
  }

  Checked open(Container container) {
    open_.push_back(container);
    if (open_.size() <= static_cast<std::size_t>(kDepthMax)) return {};
    const std::string depth_max = std::to_string(kDepthMax);
    return fail("Document nesting depth (" + std::to_string(open_.size()) +
                ") exceeds the maximum allowed (" + depth_max +
                ", from `StreamReadConstraints.getMaxNestingDepth()`)");
  }

  Checked odd_value(std::uint32_t code) {
    switch (code) {
      case 'N':
        TRY(take_word("NaN", 1));
        return not_standard("NaN");
      case 'I':
        TRY(take_word("Infinity", 1));
        return not_standard("Infinity");
      case '+':
        if (at_end()) return end_of_input(" in a Number value");
        return odd_number(TRY(take()), '+');
      default:
        break;
    }
    if (begins_word(code)) {
      at_ -= character_bytes(code);
      return unknown_word(at_);
    }
    return unexpected(code, "expected a valid value " + std::string(kValues));
  }

  // The rest of a literal, of which `taken` characters are taken.
  Checked take_word(std::string_view word, std::size_t taken) {
    const std::size_t start = at_ - taken;
    for (std::size_t i = taken; i < word.size(); ++i) {
      if (at_end() || text_[at_] != word[i]) return unknown_word(start);
      ++at_;
    }
    // Jackson takes what sorts before the digits for an end, `$` too.
    if (at_end() || peek_code() < '0') return {};
    return continues_word(peek_code()) ? unknown_word(start) : Checked();
  }

  Checked unknown_word(std::size_t start) {
    std::size_t units = utf16_units(text_.substr(start, at_ - start));
    bool first = units == 0;
    while (!at_end() && units < kWordUnitsMax && (first || continues_word(peek_code()))) {
      first = false;
      (void)TRY(take());
      ++units;
    }
    const std::string word(text_.substr(start, at_ - start));
    return fail("Unrecognized token '" + word + (units >= kWordUnitsMax ? "..." : "") +
                "': was expecting " + std::string(kValues));
  }

  Checked not_standard(const std::string& word) {
    return fail("Non-standard token '" + word +
                "': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow");
  }

  // ---- Numbers.

  // Behind the minus sign, or at the first digit.
  Checked take_number() {
    if (at_end()) return end_of_input("No digit following minus sign");
    const std::uint32_t first = TRY(take());
    if (first == '.') return odd_value(first);
    if (!is_digit(first)) return odd_number(first, '-');
    if (first == '0' && is_digit(peek_code())) {
      return fail("Invalid numeric value: Leading zeroes not allowed");
    }
    skip_digits();
    // Jackson's fast number reader stays here, behind a point or `e`, when it meets a mistake
    // further on. Numbers that begin with 0 are read by the careful one, which has moved on.
    const std::size_t stay = first == '0' ? kNowhere : at_ + 1;
    if (next_is('.')) TRY(take_fraction(stay));
    if (next_is('e') || next_is('E')) TRY(take_exponent(stay));
    return check_root_space();
  }

  bool next_is(char c) const { return !at_end() && text_[at_] == c; }

  void skip_digits() {
    while (!at_end() && is_digit(peek_code())) ++at_;
  }

  Checked take_fraction(std::size_t stay) {
    ++at_;
    if (at_end()) return unexpected_in_number('.', "Decimal point not followed by a digit");
    if (!is_digit(peek_code())) return no_digit("Decimal point not followed by a digit", stay);
    skip_digits();
    return {};
  }

  Checked take_exponent(std::size_t stay) {
    ++at_;
    if (next_is('+') || next_is('-')) ++at_;
    if (at_end()) return end_of_input("expected a digit for number exponent");
    if (!is_digit(peek_code())) return no_digit("Exponent indicator not followed by a digit", stay);
    skip_digits();
    return {};
  }

  Checked no_digit(const std::string& comment, std::size_t stay) {
    const std::uint32_t code = TRY(take());
    Checked failure = unexpected_in_number(code, comment);
    if (stay == kNowhere) return failure;
    at_ = stay;
    return fail(failure.error().message);
  }

  Checked check_root_space() {
    if (!open_.empty() || at_end()) return {};
    const std::uint32_t code = peek_code();
    if (code == ' ' || code == '\t' || code == '\r' || code == '\n') return {};
    (void)TRY(take());
    return unexpected(code, "Expected space separating root-level values");
  }

  // A sign, and then `code`, which is no digit.
  Checked odd_number(std::uint32_t code, char sign) {
    if (code == 'I') {
      if (at_end()) return end_of_input(" in a Number value");
      code = TRY(take());
      if (code == 'N' || code == 'n') {
        const std::string word = sign + std::string(code == 'N' ? "INF" : "Infinity");
        TRY(take_word(word, 3));
        return not_standard(word);
      }
    }
    if (sign == '+') {
      return fail(
          "Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow "
          "numbers to have plus signs: enable "
          "`JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow",
          code);
    }
    return unexpected_in_number(
        code, "expected digit (0-9) to follow minus sign, for valid numeric value");
  }

  // ---- Strings.

  enum class Where { kName, kValue };

  Checked take_string(Where where) {
    for (;;) {
      if (at_end()) {
        return end_of_input(where == Where::kName
                                ? " in field name"
                                : ": was expecting closing quote for a string value");
      }
      const std::uint32_t code = TRY(take());
      if (code == '"') return {};
      if (code == '\\') {
        TRY(take_escape());
      } else if (code < ' ') {
        return fail("Illegal unquoted character (" + describe_character(code) +
                    "): has to be escaped using backslash to be included in " +
                    (where == Where::kName ? "name" : "string value"));
      }
    }
  }

  Checked take_escape() {
    if (at_end()) return end_of_input(" in character escape sequence");
    const std::uint32_t code = TRY(take());
    if (code != 'u') {
      const bool known =
          code < 0x80 &&
          std::string_view("\"\\/bfnrt").find(static_cast<char>(code)) != std::string_view::npos;
      if (known) return {};
      return fail("Unrecognized character escape " + describe_character(first_unit(code)), code);
    }
    for (int i = 0; i < 4; ++i) {
      if (at_end()) return end_of_input(" in character escape sequence");
      const std::uint32_t digit = TRY(take());
      const std::uint32_t lower = digit | 0x20;
      if (!is_digit(digit) && (lower < 'a' || lower > 'f')) {
        return unexpected(digit, "expected a hex-digit for character escape sequence");
      }
    }
    return {};
  }

  // ---- Errors.

  static std::uint32_t first_unit(std::uint32_t code) {
    return code > 0xFFFF ? 0xD800 + ((code - 0x10000) >> 10) : code;
  }

  static std::size_t character_bytes(std::uint32_t code) {
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }

  std::string kind_name() const {
    if (open_.empty()) return "root";
    return open_.back().object ? "Object" : "Array";
  }

  std::size_t column_of(std::size_t offset) const {
    return utf16_units(text_.substr(line_start_, offset - line_start_)) + 1;
  }

  ParseError error(std::string message) const {
    return ParseError{std::move(message), at_, line_, column_of(at_)};
  }

  // `last_taken` tells a character outside the basic plane, of which Jackson has read one half.
  Checked fail(std::string message, std::uint32_t last_taken = 0) const {
    ParseError failure = error(std::move(message));
    if (last_taken > 0xFFFF) --failure.column;
    return Err{std::move(failure)};
  }

  Checked unexpected(std::uint32_t code, const std::string& comment) const {
    return fail("Unexpected character (" + describe_character(first_unit(code)) + "): " + comment,
                code);
  }

  Checked unexpected_in_number(std::uint32_t code, const std::string& comment) const {
    return fail("Unexpected character (" + describe_character(first_unit(code)) +
                    ") in numeric value: " + comment,
                code);
  }

  Checked end_of_input(const std::string& place) const {
    return fail("Unexpected end-of-input" + place);
  }

  // In the words of Jackson's reader of bytes, which counts columns in bytes.
  ParseError invalid_utf8() const {
    const std::size_t start = sound_.size();
    std::size_t bad = start;
    const auto lead = static_cast<unsigned char>(text_[start]);
    if (lead >= 0xC2 && lead <= 0xF4) ++bad;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    while (bad > start && bad < text_.size() && bad - start < length - 1 &&
           (static_cast<unsigned char>(text_[bad]) & 0xC0) == 0x80) {
      ++bad;
    }
    const std::size_t read = std::min(bad + 1, text_.size());
    ParseError failure{"Unexpected end-of-input in UTF-8 character", read, line_,
                       read - line_start_ + 1};
    if (bad == text_.size()) return failure;
    char digits[8];
    std::snprintf(digits, sizeof digits, "0x%02x", static_cast<unsigned char>(text_[bad]));
    failure.message =
        std::string("Invalid UTF-8 ") + (bad == start ? "start" : "middle") + " byte " + digits;
    return failure;
  }

  static constexpr std::size_t kNowhere = std::string_view::npos;

  const std::string_view text_;
  const std::string_view sound_;  // the front of `text_` that is UTF-8
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::vector<Container> open_;
};

}  // namespace

ParseError diagnose(std::string_view text) {
  const Checked checked = Diagnosis(text).run();
  if (checked.ok()) return ParseError{"Document is too large", 0, 1, 1};
  return checked.error();
}

}  // namespace pawl::json
