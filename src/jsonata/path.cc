// Paths without bindings: each step is evaluated for each item that the step before it found
// (JSONata, "Path Operators").
#include <cmath>
#include <optional>

#include "jsonata/nodes.h"
#include "jsonata/text_functions.h"

namespace pawl::jsonata {
namespace {

void append_items(std::vector<Value>& out, const Value& array) {
  out.insert(out.end(), array.begin(), array.end());
}

// Appends the members `name` of the objects in an array, arrays among them flattened.
bool lookup_in_array(Evaluation& evaluation, const Value& array, std::string_view name,
                     const Hint& hint, std::vector<Value>& out) {
  for (const Value& item : array) {
    if (!evaluation.spend()) return false;
    if (item.is_object()) {
      const Value* found = find_member(item, name, hint);
      if (found == nullptr) continue;
      if (found->is_array()) {
        append_items(out, *found);
        if (!evaluation.fits(out)) return false;
      } else {
        out.push_back(*found);
      }
    } else if (item.is_array()) {
      if (++evaluation.depth > evaluation.depth_max) return evaluation.too_deep(), false;
      if (!lookup_in_array(evaluation, item, name, hint, out)) return false;
      --evaluation.depth;
    }
  }
  return true;
}

// What one step finds, item by item. A single array that is no sequence is a path's result as it
// is; all other arrays are flattened into the sequence, unless a constructor made them.
class StepResults {
 public:
  StepResults(std::vector<Value>& out, bool is_last) : out_(out), is_last_(is_last) {}

  void add(const Value& result) {
    if (result.is_undefined()) return;
    ++count_;
    if (count_ == 1 && is_last_ && result.is_array() && !result.is_sequence()) {
      sole_ = result;
      return;
    }
    flush();
    append(result);
  }
  // Where the items of one sequence are to be appended.
  std::vector<Value>& open_sequence() {
    ++count_;
    flush();
    return out_;
  }
  // The array that is the result, or undefined.
  Value sole() const { return count_ == 1 ? sole_ : Value::undefined(); }

 private:
  void append(const Value& result) {
    if (result.is_array() && !result.has(Value::kConstructed)) {
      append_items(out_, result);
    } else {
      out_.push_back(result);
    }
  }
  void flush() {
    if (sole_.is_undefined()) return;
    append(sole_);
    sole_ = Value::undefined();
  }

  std::vector<Value>& out_;
  const bool is_last_;
  std::size_t count_ = 0;
  Value sole_;
};

// The items that a path's next step is evaluated for, and whether they are an array as such, which
// the end of the path leaves alone.
struct Items {
  const Value* first = nullptr;
  std::size_t count = 0;
  Value array;  // undefined: a sequence
};

class PathRun {
 public:
  PathRun(Evaluation& evaluation, const Path& path)
      : evaluation_(evaluation), path_(path), one_(evaluation), other_(evaluation) {}

  // `value` is what the first `taken` steps came to.
  Value run(Value input, std::size_t taken, Value value) {
    Items items;
    if (!take_steps(input, taken, value, path_.steps.size(), items)) return Value::failed();
    return finish(items);
  }

  bool run_first(Value input, std::size_t count, std::vector<Value>& out) {
    Items items;
    if (!take_steps(input, 0, input, count, items)) return false;
    out.insert(out.end(), items.first, items.first + items.count);
    return true;
  }

 private:
  bool take_steps(Value input, std::size_t taken, Value value, std::size_t end, Items& items) {
    single_ = value;
    // What the steps before did not find, no further step is taken for.
    items = {&single_, taken > 0 && value.is_undefined() ? 0u : 1u, Value::undefined()};
    if (items.count == 0) return true;
    if (value.is_array() && (taken > 0 || !path_.absolute)) {
      items = {value.elements(), value.size(), Value::undefined()};
    }
    for (std::size_t i = taken; i < end; ++i) {
      const Step& step = path_.steps[i];
      const bool is_last = i + 1 == path_.steps.size();
      if (i == 0 && step.constructed) {
        const Value array = evaluate(evaluation_, *step.expression, input);
        if (array.is_failed()) return false;
        if (array.is_array()) {
          items = {array.elements(), array.size(), array};
        } else if (!take_no_array(array, i, end, items)) {
          return false;
        }
      } else if (step.kind == Step::Kind::kSort) {
        if (!sort(step, items)) return false;
      } else if (i + 1 < end && is_descendants(step) && is_plain_name(path_.steps[i + 1])) {
        ++i;
        if (!take_descendants(path_.steps[i], items, i + 1 == path_.steps.size())) return false;
      } else if (!take_step(step, items, is_last)) {
        return false;
      }
      if (items.count == 0) break;
    }
    return true;
  }

  std::vector<Value>& spare(const Items& items) {
    return items.first == one_->data() && !one_->empty() ? *other_ : *one_;
  }

  // What is written as an array may come to something else, by a filter behind it. Further steps
  // then see, as in jsonata-js, the UTF-16 units of a text and nothing of all else; sorting changes
  // neither.
  bool take_no_array(const Value& value, std::size_t& step, std::size_t end, Items& items) {
    while (step + 1 < end && path_.steps[step + 1].kind == Step::Kind::kSort) ++step;
    single_ = value;
    items = {&single_, value.is_undefined() ? 0u : 1u, Value::undefined()};
    if (step + 1 == path_.steps.size()) return true;
    items.count = 0;
    if (!value.is_string()) return true;
    std::vector<Value>& units = *other_;
    units.clear();
    for (const std::string& unit : split(value.text(), "", std::nullopt)) {
      units.push_back(evaluation_.string(unit));
      if (units.back().is_failed()) return false;
    }
    items = {units.data(), units.size(), Value::undefined()};
    return true;
  }

  static bool is_plain_name(const Step& step) {
    return step.kind == Step::Kind::kName && step.stages.empty();
  }
  static bool is_descendants(const Step& step) {
    return step.kind == Step::Kind::kOther && step.expression->op == Op::kDescendants &&
           step.stages.empty();
  }

  // `**` and a name: the members are found without a list of all that they are looked for in.
  bool take_descendants(const Step& name, Items& items, bool is_last) {
    std::vector<Value>& out = spare(items);
    out.clear();
    struct Found {
      Evaluation& evaluation;
      std::vector<Value>& out;
      StepResults results;
    } found{evaluation_, out, StepResults(out, is_last)};
    const auto add = [](void* to, const Value& member) {
      auto& all = *static_cast<Found*>(to);
      all.results.add(member);
      return all.evaluation.fits(all.out);
    };
    for (std::size_t i = 0; i < items.count; ++i) {
      const Value& item = items.first[i];
      if (!evaluation_.spend()) return false;
      if (!item.is_array() && !item.is_object()) continue;
      if (!find_descendants(evaluation_, item, name, add, &found)) return false;
    }
    items = results_of(found.results, out);
    return true;
  }

  static Items results_of(const StepResults& results, const std::vector<Value>& out) {
    const Value sole = results.sole();
    if (sole.is_undefined()) return {out.data(), out.size(), Value::undefined()};
    return {sole.elements(), sole.size(), sole};
  }

  bool take_step(const Step& step, Items& items, bool is_last) {
    std::vector<Value>& out = spare(items);
    out.clear();
    StepResults results(out, is_last);
    const bool plain_name = is_plain_name(step);
    for (std::size_t i = 0; i < items.count; ++i) {
      if (!evaluation_.spend() || !evaluation_.fits(out)) return false;
      if (plain_name && items.first[i].is_object()) {
        const Value* found = find_member(items.first[i], step.name, step.hint);
        if (found != nullptr) results.add(*found);
        continue;
      }
      Value result = step_value(step, items.first[i]);
      if (result.is_failed()) return false;
      if (step.stages.empty()) {
        results.add(result);
      } else if (!filter(step, result, results)) {
        return false;
      }
    }
    items = results_of(results, out);
    return true;
  }

  Value step_value(const Step& step, const Value& item) {
    if (step.kind != Step::Kind::kName) return evaluate(evaluation_, *step.expression, item);
    return lookup(evaluation_, item, step.name, step.hint);
  }

  // Applies the step's filters to what it found for one item.
  bool filter(const Step& step, const Value& found, StepResults& results) {
    const Value* items = found.is_array() ? found.elements() : &found;
    std::size_t count = found.is_array() ? found.size() : 1;
    if (step.stages.size() == 1 && !step.stages[0].filter.is_index) {
      return filter_items(evaluation_, step.stages[0].filter, items, count,
                          results.open_sequence()) == Filtered::kDone;
    }
    ScratchList first(evaluation_);
    ScratchList second(evaluation_);
    std::vector<Value>* from = &*first;
    std::vector<Value>* to = &*second;
    Filtered last = Filtered::kDone;
    for (const StageNode& stage : step.stages) {
      to->clear();
      last = filter_items(evaluation_, stage.filter, items, count, *to);
      if (last == Filtered::kFailed) return false;
      std::swap(from, to);
      items = from->data();
      count = from->size();
    }
    if (last == Filtered::kArrayItem) {
      const Value array = evaluation_.array(*from, 0);
      if (array.is_failed()) return false;
      results.add(array);
    } else {
      std::vector<Value>& out = results.open_sequence();
      out.insert(out.end(), from->begin(), from->end());
    }
    return true;
  }

  bool sort(const Step& step, Items& items) {
    std::vector<Value>& sorted = spare(items);
    const bool changes = items.count > 1;
    sorted.assign(items.first, items.first + items.count);
    if (!sort_items(evaluation_, step, sorted)) return false;
    Value array = items.array;
    if (changes) {
      array = evaluation_.array(sorted, 0);
      if (array.is_failed()) return false;
    }
    items = {sorted.data(), sorted.size(), array};
    for (const StageNode& stage : step.stages) {
      std::vector<Value>& passed = spare(items);
      passed.clear();
      const Filtered filtered =
          filter_items(evaluation_, stage.filter, items.first, items.count, passed);
      if (filtered == Filtered::kFailed) return false;
      items = {passed.data(), passed.size(), Value::undefined()};
      if (filtered == Filtered::kArrayItem) {
        items.array = evaluation_.array(passed, 0);
        if (items.array.is_failed()) return false;
      }
    }
    return true;
  }

  Value finish(const Items& items) {
    Value result = items.array;
    // `^(...)[]`, unlike `[]` behind other steps, is the path's own.
    const bool keeps = path_.keep_singleton || path_.keep_array;
    if (result.is_undefined() && (path_.group != nullptr || keeps)) {
      result = VALUE(evaluation_.array({items.first, items.count}, Value::kSequence));
    }
    if (path_.keep_singleton) result = VALUE(keep_singleton(evaluation_, result));
    if (path_.group != nullptr) return run_object(evaluation_, *path_.group, result);
    if (!result.is_undefined()) return result;
    if (items.count == 0) return Value::undefined();
    if (items.count == 1) return items.first[0];
    return evaluation_.array({items.first, items.count}, Value::kSequence);
  }

  Evaluation& evaluation_;
  const Path& path_;
  ScratchList one_;
  ScratchList other_;
  Value single_;
};

}  // namespace

const Value* search_member(const Value& object, std::string_view name, const Hint& hint) {
  if (object.flags() & Value::kIndexed) return object.find(name);
  for (std::uint32_t i = 0; i < object.size(); ++i) {
    const Value& key = object.entries()[i].key;
    if (key.size() != name.size() || !same_text(key.characters(), name.data(), name.size()))
      continue;
    hint.set(i);
    return &object.entries()[i].value;
  }
  return nullptr;
}

Value lookup(Evaluation& evaluation, const Value& input, std::string_view name, const Hint& hint) {
  if (input.is_object()) {
    const Value* found = find_member(input, name, hint);
    return found != nullptr ? unwrap(*found) : Value::undefined();
  }
  if (!input.is_array()) return Value::undefined();
  ScratchList found(evaluation);
  if (!lookup_in_array(evaluation, input, name, hint, *found)) return Value::failed();
  return evaluation.sequence(*found);
}

Value lookup_sequence(Evaluation& evaluation, const Value& array, std::string_view name,
                      const Hint& hint) {
  ScratchList found(evaluation);
  if (!lookup_in_array(evaluation, array, name, hint, *found)) return Value::failed();
  return found->empty() ? Value::undefined() : evaluation.array(*found, Value::kSequence);
}

namespace {

Filtered filter_by_index(const Filter& filter, const Value* items, std::size_t count,
                         std::vector<Value>& out) {
  const double index = filter.index < 0 ? static_cast<double>(count) + filter.index : filter.index;
  if (index < 0 || index >= static_cast<double>(count)) return Filtered::kDone;
  const Value& item = items[static_cast<std::size_t>(index)];
  if (item.is_undefined()) return Filtered::kDone;
  if (item.is_array()) {
    append_items(out, item);
    return Filtered::kArrayItem;
  }
  out.push_back(item);
  return Filtered::kDone;
}

// Whether a predicate that came to a number selects the item at `index`.
bool selects(double number, std::size_t index, std::size_t count) {
  double wanted = std::floor(number);
  if (wanted < 0) wanted += static_cast<double>(count);
  return wanted == static_cast<double>(index);
}

bool is_array_of_numbers(const Value& value) {
  if (!value.is_array()) return false;
  for (const Value& item : value) {
    if (!item.is_number()) return false;
  }
  return true;
}

}  // namespace

Selection select(Evaluation& evaluation, const Value& result, std::size_t index,
                 std::size_t count) {
  if (result.is_number()) {
    double real = 0.0;
    switch (numeric(evaluation, result, real)) {
      case Numeric::kFailed:
        return {true, 0};
      case Numeric::kYes:
        return {false, selects(real, index, count) ? 1u : 0u};
      case Numeric::kNo:
        return {false, 0};
    }
  }
  if (is_array_of_numbers(result) && result.size() > 0) {
    std::size_t times = 0;
    for (const Value& number : result) times += selects(number.to_real(), index, count) ? 1 : 0;
    return {false, times};
  }
  const Value truth = to_boolean(evaluation, result);
  if (truth.is_failed()) return {true, 0};
  return {false, truth.truth() ? 1u : 0u};
}

Filtered filter_items(Evaluation& evaluation, const Filter& filter, const Value* items,
                      std::size_t count, std::vector<Value>& out) {
  if (filter.is_index) return filter_by_index(filter, items, count, out);
  for (std::size_t i = 0; i < count; ++i) {
    if (!evaluation.spend()) return Filtered::kFailed;
    const Value result = evaluate(evaluation, *filter.predicate, items[i]);
    if (result.tag() == Tag::kBoolean) [[likely]] {
      if (result.truth()) out.push_back(items[i]);
      continue;
    }
    if (result.is_failed()) return Filtered::kFailed;
    const Selection selection = select(evaluation, result, i, count);
    if (selection.failed) return Filtered::kFailed;
    out.insert(out.end(), selection.times, items[i]);
    if (!evaluation.fits(out)) return Filtered::kFailed;
  }
  return Filtered::kDone;
}

Value keep_singleton(Evaluation& evaluation, Value result) {
  if (!result.is_array()) return result;
  if (result.has(Value::kConstructed) && !result.is_sequence()) {
    result = VALUE(evaluation.array({&result, 1}, Value::kSequence));
  }
  result.add_flags(Value::kKeepSingleton);
  return result;
}

Value run_path(Evaluation& evaluation, const Path& path, Value input) {
  std::size_t taken = 0;
  Value value = input;
  if (path.absolute && path.steps[0].kind == Step::Kind::kOther && path.steps[0].stages.empty()) {
    value = bound_value(evaluation, *path.steps[0].expression);
    if (value.tag() == Tag::kUnbound) {
      value = evaluate(evaluation, *path.steps[0].expression, input);
      if (value.is_failed()) return value;
    }
    taken = 1;
  }
  // Most paths go from object to object, one plain name after the other.
  for (; taken < path.steps.size() && value.is_object(); ++taken) {
    const Step& step = path.steps[taken];
    if (step.kind != Step::Kind::kName || !step.stages.empty()) break;
    const Value* found = find_member(value, step.name, step.hint);
    value = found != nullptr ? *found : Value::undefined();
  }
  if (path.keep_singleton || path.group != nullptr || taken < path.steps.size()) {
    if (value.is_undefined() && taken > 0 && path.group == nullptr) return value;
    return PathRun(evaluation, path).run(input, taken, value);
  }
  // A sequence that was kept in an object is a new one here.
  if (value.is_array()) value.remove_flags(Value::kKeepSingleton);
  return value;
}

bool run_first_steps(Evaluation& evaluation, const Path& path, std::size_t count, Value input,
                     std::vector<Value>& out) {
  return PathRun(evaluation, path).run_first(input, count, out);
}

namespace {

// `[n]` alone: what it selects needs no list.
bool is_single_index(const Refined& node) {
  return node.predicates.size() == 1 && node.predicates[0].is_index && node.group == nullptr &&
         !node.keep_array;
}

// The item that the index selects, perhaps undefined; nothing for an array, whose items are
// selected.
std::optional<Value> item_at(const Value& value, double index) {
  const Value* items = value.is_array() ? value.elements() : &value;
  const auto count = static_cast<double>(value.is_array() ? value.size() : 1);
  if (index < 0) index += count;
  if (!(index >= 0 && index < count)) return Value::undefined();
  const Value& item = items[static_cast<std::size_t>(index)];
  if (item.is_array()) return std::nullopt;
  return item;
}

}  // namespace

Value run_refined(Evaluation& evaluation, const Refined& node, Value input) {
  Value result = VALUE(evaluate_raw(evaluation, *node.inner, input));
  if (is_single_index(node) && result.tag() != Tag::kTuples) {
    if (const auto item = item_at(result, node.predicates[0].index)) return *item;
  }
  for (const Filter& filter : node.predicates) {
    if (result.tag() == Tag::kTuples) {
      result = VALUE(filter_tuples(evaluation, node, filter, result));
      continue;
    }
    ScratchList passed(evaluation);
    const Value* items = result.is_array() ? result.elements() : &result;
    const std::size_t count = result.is_array() ? result.size() : 1;
    const Filtered filtered = filter_items(evaluation, filter, items, count, *passed);
    if (filtered == Filtered::kFailed) return Value::failed();
    const std::uint8_t flags = filtered == Filtered::kArrayItem ? 0 : Value::kSequence;
    result = VALUE(evaluation.array(*passed, flags));
  }
  return node.group != nullptr ? run_object(evaluation, *node.group, result) : result;
}

}  // namespace pawl::jsonata
