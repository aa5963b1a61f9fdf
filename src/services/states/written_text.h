// Finding an array in the text that it was parsed from, with the blanks that stand there.
#pragma once

#include <optional>
#include <string_view>

#include "json/value.h"

namespace pawl::states {

// The first part of `document` that is the array `value`; nothing when there is none.
std::optional<std::string_view> find_written(std::string_view document, const json::Value& value);

}  // namespace pawl::states
