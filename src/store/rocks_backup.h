// Backups: a directory with `meta`, RocksDB's files under `rocks` and the list `files` with size
// and checksum of each. docs/formats/store.md describes them.
#pragma once

#include <rocksdb/db.h>

#include <string>

#include "store/data_directory.h"

namespace pawl::store {

// Copies what is synced now to `directory`, which must be absent or empty; it gets its name when
// it is complete. On the same file system the copy shares the immutable files (hard links).
Result<void, StoreError> write_backup(rocksdb::DB& db, const DataDirectory& source,
                                      const std::string& directory);

}  // namespace pawl::store
