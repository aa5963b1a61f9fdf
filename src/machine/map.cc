// Map: runs its item processor once an item of an array (ASL, "Map State"; inline mode).
#include <limits>

#include "json/number.h"
#include "machine/io_path.h"
#include "machine/states.h"

namespace pawl::machine {
namespace {

Result<Payload, Fault> items_of(Evaluation& evaluation, const asl::MapState& state) {
  const Work& work = evaluation.work();
  const Payload input = TRY(effective_input(evaluation));
  Payload items = input;
  if (state.items_path) {
    const json::Node found = TRY(evaluation.select(*state.items_path, input.node()));
    // `$` keeps the document, and with it the text.
    if (state.items_path->text != "$") items = Payload(found);
  }
  if (!items.node().is_array()) {
    const std::string path = state.items_path ? state.items_path->text : "$";
    return Err{runtime_fault(work, "Reference path \"" + path + "\" must point to array.")};
  }
  if (state.items_path) evaluation.note(Stage::kAfterItemsPath, items);
  return items;
}

Fault not_an_integer(const Work& work, const jsonpath::Query& query, json::Node value) {
  const std::string shown = value.is_string() ? std::string(value.string()) : json::print(value);
  return runtime_fault(work, "The MaxConcurrencyPath field refers to value \"" + shown +
                                 "\" which is not a valid integer: " + query.text);
}

// 0 stands for no limit of the state's own.
Result<std::int64_t, Fault> max_concurrency(Evaluation& evaluation, const asl::MapState& state) {
  if (!state.max_concurrency) return 0;
  if (const auto* literal = std::get_if<std::int64_t>(&state.max_concurrency->form)) {
    return *literal;
  }
  const Work& work = evaluation.work();
  const auto* query = std::get_if<jsonpath::Query>(&state.max_concurrency->form);
  if (query == nullptr) {
    return Err{runtime_fault(work, "JSONata expressions are not available in this state.")};
  }
  const Payload input = TRY(effective_input(evaluation));
  const json::Node found = TRY(evaluation.select(*query, input.node()));
  std::optional<std::int64_t> value;
  if (found.is_number()) value = json::to_int64(found.number_text());
  if (found.is_string()) value = json::to_int64(found.string());
  if (!value) return Err{not_an_integer(work, *query, found)};
  if (*value < 0) return Err{runtime_fault(work, "MaxConcurrency cannot be negative.")};
  return *value;
}

std::int64_t effective_concurrency(const Work& work, std::int64_t wanted) {
  constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
  const std::int64_t most = work.context.limits.map_concurrency_max > 0
                                ? work.context.limits.map_concurrency_max
                                : kUnlimited;
  return std::min(wanted > 0 ? wanted : kUnlimited, most);
}

}  // namespace

NextEvent begin_map(const Work& work, const asl::MapState& state) {
  if (state.mode == asl::MapState::Mode::kDistributed) {
    return Err{runtime_fault(work, "Distributed Map is not available in this version.")};
  }
  Evaluation evaluation(work);
  const Payload items = TRY(items_of(evaluation, state));
  const std::int64_t concurrency = TRY(max_concurrency(evaluation, state));
  if (Inspection* inspection = work.context.inspection) {
    inspection->max_concurrency = concurrency;
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
  Evaluation evaluation(work, MapItem{map.next_index, item});
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
