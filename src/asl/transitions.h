// Whether the states of every block lead somewhere: all targets exist, all states can be reached,
// and the machine can end.
#pragma once

#include "asl/diagnostics.h"
#include "asl/parse.h"
#include "json/value.h"

namespace pawl::asl {

// For a definition whose fields are all right. A single state's targets are not there to be found.
void check_transitions(Diagnostics& diagnostics, json::Node definition, const Place& place,
                       ParseOptions::Text text);

// State names, unique in the whole machine and not too long; the labels of Map states likewise.
void check_names(Diagnostics& diagnostics, json::Node definition, const Place& place,
                 ParseOptions::Text text);

// No Assign inside a Parallel or Map state names a variable of a scope around it.
void check_variable_scopes(Diagnostics& diagnostics, json::Node definition, const Place& place,
                           ParseOptions::Text text);

}  // namespace pawl::asl
