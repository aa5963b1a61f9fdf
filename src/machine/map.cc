// Inline Map: runs its item processor once an item of an array (ASL, "Map State"; inline mode).
#include <limits>

#include "machine/io_path.h"
#include "machine/map_fields.h"
#include "machine/states.h"

namespace pawl::machine {
namespace {

std::int64_t effective_concurrency(const Work& work, std::int64_t wanted) {
  constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
  const std::int64_t most = work.context.limits.map_concurrency_max > 0
                                ? work.context.limits.map_concurrency_max
                                : kUnlimited;
  return std::min(wanted > 0 ? wanted : kUnlimited, most);
}

}  // namespace

NextEvent begin_map(const Work& work, const asl::MapState& state) {
  if (state.mode == asl::MapState::Mode::kDistributed) return begin_distributed_map(work, state);
  Evaluation evaluation(work);
  const Payload items = TRY(items_of(evaluation, state));
  const std::int64_t concurrency = TRY(max_concurrency(evaluation, state));
  if (Inspection* inspection = work.context.inspection) {
    inspection->items = static_cast<std::int64_t>(items.node().size());
    inspection->max_concurrency = concurrency;
    TRY(note_child_inputs(evaluation, state, items));
    if (const auto stand_in = mocked_children(work)) return *stand_in;
  }
  const asl::Block& processor = state.item_processor;
  return Event::Body(
      MapStarted{.items = items.value(),
                 .length = static_cast<std::int64_t>(items.node().size()),
                 .concurrency = effective_concurrency(work, concurrency),
                 .start_pointer = asl::state_pointer(processor.pointer, processor.start_at)});
}

NextEvent start_iteration(const Work& work, const asl::MapState& state) {
  const OpenMap& map = *work.strand.map;
  const json::Node item = map.items.root().at(static_cast<std::size_t>(map.next_index));
  Evaluation evaluation(work, MapItem{.index = map.next_index, .value = item});
  Payload input(item);
  if (state.item_selector) {
    const Payload state_input = TRY(effective_input(evaluation));
    input = Payload(TRY(evaluation.instantiate(*state.item_selector, state_input)));
  }
  MapIterationStarted started{.name = work.state.name,
                              .index = map.next_index,
                              .child = work.execution.next_strand,
                              .input = input.value()};
  if (started.input.bytes() > work.context.limits.payload_bytes_max) {
    return Err{parameters_too_large(work.state.name)};
  }
  return Event::Body(std::move(started));
}

}  // namespace pawl::machine
