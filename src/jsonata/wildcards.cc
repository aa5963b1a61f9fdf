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
  if (!deeper(evaluation) || !evaluation.fits(out)) return false;
  for (std::uint32_t i = 0; i < value.size(); ++i) {
    const Value& part = value.is_array() ? value.elements()[i] : value.entries()[i].value;
    if (!descend(evaluation, part, out)) return false;
  }
  --evaluation.depth;
  return true;
}

}  // namespace

bool find_descendants(Evaluation& evaluation, const Value& value, const Step& name,
                      FoundMember found, void* context) {
  if (!deeper(evaluation)) return false;
  if (value.is_object()) {
    const Value* member = find_member(value, name.name, name.hint);
    if (member != nullptr && !found(context, *member)) return false;
  }
  const std::size_t stride = value.is_array() ? 1 : 2;
  const Value* const end = value.elements() + value.size() * stride;
  for (const Value* part = value.elements() + stride - 1; part < end; part += stride) {
    if (!part->is_array() && !part->is_object()) continue;
    if (!find_descendants(evaluation, *part, name, found, context)) return false;
  }
  --evaluation.depth;
  return true;
}

// Where a member is an array, the result is an array as such: it does not stand for its only item.
Value run_wildcard(Evaluation& evaluation, Value input) {
  if (input.is_array() && (input.flags() & Value::kOuterWrapper)) input = input.elements()[0];
  if (!input.is_array() && !input.is_object()) return Value::undefined();
  ScratchList found(evaluation);
  bool any_array = false;
  for (std::uint32_t i = 0; i < input.size(); ++i) {
    const Value& value = input.is_array() ? input.elements()[i] : input.entries()[i].value;
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
