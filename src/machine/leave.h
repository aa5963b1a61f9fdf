// Leaving a state: from its result to the StateExited event (step-functions.md B11, steps 5 and 6).
#pragma once

#include "machine/payload.h"

namespace pawl::machine {

// Where a state goes and what it leaves behind: its own, or the taken Choice rule's.
struct Way {
  const std::optional<std::string>& next;  // a name; empty: the end
  const std::optional<asl::Template>& assign;
  const std::optional<asl::Template>& output;  // JSONata
};

// For Choice, Wait and Succeed, whose result is their effective input.
NextEvent leave_with_input(Evaluation& evaluation, const Way& way);

// For Pass, whose `result` knows no ResultSelector: in JSONata its input.
NextEvent leave_with_result(Evaluation& evaluation, const Payload& result);

// For Task, Parallel and Map: the raw result is the strand's `data`.
NextEvent leave_with_raw_result(const Work& work);

// The exit itself. `assign` reads `assign_input`.
NextEvent exit_state(Evaluation& evaluation, const Payload& output,
                     const std::optional<std::string>& next,
                     const std::optional<asl::Template>& assign, const Payload& assign_input);

}  // namespace pawl::machine
