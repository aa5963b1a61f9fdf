// Leaving a state: from its result to the StateExited event (step-functions.md B11, steps 5 and 6).
#pragma once

#include "machine/payload.h"

namespace pawl::machine {

// For Choice, Wait and Succeed, whose result is their effective input. `assign` is the state's or
// the taken rule's; `next` is a name, or empty at the end.
NextEvent leave_with_input(Evaluation& evaluation, const std::optional<std::string>& next,
                           const std::optional<asl::Template>& assign);

// For Pass, whose `result` knows no ResultSelector.
NextEvent leave_with_result(Evaluation& evaluation, const Payload& result);

// For Task, Parallel and Map: the raw result is the strand's `data`.
NextEvent leave_with_raw_result(const Work& work);

// The exit itself. `assign` reads `assign_input`.
NextEvent exit_state(Evaluation& evaluation, const Payload& output,
                     const std::optional<std::string>& next,
                     const std::optional<asl::Template>& assign, const Payload& assign_input);

}  // namespace pawl::machine
