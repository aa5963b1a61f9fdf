// The stable merge sort that $sort and order-by share. It asks exactly jsonata-js's questions: is
// the left one to come after the right one? A comparison may fail, and may be inconsistent, because
// users write it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pawl::jsonata {

enum class Comes { kAfter, kNotAfter, kFailed };

namespace detail {

template <class Item, class Compare>
bool merge_sort_range(Item* items, std::size_t count, Item* room, Compare& comes_after) {
  if (count < 2) return true;
  const std::size_t middle = count / 2;
  if (!merge_sort_range(items, middle, room, comes_after)) return false;
  if (!merge_sort_range(items + middle, count - middle, room, comes_after)) return false;
  for (std::size_t i = 0; i < middle; ++i) room[i] = items[i];
  std::size_t left = 0;
  std::size_t right = middle;
  std::size_t out = 0;
  while (left < middle && right < count) {
    const Comes answer = comes_after(room[left], items[right]);
    if (answer == Comes::kFailed) return false;
    items[out++] = answer == Comes::kAfter ? items[right++] : room[left++];
  }
  while (left < middle) items[out++] = room[left++];
  return true;
}

}  // namespace detail

// False: a comparison failed.
template <class Item, class Compare>
bool merge_sort(std::span<Item> items, Compare comes_after) {
  constexpr std::size_t kFew = 16;
  const std::size_t half = items.size() / 2;
  if (half <= kFew) {
    Item room[kFew]{};
    return detail::merge_sort_range(items.data(), items.size(), room, comes_after);
  }
  std::vector<Item> room(half);
  return detail::merge_sort_range(items.data(), items.size(), room.data(), comes_after);
}

}  // namespace pawl::jsonata
