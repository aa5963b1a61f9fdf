#include "jsonata/grouping.h"

#include <bit>

#include "json/object_index.h"
#include "jsonata/evaluation.h"

namespace pawl::jsonata {
namespace {

// So many groups are searched one after the other.
constexpr std::size_t kSearchedMax = 12;

bool same_key(std::string_view left, std::string_view right) {
  return left.size() == right.size() && same_text(left.data(), right.data(), left.size());
}

}  // namespace

std::uint32_t& Groups::slot(std::string_view key) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = json::hash_key(key) & mask;
  while (slots_[at] != 0 && !same_key(groups_[slots_[at] - 1].key, key)) at = (at + 1) & mask;
  return slots_[at];
}

// At most half of the slots are ever taken.
void Groups::make_index() {
  slots_.assign(std::bit_ceil(groups_.size() * 4), 0);
  for (std::uint32_t i = 0; i < groups_.size(); ++i) slot(groups_[i].key) = i + 1;
}

Groups::Group* Groups::find(std::string_view key) {
  if (!slots_.empty()) {
    const std::uint32_t found = slot(key);
    return found == 0 ? nullptr : &groups_[found - 1];
  }
  for (Group& group : groups_) {
    if (same_key(group.key, key)) return &group;
  }
  return nullptr;
}

bool Groups::add(std::string_view key, std::uint32_t pair, std::uint32_t item) {
  const auto link = static_cast<std::uint32_t>(links_.size());
  links_.push_back({item, link});
  if (Group* group = find(key)) {
    if (group->pair != pair) return false;
    links_[group->last].next = link;
    group->last = link;
    ++group->count;
    return true;
  }
  make(key, pair, link);
  return true;
}

Groups::Group& Groups::make(std::string_view key, std::uint32_t pair, std::uint32_t link) {
  groups_.push_back({key, pair, link, link, 1});
  if (groups_.size() > kSearchedMax) {
    if (groups_.size() * 2 > slots_.size()) {
      make_index();
    } else {
      slot(key) = static_cast<std::uint32_t>(groups_.size());
    }
  }
  return groups_.back();
}

std::uint32_t Groups::place(std::string_view key) {
  const Group* group = find(key);
  if (group == nullptr) group = &make(key, 0, 0);
  return static_cast<std::uint32_t>(group - groups_.begin());
}

}  // namespace pawl::jsonata
