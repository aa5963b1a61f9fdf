// The strands of an execution as a tree, and the order of their turns. Used by `apply`, which alone
// changes them, and read by `decide`.
#pragma once

#include <string>

#include "machine/execution.h"

namespace pawl::machine {

// A strand that is not there is a bug.
Strand& strand_at(Execution& execution, StrandId id);
const Strand& strand_at(const Execution& execution, StrandId id);

inline bool is_top(const Strand& strand) { return strand.id == 0; }

// Opens the next strand below `parent`, about to enter `pointer` with `input`. References to other
// strands stay valid.
Strand& open_child(Execution& execution, Strand& parent, std::int64_t index,
                   const std::string& pointer, const json::Value& input, EventId tail);

// Removes an open child and takes it out of its parent's list.
void close_child(Execution& execution, StrandId child);

// Turns the whole subtree below `parent` into kAborting: no task, no timer, no turn any more.
// Strands that need no event of their end are removed at once.
void abort_children(Execution& execution, Strand& parent);

// Keeps the container and all strands below it as they are, for a redrive; what halted earlier
// stays as it was then.
void keep_halted(Execution& execution, const Strand& container);
// The container goes on by itself: what was kept of it is not needed.
void drop_halted(Execution& execution, StrandId container);

// Removes an aborting strand whose end is completely written, and then maybe its parents.
void close_if_ended(Execution& execution, StrandId id);

// Whether the strand goes on without any Input.
bool is_ready(const Execution& execution, const Strand& strand);

// What the strand is found by in `Execution::waiting`; 0 when it waits for no Input.
EventId waits_for(const Strand& strand);

enum class Turn { kLast, kNext };
// Brings the strand's place among the ready ones up to date; a new one gets the turn given.
void settle(Execution& execution, StrandId id, Turn turn = Turn::kLast);
// Lets all other ready strands go before this one.
void yield_turn(Execution& execution, StrandId id);

}  // namespace pawl::machine
