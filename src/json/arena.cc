// The step's allocator, and how containers lie in it:
//   [source text, a Node-sized slot, when kCompactSource] elements or members [key index]
#include "json/arena.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "json/number.h"
#include "json/object_index.h"

namespace pawl::json {
namespace {

constexpr std::size_t kFirstBlockBytes = 4096;
constexpr std::size_t kBlockBytesMax = 1u << 20;

}  // namespace

// Stands before a block's bytes and keeps their alignment.
struct alignas(16) Arena::Block {
  Block* previous;
  std::size_t bytes;
};

namespace {

// Sanitizers are to see each arena's memory come and go.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kKeepsSpares = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
constexpr bool kKeepsSpares = false;
#else
constexpr bool kKeepsSpares = true;
#endif
#else
constexpr bool kKeepsSpares = true;
#endif

// First blocks that a thread's arenas left, for its next ones: most arenas live for one short step.
// Trivially destroyed, so that arenas that outlive the thread's other objects may look at it.
struct SpareBlocks {
  static constexpr std::size_t kMax = 4;
  void* blocks[kMax];
  std::size_t count;
  bool closed;  // the thread ends
};
constinit thread_local SpareBlocks spares{};

struct SparesOwner {
  SparesOwner() = default;
  ~SparesOwner() {
    spares.closed = true;
    while (spares.count > 0) ::operator delete(spares.blocks[--spares.count]);
  }
  SparesOwner(const SparesOwner&) = delete;
  SparesOwner& operator=(const SparesOwner&) = delete;
};

void* take_first_block(std::size_t bytes) {
  if (spares.count > 0) return spares.blocks[--spares.count];
  return ::operator new(bytes);
}

void give_back_first_block(void* block) {
  if (!kKeepsSpares || spares.closed || spares.count == SpareBlocks::kMax) {
    return ::operator delete(block);
  }
  thread_local SparesOwner owner;
  static_cast<void>(owner);
  spares.blocks[spares.count++] = block;
}

}  // namespace

Arena::~Arena() {
  while (blocks_ != nullptr) {
    Block* const block = std::exchange(blocks_, blocks_->previous);
    if (block->bytes == kFirstBlockBytes) {
      give_back_first_block(block);
    } else {
      ::operator delete(block);
    }
  }
}

std::byte* Arena::new_block(std::size_t bytes) {
  const std::size_t all = sizeof(Block) + bytes;
  void* memory = bytes == kFirstBlockBytes ? take_first_block(all) : ::operator new(all);
  blocks_ = new (memory) Block{blocks_, bytes};
  ++block_count_;
  return reinterpret_cast<std::byte*>(blocks_ + 1);
}

// Blocks double, so that their number stays small; what is large gets a block of its own, and the
// open block stays open.
std::byte* Arena::allocate_in_new_block(std::size_t bytes) {
  const std::size_t doubled = kFirstBlockBytes << std::min<std::size_t>(block_count_, 8);
  const std::size_t block_bytes = std::min(doubled, kBlockBytesMax);
  if (bytes * 2 > block_bytes) return new_block(bytes);
  std::byte* block = new_block(block_bytes);
  next_ = block + bytes;
  left_ = block_bytes - bytes;
  return block;
}

void Arena::reserve(std::size_t bytes) {
  if (bytes <= left_) return;
  next_ = new_block(bytes);
  left_ = bytes;
}

std::string_view Arena::copy(std::string_view text) {
  ENSURE(text.size() <= std::numeric_limits<std::uint32_t>::max(), text.size());
  if (text.empty()) return "";
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
  ENSURE(std::isfinite(value), value);
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return number({digits, static_cast<std::size_t>(end - digits)});
}

Node Arena::array(const std::vector<Node>& elements) {
  return array(elements.data(), elements.size(), Node::string({}));
}

Node Arena::object(const std::vector<Member>& members) {
  return object(members.data(), members.size(), Node::string({}), {});
}

Node Arena::array(const Node* elements, std::size_t count, Node compact_source) {
  Node node(Kind::kArray, 0, static_cast<std::uint32_t>(count));
  Node* place = static_cast<Node*>(allocate((count + 1) * sizeof(Node)));
  *place = compact_source;
  if (compact_source.size_ > 0) node.flags_ = Node::kCompactSource;
  if (count > 0) std::memcpy(static_cast<void*>(place + 1), elements, count * sizeof(Node));
  node.elements_ = place + 1;
  return node;
}

// `slots` is empty or the members' index.
Node Arena::object(const Member* members, std::size_t count, Node compact_source,
                   const std::vector<std::uint32_t>& slots) {
  const bool indexed = count > kUnindexedMembersMax;
  const std::size_t index_bytes = indexed ? ObjectIndex::bytes(count) : 0;
  Node* header = static_cast<Node*>(allocate(sizeof(Node) + count * sizeof(Member) + index_bytes));
  *header = compact_source;
  Member* place = reinterpret_cast<Member*>(header + 1);
  if (count > 0) std::memcpy(static_cast<void*>(place), members, count * sizeof(Member));

  Node node(Kind::kObject, 0, static_cast<std::uint32_t>(count));
  node.members_ = place;
  if (compact_source.size_ > 0) node.flags_ = Node::kCompactSource;
  if (!indexed) return node;
  node.flags_ |= Node::kIndexed;
  auto* behind = reinterpret_cast<std::uint32_t*>(place + count);
  if (!slots.empty()) {
    std::memcpy(behind, slots.data(), index_bytes);
  } else {
    ObjectIndex(behind, count).fill(place, count);
  }
  return node;
}

void ObjectBuilder::set(std::string_view key, Node value) {
  if (Member* member = find(key)) {
    member->value = value;
    return;
  }
  members_.push_back({arena_.string(key), value});
  if (members_.size() <= kUnindexedMembersMax) return;
  if (slots_.size() < ObjectIndex::slot_count(members_.size())) {
    slots_.resize(ObjectIndex::slot_count(members_.size()));
    ObjectIndex(slots_.data(), members_.size()).fill(members_.data(), members_.size());
  } else {
    const ObjectIndex index(slots_.data(), members_.size());
    index.slot(members_.back().key.string(), members_.data()) =
        static_cast<std::uint32_t>(members_.size());
  }
}

Member* ObjectBuilder::find(std::string_view key) {
  if (members_.size() > kUnindexedMembersMax) {
    const ObjectIndex index(slots_.data(), members_.size());
    const std::uint32_t found = index.slot(key, members_.data());
    return found == 0 ? nullptr : &members_[found - 1];
  }
  for (Member& member : members_) {
    if (member.key.string() == key) return &member;
  }
  return nullptr;
}

Node ObjectBuilder::finish() {
  return arena_.object(members_.data(), members_.size(), Node::string({}), slots_);
}

}  // namespace pawl::json
