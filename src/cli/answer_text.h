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
// " since 2026-05-01T12:00:00.000Z by ada: an outage": `since`, and `by` and `reason` where they
// are.
std::string since_text(json::Node node);
// "already " where the answer says that nothing was `changed`.
std::string_view already_text(json::Node answer);

}  // namespace pawl::cli
