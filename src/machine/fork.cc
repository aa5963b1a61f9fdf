#include "machine/fork.h"

namespace pawl::machine {
namespace {

bool same_type(const Strand& strand, const asl::State& state) {
  // Both are in the order of the language's state types.
  return static_cast<std::size_t>(strand.state_type) == state.form.index() + 1;
}

std::optional<std::string> misfit(const Strand& strand, const asl::Machine& definition) {
  if (strand.pointer.empty()) return std::nullopt;  // it has left its last state
  const asl::State* state = definition.find(strand.pointer);
  if (state == nullptr) return "the definition has no state " + strand.pointer;
  if (strand.phase != Phase::kEntering && !same_type(strand, *state)) {
    return "the state " + strand.pointer + " is of another type in the definition";
  }
  if (strand.map && definition.find(strand.map->start_pointer) == nullptr) {
    return "the definition has no state " + strand.map->start_pointer;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> fork_obstacle(const Execution& execution, const Fork& fork,
                                         const asl::Machine& definition) {
  if (execution.status == Status::kNotStarted || execution.status == Status::kSucceeded) {
    return "nothing is left to run there; an earlier event has more";
  }
  // What halted comes back as it was then, whatever became of the strand since.
  for (const auto& [id, strand] : execution.halted) {
    if (auto why = misfit(strand, definition)) return why;
  }
  for (const auto& [id, strand] : execution.strands) {
    if (execution.halted.contains(id)) continue;
    if (auto why = misfit(strand, definition)) return why;
  }
  const bool has_target =
      execution.strands.contains(fork.target) || execution.halted.contains(fork.target);
  if (fork.input && !has_target) return "no state is open there whose input could be replaced";
  return std::nullopt;
}

}  // namespace pawl::machine
