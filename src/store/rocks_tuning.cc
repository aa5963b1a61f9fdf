#include "store/rocks_tuning.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <string>

namespace pawl::store {

namespace {

constexpr std::size_t kMiB = 1u << 20;

std::shared_ptr<rocksdb::TableFactory> table_format(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  table.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(10, 1));
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

}  // namespace

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.recycle_log_file_num = 0;
  options.max_bgerror_resume_count = 0;
  options.max_total_wal_size = 256 * kMiB;
  options.max_background_jobs = 2;
  options.max_subcompactions = 1;
  options.bytes_per_sync = 1 * kMiB;
  options.max_open_files = 512;
  options.keep_log_file_num = 4;
  options.max_log_file_size = 4 * kMiB;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> column_families() {
  const auto cache = rocksdb::NewLRUCache(64 * kMiB);
  rocksdb::ColumnFamilyOptions state;
  state.write_buffer_size = 32 * kMiB;
  state.max_write_buffer_number = 3;
  state.compression = rocksdb::kLZ4Compression;
  state.table_factory = table_format(cache);
  rocksdb::ColumnFamilyOptions history = state;
  return {{rocksdb::kDefaultColumnFamilyName, state}, {std::string(kHistoryFamily), history}};
}

}  // namespace pawl::store
