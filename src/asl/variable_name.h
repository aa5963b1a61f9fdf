// Names of workflow variables (spec, "Workflow Variables").
#pragma once

#include <string_view>

#include "asl/diagnostics.h"

namespace pawl::asl {

// Reports a name that cannot be assigned: reserved, too long, or no Unicode identifier.
void check_variable_name(Diagnostics& diagnostics, std::string_view name, const Place& place);

// Characters (code points) of UTF-8 `text`.
std::size_t count_characters(std::string_view text);

}  // namespace pawl::asl
