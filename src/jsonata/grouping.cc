#include "jsonata/grouping.h"

namespace pawl::jsonata {
namespace {

// So many groups are searched one after the other.
constexpr std::size_t kSearchedMax = 12;

}  // namespace

Groups::Group* Groups::find(std::string_view key) {
  if (groups_.size() <= kSearchedMax) {
    for (Group& group : groups_) {
      if (group.key == key) return &group;
    }
    return nullptr;
  }
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &groups_[found->second];
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
  if (groups_.size() == kSearchedMax + 1) {
    for (std::uint32_t i = 0; i < groups_.size(); ++i) by_key_.emplace(groups_[i].key, i);
  } else if (groups_.size() > kSearchedMax) {
    by_key_.emplace(key, static_cast<std::uint32_t>(groups_.size() - 1));
  }
  return groups_.back();
}

std::uint32_t Groups::place(std::string_view key) {
  const Group* group = find(key);
  if (group == nullptr) group = &make(key, 0, 0);
  return static_cast<std::uint32_t>(group - groups_.data());
}

}  // namespace pawl::jsonata
