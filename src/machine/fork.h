// Whether an execution can go on from where another one's events have brought it.
#pragma once

#include <optional>
#include <string>

#include "asl/model.h"
#include "machine/execution.h"
#include "machine/input.h"

namespace pawl::machine {

// Why not, in words; nothing: it can. `definition` may be another one than before: each state that
// is open must be in it, in the same place and of the same type.
std::optional<std::string> fork_obstacle(const Execution& execution, const Fork& fork,
                                         const asl::Machine& definition);

}  // namespace pawl::machine
