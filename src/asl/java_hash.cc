// java.util.HashMap (OpenJDK 8 and later): a power of two of buckets, at least 16; a bucket
// iterates in insertion order. What turns long buckets of big tables into trees is left out: it
// needs nine keys in one of 64 buckets or more.
#include "asl/java_hash.h"

#include <algorithm>
#include <numeric>
#include <utility>

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

// Buckets after inserting keys with these hashes: doubled when they get three quarters full, and in
// a small table also when a ninth key comes into one bucket.
std::uint32_t bucket_count(const std::vector<std::uint32_t>& hashes) {
  constexpr std::uint32_t kSmallTable = 64;
  constexpr auto kLongBucket = 8;
  std::uint32_t buckets = 16;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (buckets < kSmallTable &&
        std::count_if(
            hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(i),
            [&](std::uint32_t hash) { return ((hash ^ hashes[i]) & (buckets - 1)) == 0; }) >=
            kLongBucket) {
      buckets *= 2;
    }
    if (i + 1 > buckets / 4 * 3) buckets *= 2;
  }
  return buckets;
}

}  // namespace

std::uint32_t java_hash_code(std::string_view text) {
  std::uint32_t hash = 0;
  for_each_utf16_unit(text, [&hash](std::uint32_t unit) { hash = 31 * hash + unit; });
  return hash;
}

std::vector<std::size_t> java_hash_order(const std::vector<std::string_view>& keys) {
  std::vector<std::uint32_t> hashes;
  for (const std::string_view key : keys) {
    const std::uint32_t hash = java_hash_code(key);
    hashes.push_back(hash ^ hash >> 16);
  }
  const std::uint32_t mask = bucket_count(hashes) - 1;
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return std::pair(hashes[left] & mask, left) < std::pair(hashes[right] & mask, right);
  });
  return order;
}

}  // namespace pawl::asl
