// One transition of a strand: what the functions of the state types may look at, and what they
// answer. They change nothing; the stepper applies the event that they answer.
#pragma once

#include <string>

#include "base/result.h"
#include "base/rng.h"
#include "machine/decide.h"

namespace pawl::machine {

struct Work {
  const Execution& execution;
  const Strand& strand;
  const asl::State& state;
  const Context& context;
  WallMillis now;  // of the step; never before the execution's last event
  Rng& rng;
};

// The body of the strand's next event, or a fault of the interpreter: nothing catches or retries
// it, the execution fails (step-functions.md B7, States.Runtime).
using NextEvent = Result<Event::Body, Fault>;

// States.Runtime with the cause's standard beginning (B5.1).
Fault runtime_fault(const Work& work, std::string_view cause);
// States.DataLimitExceeded of a result; `producer` is a state's name, a resource type, or an ARN.
Fault result_too_large(std::string_view producer);
Fault parameters_too_large(std::string_view consumer);

// The fault with texts cut to what the service's model allows (256 and 32,768 bytes).
Fault within_limits(Fault fault, const Limits& limits);

}  // namespace pawl::machine
