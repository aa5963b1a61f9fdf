// Packs a folder as a ZIP deployment package: what archive.h unpacks.
#pragma once

#include <string>

#include "base/result.h"
#include "functions/archive.h"

namespace pawl::functions {

// The same bytes for the same files. Symbolic links and modes are kept.
Result<std::string, ArchiveError> pack(const std::string& directory);

}  // namespace pawl::functions
