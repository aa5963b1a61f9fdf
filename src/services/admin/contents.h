// What a backup has beside its store: the list `contents`, one file a line, with a checksum of each
// and one of the list. A backup is whole when it has the list (docs/formats/store.md).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace pawl::admin {

using Done = Result<void, std::string>;

struct ContentsEntry {
  std::uint32_t crc32c = 0;  // of a file's bytes, or of where a symbolic link points
  std::uint64_t bytes = 0;
  mode_t mode = 0;   // with the file's type
  std::string name;  // relative to the backup
};

// Lists every file, folder and symbolic link below `folders` of `backup`, which are read for that;
// those that are not there are left out. The list is durable afterwards.
Done write_contents(const std::string& backup, const std::vector<std::string>& folders,
                    const std::function<void(std::uint64_t bytes)>& read);

// Error: no list, or one that is damaged. The visit's own error ends the reading.
Done read_contents(const std::string& backup,
                   const std::function<Done(const ContentsEntry&)>& visit);

// Copies what `entry` describes from `backup` to `target`, unless it is not what was backed up.
Done restore_entry(const std::string& backup, const ContentsEntry& entry,
                   const std::string& target);

}  // namespace pawl::admin
