// Which workflow variables a JSONata expression reads, found by its tokens alone.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace pawl::asl {

// Names `x` of all `$x` that are neither `$states`, nor called as functions, nor bound in the
// expression itself (`$x := ...`, `function($x)`, `@$x`, `#$x`).
std::set<std::string> jsonata_variables(std::string_view expression);

}  // namespace pawl::asl
