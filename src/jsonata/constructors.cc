// `[...]` and `{...}`, also behind a path, where it groups (JSONata, "Sorting, Grouping and
// Aggregation").
#include <algorithm>
#include <string>

#include "json/object_index.h"
#include "jsonata/grouping.h"
#include "jsonata/nodes.h"
#include "jsonata/stringify.h"

namespace pawl::jsonata {

namespace {

bool is_written_array(const Node& node) {
  return node.op == Op::kArray ||
         (node.op == Op::kRefined && static_cast<const Refined&>(node).inner->op == Op::kArray);
}

}  // namespace

Value run_array(Evaluation& evaluation, const ArrayNode& node, Value input) {
  const std::uint8_t flags = node.constructed ? Value::kConstructed : 0;
  ScratchList items(evaluation);
  for (const Node* item : node.items) {
    const Value value = VALUE(evaluate(evaluation, *item, input));
    if (value.is_undefined()) continue;
    // An array within is an item only where it is written as one.
    if (value.is_array() && !is_written_array(*item)) {
      if (node.items.size() == 1) {
        // Nothing else comes: the items need no copy.
        Value array = value;
        array.remove_flags(Value::kArrayFlags);
        array.add_flags(flags);
        return array;
      }
      items->insert(items->end(), value.begin(), value.end());
    } else {
      items->push_back(value);
    }
  }
  return evaluation.array(*items, flags);
}

namespace {

Value refuse_key(Evaluation& evaluation, const ObjectNode& node, std::string_view code,
                 const Value& key) {
  evaluation.fail(code, key);
  evaluation.mistake.position = node.position;
  return Value::failed();
}

// An object of one item whose keys are different literals.
Value plain_object(Evaluation& evaluation, const ObjectNode& node, Value item) {
  const std::size_t bytes = std::max<std::size_t>(node.pairs.size(), 1) * sizeof(Entry);
  if (!evaluation.has_room(bytes)) return Value::failed();
  auto* entries = static_cast<Entry*>(evaluation.arena.allocate(bytes));
  std::size_t count = 0;
  for (const Pair& pair : node.pairs) {
    // Written where it belongs at once: copying what was just written takes longer than all this.
    Value& value = entries[count].value;
    value = operand_value(evaluation, *pair.value, item);
    if (value.is_failed()) return value;
    if (value.is_undefined()) continue;
    entries[count++].key = static_cast<const Constant*>(pair.key)->value;
  }
  if (count > json::kUnindexedMembersMax) return evaluation.object({entries, count});
  return Value::object(entries, count, Value::kBuilt);
}

// What a group's value sees as `$`: its item, or the array of its items.
Value group_context(Evaluation& evaluation, const Groups& groups, const Groups::Group& group,
                    const Value* items) {
  if (group.count == 1) return items[groups.item(group.first)];
  ScratchList members(evaluation);
  std::uint32_t link = group.first;
  for (std::uint32_t i = 0; i < group.count; ++i, link = groups.next(link)) {
    if (!evaluation.fits(*members)) return Value::failed();
    const Value& item = items[groups.item(link)];
    if (item.is_array()) {
      members->insert(members->end(), item.begin(), item.end());
    } else if (!item.is_undefined()) {
      members->push_back(item);
    }
  }
  return evaluation.array(*members, 0);
}

// Apart from run_object, so that plain objects within objects take little stack.
[[gnu::noinline]] Value grouped_object(Evaluation& evaluation, const ObjectNode& node,
                                       const Value* items, std::uint32_t count) {
  Groups groups;
  groups.expect(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!evaluation.spend()) return Value::failed();
    for (std::uint32_t pair = 0; pair < node.pairs.size(); ++pair) {
      const Value key = VALUE(operand_value(evaluation, *node.pairs[pair].key, items[i]));
      if (key.is_undefined()) continue;
      if (!key.is_string()) return refuse_key(evaluation, node, "T1003", key);
      if (!groups.add(key.text(), pair, i)) return refuse_key(evaluation, node, "D1009", key);
    }
  }
  const std::size_t bytes = std::max<std::size_t>(groups.all().size(), 1) * sizeof(Entry);
  if (!evaluation.has_room(bytes)) return Value::failed();
  auto* entries = static_cast<Entry*>(evaluation.arena.allocate(bytes));
  std::size_t made = 0;
  for (const Groups::Group& group : groups.all()) {
    const Value context = VALUE(group_context(evaluation, groups, group, items));
    const Value value = VALUE(evaluate(evaluation, *node.pairs[group.pair].value, context));
    if (!value.is_undefined()) entries[made++] = {Value::string(group.key), value};
  }
  if (made > json::kUnindexedMembersMax) return evaluation.object({entries, made});
  return Value::object(entries, made, Value::kBuilt);
}

}  // namespace

Value run_object(Evaluation& evaluation, const ObjectNode& node, Value input) {
  const Value nothing{};
  const Value* items = &input;
  std::uint32_t count = 1;
  if (input.is_array()) {
    items = input.size() > 0 ? input.elements() : &nothing;
    count = input.size() > 0 ? input.size() : 1;
  }
  if (count == 1 && node.plain_keys) return plain_object(evaluation, node, items[0]);
  return grouped_object(evaluation, node, items, count);
}

}  // namespace pawl::jsonata
