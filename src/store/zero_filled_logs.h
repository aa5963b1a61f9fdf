// RocksDB's write-ahead log, written over zeros. A log that grows makes its metadata, mostly a
// commit of the file system's journal, part of every sync; over blocks that exist already a sync is
// the data alone (PostgreSQL's wal_init_zero; figures in docs/adr/0024-zero-filled-logs.md). So a
// log that was not closed ends in zeros, which check_wals cuts off before RocksDB reads it.
#pragma once

#include <memory>

namespace rocksdb {
class FileSystem;
}

namespace pawl::store {

// The operating system's files, but for `*.log`.
std::shared_ptr<rocksdb::FileSystem> zero_filled_logs();

}  // namespace pawl::store
