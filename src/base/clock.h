// The clock seam. Everything that reads time gets a Clock from its constructor, so that tests and
// simulation decide what time it is.
#pragma once

#include <cstdint>

namespace pawl {

// Milliseconds since 1970-01-01T00:00:00Z. Wall time may jump in both directions.
using WallMillis = std::int64_t;
// Milliseconds of the boot clock (CLOCK_BOOTTIME): never goes back, has no meaning across restarts.
using BootMillis = std::int64_t;
// Microseconds of CLOCK_MONOTONIC, to measure how long something took: decides nothing.
using MonotonicMicros = std::int64_t;
MonotonicMicros monotonic_now();

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallMillis wall_now() const = 0;
  virtual BootMillis boot_now() const = 0;
};

// The machine's own clocks. Thread-safe.
class SystemClock final : public Clock {
 public:
  WallMillis wall_now() const override;
  BootMillis boot_now() const override;
};

}  // namespace pawl
