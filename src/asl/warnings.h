// Warnings about what is legal but most likely not meant. The codes are the service's; it publishes
// no texts, so these are its descriptions of the codes.
#pragma once

#include <string_view>

#include "asl/diagnostics.h"
#include "json/value.h"

namespace pawl::asl {

// The string reads like a path or an intrinsic function call.
bool looks_evaluated(std::string_view text);

// NO_DOLLAR: such a string in a payload template under a key without `.$`.
void warn_no_dollar(Diagnostics& diagnostics, const Place& place);
// NO_PATH: such a string in a field that has a sibling ending in `Path`.
void warn_if_no_path(Diagnostics& diagnostics, json::Node value, const Place& place);
// PASS_RESULT_IS_STATIC: such a string, or a key ending `.$`, anywhere in a Pass state's Result.
void warn_if_result_looks_evaluated(Diagnostics& diagnostics, json::Node result,
                                    const Place& place);

}  // namespace pawl::asl
