// The fast parser, which only says yes or no, and the slow one that says what is wrong.
#pragma once

#include <limits>
#include <optional>
#include <string_view>

#include "json/selection.h"
#include "json/value.h"

namespace pawl::json {

// For text of our own: how deep it may be was decided when it was made.
inline constexpr int kAnyDepth = std::numeric_limits<int>::max();

// The root node, or nothing when `text` is not one JSON text (RFC 8259) in valid UTF-8 or nests
// deeper than `depth_max`. The nodes point into `arena` and `text`.
std::optional<Node> parse_json(Arena& arena, std::string_view text, int depth_max);
// The same verdict, and of the root what is wanted.
std::optional<Node> parse_json(Arena& arena, std::string_view text, int depth_max,
                               const Selection& wanted);

// What Jackson says about `text`, which parse_json refused.
ParseError diagnose(std::string_view text);

}  // namespace pawl::json
