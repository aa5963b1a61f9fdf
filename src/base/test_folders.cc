#include "base/test_folders.h"

#include <cstdlib>

namespace pawl {

std::filesystem::path source_dir() { return PAWL_SOURCE_DIR; }

std::filesystem::path shared_dir() {
  const char* given = std::getenv("PAWL_SHARED");
  return given != nullptr ? std::filesystem::path(given) : source_dir() / ".." / "shared";
}

}  // namespace pawl
