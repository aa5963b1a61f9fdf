// Files beside the store, as backups copy them. What a row refers to was there before the row, and
// goes after it: a backup holds the files, saves the rows, and copies what these refer to.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/backed_up_rows.h"

namespace pawl::runtime {

// Where the files go. Blocks.
class BackupTarget {
 public:
  // Whether the bytes under a name never change, so that the copy may share them.
  enum class Bytes { kFixed, kReplaceable };

  virtual ~BackupTarget() = default;
  // Copies a file, a folder (without what is in it) or a symbolic link. `name` is relative to the
  // data directory, and so to the backup. False: it is not there.
  virtual Result<bool, std::string> take(const std::string& name, Bytes bytes) = 0;
};

struct BackupPart {
  // The first component of its files' names.
  std::string folder;
  // Nothing that a row refers to is removed while the answer lives. Empty: nobody would.
  std::function<std::shared_ptr<void>()> hold;
  // While it is held, after the rows were saved.
  std::function<Result<void, std::string>(const store::BackedUpRows& rows, BackupTarget& target)>
      copy;
};

}  // namespace pawl::runtime
