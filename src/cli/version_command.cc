// `pawl version`: which release this is and what it was built with.
#include <fmt/core.h>

#include "cli/commands.h"

namespace pawl::cli {

int run(const VersionOptions& options) {
  if (options.output == Output::kJson) {
    fmt::print("{{\"name\":\"pawl\",\"version\":\"{}\",\"compiler\":\"{}\"}}\n", PAWL_VERSION,
               __VERSION__);
  } else {
    fmt::print("pawl {}\n", PAWL_VERSION);
  }
  return 0;
}

}  // namespace pawl::cli
