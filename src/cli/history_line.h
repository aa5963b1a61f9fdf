// One event of GetExecutionHistory as a line for a person.
#pragma once

#include <cstdint>
#include <string>

#include "json/value.h"

namespace pawl::cli {

std::int64_t event_id(json::Node event);
double event_time(json::Node event);  // seconds since 1970

// "   7  +1.204 s  LambdaFunctionFailed  Error: cause", times since `first_time`.
std::string history_line(json::Node event, double first_time);

}  // namespace pawl::cli
