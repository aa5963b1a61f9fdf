// `*` and `**` (JSONata, "Path Operators").
#include "jsonata/nodes.h"

namespace pawl::jsonata {
namespace {

bool deeper(Evaluation& evaluation) {
  if (evaluation.spend() && ++evaluation.depth <= evaluation.depth_max) return true;
  if (evaluation.depth > evaluation.depth_max) evaluation.too_deep();
  return false;
}

// Appends what is in nested arrays.
bool flatten(Evaluation& evaluation, const Value& value, std::vector<Value>& out) {
  if (!value.is_array()) {
    out.push_back(value);
    return true;
  }
  if (!deeper(evaluation)) return false;
  for (const Value& item : value) {
    if (!flatten(evaluation, item, out)) return false;
  }
  --evaluation.depth;
  return true;
}

// Appends the value and all that is in it, arrays themselves left out.
bool descend(Evaluation& evaluation, const Value& value, std::vector<Value>& out) {
  if (!value.is_array()) out.push_back(value);
  if (!value.is_array() && !value.is_object()) return true;
  if (!deeper(evaluation)) return false;
  for (std::uint32_t i = 0; i < value.size; ++i) {
    const Value& part = value.is_array() ? value.elements[i] : value.entries[i].value;
    if (!descend(evaluation, part, out)) return false;
  }
  --evaluation.depth;
  return true;
}

}  // namespace

// Where a member is an array, the result is an array as such: it does not stand for its only item.
Value run_wildcard(Evaluation& evaluation, Value input) {
  if (input.is_array() && (input.flags & Value::kOuterWrapper)) input = input.elements[0];
  if (!input.is_array() && !input.is_object()) return Value::undefined();
  ScratchList found(evaluation);
  bool any_array = false;
  for (std::uint32_t i = 0; i < input.size; ++i) {
    const Value& value = input.is_array() ? input.elements[i] : input.entries[i].value;
    any_array |= value.is_array();
    if (!flatten(evaluation, value, *found)) return Value::failed();
  }
  return evaluation.array(*found, any_array ? 0 : Value::kSequence);
}

Value run_descendants(Evaluation& evaluation, Value input) {
  if (input.is_undefined()) return input;
  ScratchList found(evaluation);
  if (!descend(evaluation, input, *found)) return Value::failed();
  return evaluation.sequence(*found);
}

}  // namespace pawl::jsonata
