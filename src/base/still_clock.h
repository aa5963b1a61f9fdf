// A clock that stands still until a test moves it.
#pragma once

#include "base/clock.h"

namespace pawl {

struct StillClock final : Clock {
  WallMillis wall_now() const override { return wall; }
  BootMillis boot_now() const override { return boot; }
  WallMillis wall = 1'795'262'400'000;  // 2026-11-21T12:00:00Z
  BootMillis boot = 5'000;
};

}  // namespace pawl
