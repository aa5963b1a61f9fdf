// $append, $reverse, $sort, $shuffle, $distinct, $zip (JSONata, "Array Functions").
#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "jsonata/callback.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"
#include "jsonata/merge_sort.h"
#include "jsonata/text_functions.h"

namespace pawl::jsonata {
namespace {

Value append(const Invocation& call) {
  const Value& left = call[0];
  const Value& right = call[1];
  if (left.is_undefined()) return right;
  if (right.is_undefined()) return left;
  ScratchList items(call.evaluation);
  for (const Value& part : {left, right}) {
    if (part.is_array()) {
      items->insert(items->end(), part.begin(), part.end());
    } else {
      items->push_back(part);
    }
  }
  return call.evaluation.array(*items, 0);
}

Value reverse(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined() || array.size() <= 1) return array;
  ScratchList items(call.evaluation);
  items->assign(std::make_reverse_iterator(array.end()), std::make_reverse_iterator(array.begin()));
  return call.evaluation.array(*items, 0);
}

Value shuffle(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined() || array.size() <= 1) return array;
  ScratchList items(call.evaluation);
  items->assign(array.begin(), array.end());
  for (std::size_t i = items->size(); i-- > 1;) {
    std::swap((*items)[i], (*items)[call.evaluation.scope.rng.next() % (i + 1)]);
  }
  return call.evaluation.array(*items, 0);
}

template <class Is>
bool all_items(const Value& array, Is is) {
  return std::all_of(array.begin(), array.end(), is);
}

Value sort_by(const Invocation& call, std::vector<Value>& items) {
  Callback callback(call.evaluation, call[1], 2, 2);
  const bool sorted = merge_sort(std::span(items), [&](const Value& left, const Value& right) {
    const Value answer = callback(left, right);
    if (answer.is_failed()) return Comes::kFailed;
    return is_truthy(answer) ? Comes::kAfter : Comes::kNotAfter;
  });
  return sorted ? call.evaluation.array(items, 0) : Value::failed();
}

Value sort(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined() || array.size() <= 1) return array;
  ScratchList items(call.evaluation);
  items->assign(array.begin(), array.end());
  if (!call[1].is_undefined()) return sort_by(call, *items);
  if (all_items(array, [](const Value& item) { return item.is_number(); })) {
    for (Value& item : *items) item = Value::number(item.to_real());
    // NaN is neither before nor after anything.
    merge_sort(std::span(*items), [](const Value& left, const Value& right) {
      return left.real() > right.real() ? Comes::kAfter : Comes::kNotAfter;
    });
  } else if (all_items(array, [](const Value& item) { return item.is_string(); })) {
    std::sort(items->begin(), items->end(), [](const Value& left, const Value& right) {
      return compare_utf16(left.text(), right.text()) < 0;
    });
  } else {
    return call.evaluation.fail("D3070");
  }
  return call.evaluation.array(*items, 0);
}

// Values that are equal have the same digest; most others have not.
std::size_t digest(const Value& value) {
  if (value.is_number()) return std::hash<double>()(value.to_real() + 0.0);
  if (value.is_string()) return std::hash<std::string_view>()(value.text());
  return static_cast<std::size_t>(value.tag()) * 31 + value.size();
}

Value distinct(const Invocation& call) {
  const Value& array = call[0];
  if (!array.is_array() || array.size() <= 1) return array;
  ScratchList items(call.evaluation);
  std::unordered_multimap<std::size_t, Value> seen;
  for (const Value& item : array) {
    if (!call.evaluation.spend()) return Value::failed();
    const auto [first, last] = seen.equal_range(digest(item));
    const bool known = std::any_of(
        first, last, [&item](const auto& other) { return deep_equal(item, other.second); });
    if (known) continue;
    seen.emplace(digest(item), item);
    items->push_back(item);
  }
  return call.evaluation.array(*items, array.flags() & Value::kSequence);
}

// As long as the shortest argument.
Value zip(const Invocation& call) {
  std::size_t length = call.arguments.empty() ? 0 : SIZE_MAX;
  for (const Value& array : call.arguments) {
    length = std::min<std::size_t>(length, array.is_array() ? array.size() : 0);
  }
  ScratchList tuples(call.evaluation);
  ScratchList tuple(call.evaluation);
  for (std::size_t i = 0; i < length; ++i) {
    tuple->clear();
    for (const Value& array : call.arguments) tuple->push_back(array.elements()[i]);
    tuples->push_back(VALUE(call.evaluation.array(*tuple, 0)));
  }
  return call.evaluation.array(*tuples, 0);
}

constexpr Native kFunctions[] = {
    {"append", "<xx:a>", 2, append},    {"reverse", "<a:a>", 1, reverse},
    {"shuffle", "<a:a>", 1, shuffle},   {"sort", "<af?:a>", 2, sort},
    {"distinct", "<x:x>", 1, distinct}, {"zip", "<a+>", 0, zip},
};

}  // namespace

std::span<const Native> array_functions() { return kFunctions; }

}  // namespace pawl::jsonata
