#include "machine/strand_tree.h"

#include <algorithm>

#include "base/ensure.h"

namespace pawl::machine {

Strand& strand_at(Execution& execution, StrandId id) {
  const auto found = execution.strands.find(id);
  ENSURE(found != execution.strands.end(), id);
  return found->second;
}

const Strand& strand_at(const Execution& execution, StrandId id) {
  const auto found = execution.strands.find(id);
  ENSURE(found != execution.strands.end(), id);
  return found->second;
}

Strand& open_child(Execution& execution, Strand& parent, std::int64_t index,
                   const std::string& pointer, const json::Value& input, EventId tail) {
  const StrandId id = execution.next_strand++;
  Strand& child = execution.strands[id];
  child.id = id;
  child.parent = parent.id;
  child.index = index;
  child.phase = Phase::kEntering;
  child.tail = tail;
  child.pointer = pointer;
  child.data = input;
  parent.children.push_back(id);
  settle(execution, id);
  return child;
}

void close_child(Execution& execution, StrandId child) {
  const Strand& strand = strand_at(execution, child);
  ENSURE(!is_top(strand) && strand.children.empty(), child);
  Strand& parent = strand_at(execution, strand.parent);
  const auto place = std::find(parent.children.begin(), parent.children.end(), child);
  ENSURE(place != parent.children.end(), child);
  parent.children.erase(place);
  std::erase(execution.ready, child);
  execution.strands.erase(child);
}

namespace {

// The state was entered and is of a type that has an Aborted event; a state whose own *Failed event
// is written has its end already.
bool has_open_state(const Strand& strand) {
  switch (strand.phase) {
    case Phase::kEntered:
    case Phase::kWaiting:
    case Phase::kTask:
    case Phase::kBackoff:
    case Phase::kChildren:
    case Phase::kResult:
    case Phase::kFault:
    case Phase::kMapStarted:
    case Phase::kMapRun:
    case Phase::kMapRunDone:
      break;
    case Phase::kEntering:
    case Phase::kEnded:
    case Phase::kFailed:
    case Phase::kAborting:
      return false;
  }
  return strand.state_type == StateType::kTask || strand.state_type == StateType::kWait ||
         strand.state_type == StateType::kParallel || strand.state_type == StateType::kMap;
}

void start_aborting(Strand& strand, const Strand& parent) {
  strand.iteration_open = parent.state_type == StateType::kMap;
  strand.state_open = has_open_state(strand);
  strand.phase = Phase::kAborting;
  strand.task.reset();
  strand.map.reset();
  strand.map_run.reset();
  strand.halt.reset();
  strand.results.clear();
}

}  // namespace

void abort_children(Execution& execution, Strand& parent) {
  // Parents stand before their children here, however deep the nesting is.
  std::vector<StrandId> below = parent.children;
  for (std::size_t next = 0; next < below.size(); ++next) {
    Strand& strand = strand_at(execution, below[next]);
    execution.waiting.erase(waits_for(strand));
    start_aborting(strand, strand_at(execution, strand.parent));
    below.insert(below.end(), strand.children.begin(), strand.children.end());
  }
  std::erase_if(execution.ready, [&execution](StrandId id) {
    return strand_at(execution, id).phase == Phase::kAborting;
  });
  for (auto id = below.rbegin(); id != below.rend(); ++id) {
    if (execution.strands.contains(*id)) close_if_ended(execution, *id);
  }
}

void keep_halted(Execution& execution, const Strand& container) {
  std::vector<StrandId> all{container.id};
  for (std::size_t next = 0; next < all.size(); ++next) {
    const Strand& strand = strand_at(execution, all[next]);
    execution.halted.emplace(strand.id, strand);
    all.insert(all.end(), strand.children.begin(), strand.children.end());
  }
}

void drop_halted(Execution& execution, StrandId container) {
  std::vector<StrandId> all{container};
  for (std::size_t next = 0; next < all.size(); ++next) {
    const auto found = execution.halted.find(all[next]);
    if (found == execution.halted.end()) continue;
    const std::vector<StrandId>& below = found->second.children;
    all.insert(all.end(), below.begin(), below.end());
    execution.halted.erase(found);
  }
}

void close_if_ended(Execution& execution, StrandId id) {
  for (;;) {
    const Strand& strand = strand_at(execution, id);
    if (strand.phase != Phase::kAborting || strand.iteration_open || strand.state_open ||
        !strand.children.empty()) {
      return;
    }
    const StrandId parent = strand.parent;
    close_child(execution, id);
    id = parent;
  }
}

const Strand* first_halted(const Execution& execution) {
  const Strand* first = nullptr;
  for (const auto& [id, strand] : execution.strands) {
    if (!strand.halt) continue;
    if (first == nullptr || strand.halt->since < first->halt->since) first = &strand;
  }
  return first;
}

EventId waits_for(const Strand& strand) {
  if (strand.halt) return 0;
  if (strand.phase == Phase::kTask) return strand.task->id;
  if (strand.phase == Phase::kMapRun) return strand.map_run->id;
  const bool timer = strand.phase == Phase::kWaiting || strand.phase == Phase::kBackoff;
  return timer ? strand.entered : 0;
}

bool is_ready(const Execution& execution, const Strand& strand) {
  if (strand.halt) return false;
  switch (strand.phase) {
    case Phase::kEntering:
    case Phase::kEntered:
    case Phase::kResult:
    case Phase::kFault:
    case Phase::kFailed:
    case Phase::kMapStarted:
    case Phase::kMapRunDone:
      return true;
    case Phase::kMapRun:
    case Phase::kWaiting:
    case Phase::kBackoff:
    case Phase::kAborting:
      return false;
    case Phase::kTask:
      return !strand.task->started && strand.task->scheduled.kind != TaskKind::kActivity;
    case Phase::kChildren: {
      if (!strand.map) return strand.children.empty();
      const OpenMap& map = *strand.map;
      if (map.next_index == map.length) return strand.children.empty();
      return static_cast<std::int64_t>(strand.children.size()) < map.concurrency;
    }
    case Phase::kEnded:
      // A Parallel state takes a branch's output by itself.
      return is_top(strand) || strand_at(execution, strand.parent).state_type == StateType::kMap;
  }
  return false;
}

void settle(Execution& execution, StrandId id, Turn turn) {
  std::vector<StrandId>& ready = execution.ready;
  const auto place = std::find(ready.begin(), ready.end(), id);
  const bool wanted = is_ready(execution, strand_at(execution, id));
  if (wanted == (place != ready.end())) return;
  if (!wanted) {
    ready.erase(place);
  } else {
    ready.insert(turn == Turn::kNext ? ready.begin() : ready.end(), id);
  }
}

void yield_turn(Execution& execution, StrandId id) {
  std::vector<StrandId>& ready = execution.ready;
  const auto place = std::find(ready.begin(), ready.end(), id);
  if (place == ready.end()) return;
  std::rotate(place, place + 1, ready.end());
}

}  // namespace pawl::machine
