// Which executions may be redriven (step-functions.md A4.17, A4.23).
#pragma once

#include <functional>
#include <optional>

#include "base/limits.h"
#include "runtime/rows.h"

namespace pawl::runtime {

enum class RedriveObstacle {
  kRunning,
  kSucceeded,
  kHistoryFull,
  kExecutionTooOld,  // open times count from the first start
  kPeriodOver,       // it closed too long ago
};
// Nothing: it may be redriven.
std::optional<RedriveObstacle> redrive_obstacle(const Summary& summary, const Limits& limits,
                                                WallMillis now);

struct RedriveOutcome {
  enum class Kind {
    kRedriven,  // by this call, or before by one with the same client token
    kNotFound,
    kNotRedrivable,
    kOverloaded,
    kNoSpace,  // on the store's disk
    kLost
  } kind = Kind::kLost;
  WallMillis time = 0;
  RedriveObstacle obstacle{};  // of kNotRedrivable
};
using RedriveReply = std::function<void(RedriveOutcome)>;

}  // namespace pawl::runtime
