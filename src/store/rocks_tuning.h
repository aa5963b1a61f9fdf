// How RocksDB is set up: durability (decision D4) and the shape of its two column families
// (decision D19). The figures behind each choice are in docs/adr/0003-store-layout.md; the variants
// that lost stay here because bench/store_bench.cc measures them.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace pawl::store {

struct FamilyTuning {
  rocksdb::CompactionStyle compaction = rocksdb::kCompactionStyleLevel;
  rocksdb::CompressionType compression = rocksdb::kLZ4Compression;
  std::size_t memtable_bytes = 32u << 20;
  int memtables = 3;
  std::size_t level_base_bytes = 256u << 20;  // the first level below the flushed files
  std::size_t file_bytes = 32u << 20;
  // Values of at least this size go to blob files; 0: none do.
  std::size_t blob_bytes_min = 0;
  // Of the Bloom filters of tables and memtables; 0: none, for rows that are only scanned.
  double filter_bits = 10;
};

struct Tuning {
  FamilyTuning state = {};
  FamilyTuning history = {.filter_bits = 0};
  std::size_t cache_bytes = 64u << 20;
};

inline constexpr std::string_view kHistoryFamily = "history";

// The state space lives in the default column family, history in its own.
rocksdb::DBOptions database_options(const Tuning& tuning);
std::vector<rocksdb::ColumnFamilyDescriptor> column_families(const Tuning& tuning);

}  // namespace pawl::store
