// States.MathAdd, States.MathRandom, States.UUID.
#include <limits>

#include "intrinsics/invocation.h"
#include "json/number.h"

namespace pawl::intrinsics {
namespace {

using Limits32 = std::numeric_limits<std::int32_t>;

// java.util.Random as its specification defines it.
class JavaRandom {
 public:
  explicit JavaRandom(std::int64_t seed)
      : state_((static_cast<std::uint64_t>(seed) ^ kMultiplier) & kMask) {}

  std::int32_t next_int(std::int32_t bound) {
    if ((bound & (bound - 1)) == 0) {
      return static_cast<std::int32_t>((std::int64_t{bound} * next_31()) >> 31);
    }
    std::int64_t bits = 0;
    std::int64_t value = 0;
    do {
      bits = next_31();
      value = bits % bound;
    } while (bits - value + (bound - 1) > Limits32::max());
    return static_cast<std::int32_t>(value);
  }

 private:
  static constexpr std::uint64_t kMultiplier = 0x5DEECE66D;
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << 48) - 1;

  std::int64_t next_31() {
    state_ = (state_ * kMultiplier + 0xB) & kMask;
    return static_cast<std::int64_t>(state_ >> 17);
  }

  std::uint64_t state_;
};

// Unbiased in [0, bound).
std::int64_t draw(Rng& rng, std::uint64_t bound) {
  const std::uint64_t usable = std::numeric_limits<std::uint64_t>::max() / bound * bound;
  std::uint64_t drawn = rng.next();
  while (drawn >= usable) drawn = rng.next();
  return static_cast<std::int64_t>(drawn % bound);
}

std::optional<std::int64_t> seed_of(const json::Node& node) {
  if (!node.is_number()) return std::nullopt;
  const std::string_view text = node.number_text();
  if (const std::optional<std::int64_t> integer = json::to_int64(text)) return integer;
  const double value = json::to_double(text);
  if (!(value > -9.2e18 && value < 9.2e18)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

Answer math_add(Invocation& call) {
  if (!call.has(2)) return call.invalid();
  const std::optional<std::int32_t> left = call.rounded(0);
  const std::optional<std::int32_t> right = call.rounded(1);
  if (!left || !right) return call.invalid();
  const std::int64_t sum = std::int64_t{*left} + *right;
  if (sum < Limits32::min() || sum > Limits32::max()) return call.invalid();
  return call.arena.integer(sum);
}

Answer math_random(Invocation& call) {
  if (!call.has(2) && !call.has(3)) return call.invalid();
  const std::optional<std::int32_t> start = call.truncated(0);
  const std::optional<std::int32_t> end = call.truncated(1);
  if (!start || !end || *start >= *end) return call.invalid();
  const std::int64_t width = std::int64_t{*end} - *start;
  if (call.has(2)) {
    return call.arena.integer(*start + draw(call.rng, static_cast<std::uint64_t>(width)));
  }
  const std::optional<std::int64_t> seed = seed_of(call[2]);
  if (!seed || width > Limits32::max()) return call.invalid();
  return call.arena.integer(*start + JavaRandom(*seed).next_int(static_cast<std::int32_t>(width)));
}

// Arguments do not matter to it.
Answer uuid(Invocation& call) { return call.arena.string(make_uuid(call.rng)); }

}  // namespace pawl::intrinsics
