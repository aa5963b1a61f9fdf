// Grouping: which items of a sequence belong to which key of an object constructor.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "jsonata/value.h"
#include "jsonata/workspace.h"

namespace pawl::jsonata {

// Groups in the order in which their keys appeared. Items are numbers; each group's are a chain.
class Groups {
 public:
  struct Group {
    std::string_view key;
    std::uint32_t pair;   // whose key made it
    std::uint32_t first;  // of its items, in the chain
    std::uint32_t last;
    std::uint32_t count;
  };

  // Makes room for what is going to be added.
  void expect(std::size_t items) { links_.reserve(items); }

  // Adds the item to the key's group. False when another pair made this group.
  bool add(std::string_view key, std::uint32_t pair, std::uint32_t item);

  // The number of the key's group, which is made if there is none yet.
  std::uint32_t place(std::string_view key);

  std::span<const Group> all() const { return {groups_.begin(), groups_.size()}; }
  std::uint32_t item(std::uint32_t link) const { return links_[link].item; }
  std::uint32_t next(std::uint32_t link) const { return links_[link].next; }

 private:
  struct Link {
    std::uint32_t item;
    std::uint32_t next;
  };
  Group* find(std::string_view key);
  Group& make(std::string_view key, std::uint32_t pair, std::uint32_t link);
  // The slot that holds the number plus one of the key's group, or the empty one for it.
  std::uint32_t& slot(std::string_view key);
  void make_index();

  ShortList<Group, 8> groups_;
  ShortList<Link, 16> links_;
  std::vector<std::uint32_t> slots_;  // a hash index, once there are many groups
};

}  // namespace pawl::jsonata
