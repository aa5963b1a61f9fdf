#include "json/object_index.h"

#include <sys/random.h>

#include <cstring>

namespace pawl::json {
namespace {

std::uint64_t draw_seed() {
  std::uint64_t seed = 0x9E3779B97F4A7C15;
  // Without entropy (early boot) the address space layout is what an attacker cannot know.
  if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed) {
    seed ^= reinterpret_cast<std::uintptr_t>(&seed);
  }
  return seed;
}

std::uint64_t multiply_fold(std::uint64_t left, std::uint64_t right) {
  const auto product = static_cast<unsigned __int128>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  if (count > 0) std::memcpy(&word, bytes, count);
  return word;
}

}  // namespace

std::uint64_t hash_key(std::string_view key) {
  static const std::uint64_t seed = draw_seed();
  std::uint64_t state = seed ^ key.size();
  const char* bytes = key.data();
  std::size_t left = key.size();
  for (; left > 8; left -= 8, bytes += 8) {
    state = multiply_fold(state ^ load(bytes, 8), 0xA0761D6478BD642F ^ seed);
  }
  return multiply_fold(state ^ load(bytes, left), 0xE7037ED1A0B428DB ^ seed);
}

void ObjectIndex::fill(const Member* members, std::size_t count) const {
  std::memset(slots_, 0, (mask_ + 1) * sizeof *slots_);
  for (std::size_t i = 0; i < count; ++i) {
    slot(members[i].key.string(), members) = static_cast<std::uint32_t>(i + 1);
  }
}

std::uint32_t& ObjectIndex::slot(std::string_view key, const Member* members) const {
  for (std::size_t at = hash_key(key) & mask_;; at = (at + 1) & mask_) {
    if (slots_[at] == 0 || members[slots_[at] - 1].key.string() == key) return slots_[at];
  }
}

}  // namespace pawl::json
