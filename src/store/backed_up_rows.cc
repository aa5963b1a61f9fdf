#include "store/backed_up_rows.h"

#include <rocksdb/db.h>

#include <vector>

#include "store/rocks_tuning.h"
#include "store/shard_prefix.h"

namespace pawl::store {

namespace {

// RocksDB would write a log of its own into the backup.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

class RocksRows final : public BackedUpRows {
 public:
  RocksRows(std::unique_ptr<rocksdb::DB> db, std::vector<rocksdb::ColumnFamilyHandle*> families)
      : db_(std::move(db)), families_(std::move(families)) {}
  ~RocksRows() override {
    for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
    db_->Close();
  }
  RocksRows(const RocksRows&) = delete;
  RocksRows& operator=(const RocksRows&) = delete;

  Result<void, StoreError> scan(ShardId shard, Space space, std::string_view from,
                                std::string_view to, const Store::Visit& visit) const override {
    const std::string first = ShardPrefix(shard).key(from);
    const std::string end =
        to.empty() ? ShardPrefix(shard + 1u).key("") : ShardPrefix(shard).key(to);
    const rocksdb::Slice upper = end;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> row(
        db_->NewIterator(options, families_[static_cast<std::size_t>(space)]));
    for (row->Seek(first); row->Valid(); row->Next()) {
      if (!visit(row->key().ToStringView().substr(2), row->value().ToStringView())) return {};
    }
    if (row->status().ok()) return {};
    return Err{StoreError{"a row of the backup cannot be read: " + row->status().ToString()}};
  }

 private:
  const std::unique_ptr<rocksdb::DB> db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

}  // namespace

Result<std::unique_ptr<BackedUpRows>, StoreError> read_backup(const std::string& directory) {
  Tuning tuning;
  tuning.cache_bytes = 1u << 20;  // each row is read once
  rocksdb::DBOptions settings = database_options(tuning);
  settings.max_open_files = 64;  // beside those of the store itself
  settings.info_log = std::make_shared<NoLog>();
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(
      settings, directory + "/rocks", column_families(tuning), &families, &opened);
  if (!status.ok()) {
    return Err{StoreError{"cannot read the backup in " + directory + ": " + status.ToString()}};
  }
  return std::unique_ptr<BackedUpRows>(
      std::make_unique<RocksRows>(std::unique_ptr<rocksdb::DB>(opened), std::move(families)));
}

}  // namespace pawl::store
