// What inline and distributed Map states share: their items and how many run at once.
#pragma once

#include <string>
#include <string_view>

#include "machine/map_run_settings.h"
#include "machine/payload.h"

namespace pawl::machine {

// What is mapped over: ItemsPath, Items, or the input. An array, or the members of an object in a
// Distributed Map.
Result<Payload, Failure> items_of(Evaluation& evaluation, const asl::MapState& state);

// MaxConcurrency; 0 stands for no limit of the state's own.
Result<std::int64_t, Failure> max_concurrency(Evaluation& evaluation, const asl::MapState& state);

// distributed_map.cc: the limits of batches, and what each of them brings along.
Result<BatchSettings, Failure> batch_settings(Evaluation& evaluation,
                                              const asl::ItemBatcher& batcher);

// distributed_map.cc: `$$.Map.Item.Source` of all items; of an inline Map's there is none.
Result<std::string, Failure> source_of_items(Evaluation& evaluation, const asl::MapState& state);

// inspect_map.cc, for TestState: the items in `data`, which stands for what an ItemReader reads,
Result<Payload, Failure> read_items(Evaluation& evaluation, const asl::ItemReader& reader,
                                    const json::Value& data);
// and the inputs of the children, as ItemSelector and ItemBatcher make them of the items.
Result<void, Failure> note_child_inputs(Evaluation& evaluation, const asl::MapState& state,
                                        const Payload& items);

}  // namespace pawl::machine
