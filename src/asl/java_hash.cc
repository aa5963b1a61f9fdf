// java.util.HashMap: a power of two of buckets, at least 16, doubled when more than three quarters
// as many keys are in; a bucket iterates in insertion order.
#include "asl/java_hash.h"

#include <algorithm>
#include <numeric>

namespace pawl::asl {
namespace {

// Calls `visit` for every UTF-16 unit of `text`.
template <class Visit>
void for_each_utf16_unit(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    const int continuation_bytes = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    std::uint32_t point = continuation_bytes == 0 ? lead : lead & (0x3Fu >> continuation_bytes);
    for (int i = 0; i < continuation_bytes && at < text.size(); ++i, ++at) {
      point = point << 6 | (static_cast<unsigned char>(text[at]) & 0x3Fu);
    }
    if (point >= 0x10000) {
      visit(0xD800u + ((point - 0x10000) >> 10));
      visit(0xDC00u + ((point - 0x10000) & 0x3FFu));
    } else {
      visit(point);
    }
  }
}

}  // namespace

std::uint32_t java_hash_code(std::string_view text) {
  std::uint32_t hash = 0;
  for_each_utf16_unit(text, [&hash](std::uint32_t unit) { hash = 31 * hash + unit; });
  return hash;
}

std::vector<std::size_t> java_hash_order(const std::vector<std::string_view>& keys) {
  std::size_t buckets = 16;
  while (keys.size() > buckets / 4 * 3) buckets *= 2;

  std::vector<std::size_t> bucket_of(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::uint32_t hash = java_hash_code(keys[i]);
    bucket_of[i] = (hash ^ hash >> 16) & (buckets - 1);
  }
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&bucket_of](std::size_t left, std::size_t right) {
    return bucket_of[left] < bucket_of[right];
  });
  return order;
}

}  // namespace pawl::asl
