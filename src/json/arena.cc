// The step's allocator, and how containers lie in it:
//   [source text, a Node-sized slot, when kCompactSource] elements or members [key index]
#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>

#include "json/number.h"
#include "json/object_index.h"
#include "json/value.h"

namespace pawl::json {
namespace {

constexpr std::size_t kFirstBlockBytes = 4096;
constexpr std::size_t kBlockBytesMax = 1u << 20;

std::size_t aligned(std::size_t bytes) {
  return (bytes + alignof(Node) - 1) & ~(alignof(Node) - 1);
}

}  // namespace

void* Arena::allocate(std::size_t bytes) {
  bytes = aligned(bytes);
  bytes_used_ += bytes;
  if (bytes > left_) return add_block(bytes);
  std::byte* result = next_;
  next_ += bytes;
  left_ -= bytes;
  return result;
}

// Blocks double, so that their number stays small; what is large gets a block of its own, and the
// open block stays open.
std::byte* Arena::add_block(std::size_t bytes) {
  const std::size_t doubled = kFirstBlockBytes << std::min<std::size_t>(blocks_.size(), 8);
  const std::size_t block_bytes = std::min(doubled, kBlockBytesMax);
  if (bytes * 2 > block_bytes) {
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
    return blocks_.back().get();
  }
  blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_bytes));
  std::byte* block = blocks_.back().get();
  next_ = block + bytes;
  left_ = block_bytes - bytes;
  return block;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* place = static_cast<char*>(allocate(text.size()));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

Node Arena::string(std::string_view text) { return Node::string(copy(text)); }
Node Arena::number(std::string_view text) { return Node::number(copy(text)); }

Node Arena::integer(std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return number({digits, static_cast<std::size_t>(end - digits)});
}

Node Arena::real(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return number({digits, static_cast<std::size_t>(end - digits)});
}

Node Arena::array(const std::vector<Node>& elements) {
  return array(elements.data(), elements.size(), {});
}

Node Arena::object(const std::vector<Member>& members) {
  return object(members.data(), members.size(), {});
}

Node Arena::array(const Node* elements, std::size_t count, std::string_view compact_source) {
  Node node(Kind::kArray, 0, static_cast<std::uint32_t>(count));
  Node* place = static_cast<Node*>(allocate((count + 1) * sizeof(Node)));
  *place = Node::string(compact_source);
  if (!compact_source.empty()) node.flags_ = Node::kCompactSource;
  if (count > 0) std::memcpy(static_cast<void*>(place + 1), elements, count * sizeof(Node));
  node.elements_ = place + 1;
  return node;
}

// Of equal keys the last value stays, at the first one's place.
Node Arena::object(const Member* members, std::size_t count, std::string_view compact_source) {
  const bool indexed = count > kUnindexedMembersMax;
  const std::size_t index_bytes = indexed ? ObjectIndex::bytes(count) : 0;
  Node* header = static_cast<Node*>(allocate(sizeof(Node) + count * sizeof(Member) + index_bytes));
  *header = Node::string(compact_source);
  Member* place = reinterpret_cast<Member*>(header + 1);
  if (count > 0) std::memcpy(static_cast<void*>(place), members, count * sizeof(Member));

  Node node(Kind::kObject, 0, static_cast<std::uint32_t>(count));
  node.members_ = place;
  if (!compact_source.empty()) node.flags_ = Node::kCompactSource;
  if (indexed) {
    ObjectIndex index(reinterpret_cast<std::uint32_t*>(place + count), count);
    index.clear();
    for (std::size_t i = 0; i < count; ++i) {
      index.slot(place[i].key.string(), place) = static_cast<std::uint32_t>(i + 1);
    }
    node.flags_ |= Node::kIndexed;
  }
  return node;
}

void ObjectBuilder::set(std::string_view key, Node value) {
  for (Member& member : members_) {
    if (member.key.string() == key) {
      member.value = value;
      return;
    }
  }
  members_.push_back({arena_.string(key), value});
}

}  // namespace pawl::json
