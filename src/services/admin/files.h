// Files read and written piece by piece, for copies of any size.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::admin {

// "WHAT PATH: why", from errno.
std::string system_error(std::string_view what, const std::string& path);

// Hands over the file's bytes in pieces. False from `take`: reading ends.
Result<void, std::string> read_pieces(const std::string& path,
                                      const std::function<bool(std::string_view piece)>& take);

// Copies a regular file to a new one; answers the CRC-32C of what was copied, and its length.
struct Copied {
  std::uint32_t crc32c = 0;
  std::uint64_t bytes = 0;
};
Result<Copied, std::string> copy_file(const std::string& from, const std::string& to, mode_t mode);

Result<std::string, std::string> read_link(const std::string& path);

// Everything written so far to the file system of `directory` is on disk.
Result<void, std::string> sync_file_system(const std::string& directory);

}  // namespace pawl::admin
