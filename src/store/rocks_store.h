// The embedded default: RocksDB, one committer thread that merges every shard's ready batches into
// one synced write (decision D4). A failed write or sync ends the process: recovery persists again
// what it reads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "store/store.h"

namespace pawl::store {

struct RocksOptions {
  std::string directory;                       // made if absent; locked while open
  std::uint64_t free_space_floor_bytes = 256u << 20;
};

// Errors: locked by another process, a newer format, damage before the WAL's tail; each says where.
Result<std::unique_ptr<Store>, StoreError> open_rocks_store(const RocksOptions& options);

// Makes a data directory out of a backup. `directory` must be absent or empty.
Result<void, StoreError> restore_backup(const std::string& backup, const std::string& directory);

}  // namespace pawl::store
