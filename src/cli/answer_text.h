// Members of an answer as a person reads them.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace pawl::cli {

// Empty when the member is absent or no string.
std::string text_of(json::Node node, std::string_view name);
// Epoch seconds as an ISO 8601 time of UTC.
std::string time_text(json::Node seconds);

}  // namespace pawl::cli
