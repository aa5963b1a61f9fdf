// RocksDB's database object as this layer opens it: its options, column families and listeners.
#pragma once

#include <rocksdb/compaction_filter.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/rocks_store.h"
#include "store/rocks_tuning.h"

namespace pawl::store {

class RocksDatabase {
 public:
  // `options.fatal` and `options.notice` must be set.
  static Result<std::unique_ptr<RocksDatabase>, StoreError> open(const std::string& path,
                                                                 const RocksOptions& options,
                                                                 const Tuning& tuning);
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;
  ~RocksDatabase();

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Space space) const {
    return families_[static_cast<std::size_t>(space)];
  }
  bool arrives_in_order(Space space, std::string_view key) const {
    return arrives_in_order_ != nullptr && arrives_in_order_(space, key);
  }
  // Bytes that compaction has still to rewrite, and bytes of all live files.
  std::uint64_t compaction_debt_bytes() const;
  std::uint64_t disk_bytes() const;

 private:
  RocksDatabase() = default;
  std::uint64_t sum_over_families(const std::string& property) const;

  ArrivesInOrder arrives_in_order_ = nullptr;
  std::unique_ptr<rocksdb::Env> env_;
  std::vector<std::unique_ptr<const rocksdb::CompactionFilter>> filters_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

// As open_rocks_store, with a tuning other than the chosen one.
Result<std::unique_ptr<Store>, StoreError> open_rocks_store(const RocksOptions& options,
                                                            const Tuning& tuning);

}  // namespace pawl::store
