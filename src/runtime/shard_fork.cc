// Fork: the other execution's events become the beginning of the new one's history, in the batch of
// the event that goes on from them.
#include <algorithm>
#include <span>
#include <utility>

#include "machine/codec.h"
#include "machine/fork.h"
#include "runtime/shard.h"

namespace pawl::runtime {

namespace {
// Histories are read a record at a time, so records stay small.
constexpr std::size_t kEventsOfRecord = 500;
}  // namespace

void Shard::fork(ForkRequest request, ForkReply reply) {
  const ExecutionId id = id_of_execution(request.start.names.execution_arn());
  if (find(id) || exists(id)) return reply({.kind = ForkOutcome::Kind::kAlreadyExists});
  std::unique_ptr<Cell> cell = make_cell(id, request.start);
  for (const machine::Event& event : request.inherited) apply(cell->execution, event);
  auto why = machine::fork_obstacle(cell->execution, request.fork, *cell->definition);
  if (why) return reply({.kind = ForkOutcome::Kind::kRefused, .why = std::move(*why)});
  cell->summary.forked_from = std::move(request.source_arn);
  cell->summary.forked_event = cell->execution.last_event;

  Cell& forked = admit(std::move(cell));
  forked.batch = batch_number();
  put_inherited(forked, request.inherited);
  change_open(+1);
  const bool advanced = advance(forked, std::move(request.fork));
  ENSURE(advanced, forked.summary.names.execution_arn());
  const WallMillis start = forked.summary.start_time;
  batch_.put(store::Space::kState, pointer_key(id), encode(Pointer{0, forked.machine, start}));
  if (!forked.execution.closed()) {
    find_search_values(forked);
    write_list_row(forked);
  }
  gate_->after(forked.batch, [reply = std::move(reply), start](GateOutcome gate) {
    if (gate != GateOutcome::kDurable) return reply({});
    reply({.kind = ForkOutcome::Kind::kForked, .start_time = start});
  });
}

void Shard::put_inherited(const Cell& cell, const std::vector<machine::Event>& events) {
  const std::span<const machine::Event> all(events);
  for (std::size_t first = 0; first < all.size(); first += kEventsOfRecord) {
    const auto some = all.subspan(first, std::min(kEventsOfRecord, all.size() - first));
    batch_.put(store::Space::kHistory, history_key(cell.summary.start_time, cell.id, first),
               encode_record(0, machine::encode_events(some)));
  }
}

}  // namespace pawl::runtime
