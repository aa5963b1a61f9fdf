// Reading nodes: member lookup and deep equality.
#include "json/number.h"
#include "json/object_index.h"
#include "json/value.h"

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

// Compares what can be told without looking into containers; their parts go to `open`.
bool equal_shallow(Node left, Node right, std::vector<Pair>& open) {
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
      for (std::size_t i = 0; i < left.size(); ++i) open.emplace_back(left.at(i), right.at(i));
      return true;
    case Kind::kObject:
      for (const Member& member : left.members()) {
        const Node* other = right.find(member.key.string());
        if (other == nullptr) return false;
        open.emplace_back(member.value, *other);
      }
      return true;
  }
  return false;
}

}  // namespace

bool equal(Node left, Node right) {
  std::vector<Pair> open{{left, right}};
  while (!open.empty()) {
    const auto [first, second] = open.back();
    open.pop_back();
    if (!equal_shallow(first, second, open)) return false;
  }
  return true;
}

}  // namespace pawl::json
