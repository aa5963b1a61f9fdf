// Instants as text: RFC 3339 date-times as the States Language and the Context Object have them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace pawl::machine {

struct Instant {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  std::int32_t nanos = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
};

// `2016-03-14T01:59:00Z`, `2016-03-14T01:59:00.243167252+01:00`: upper-case T and Z, a zone is
// required. Digits of the fraction beyond the ninth are dropped.
std::optional<Instant> parse_timestamp(std::string_view text);

// The first millisecond that is not before the instant; the greatest one when it is out of range.
WallMillis millis_not_before(const Instant& instant);

// UTC with a fraction of three digits, or none when it is zero.
std::string print_timestamp(WallMillis time);

}  // namespace pawl::machine
