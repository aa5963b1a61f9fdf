// Event ids and page tokens: 56 decimal digits that grow with the position, as AWS's do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/log_rows.h"

namespace pawl::logs {

std::string event_id(const runtime::LogPosition& position);
std::optional<runtime::LogPosition> parse_event_id(std::string_view text);

// The next position after, and the last before, a position.
runtime::LogPosition next_of(runtime::LogPosition position);

}  // namespace pawl::logs
