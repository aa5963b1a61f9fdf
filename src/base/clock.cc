#include "base/clock.h"

#include <ctime>

namespace pawl {

namespace {
std::int64_t read_millis(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}
}  // namespace

MonotonicMicros monotonic_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<MonotonicMicros>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

WallMillis SystemClock::wall_now() const { return read_millis(CLOCK_REALTIME); }
BootMillis SystemClock::boot_now() const { return read_millis(CLOCK_BOOTTIME); }

}  // namespace pawl
