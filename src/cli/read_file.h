// A whole file, or standard input for "-".
#pragma once

#include <string>

#include "base/result.h"

namespace pawl::cli {

// Error: "FILE: cannot be read: WHY".
Result<std::string, std::string> read_file(const std::string& path);

}  // namespace pawl::cli
