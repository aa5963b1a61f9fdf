// The embedded default: RocksDB, one committer thread that merges every shard's ready batches into
// one synced write (decision D4). A failed write or sync ends the process: recovery persists again
// what it reads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "store/store.h"

namespace rocksdb {
class FileSystem;
}

namespace pawl::store {

// Whether a row has outlived its use. Asked by compaction, on the store's threads and at any time
// that suits it: a row that expired may still be read, or may be gone.
using Expired = std::function<bool(Space space, std::string_view key, std::string_view value)>;

// Whether rows like this one come mostly in the order of their keys within their shard and first
// byte. Such a key must never be the lower bound of a deleted range.
using ArrivesInOrder = bool (*)(Space space, std::string_view key);

using Report = std::function<void(const std::string& message)>;

struct RocksOptions {
  std::string directory;  // made if absent; locked while open
  // New work is refused below this much free space (or a tenth of the file system, if that is
  // less); below a quarter of it commits wait until space returns.
  std::uint64_t free_space_floor_bytes = 256u << 20;
  // Drops rows without a delete being written (retention, decision D19). Default: none expires.
  Expired expired = {};
  // Rows may expire from this long after they were written: tables that old are compacted even
  // where nothing new is written. 0: only as other compaction comes by.
  std::uint64_t expires_after_seconds = 0;
  // Rows for which the memtable looks near the last one's place first. Default: none.
  ArrivesInOrder arrives_in_order = nullptr;
  // What a failed write, sync or read does. Default: print the message and end the process at
  // once. If it returns (tests), the store answers no further commit.
  Report fatal = {};
  // What the operator should know: a torn tail was cut, the disk is full. Called on any thread.
  // Default: print it to stderr.
  Report notice = {};
  // Answers how many bytes are free; tests lie here. Default: asks the file system now and then.
  std::function<std::uint64_t()> free_bytes = {};
  // Where the bytes go; tests inject faults here. Default:
  // store/zero_filled_logs.h.
  std::shared_ptr<rocksdb::FileSystem> file_system = {};
};

// Errors: locked by another process, a newer format, damage before the WAL's tail; each says where.
Result<std::unique_ptr<Store>, StoreError> open_rocks_store(const RocksOptions& options);

// Brings what else belongs into a data directory, before its store can be opened.
using RestoreBeside = std::function<Result<void, StoreError>()>;

// Makes a data directory out of a backup. `directory` must be absent or empty. Killed on its way,
// it leaves a directory that is refused.
Result<void, StoreError> restore_backup(const std::string& backup, const std::string& directory,
                                        const RestoreBeside& beside = {});

}  // namespace pawl::store
