// Unpacks a ZIP deployment package. Everything in it is somebody else's: names cannot leave the
// target directory, symbolic links cannot point out of it, and sizes are counted while unpacking.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::functions {

struct ArchiveLimits {
  std::uint64_t unpacked_bytes_max = 262'144'000;  // AWS's figure
  std::uint64_t entries_max = 100'000;
  std::size_t path_bytes_max = 1024;
};

struct ArchiveError {
  std::string message;  // in AWS's words where it has some
};

// Into `directory`, which exists and is empty. On an error what is there is incomplete. Readable
// for everybody: functions run as other users.
Result<void, ArchiveError> unpack(std::string_view zip, const std::string& directory,
                                  const ArchiveLimits& limits);
// The same of a ZIP file, which may be larger than memory.
Result<void, ArchiveError> unpack_file(const std::string& zip_file, const std::string& directory,
                                       const ArchiveLimits& limits);

// A relative path without empty, "." or ".." parts, backslashes and NULs. Directories end with '/'.
bool is_safe_path(std::string_view path, std::size_t bytes_max);
// Whether a link at `path` (safe) to `target` stays inside the directory.
bool is_safe_link(std::string_view path, std::string_view target);

}  // namespace pawl::functions
