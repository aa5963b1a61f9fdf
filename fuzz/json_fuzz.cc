// Any bytes: refused with a message, or parsed, printed, parsed again and equal to what they were.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.h"
#include "json/number.h"
#include "json/selection.h"
#include "json/value.h"

namespace {

using pawl::json::Node;
using pawl::json::Value;

void check_refusal(const std::string& text, const pawl::json::ParseError& error) {
  ENSURE(error.offset <= text.size());
  ENSURE(error.line >= 1);
  // The slow reader must find what the fast one did not like.
  ENSURE(error.message != "Document is too large");
  ENSURE(!source_location(text, error).empty());
}

// Looks every member up, and reads every number.
void walk(Node node) {
  for (const Node& element : node) walk(element);
  for (const pawl::json::Member& member : node.members()) {
    ENSURE(node.find(member.key.string()) == &member.value);
    walk(member.value);
  }
  if (node.is_number()) {
    ENSURE(pawl::json::compare_numbers(node.number_text(), node.number_text()) == 0);
    (void)pawl::json::to_double(node.number_text());
  }
}

// A parse that builds next to nothing checks as much.
void check_partial(const std::string& text, bool accepted) {
  pawl::json::Selection some = pawl::json::Selection::nothing();
  some.add_member("a").add_member("b");
  for (const auto& selection : {pawl::json::Selection::nothing(), some}) {
    pawl::json::Arena arena;
    ENSURE(pawl::json::parse_into(arena, text, selection).ok() == accepted, text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto value = Value::parse(text);
  check_partial(text, value.ok());
  if (!value.ok()) {
    check_refusal(text, value.error());
    return 0;
  }
  walk(value->root());
  const std::string printed = print(value->root());
  const auto again = Value::parse(printed);
  ENSURE(again.ok(), printed);
  ENSURE(print(again->root()) == printed, printed);
  ENSURE(equal(value->root(), again->root()), printed);
  return 0;
}
