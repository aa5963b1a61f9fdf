#include "base/rng.h"

#include <sys/random.h>

#include <array>

#include "base/ensure.h"
#include "base/hex.h"

namespace pawl {

std::uint64_t SystemRng::next() {
  if (used_ == 64) {
    ENSURE(getrandom(block_, sizeof block_, 0) == static_cast<ssize_t>(sizeof block_));
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t SeededRng::next() {
  std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15ULL);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
  return mixed ^ (mixed >> 31);
}

std::string make_uuid(Rng& rng) {
  std::uint64_t high = rng.next();
  std::uint64_t low = rng.next();
  high = (high & ~0xf000ULL) | 0x4000ULL;                       // version 4
  low = (low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;  // RFC variant
  std::array<char, 36> text = {};
  std::size_t at = 0;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text[at++] = '-';
    const std::uint64_t half = digit < 16 ? high : low;
    text[at++] = kHexDigits[(half >> (60 - 4 * (digit % 16))) & 15];
  }
  return {text.data(), text.size()};
}

double uniform_unit(Rng& rng) { return static_cast<double>(rng.next() >> 11) * 0x1.0p-53; }

}  // namespace pawl
