// $map, $filter, $single, $reduce, $sift, $each (JSONata, "Higher Order Functions").
#include "jsonata/callback.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"

namespace pawl::jsonata {
namespace {

Value index_value(std::size_t index) { return Value::number(static_cast<double>(index)); }

Value map(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined()) return array;
  Callback callback(call.evaluation, call[1], 3);
  ScratchList results(call.evaluation);
  for (std::uint32_t i = 0; i < array.size(); ++i) {
    const Value result = callback(array.elements()[i], index_value(i), array);
    if (result.is_failed()) return result;
    if (!result.is_undefined()) results->push_back(result);
  }
  return call.evaluation.array(*results, Value::kSequence);
}

Value filter(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined()) return array;
  Callback callback(call.evaluation, call[1], 3);
  ScratchList results(call.evaluation);
  for (std::uint32_t i = 0; i < array.size(); ++i) {
    const Value result = VALUE(callback(array.elements()[i], index_value(i), array));
    if (VALUE(to_boolean(call.evaluation, result)).truth()) results->push_back(array.elements()[i]);
  }
  return call.evaluation.array(*results, Value::kSequence);
}

Value single(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined()) return array;
  Value found;
  bool any = false;
  for (std::uint32_t i = 0; i < array.size(); ++i) {
    bool matches = true;
    if (!call[1].is_undefined()) {
      Callback callback(call.evaluation, call[1], 3);
      const Value result = VALUE(callback(array.elements()[i], index_value(i), array));
      matches = VALUE(to_boolean(call.evaluation, result)).truth();
    }
    if (!matches) continue;
    if (any) return call.evaluation.fail("D3138");
    any = true;
    found = array.elements()[i];
  }
  return any ? found : call.evaluation.fail("D3139");
}

Value reduce(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined()) return array;
  if (arity_of(call[1]) < 2) return call.evaluation.fail("D3050");
  Callback callback(call.evaluation, call[1], 4);
  Value result = call[2];
  std::uint32_t i = 0;
  if (result.is_undefined() && array.size() > 0) result = array.elements()[i++];
  for (; i < array.size(); ++i) {
    result = VALUE(callback(result, array.elements()[i], index_value(i), array));
  }
  return result;
}

Value sift(const Invocation& call) {
  const Value& object = call[0];
  if (!object.is_object()) return Value::undefined();
  Callback callback(call.evaluation, call[1], 3);
  std::vector<Entry> kept;
  for (const Entry* entry = object.entries(); entry != object.entries_end(); ++entry) {
    const Value result = VALUE(callback(entry->value, entry->key, object));
    if (VALUE(to_boolean(call.evaluation, result)).truth()) kept.push_back(*entry);
  }
  return kept.empty() ? Value::undefined() : call.evaluation.object(kept);
}

Value each(const Invocation& call) {
  const Value& object = call[0];
  if (!object.is_object()) return Value::undefined();
  Callback callback(call.evaluation, call[1], 3);
  ScratchList results(call.evaluation);
  for (const Entry* entry = object.entries(); entry != object.entries_end(); ++entry) {
    const Value result = VALUE(callback(entry->value, entry->key, object));
    if (!result.is_undefined()) results->push_back(result);
  }
  return call.evaluation.array(*results, Value::kSequence);
}

constexpr Native kFunctions[] = {
    {"map", "<af>", 2, map},        {"filter", "<af>", 2, filter},
    {"single", "<af?>", 2, single}, {"reduce", "<afj?:j>", 3, reduce},
    {"sift", "<o-f?:o>", 2, sift},  {"each", "<o-f:a>", 2, each},
};

}  // namespace

std::span<const Native> higher_order_functions() { return kFunctions; }

}  // namespace pawl::jsonata
