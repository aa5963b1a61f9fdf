// Where in a text the parts of a date picture stand, and what they say. Internal to date_parse.cc.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/date_picture.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// D3130, D3133 for a component that cannot be read.
std::optional<Failure> unreadable(const DateMarker& marker);

// The text of each part, as the first match of a backtracking search that prefers long parts;
// nothing when the whole text does not match. Letters match in any case.
std::optional<std::vector<std::string_view>> match_parts(
    const std::vector<DatePicture::Part>& parts, std::string_view text);

// What the text of a component means: minutes for a zone, 0 or 1 for a half of the day, otherwise
// the number. Nothing for an unknown name.
Result<std::optional<double>, Failure> component_value(const DateMarker& marker,
                                                       std::string_view text);

}  // namespace pawl::jsonata
