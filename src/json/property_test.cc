// Properties of random trees and random damage.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "json/number.h"
#include "json/value.h"

namespace pawl::json {
namespace {

std::string random_number() {
  const auto digits = [] {
    return *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('0', ':')));
  };
  std::string text = *rc::gen::element<std::string>("", "-");
  const std::string integer = digits();
  const std::size_t first = integer.find_first_not_of('0');
  text += first == std::string::npos ? "0" : integer.substr(first);
  if (*rc::gen::arbitrary<bool>()) text += "." + digits();
  if (*rc::gen::arbitrary<bool>())
    text += *rc::gen::element<std::string>("e", "E+", "e-") + digits();
  return text;
}

// Text of a string with everything that is special in one, lone surrogates too.
std::string random_characters() {
  const auto piece = rc::gen::element<std::string>(
      "a", "key", " ", "\"", "\\", "/", "\n", "\x01", std::string(1, '\0'), "\x7f", "é", "€", "😀",
      "\xED\xA0\xBD", "\xED\xB8\x80", "a rather long piece of plain text", "{", "]", ",", ":", "1");
  std::string text;
  for (const std::string& part : *rc::gen::container<std::vector<std::string>>(piece)) text += part;
  return text;
}

Node random_node(Arena& arena, int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 7 : 5)) {
    case 0:
      return Node::null();
    case 1:
      return Node::boolean(*rc::gen::arbitrary<bool>());
    case 2:
      return arena.number(random_number());
    case 3:
    case 4:
      return arena.string(random_characters());
    case 5: {
      std::vector<Node> elements(*rc::gen::inRange<std::size_t>(0, 6));
      for (Node& element : elements) element = random_node(arena, depth - 1);
      return arena.array(elements);
    }
    default: {
      ObjectBuilder builder(arena);
      const int count = *rc::gen::element(0, 1, 3, 6, 20, 40);
      for (int i = 0; i < count; ++i) {
        const std::string key =
            *rc::gen::arbitrary<bool>() ? random_characters() : std::to_string(i);
        builder.set(key, random_node(arena, count > 6 ? 0 : depth - 1));
      }
      return builder.finish();
    }
  }
}

// The same JSON with blanks between all tokens, and every character of its strings as an escape
// where that is possible.
std::string disguised(const std::string& compact) {
  std::string out = "\n";
  bool in_string = false;
  for (std::size_t i = 0; i < compact.size(); ++i) {
    const char c = compact[i];
    if (in_string && c == '\\') {
      out += compact.substr(i, 2);
      ++i;
    } else if (in_string && c >= 'a' && c <= 'z') {
      static constexpr char kDigits[] = "0123456789abcdef";
      out += std::string("\\u00") + kDigits[c >> 4] + kDigits[c & 15];
    } else {
      if (c == '"') in_string = !in_string;
      const bool token = !in_string && std::string_view("[]{},:").find(c) != std::string_view::npos;
      out += token ? std::string(" ") + c + "\t" : std::string(1, c);
    }
  }
  return out;
}

RC_GTEST_PROP(Property, PrintedTreesReadBack, ()) {
  Arena arena;
  const Node tree = random_node(arena, 4);
  const std::string text = print(tree);
  const auto parsed = Value::parse(text);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(print(parsed->root()) == text);
  // Two halves of a pair that stand side by side print as the character they make, so compare what
  // was read with what is read again.
  RC_ASSERT(equal(parsed->root(), Value::of(tree).root()));
}

RC_GTEST_PROP(Property, BlanksAndEscapesDoNotMatter, ()) {
  Arena arena;
  const std::string text = print(random_node(arena, 4));
  const auto plain = Value::parse(text);
  const auto odd = Value::parse(disguised(text));
  RC_ASSERT(odd.ok());
  RC_ASSERT(equal(plain->root(), odd->root()));
  RC_ASSERT(print(odd->root()) == text);
}

// Parts of an untouched document print the same whether they are copied or walked.
RC_GTEST_PROP(Property, PartsPrintAsTheWholeDoes, ()) {
  Arena arena;
  const Value whole = Value::of(arena.array({random_node(arena, 3), random_node(arena, 3)}));
  const Node root = whole.root();
  RC_ASSERT(print(arena.array({root.at(0), root.at(1)})) == whole.text());
}

RC_GTEST_PROP(Property, DamageIsRefusedOrHarmless, ()) {
  Arena arena;
  std::string text = disguised(print(random_node(arena, 3)));
  const int changes = *rc::gen::inRange(1, 4);
  for (int i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t place = *rc::gen::inRange<std::size_t>(0, text.size());
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        text.erase(place, 1);
        break;
      case 1:
        text[place] = *rc::gen::arbitrary<char>();
        break;
      default:
        text.insert(place, 1, *rc::gen::element('"', '\\', '{', ']', ',', '0', '\xED', ' '));
    }
  }
  const auto value = Value::parse(text);
  if (!value.ok()) {
    RC_ASSERT(!value.error().message.empty());
    RC_ASSERT(value.error().offset <= text.size());
    return;
  }
  const std::string printed = print(value->root());
  const auto again = Value::parse(printed);
  RC_ASSERT(again.ok());
  RC_ASSERT(print(again->root()) == printed);
  RC_ASSERT(equal(value->root(), again->root()));
}

RC_GTEST_PROP(Property, ComparisonIsATotalOrder, ()) {
  const std::string a = random_number(), b = random_number(), c = random_number();
  RC_ASSERT(compare_numbers(a, a) == 0);
  RC_ASSERT(compare_numbers(a, b) == -compare_numbers(b, a));
  if (compare_numbers(a, b) <= 0 && compare_numbers(b, c) <= 0)
    RC_ASSERT(compare_numbers(a, c) <= 0);
  // Rounding to doubles keeps the order.
  if (compare_numbers(a, b) <= 0) RC_ASSERT(to_double(a) <= to_double(b));
}

RC_GTEST_PROP(Property, FormsOfDoublesReadBack, ()) {
  const double value = *rc::gen::arbitrary<double>();
  RC_PRE(std::isfinite(value));
  RC_ASSERT(to_double(java_double_text(value)) == value);
  RC_ASSERT(to_double(ecmascript_number_text(value)) == value);
  Arena arena;
  RC_ASSERT(to_double(arena.real(value).number_text()) == value);
}

}  // namespace
}  // namespace pawl::json
