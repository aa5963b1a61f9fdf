// RocksDB's write-ahead log, written over zeros. A log that grows makes the file system's journal
// part of every sync; over blocks that exist already a sync is the data alone (PostgreSQL's
// wal_init_zero; docs/adr/0024-zero-filled-logs.md has the figures). A log that was not closed
// therefore ends in zeros, which check_wals cuts off before RocksDB reads it.
#pragma once

#include <memory>

namespace rocksdb {
class FileSystem;
}

namespace pawl::store {

// The operating system's files, but for `*.log`.
std::shared_ptr<rocksdb::FileSystem> zero_filled_logs();

}  // namespace pawl::store
