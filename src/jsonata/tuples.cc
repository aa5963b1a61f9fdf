// Paths that bind names on the way: `@$item`, `#$index` and `%` (JSONata, "Path Operators"). The
// steps pass on rows: the item, and a column for each name that some step of the path binds.
#include <algorithm>
#include <optional>
#include <span>

#include "jsonata/grouping.h"
#include "jsonata/hash_join.h"
#include "jsonata/nodes.h"

namespace pawl::jsonata {

// Rows of a path inside parentheses, for the path around it.
struct TupleStream {
  std::span<const std::uint32_t> labels;
  std::span<const Value> values;  // rows of 1 + labels.size()

  std::size_t width() const { return 1 + labels.size(); }
  std::size_t rows() const { return values.size() / width(); }
};

namespace {

constexpr std::size_t kItem = 0;  // the column of a row's item

// `values` is an array of rows.
Value stream_of(Evaluation& evaluation, std::span<const std::uint32_t> labels,
                const Value& values) {
  auto* const made = new (evaluation.arena.allocate(sizeof(TupleStream)))
      TupleStream{labels, {values.elements(), values.size()}};
  return Value::of(made);
}

// Makes a row's bindings the variables that nodes read. Where a lambda may keep them, each row has
// a frame of its own.
class BoundRow {
 public:
  BoundRow(Evaluation& evaluation, const TupleLayout& layout)
      : evaluation_(evaluation), layout_(layout), outer_(evaluation.frame) {}
  // The frame of the path itself again.
  ~BoundRow() { evaluation_.frame = outer_; }
  BoundRow(const BoundRow&) = delete;
  BoundRow& operator=(const BoundRow&) = delete;

  void bind(const Value* row) {
    if (layout_.slots.own_frame) {
      evaluation_.frame = evaluation_.make_frame(outer_->parent, layout_.slots.count, true);
    }
    Value* slots = evaluation_.frame->slots() + layout_.slots.first;
    for (std::size_t i = 0; i < layout_.columns(); ++i) slots[i] = row[1 + i];
  }

 private:
  Evaluation& evaluation_;
  const TupleLayout& layout_;
  Frame* const outer_;
};

// Whether the predicate decides for each item alone, whatever its place.
bool is_condition(const Filter& filter) {
  if (filter.is_index) return false;
  switch (filter.predicate->op) {
    case Op::kEquality:
    case Op::kComparison:
    case Op::kAnd:
    case Op::kOr:
    case Op::kIn:
      return true;
    default:
      return false;
  }
}

class TupleRun {
 public:
  TupleRun(Evaluation& evaluation, const Path& path)
      : evaluation_(evaluation),
        path_(path),
        width_(1 + path.tuples.columns()),
        bound_(evaluation, path.tuples),
        rows_(evaluation),
        next_(evaluation) {}

  Value run(Value input) {
    std::size_t first = 0;
    while (!path_.steps[first].tuple) ++first;
    if (first == 0 && path_.steps[0].constructed && path_.steps.size() > 1) {
      // jsonata-js evaluates it as such and binds nothing; with a focus, all goes on from `$`.
      const Value array = VALUE(evaluate(evaluation_, *path_.steps[0].expression, input));
      if (path_.steps[0].focus == kNoColumn) input = array;
      first = 1;
      if (!start(input, 0)) return Value::failed();
    } else {
      if (!start(input, first)) return Value::failed();
      if (first > 0 && rows().empty()) return found_nothing(first);
    }
    for (std::size_t i = first; i < path_.steps.size(); ++i) {
      const Step& step = path_.steps[i];
      if (step.kind == Step::Kind::kSort) {
        if (!sort(step)) return Value::failed();
        if (!filter(step.stages)) return Value::failed();
      } else if (!take_step(step)) {
        return Value::failed();
      }
    }
    return finish();
  }

 private:
  // The steps before the first that binds something found nothing: no bindings, and no rows.
  Value found_nothing(std::size_t steps) {
    Value result;
    const Step& first = path_.steps[0];
    const auto sorts = path_.steps.subspan(1, steps - 1);
    const bool is_array = std::all_of(sorts.begin(), sorts.end(), [](const Step& step) {
      return step.kind == Step::Kind::kSort;
    });
    if (is_array && first.constructed && first.expression->op == Op::kArray) {
      result = VALUE(evaluation_.array({}, Value::kConstructed));
      if (path_.keep_singleton) result = VALUE(keep_singleton(evaluation_, result));
    }
    return path_.group != nullptr ? run_object(evaluation_, *path_.group, result) : result;
  }

  std::size_t row_count() const { return rows().size() / width_; }
  std::vector<Value>& rows() { return *rows_; }
  const std::vector<Value>& rows() const { return const_cast<TupleRun*>(this)->rows(); }

  // The items before the first step that binds something.
  bool start(Value input, std::size_t steps) {
    ScratchList items(evaluation_);
    if (steps > 0) {
      if (!run_first_steps(evaluation_, path_, steps, input, *items)) return false;
    } else if (input.is_array() && !path_.absolute) {
      items->assign(input.begin(), input.end());
    } else {
      items->push_back(input);
    }
    for (const Value& item : *items) {
      rows().push_back(item);
      rows().insert(rows().end(), width_ - 1, Value::of_tag(Tag::kUnbound));
    }
    return true;
  }

  bool take_step(const Step& step) {
    next_->clear();
    std::span<const StageNode> stages = step.stages;
    const Filter* condition = nullptr;
    if (!stages.empty() && stages[0].kind == StageNode::Kind::kFilter &&
        is_condition(stages[0].filter)) {
      condition = &stages[0].filter;
      stages = stages.subspan(1);
    }
    std::optional<HashJoin> join = HashJoin::of(step, condition, path_.tuples);
    for (std::size_t row = 0; row < row_count(); ++row) {
      if (!evaluation_.spend()) return false;
      const Value* from = &rows()[row * width_];
      bound_.bind(from);
      const Value found = step_value(step, from[kItem]);
      if (found.is_failed()) return false;
      const bool joins = join && join->wants(found);
      const bool added = joins ? add_joined(step, from, found, *condition, *join)
                               : add_rows(step, from, found, condition);
      if (!added) return false;
    }
    std::swap(*rows_, *next_);
    return filter(stages);
  }

  Value step_value(const Step& step, const Value& item) {
    if (step.kind != Step::Kind::kName) return evaluate(evaluation_, *step.expression, item);
    return lookup(evaluation_, item, step.name, step.hint);
  }

  // The rows that `from` becomes by what the step found for it.
  bool add_rows(const Step& step, const Value* from, const Value& found, const Filter* condition) {
    if (found.is_undefined()) return true;
    if (found.tag() == Tag::kTuples) return add_stream(from, *found.tuples(), condition);
    const Value* items = found.is_array() ? found.elements() : &found;
    const std::size_t count = found.is_array() ? found.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      if (!evaluation_.spend()) return false;
      const std::size_t place = add_row(step, from, items[i], i);
      if (!keep_if(condition, place)) return false;
    }
    return evaluation_.has_room(next_->size() * sizeof(Value));
  }

  // Answers where it begins.
  std::size_t add_row(const Step& step, const Value* from, const Value& item, std::size_t index) {
    const std::size_t place = next_->size();
    next_->insert(next_->end(), from, from + width_);
    Value* row = next_->data() + place;
    row[step.focus != kNoColumn ? 1 + step.focus : kItem] = item;
    if (step.index != kNoColumn) row[1 + step.index] = Value::number(static_cast<double>(index));
    if (step.ancestor != kNoColumn) row[1 + step.ancestor] = from[kItem];
    return place;
  }

  // The same, by a hash of the items' keys. Only texts are in it: other keys are compared.
  bool add_joined(const Step& step, const Value* from, const Value& found, const Filter& condition,
                  HashJoin& join) {
    if (!join.is_indexed() && !index_items(step, from, found, join)) return false;
    bound_.bind(from);
    const Value key = evaluate(evaluation_, join.row_key(), from[kItem]);
    if (key.is_failed()) return false;
    if (!key.is_string()) return add_rows(step, from, found, &condition);
    const std::vector<std::uint32_t>* fitting = join.find(key.text());
    if (fitting == nullptr) return true;
    for (const std::uint32_t i : *fitting) {
      if (!evaluation_.spend()) return false;
      add_row(step, from, found.elements()[i], i);
    }
    return evaluation_.has_room(next_->size() * sizeof(Value));
  }

  bool index_items(const Step& step, const Value* from, const Value& found, HashJoin& join) {
    std::vector<Value> row(from, from + width_);
    for (std::uint32_t i = 0; i < found.size(); ++i) {
      if (!evaluation_.spend()) return false;
      row[1 + step.focus] = found.elements()[i];
      bound_.bind(row.data());
      const Value key = evaluate(evaluation_, join.item_key(), from[kItem]);
      if (key.is_failed()) return false;
      if (key.is_string()) join.add(key.text(), i);
    }
    join.finish();
    return true;
  }

  bool add_stream(const Value* from, const TupleStream& stream, const Filter* condition) {
    for (std::size_t i = 0; i < stream.rows(); ++i) {
      const Value* inner = stream.values.data() + i * stream.width();
      const std::size_t place = next_->size();
      next_->insert(next_->end(), from, from + width_);
      Value* row = next_->data() + place;
      row[kItem] = inner[kItem];
      for (std::size_t label = 0; label < stream.labels.size(); ++label) {
        if (inner[1 + label].tag() == Tag::kUnbound) continue;
        if (const auto column = column_of(stream.labels[label])) {
          row[1 + *column] = inner[1 + label];
        }
      }
      if (!keep_if(condition, place)) return false;
    }
    return true;
  }

  std::optional<std::size_t> column_of(std::uint32_t label) const {
    for (std::size_t i = 0; i < path_.tuples.labels.size(); ++i) {
      if (path_.tuples.labels[i] == label) return i;
    }
    return std::nullopt;
  }

  // Takes the newest row back unless the condition holds for it.
  bool keep_if(const Filter* condition, std::size_t place) {
    if (condition == nullptr) return true;
    const Value* row = next_->data() + place;
    bound_.bind(row);
    const Value result = evaluate(evaluation_, *condition->predicate, row[kItem]);
    if (result.is_failed()) return false;
    const Value truth = to_boolean(evaluation_, result);
    if (truth.is_failed()) return false;
    if (!truth.truth()) next_->resize(place);
    return true;
  }

  bool filter(std::span<const StageNode> stages) {
    for (const StageNode& stage : stages) {
      if (stage.kind == StageNode::Kind::kIndex) {
        for (std::size_t row = 0; row < row_count(); ++row) {
          rows()[row * width_ + 1 + stage.column] = Value::number(static_cast<double>(row));
        }
      } else if (!filter_rows(stage.filter)) {
        return false;
      }
    }
    return true;
  }

  bool filter_rows(const Filter& filter) {
    next_->clear();
    const std::size_t count = row_count();
    if (filter.is_index) {
      double index = filter.index;
      if (index < 0) index += static_cast<double>(count);
      if (index >= 0 && index < static_cast<double>(count)) {
        const Value* row = &rows()[static_cast<std::size_t>(index) * width_];
        next_->insert(next_->end(), row, row + width_);
      }
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        if (!evaluation_.spend()) return false;
        const Value* row = &rows()[i * width_];
        bound_.bind(row);
        const Value result = evaluate(evaluation_, *filter.predicate, row[kItem]);
        if (result.is_failed()) return false;
        const Selection selection = select(evaluation_, result, i, count);
        if (selection.failed) return false;
        for (std::size_t time = 0; time < selection.times; ++time) {
          next_->insert(next_->end(), row, row + width_);
        }
      }
    }
    std::swap(*rows_, *next_);
    return true;
  }

  bool sort(const Step& step) {
    const auto bind = [](void* run, const Value* row) {
      static_cast<TupleRun*>(run)->bound_.bind(row);
    };
    if (!sort_rows(evaluation_, step, {rows(), width_}, bind, this)) return false;
    if (step.index == kNoColumn) return true;
    for (std::size_t row = 0; row < row_count(); ++row) {
      rows()[row * width_ + 1 + step.index] = Value::number(static_cast<double>(row));
    }
    return true;
  }

  Value finish() {
    if (path_.group != nullptr) return group(*path_.group);
    if (path_.passes_tuples) return stream();
    std::vector<Value>& items = *next_;
    items.clear();
    for (std::size_t row = 0; row < row_count(); ++row) items.push_back(rows()[row * width_]);
    const Value result = VALUE(evaluation_.array(items, Value::kSequence));
    return path_.keep_singleton ? keep_singleton(evaluation_, result) : result;
  }

  Value stream() {
    const Value values = VALUE(evaluation_.array(rows(), 0));
    return stream_of(evaluation_, path_.tuples.labels, values);
  }

  Value group(const ObjectNode& node) {
    // Unlike items, of which none makes one group of undefined.
    if (rows().empty()) return evaluation_.object({});
    if (rows()[kItem].tag() == Tag::kUnbound) rows()[kItem] = Value::undefined();
    Groups groups;
    for (std::size_t i = 0; i < row_count(); ++i) {
      if (!evaluation_.spend()) return Value::failed();
      const Value* row = &rows()[i * width_];
      bound_.bind(row);
      for (std::uint32_t pair = 0; pair < node.pairs.size(); ++pair) {
        const Value key = VALUE(evaluate(evaluation_, *node.pairs[pair].key, row[kItem]));
        if (key.is_undefined()) continue;
        if (!key.is_string()) return refuse_key(node, "T1003", key);
        if (!groups.add(key.text(), pair, static_cast<std::uint32_t>(i))) {
          return refuse_key(node, "D1009", key);
        }
      }
    }
    std::vector<Entry> entries;
    for (const Groups::Group& each : groups.all()) {
      const Value value = VALUE(group_value(node, groups, each));
      if (!value.is_undefined()) entries.push_back({Value::string(each.key), value});
    }
    return evaluation_.object(entries);
  }

  Value refuse_key(const ObjectNode& node, std::string_view code, const Value& key) {
    evaluation_.fail(code, key);
    evaluation_.mistake.position = node.position;
    return Value::failed();
  }

  // The rows of a group become one, whose columns hold the values of all.
  Value group_value(const ObjectNode& node, const Groups& groups, const Groups::Group& group) {
    ScratchList merged(evaluation_);
    for (std::size_t column = 0; column < width_; ++column) {
      ScratchList values(evaluation_);
      std::uint32_t link = group.first;
      for (std::uint32_t i = 0; i < group.count; ++i, link = groups.next(link)) {
        const Value& value = rows()[groups.item(link) * width_ + column];
        if (group.count == 1) {
          values->push_back(value);
        } else if (value.is_array()) {
          values->insert(values->end(), value.begin(), value.end());
        } else if (!value.is_undefined() && value.tag() != Tag::kUnbound) {
          values->push_back(value);
        }
      }
      const bool one = values->size() == 1;
      merged->push_back(one ? values->front() : VALUE(evaluation_.array(*values, 0)));
    }
    bound_.bind(merged->data());
    return evaluate(evaluation_, *node.pairs[group.pair].value, merged->front());
  }

  Evaluation& evaluation_;
  const Path& path_;
  const std::size_t width_;
  BoundRow bound_;
  ScratchList rows_;
  ScratchList next_;
};

}  // namespace

Value run_tuple_path(Evaluation& evaluation, const Path& path, Value input) {
  if (!path.tuples.slots.own_frame) {
    Value* slots = evaluation.frame->slots() + path.tuples.slots.first;
    for (std::size_t i = 0; i < path.tuples.slots.count; ++i) {
      slots[i] = Value::of_tag(Tag::kUnbound);
    }
    return TupleRun(evaluation, path).run(input);
  }
  Frame* const outer = evaluation.frame;
  evaluation.frame = evaluation.make_frame(outer, path.tuples.slots.count, true);
  const Value result = TupleRun(evaluation, path).run(input);
  evaluation.frame = outer;
  return result;
}

Value filter_tuples(Evaluation& evaluation, const Refined& node, const Filter& filter,
                    const Value& value) {
  const TupleStream& stream = *value.tuples();
  const std::size_t count = stream.rows();
  ScratchList passed(evaluation);
  for (std::size_t i = 0; i < count; ++i) {
    const Value* row = stream.values.data() + i * stream.width();
    std::size_t times = 0;
    if (filter.is_index) {
      const double index =
          filter.index < 0 ? filter.index + static_cast<double>(count) : filter.index;
      times = index == static_cast<double>(i) ? 1 : 0;
    } else {
      if (node.tuples != nullptr) {
        Value* slots = evaluation.frame->slots() + node.tuples->slots.first;
        for (std::size_t label = 0; label < stream.labels.size(); ++label) {
          for (std::size_t column = 0; column < node.tuples->columns(); ++column) {
            if (node.tuples->labels[column] == stream.labels[label]) slots[column] = row[1 + label];
          }
        }
      }
      const Value result = VALUE(evaluate(evaluation, *filter.predicate, row[kItem]));
      const Selection selection = select(evaluation, result, i, count);
      if (selection.failed) return Value::failed();
      times = selection.times;
    }
    for (; times > 0; --times) passed->insert(passed->end(), row, row + stream.width());
  }
  const Value values = VALUE(evaluation.array(*passed, 0));
  return stream_of(evaluation, stream.labels, values);
}

}  // namespace pawl::jsonata
