// What a Map Run asks its parent's state: the input of each child (step-functions.md B6.8).
#pragma once

#include "machine/decide.h"

namespace pawl::machine {

struct MapRunItem {
  std::int64_t index = 0;
  json::Node value;
  std::string_view source;  // `$$.Map.Item.Source`: "STATE_DATA", "S3://bucket/key"
};

// The item as ItemSelector makes it, or a fault that fails the run. The Map Run must be open.
Result<json::Value, Fault> selected_item(const Execution& execution, EventId map_run,
                                         const MapRunItem& item, const Context& context);

// The items of an open Map Run without ItemReader; null when the run is open no more.
json::Value items_of_map_run(const Execution& execution, EventId map_run);

}  // namespace pawl::machine
