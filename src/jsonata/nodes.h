// How each kind of node is evaluated; one function a kind, in the file of its concept.
#pragma once

#include "jsonata/evaluation.h"

namespace pawl::jsonata {

// operators.cc
Value run_negate(Evaluation& evaluation, const Unary& node, Value input);
Value run_arithmetic(Evaluation& evaluation, const Binary& node, Value input);
Value run_equality(Evaluation& evaluation, const Binary& node, Value input);
Value run_comparison(Evaluation& evaluation, const Binary& node, Value input);
Value run_logic(Evaluation& evaluation, const Binary& node, Value input);
Value run_in(Evaluation& evaluation, const Binary& node, Value input);
Value run_concatenation(Evaluation& evaluation, const Concatenation& node, Value input);
Value run_range(Evaluation& evaluation, const Binary& node, Value input);

// path.cc
Value run_path(Evaluation& evaluation, const Path& path, Value input);
// The member `name` of an object, or of the objects in an array, unwrapped.
Value lookup(Evaluation& evaluation, const Value& input, std::string_view name, const Hint& hint);
// The same in an array, where one thing found stays a sequence: what is found may be an array.
Value lookup_sequence(Evaluation& evaluation, const Value& array, std::string_view name,
                      const Hint& hint);
// What of `items` the filter lets pass, appended to `out`. `[n]` of an array within appends that
// array's items and says so: kArrayItem.
enum class Filtered { kDone, kArrayItem, kFailed };
Filtered filter_items(Evaluation& evaluation, const Filter& filter, const Value* items,
                      std::size_t count, std::vector<Value>& out);
Value run_refined(Evaluation& evaluation, const Refined& node, Value input);
// A path's last act: `[]` keeps a singleton.
Value keep_singleton(Evaluation& evaluation, Value result);

// Appends what the first `count` steps of a path with more of them come to.
bool run_first_steps(Evaluation& evaluation, const Path& path, std::size_t count, Value input,
                     std::vector<Value>& out);
// Whether a predicate, which came to `result`, selects the item at `index` of `count`, and how
// often.
struct Selection {
  bool failed = false;
  std::size_t times = 0;
};
Selection select(Evaluation& evaluation, const Value& result, std::size_t index, std::size_t count);

// wildcards.cc
Value run_wildcard(Evaluation& evaluation, Value input);
Value run_descendants(Evaluation& evaluation, Value input);
// `**.name`: calls `found` with each member of that name. False: it answered so, or the evaluation
// failed.
using FoundMember = bool (*)(void* context, const Value& member);
bool find_descendants(Evaluation& evaluation, const Value& value, const Step& name,
                      FoundMember found, void* context);

// tuples.cc
Value run_tuple_path(Evaluation& evaluation, const Path& path, Value input);
// A filter behind parentheses in which a path has bindings.
Value filter_tuples(Evaluation& evaluation, const Refined& node, const Filter& filter,
                    const Value& stream);

// constructors.cc
Value run_array(Evaluation& evaluation, const ArrayNode& node, Value input);
Value run_object(Evaluation& evaluation, const ObjectNode& node, Value input);

// ordering.cc
// What order-by sorts: rows of `width` values, of which the first is the item. `bind` makes a row's
// other values the variables that the terms see.
struct SortedRows {
  std::vector<Value>& values;
  std::size_t width = 1;
};
using BindRow = void (*)(void* context, const Value* row);
bool sort_rows(Evaluation& evaluation, const Step& step, SortedRows rows, BindRow bind,
               void* context);
inline bool sort_items(Evaluation& evaluation, const Step& step, std::vector<Value>& items) {
  return sort_rows(evaluation, step, {items, 1}, nullptr, nullptr);
}

// calls.cc
Value run_call(Evaluation& evaluation, const Call& call, Value input);
Value run_partial(Evaluation& evaluation, const Partial& partial, Value input);
Value run_apply(Evaluation& evaluation, const Apply& node, Value input);
Value run_lambda(Evaluation& evaluation, const Lambda& lambda, Value input);
// The built-in function that a name means.
Value native_value(Evaluation& evaluation, const Global& name);
// Calls a function as other functions do. What it answers is not unwrapped when it is built in.
Value apply_function(Evaluation& evaluation, const Value& function,
                     std::span<const Value> arguments, Value input);
// How many arguments it wants to see.
int arity_of(const Value& function);
// Makes the call that a lambda's body ended with, and those that follow from it.
Value finish_tail_calls(Evaluation& evaluation, Value result, Value input);
// What a mistake does not say yet, the function does that was called.
void report_at_caller(Evaluation& evaluation, const Function& function);

// match_functions.cc
// A pattern as a function: of a text and where to begin, to its first match.
Value apply_regex(Evaluation& evaluation, const Function& function,
                  std::span<const Value> arguments);

// transform.cc
Value run_transform(Evaluation& evaluation, const Function& function, const Value& object);

}  // namespace pawl::jsonata
