// $boolean, $not, $exists (JSONata, "Boolean Functions").
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"

namespace pawl::jsonata {
namespace {

Value boolean(const Invocation& call) {
  return call[0].is_undefined() ? call[0] : to_boolean(call.evaluation, call[0]);
}

Value negation(const Invocation& call) {
  const Value value = VALUE(boolean(call));
  return value.is_undefined() ? value : Value::boolean(!value.truth());
}

Value exists(const Invocation& call) { return Value::boolean(!call[0].is_undefined()); }

constexpr Native kFunctions[] = {
    {"boolean", "<x-:b>", 1, boolean},
    {"not", "<x-:b>", 1, negation},
    {"exists", "<x:b>", 1, exists},
};

}  // namespace

std::span<const Native> boolean_functions() { return kFunctions; }

}  // namespace pawl::jsonata
