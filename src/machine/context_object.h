// The Context Object, `$$` (step-functions.md B8).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "machine/work.h"

namespace pawl::machine {

struct MapItem {
  std::int64_t index = 0;
  json::Node value;
  std::string_view source{};              // of a Distributed Map's item
  std::optional<std::string_view> key{};  // of an object's member
};

// The item of the innermost Map iteration that the strand runs in.
std::optional<MapItem> map_item_of(const Execution& execution, const Strand& strand);

// `item` is what `$$.Map.Item` shows, if anything.
json::Node context_object(const Work& work, const std::optional<MapItem>& item, json::Arena& arena);

}  // namespace pawl::machine
