// A whole file at once.
#pragma once

#include <string>
#include <system_error>

#include "base/result.h"

namespace pawl {

// Read to its end as it is found: what is no plain file (a pipe, a file of /proc) has no size
// before. Error: what the system says; a folder is one ("Is a directory").
Result<std::string, std::error_code> read_file(const std::string& path);

}  // namespace pawl
