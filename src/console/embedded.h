// The console's pages, as they travel inside the binary.
#pragma once

#include <string_view>

namespace pawl::console {

// What console/build.mjs has written; empty in a build without the console.
std::string_view embedded_pack();

}  // namespace pawl::console
