// What the events of Parallel and Map states and of their strands change.
#include <algorithm>

#include "base/ensure.h"
#include "machine/apply.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

void begin_children(Strand& strand, const Event& event, std::size_t count) {
  ENSURE(strand.children.empty(), event.id);
  strand.phase = Phase::kChildren;
  strand.tail = event.id;
  strand.due = 0;
  strand.results.assign(count, std::nullopt);
}

void begin_aborting(Execution& execution, Strand& strand, StrandId failed_child) {
  const auto failed = std::find(strand.children.begin(), strand.children.end(), failed_child);
  ENSURE(failed != strand.children.end(), failed_child);
  std::rotate(strand.children.begin(), failed, failed + 1);
  abort_children(execution, strand);
}

}  // namespace

void apply_body(Execution& execution, const Event& event, const ParallelStarted& body) {
  Strand& strand = strand_at(execution, event.strand);
  begin_children(strand, event, body.branch_pointers.size());
  std::int64_t index = 0;
  for (const std::string& pointer : body.branch_pointers) {
    open_child(execution, strand, index++, pointer, body.input, event.id);
  }
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const MapStarted& body) {
  Strand& strand = strand_at(execution, event.strand);
  begin_children(strand, event, static_cast<std::size_t>(body.length));
  strand.map = OpenMap{.items = body.items,
                       .length = body.length,
                       .concurrency = body.concurrency,
                       .next_index = 0,
                       .previous = event.id,
                       .start_pointer = body.start_pointer};
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const MapIterationStarted& body) {
  Strand& strand = strand_at(execution, event.strand);
  ENSURE(strand.map && body.index == strand.map->next_index, body.index);
  const Strand& child =
      open_child(execution, strand, body.index, strand.map->start_pointer, body.input, event.id);
  ENSURE(child.id == body.child, child.id, body.child);
  ++strand.map->next_index;
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const MapIterationEnded& body) {
  Strand& strand = strand_at(execution, event.strand);
  Strand& child = strand_at(execution, body.child);
  if (body.end != MapIterationEnd::kSucceeded) {
    ENSURE(child.phase == Phase::kAborting && child.iteration_open, event.id);
    child.iteration_open = false;
    close_if_ended(execution, child.id);
    return;
  }
  ENSURE(strand.map && child.phase == Phase::kEnded && child.parent == strand.id, event.id);
  strand.results.at(static_cast<std::size_t>(child.index)) = child.data;
  strand.map->previous = child.tail;
  strand.tail = event.id;
  close_child(execution, child.id);
  // The room is taken at once, so that the next iteration points at the one that made it.
  settle(execution, strand.id, Turn::kNext);
}

void apply_body(Execution& execution, const Event& event, const ContainerSucceeded& body) {
  Strand& strand = strand_at(execution, event.strand);
  strand.phase = Phase::kResult;  // does not advance the chain: `tail` stays (D3)
  strand.data = body.result;
  strand.map_run.reset();
  strand.map.reset();
  strand.results.clear();
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const ContainerFailed&) {
  Strand& strand = strand_at(execution, event.strand);
  strand.phase = Phase::kFailed;
  strand.failed_previous = event.previous;
  strand.tail = event.id;
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const FaultRaised& body) {
  Strand& strand = strand_at(execution, event.strand);
  if (body.child != 0) keep_halted(execution, strand);
  strand.phase = Phase::kFault;
  strand.halt.reset();
  strand.tail = body.caused_by;
  strand.fault = body.fault;
  strand.fault_heartbeat = body.heartbeat;
  strand.fault_final = false;
  strand.failed_child = body.child;
  strand.map.reset();
  strand.results.clear();
  if (body.child != 0) begin_aborting(execution, strand, body.child);
  settle(execution, strand.id, Turn::kNext);
}

}  // namespace pawl::machine
