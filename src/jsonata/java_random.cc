#include "jsonata/java_random.h"

namespace pawl::jsonata {
namespace {

constexpr std::uint64_t kMultiplier = 0x5DEECE66D;
constexpr std::uint64_t kIncrement = 0xB;
constexpr std::uint64_t kMask = (std::uint64_t{1} << 48) - 1;

}  // namespace

JavaRandom::JavaRandom(std::int64_t seed)
    : state_((static_cast<std::uint64_t>(seed) ^ kMultiplier) & kMask) {}

std::uint32_t JavaRandom::next(int bits) {
  state_ = (state_ * kMultiplier + kIncrement) & kMask;
  return static_cast<std::uint32_t>(state_ >> (48 - bits));
}

double JavaRandom::next_double() {
  const std::uint64_t high = next(26);
  const std::uint64_t low = next(27);
  return static_cast<double>(high << 27 | low) * 0x1.0p-53;
}

}  // namespace pawl::jsonata
