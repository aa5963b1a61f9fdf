// Times as texts, in UTC, as protocols write them. No locale has a say here.
#pragma once

#include <string>

#include "base/clock.h"

namespace pawl {

std::string iso_time(WallMillis time);         // "2026-01-31T12:00:00Z" (RFC 3339)
std::string iso_time_millis(WallMillis time);  // "2026-01-31T12:00:00.000Z"
std::string basic_time(WallMillis time);       // "20260131T120000Z", as signatures have it
std::string http_time(WallMillis time);  // "Sat, 31 Jan 2026 12:00:00 GMT" (RFC 9110 section 5.6.7)

}  // namespace pawl
