// The families of built-in functions; each is defined in the file of its name.
#pragma once

#include <span>

#include "jsonata/natives.h"

namespace pawl::jsonata {

std::span<const Native> aggregation_functions();
std::span<const Native> array_functions();
std::span<const Native> boolean_functions();
std::span<const Native> date_functions();
std::span<const Native> higher_order_functions();
std::span<const Native> match_functions();
std::span<const Native> number_functions();
std::span<const Native> object_functions();
std::span<const Native> step_functions();
std::span<const Native> string_functions();
std::span<const Native> system_functions();

}  // namespace pawl::jsonata
