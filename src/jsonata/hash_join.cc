#include "jsonata/hash_join.h"

namespace pawl::jsonata {

namespace {

constexpr std::size_t kItemsMin = 8;

// The column that `$name` or `$name.a.b` begins with; nothing for anything else.
std::optional<std::size_t> column_of(const Node& node, const TupleLayout& layout) {
  const Node* first = &node;
  if (node.op == Op::kNames) first = static_cast<const Names&>(node).variable;
  if (first->op != Op::kVariable) return std::nullopt;
  const auto& variable = static_cast<const Variable&>(*first);
  const std::size_t begin = layout.slots.first;
  if (variable.hops != 0 || variable.slot < begin || variable.slot >= begin + layout.columns()) {
    return std::nullopt;
  }
  return variable.slot - begin;
}

}  // namespace

std::optional<HashJoin> HashJoin::of(const Step& step, const Filter* condition,
                                     const TupleLayout& layout) {
  // With a frame of its own a row's names are elsewhere.
  if (step.focus == kNoColumn || condition == nullptr || layout.slots.own_frame ||
      condition->predicate->op != Op::kEquality) {
    return std::nullopt;
  }
  const auto& equality = static_cast<const Binary&>(*condition->predicate);
  if (equality.operation != Operator::kEqual) return std::nullopt;
  const auto left = column_of(*equality.left, layout);
  const auto right = column_of(*equality.right, layout);
  if (!left || !right) return std::nullopt;
  const auto is_bound_before = [&step](std::size_t column) {
    return column != step.focus && column != step.index && column != step.ancestor;
  };
  if (*left == step.focus && is_bound_before(*right)) {
    return HashJoin(*equality.left, *equality.right);
  }
  if (*right == step.focus && is_bound_before(*left)) {
    return HashJoin(*equality.right, *equality.left);
  }
  return std::nullopt;
}

bool HashJoin::wants(const Value& items) {
  if (!items.is_array() || items.size() < kItemsMin) return false;
  if (elements_ == items.elements() && size_ == items.size()) return true;
  elements_ = items.elements();
  size_ = items.size();
  indexed_ = false;
  items_of_.clear();
  return false;
}

const std::vector<std::uint32_t>* HashJoin::find(std::string_view key) const {
  const auto found = items_of_.find(key);
  return found == items_of_.end() ? nullptr : &found->second;
}

}  // namespace pawl::jsonata
