// Reading nodes: member lookup and deep equality.
#include "json/node.h"

#include <utility>
#include <vector>

#include "json/number.h"
#include "json/object_index.h"

namespace pawl::json {

const Node* Node::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  if (flags_ & kIndexed) return find_indexed(key);
  for (const Member& member : members()) {
    if (member.key.size_ == key.size() && member.key.string() == key) return &member.value;
  }
  return nullptr;
}

const Node* Node::find_indexed(std::string_view key) const {
  const auto* slots = reinterpret_cast<const std::uint32_t*>(members_ + size_);
  const ObjectIndex index(const_cast<std::uint32_t*>(slots), size_);
  const std::uint32_t found = index.slot(key, members_);
  return found == 0 ? nullptr : &members_[found - 1].value;
}

namespace {

using Pair = std::pair<Node, Node>;

// Compares two scalars; containers of equal kind and size go to `open` for their parts.
bool equal_so_far(const Node& left, const Node& right, std::vector<Pair>& open) {
  if (left.kind() != right.kind() || left.size() != right.size()) return false;
  switch (left.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBoolean:
      return left.boolean() == right.boolean();
    case Kind::kNumber:
      return compare_numbers(left.number_text(), right.number_text()) == 0;
    case Kind::kString:
      return left.string() == right.string();
    case Kind::kArray:
    case Kind::kObject:
      open.emplace_back(left, right);
      return true;
  }
  return false;
}

bool equal_elements(Node left, Node right, std::vector<Pair>& open) {
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!equal_so_far(left.at(i), right.at(i), open)) return false;
  }
  return true;
}

// Keys are distinct, so finding each of the left ones among as many right ones is enough.
bool equal_members(Node left, Node right, std::vector<Pair>& open) {
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Member& member = left.member(i);
    const std::string_view key = member.key.string();
    const Member& same_place = right.member(i);
    const Node* other = same_place.key.string() == key ? &same_place.value : right.find(key);
    if (other == nullptr || !equal_so_far(member.value, *other, open)) return false;
  }
  return true;
}

}  // namespace

bool equal(Node left, Node right) {
  std::vector<Pair> open;
  if (!equal_so_far(left, right, open)) return false;
  while (!open.empty()) {
    const auto [first, second] = open.back();
    open.pop_back();
    const bool same =
        first.is_array() ? equal_elements(first, second, open) : equal_members(first, second, open);
    if (!same) return false;
  }
  return true;
}

}  // namespace pawl::json
