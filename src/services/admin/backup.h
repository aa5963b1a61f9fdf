// Backups of a data directory: the store's own, and the functions' code beside it, which the store
// refers to by content hash.
#pragma once

#include <string>

#include "base/result.h"
#include "store/store.h"

namespace pawl::admin {

// Where a data directory keeps what the Lambda service runs, and the code of it.
std::string functions_directory(const std::string& data_dir);

// Copies everything durable to `destination`, which must be absent; it appears when the store's
// part is complete. The store stays live. Error: a line that says what could not be done.
Result<void, std::string> back_up(store::Store& store, const std::string& data_dir,
                                  const std::string& destination);

// Makes a data directory, which must be absent or empty, out of a backup.
Result<void, std::string> restore(const std::string& backup, const std::string& data_dir);

}  // namespace pawl::admin
