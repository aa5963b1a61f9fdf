// Commands follow from events: what an event opens is asked for, what it ends is cancelled.
#pragma once

#include <vector>

#include "machine/execution.h"

namespace pawl::machine {

// Adds the commands of `event`, which `before` has not applied yet. A cancellation of something
// that the same list asks for takes that request away instead.
void add_commands(const Execution& before, const Event& event, std::vector<Command>& commands);

}  // namespace pawl::machine
