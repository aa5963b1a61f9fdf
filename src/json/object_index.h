// The hash index of a large object's keys: open addressing over member numbers, standing in the
// arena right behind the members, so that a Node needs no pointer to it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/node.h"

namespace pawl::json {

// Objects with more members than this carry an index; shorter ones are searched front to back.
inline constexpr std::size_t kUnindexedMembersMax = 16;

// Seeded for each process, so that nobody can prepare keys that collide.
std::uint64_t hash_key(std::string_view key);

// A view of index slots that somebody else owns. A slot holds a member's number plus one, or 0.
class ObjectIndex {
 public:
  // At most half of the slots are ever taken, so that probing is short and always ends.
  static std::size_t slot_count(std::size_t members) { return std::bit_ceil(members * 2); }
  static std::size_t bytes(std::size_t members) {
    return slot_count(members) * sizeof(std::uint32_t);
  }

  ObjectIndex(std::uint32_t* slots, std::size_t members)
      : slots_(slots), mask_(slot_count(members) - 1) {}

  // Enters all of the members, whose keys are distinct.
  void fill(const Member* members, std::size_t count) const;
  // The slot that holds `key`'s member number plus one, or the empty one where it belongs.
  std::uint32_t& slot(std::string_view key, const Member* members) const;

 private:
  std::uint32_t* slots_;
  std::size_t mask_;
};

}  // namespace pawl::json
