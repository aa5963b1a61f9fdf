#include "store/rocks_tuning.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace pawl::store {

namespace {

constexpr std::size_t kMiB = 1u << 20;

std::shared_ptr<rocksdb::TableFactory> table_format(const FamilyTuning& tuning,
                                                    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  if (tuning.filter_bits > 0) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(tuning.filter_bits));
    // A look-up reads one small part of a filter, so that filters need not all fit the cache.
    table.partition_filters = true;
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  }
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

rocksdb::ColumnFamilyOptions family_options(const FamilyTuning& tuning,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = tuning.memtable_bytes;
  options.max_write_buffer_number = tuning.memtables;
  options.compaction_style = tuning.compaction;
  options.compression = tuning.compression;
  options.table_factory = table_format(tuning, cache);
  if (tuning.filter_bits > 0) {
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.02;
  }
  options.target_file_size_base = tuning.file_bytes;
  options.max_bytes_for_level_base = tuning.level_base_bytes;
  options.level_compaction_dynamic_level_bytes = true;
  if (tuning.blob_bytes_min > 0) {
    options.enable_blob_files = true;
    options.min_blob_size = tuning.blob_bytes_min;
    options.blob_file_size = 4 * tuning.file_bytes;
    options.blob_compression_type = tuning.compression;
    options.enable_blob_garbage_collection = true;
    options.blob_garbage_collection_age_cutoff = 0.25;
  }
  return options;
}

// Half of what the process may open, the other half is for connections; a table is 32 MB.
int open_files_max() {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 512;
  return static_cast<int>(std::clamp<rlim_t>(limit.rlim_cur / 2, 64, 8192));
}

}  // namespace

rocksdb::DBOptions database_options(const Tuning&) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // Durability (decision D4).
  options.paranoid_checks = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.recycle_log_file_num = 0;
  options.max_bgerror_resume_count = 0;
  // Memory and files.
  options.max_total_wal_size = 256 * kMiB;
  options.max_open_files = open_files_max();
  options.keep_log_file_num = 4;
  options.max_log_file_size = 4 * kMiB;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  // There is one writer (store/commit_queue.h), and insertion hints need that.
  options.allow_concurrent_memtable_write = false;
  // Background work: one flush and one compaction at a time, writing back a megabyte at a time so
  // that a commit's sync never queues behind a whole file's pages.
  options.max_background_jobs = 2;
  options.max_subcompactions = 1;
  options.bytes_per_sync = 1 * kMiB;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> column_families(const Tuning& tuning) {
  const auto cache = rocksdb::NewLRUCache(tuning.cache_bytes);
  return {{rocksdb::kDefaultColumnFamilyName, family_options(tuning.state, cache)},
          {std::string(kHistoryFamily), family_options(tuning.history, cache)}};
}

}  // namespace pawl::store
