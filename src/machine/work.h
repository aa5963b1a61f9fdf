// One transition of a strand: what the functions of the state types may look at, and what they
// answer. They change nothing; the stepper applies the event that they answer.
#pragma once

#include <string>
#include <variant>

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

// Why a strand's next event cannot be decided. A Fault is the interpreter's own (States.Runtime and
// the like): nothing catches or retries it, the execution fails (step-functions.md B7). A failed
// JSONata evaluation is an event, and then a fault of its state like any other.
using Failure = std::variant<Fault, EvaluationFailed>;
using NextEvent = Result<Event::Body, Failure>;

// States.Runtime with the cause's standard beginning (B5.1).
Fault runtime_fault(const Work& work, std::string_view cause);
// States.QueryEvaluationError with the same beginning; `location` is empty where no field is at
// fault.
EvaluationFailed evaluation_failure(const Work& work, std::string_view cause,
                                    std::optional<std::string> location);
// States.DataLimitExceeded of a result; `producer` is a state's name, a resource type, or an ARN.
Fault result_too_large(std::string_view producer);
Fault parameters_too_large(std::string_view consumer);

// The fault with texts cut to what the service's model allows (256 and 32,768 bytes).
Fault within_limits(Fault fault, const Limits& limits);

}  // namespace pawl::machine
