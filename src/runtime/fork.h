// A new execution that goes on from an event of another one (docs/extensions.md).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "machine/event.h"
#include "machine/input.h"
#include "runtime/start_request.h"

namespace pawl::runtime {

struct ForkRequest {
  StartRequest start;                     // its `input` is the one that the history begins with
  std::vector<machine::Event> inherited;  // the other's, from the first one on; never empty
  machine::Fork fork;
  std::string source_arn;
};

struct ForkOutcome {
  enum class Kind {
    kForked,
    kAlreadyExists,
    kRefused,
    kOverloaded,
    kNoSpace,
    kLost
  } kind = Kind::kLost;
  WallMillis start_time = 0;
  std::string why{};  // of kRefused
};
using ForkReply = std::function<void(ForkOutcome)>;

}  // namespace pawl::runtime
