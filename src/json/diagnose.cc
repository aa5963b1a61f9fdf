// Says what is wrong with a text, in Jackson 2.14's words and with its idea of where: the place its
// reader had reached when it gave up, lines and UTF-16 columns counted from 1. Reads token by token
// in Jackson's order, because the first mistake is the one it reports. Runs only after parse_json
// has refused, so it is written for exactness and not for speed.
#include <string>
#include <vector>

#include "json/diagnose_scalar.h"
#include "json/parser.h"
#include "json/traced_text.h"

namespace pawl::json {
namespace {

class Diagnosis {
 public:
  explicit Diagnosis(std::string_view text) : in_(text) {}

  Checked run() {
    TRY(in_.skip_blanks());
    if (in_.at_end()) return Err{ParseError{"No content to map due to end-of-input", 0, 1, 0}};
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

  // An element or member, or the end of the innermost container.
  Checked take_next() {
    TRY(in_.skip_blanks());
    if (in_.at_end()) return unclosed();
    if (at_close()) return close();
    Container& container = open_.back();
    if (container.filled) {
      const std::uint32_t code = TRY(in_.take());
      if (code != ',') {
        return in_.unexpected(code, "was expecting comma to separate " + kind_name() + " entries");
      }
      TRY(skip_between());
    }
    container.filled = true;
    if (container.object) {
      TRY(take_name());
    } else if (in_.take_if('}')) {
      return in_.unexpected('}', "expected a value");
    }
    return take_value();
  }

  Checked take_name() {
    const std::uint32_t code = TRY(in_.take());
    if (code != '"') return in_.unexpected(code, "was expecting double-quote to start field name");
    TRY(diagnose_string(in_, StringPlace::kName));
    TRY(skip_between());
    const std::uint32_t colon = TRY(in_.take());
    if (colon != ':') {
      return in_.unexpected(colon, "was expecting a colon to separate field name and value");
    }
    return skip_between();
  }

  Checked skip_between() {
    TRY(in_.skip_blanks());
    if (!in_.at_end()) return {};
    return in_.end_of_input(" within/between " + kind_name() + " entries");
  }

  Checked take_value() {
    const std::size_t line = in_.line();
    const std::size_t column = in_.column();
    const std::size_t start = in_.at();
    const std::uint32_t code = TRY(in_.take());
    switch (code) {
      case '"':
        return diagnose_string(in_, StringPlace::kValue);
      case '{':
      case '[':
        return open({code == '{', false, line, column});
      case 't':
        return diagnose_word(in_, "true");
      case 'f':
        return diagnose_word(in_, "false");
      case 'n':
        return diagnose_word(in_, "null");
      default:
        break;
    }
    if (code != '-' && !is_digit(code)) return diagnose_odd_value(in_, code);
    if (code != '-') in_.go_to(start);
    TRY(diagnose_number(in_));
    return check_space_behind_number();
  }

  Checked check_space_behind_number() {
    if (!open_.empty() || in_.at_end()) return {};
    const std::uint32_t code = in_.peek();
    if (code == ' ' || code == '\t' || code == '\r' || code == '\n') return {};
    (void)TRY(in_.take());
    return in_.unexpected(code, "Expected space separating root-level values");
  }

  Checked open(Container container) {
    open_.push_back(container);
    if (open_.size() <= static_cast<std::size_t>(kDepthMax)) return {};
    return in_.fail("Document nesting depth (" + std::to_string(open_.size()) +
                    ") exceeds the maximum allowed (" + std::to_string(kDepthMax) +
                    ", from `StreamReadConstraints.getMaxNestingDepth()`)");
  }

  bool at_close() const { return in_.next_is(']') || in_.next_is('}'); }

  Checked close() {
    const bool object = TRY(in_.take()) == '}';
    if (!open_.empty() && open_.back().object == object) {
      open_.pop_back();
      return {};
    }
    return in_.fail(std::string("Unexpected close marker '") + (object ? '}' : ']') +
                    "': expected '" + (object ? ']' : '}') + "' (for " + kind_name() +
                    " starting at " + start_of_container() + ")");
  }

  Checked unclosed() const {
    return in_.end_of_input(": expected close marker for " + kind_name() + " (start marker at " +
                            start_of_container() + ")");
  }

  std::string kind_name() const {
    if (open_.empty()) return "root";
    return open_.back().object ? "Object" : "Array";
  }

  std::string start_of_container() const {
    if (open_.empty()) return describe_place(in_.text(), 1, 0);
    return describe_place(in_.text(), open_.back().line, open_.back().column);
  }

  // FAIL_ON_TRAILING_TOKENS. The place is where the token begins, and it must be sound itself; but
  // Jackson does not look into a string before somebody wants it.
  Checked check_nothing_follows() {
    TRY(in_.skip_blanks());
    if (in_.at_end()) return {};
    if (at_close()) return close();
    ParseError trailing = in_.error("");
    if (!in_.next_is('"')) TRY(take_value());
    trailing.message = "Trailing token (of type " + type_of_token(trailing.offset) +
                       ") found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): "
                       "not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`";
    return Err{std::move(trailing)};
  }

  std::string type_of_token(std::size_t start) const {
    switch (in_.text()[start]) {
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
    const bool integral = in_.since(start).find_first_of(".eE") == std::string_view::npos;
    return integral ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
  }

  TracedText in_;
  std::vector<Container> open_;
};

}  // namespace

ParseError diagnose(std::string_view text) {
  const Checked checked = Diagnosis(text).run();
  // There is nothing to find in a text that was refused for its size (kTextBytesMax) alone.
  if (checked.ok()) return ParseError{"Document is too large", 0, 1, 1};
  return checked.error();
}

}  // namespace pawl::json
