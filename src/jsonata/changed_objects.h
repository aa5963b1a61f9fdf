// What objects were changed to in a transform, by where their entries lie; internal to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "jsonata/value.h"

namespace pawl::jsonata {

// Open addressing, at most half full: nearly every object of a document is asked for, and few of
// them are there.
class ChangedObjects {
 public:
  bool empty() const { return count_ == 0; }

  // nullptr: not changed. Of at least one that is.
  const Value* find(const Entry* entries) const {
    const Slot& slot = slots_[place_of(entries)];
    return slot.entries == entries ? &slot.value : nullptr;
  }

  void set(const Entry* entries, const Value& changed) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[place_of(entries)];
    if (slot.entries == nullptr) ++count_;
    slot = {entries, changed};
  }

 private:
  struct Slot {
    const Entry* entries = nullptr;
    Value value;
  };

  // Where it is, or is to be.
  std::size_t place_of(const Entry* entries) const {
    const std::size_t mask = slots_.size() - 1;
    const auto address = reinterpret_cast<std::uintptr_t>(entries) >> 4;
    std::size_t at = static_cast<std::size_t>((address * 0x9E3779B97F4A7C15U) >> 20) & mask;
    while (slots_[at].entries != nullptr && slots_[at].entries != entries) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    constexpr std::size_t kFirst = 32;
    std::vector<Slot> before(slots_.empty() ? kFirst : 2 * slots_.size());
    before.swap(slots_);
    for (const Slot& slot : before) {
      if (slot.entries != nullptr) slots_[place_of(slot.entries)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace pawl::jsonata
