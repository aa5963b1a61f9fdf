// Executions that halt where they would fail (docs/adr/0026): the core writes it down as an event;
// here the list row says so, and the machine's current definition may take the pinned one's place.
#include <algorithm>
#include <utility>

#include "machine/fork.h"
#include "runtime/shard.h"

namespace pawl::runtime {

// The machine's choice is for its own executions: a Map Run's children fail, and what they come to
// is their parent's to halt for.
machine::OnFailure Shard::on_failure(const Cell& cell) const {
  const bool halts = environment_.halting != nullptr && cell.summary.map_run.empty() &&
                     environment_.halting->has(cell.own_machine);
  return halts ? machine::OnFailure::kHalts : machine::OnFailure::kFails;
}

namespace {

bool changes_halts(const machine::Event& event) {
  return std::holds_alternative<machine::HaltChanged>(event.body);
}

std::optional<HaltNote> note_of(const machine::Execution& execution) {
  const machine::Strand* first = machine::first_halted(execution);
  if (first == nullptr) return std::nullopt;
  return HaltNote{first->halt->since, first->state_name, first->halt->fault.error.value_or("")};
}

}  // namespace

// Answers whether the summary says something new.
bool Shard::note_halt(Cell& cell, const std::vector<machine::Event>& events) {
  std::optional<HaltNote>& known = cell.summary.halt;
  if (!known && std::none_of(events.begin(), events.end(), changes_halts)) return false;
  auto halt = note_of(cell.execution);
  if (halt == known) return false;
  count_halted(int{halt.has_value()} - int{known.has_value()});
  known = std::move(halt);
  return true;
}

void Shard::count_halted(std::int64_t by) {
  open_.halted += by;
  environment_.metrics.halted += by;
}

void Shard::try_again(const ExecutionId& id, const std::optional<NewRevision>& revision,
                      TryAgainReply reply) {
  Cell* cell = find(id);
  if (cell == nullptr) return reply({.kind = TryAgainOutcome::Kind::kNotFound});
  TryAgainOutcome outcome{.kind = TryAgainOutcome::Kind::kNotHalted};
  if (machine::first_halted(cell->execution) != nullptr) {
    auto why = revision ? take_revision(*cell, *revision) : std::nullopt;
    if (why) return reply({.kind = TryAgainOutcome::Kind::kRefused, .why = std::move(*why)});
    outcome.kind = TryAgainOutcome::Kind::kGoesOn;
    const bool advanced = advance(*cell, machine::TryAgain{});
    ENSURE(advanced, cell->summary.names.execution_arn());
  }
  gate_->after(cell->batch, [reply = std::move(reply), outcome](GateOutcome gate) {
    reply(gate == GateOutcome::kDurable ? outcome : TryAgainOutcome{});
  });
}

// Why not, or nothing. The list row that names the revision is written with the step that follows.
std::optional<std::string> Shard::take_revision(Cell& cell, const NewRevision& revision) {
  if (revision.revision == cell.summary.revision) return std::nullopt;
  auto why = machine::fork_obstacle(cell.execution, {}, *revision.definition);
  if (why) return why;
  cell.definition = revision.definition;
  Summary& summary = cell.summary;
  summary.revision = revision.revision;
  summary.revision_id = revision.revision_id;
  summary.revision_time = revision.revision_time;
  summary.version = 0;
  summary.alias.clear();
  return std::nullopt;
}

}  // namespace pawl::runtime
