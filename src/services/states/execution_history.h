// An execution's history as it is shown, a page of any length at a time.
#pragma once

#include <cstddef>

#include "runtime/engine.h"
#include "runtime/operations.h"
#include "services/states/fields.h"

namespace pawl::states {

// The answer of GetExecutionHistory, with at most so many events.
runtime::OperationResult read_history(runtime::Engine& engine, const Fields& fields,
                                      std::size_t limit);
// The same in larger pages: a browser that shows 25,000 events does not ask 25 times.
runtime::OperationResult read_large_history(runtime::Engine& engine, const runtime::Call& call);

}  // namespace pawl::states
