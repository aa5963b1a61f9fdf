// What a Map Run asks its parent's state: the input of each child (step-functions.md B6.8).
#pragma once

#include "machine/context_object.h"
#include "machine/decide.h"

namespace pawl::machine {

// `$$.Map.Item.Source` of items that no ItemReader has read; of others "S3://bucket/key".
inline constexpr std::string_view kStateData = "STATE_DATA";

// Element or member `place` of the items.
MapItem item_at(json::Node items, std::int64_t place);
// What a child gets of an item that no ItemSelector changes: of an object's member the pair,
// {"Key": ..., "Value": ...}.
json::Value input_of(const MapItem& item);

// The item as ItemSelector makes it, or a fault that fails the run. The Map Run must be open.
Result<json::Value, Fault> selected_item(const Execution& execution, EventId map_run,
                                         const MapItem& item, const Context& context);

// The items of an open Map Run without ItemReader; null when the run is open no more.
json::Value items_of_map_run(const Execution& execution, EventId map_run);

}  // namespace pawl::machine
