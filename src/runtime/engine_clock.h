// The engine's time: wall time at start-up, carried on by the boot clock (decision D17). It never
// goes back and never jumps, whatever happens to the wall clock while the process lives, so
// histories stay in order and no timer fires early; after a restart it is wall time again.
#pragma once

#include "base/clock.h"

namespace pawl::runtime {

class EngineClock {
 public:
  // `clock` outlives this object.
  explicit EngineClock(const Clock& clock)
      : clock_(clock), offset_(clock.wall_now() - clock.boot_now()) {}

  WallMillis now() const { return clock_.boot_now() + offset_; }

 private:
  const Clock& clock_;
  WallMillis offset_;
};

}  // namespace pawl::runtime
