// Where the nodes and characters made during one step live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "json/node.h"

namespace pawl::json {

// Bump allocator that owns the nodes and characters made during one step. Not thread-safe.
class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Copies the characters.
  Node string(std::string_view text);
  Node number(std::string_view text);
  Node integer(std::int64_t value);
  // Shortest text that reads back as `value`, which is finite; Java's Double.toString form ("1.0",
  // "1.0E10") is json/number.h's business.
  Node real(double value);
  Node array(const std::vector<Node>& elements);
  // Keys must be strings and distinct.
  Node object(const std::vector<Member>& members);
  std::string_view copy(std::string_view text);

  // Uninitialised storage, aligned for Node.
  void* allocate(std::size_t bytes) {
    bytes = (bytes + alignof(Node) - 1) & ~(alignof(Node) - 1);
    bytes_used_ += bytes;
    if (bytes > left_) return allocate_in_new_block(bytes);
    std::byte* place = next_;
    next_ += bytes;
    left_ -= bytes;
    return place;
  }
  std::size_t bytes_used() const { return bytes_used_; }

 private:
  friend class ObjectBuilder;
  friend class Parser;

  struct Block;

  // `compact_source`: a string, empty when printing is to walk the elements.
  Node array(const Node* elements, std::size_t count, Node compact_source);
  Node object(const Member* members, std::size_t count, Node compact_source,
              const std::vector<std::uint32_t>& slots);
  // Makes room for so many bytes in one block.
  void reserve(std::size_t bytes);
  std::byte* allocate_in_new_block(std::size_t bytes);
  std::byte* new_block(std::size_t bytes);

  Block* blocks_ = nullptr;  // the newest; each knows the one before it
  std::size_t block_count_ = 0;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t bytes_used_ = 0;
};

// Collects members; `set` on a key that is there replaces its value in place.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(Arena& arena) : arena_(arena) {}
  void set(std::string_view key, Node value);
  Node finish();

 private:
  Member* find(std::string_view key);

  Arena& arena_;
  std::vector<Member> members_;
  std::vector<std::uint32_t> slots_;  // an ObjectIndex, once there are many members
};

}  // namespace pawl::json
