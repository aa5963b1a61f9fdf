#include "store/rocks_database.h"

#include <rocksdb/compaction_filter.h>
#include <rocksdb/file_system.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "store/zero_filled_logs.h"

namespace pawl::store {

namespace {

constexpr std::uint64_t kTableAgeSecondsMin = 10;

// RocksDB's own threads met an error. Most would make the next write fail, or only stop the
// background work and leave writers waiting for ever: they end the process. A full disk does not
// while a table is written: the unfinished table is thrown away, what it was made of is still
// there, and RocksDB tries again a second later.
class BackgroundErrors final : public rocksdb::EventListener {
 public:
  explicit BackgroundErrors(const RocksOptions& options)
      : fatal_(options.fatal), notice_(options.notice) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    if (writes_table(reason) && status->IsNoSpace()) {
      tell("the disk is full; the store tries again every second: " + status->ToString());
      *status = rocksdb::Status::OK();
      return;
    }
    fatal_("the store's background work failed: " + status->ToString());
  }

  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  // kFlushNoWAL: the log is whole, only the table could not be written.
  static bool writes_table(rocksdb::BackgroundErrorReason reason) {
    return reason == rocksdb::BackgroundErrorReason::kFlush ||
           reason == rocksdb::BackgroundErrorReason::kFlushNoWAL ||
           reason == rocksdb::BackgroundErrorReason::kCompaction;
  }

  // Once a minute; a full disk may last.
  void tell(const std::string& message) {
    const auto now = std::chrono::steady_clock::now();
    {
      const std::lock_guard lock(mutex_);
      if (told_ && now - *told_ < std::chrono::minutes(1)) return;
      told_ = now;
    }
    notice_(message);
  }

  const Report fatal_;
  const Report notice_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> told_;
};

// Leaves out the rows that their owner calls expired. Stateless, so one serves all compactions.
class ExpiredRows final : public rocksdb::CompactionFilter {
 public:
  ExpiredRows(Space space, Expired expired) : space_(space), expired_(std::move(expired)) {}
  const char* Name() const override { return "pawl.ExpiredRows"; }
  bool Filter(int, const rocksdb::Slice& key, const rocksdb::Slice& value, std::string*,
              bool*) const override {
    return expired_(space_, key.ToStringView().substr(2), value.ToStringView());
  }

 private:
  const Space space_;
  const Expired expired_;
};

// Keys of which the memtable remembers where the last one with the same shard and first byte went.
// RocksDB keeps one hint for rows and deleted ranges alike, though they go to different lists: a
// range whose lower bound is in the domain would break the list (merged_batch.cc sees to that).
class InsertionHints final : public rocksdb::SliceTransform {
 public:
  InsertionHints(Space space, ArrivesInOrder arrives_in_order)
      : space_(space), arrives_in_order_(arrives_in_order) {}
  const char* Name() const override { return "pawl.InsertionHints"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), kShardBytes + 1};
  }
  bool InDomain(const rocksdb::Slice& key) const override {
    return key.size() > kShardBytes &&
           arrives_in_order_(space_, key.ToStringView().substr(kShardBytes));
  }

 private:
  static constexpr std::size_t kShardBytes = 2;
  const Space space_;
  const ArrivesInOrder arrives_in_order_;
};

}  // namespace

Result<std::unique_ptr<RocksDatabase>, StoreError> RocksDatabase::open(const std::string& path,
                                                                       const RocksOptions& options,
                                                                       const Tuning& tuning) {
  auto database = std::unique_ptr<RocksDatabase>(new RocksDatabase);
  rocksdb::DBOptions settings = database_options(tuning);
  settings.listeners.push_back(std::make_shared<BackgroundErrors>(options));
  database->env_ =
      rocksdb::NewCompositeEnv(options.file_system ? options.file_system : zero_filled_logs());
  settings.env = database->env_.get();
  auto families = column_families(tuning);
  database->arrives_in_order_ = options.arrives_in_order;
  if (options.arrives_in_order != nullptr) {
    for (const Space space : {Space::kState, Space::kHistory}) {
      families[static_cast<std::size_t>(space)].options.memtable_insert_with_hint_prefix_extractor =
          std::make_shared<InsertionHints>(space, options.arrives_in_order);
    }
  }
  if (options.expired) {
    for (const Space space : {Space::kState, Space::kHistory}) {
      auto filter = std::make_unique<ExpiredRows>(space, options.expired);
      families[static_cast<std::size_t>(space)].options.compaction_filter = filter.get();
      database->filters_.push_back(std::move(filter));
      // Old rows of keys in order of time lie where no new row ever brings compaction along. A
      // table of this age holds none that is younger, so most vanish whole.
      if (options.expires_after_seconds > 0) {
        families[static_cast<std::size_t>(space)].options.periodic_compaction_seconds =
            std::max<std::uint64_t>(options.expires_after_seconds, kTableAgeSecondsMin);
      }
    }
  }
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(settings, path, families, &database->families_, &opened);
  if (!status.ok()) {
    return Err{StoreError{"cannot open the store in " + path + ": " + status.ToString()}};
  }
  database->db_.reset(opened);
  return database;
}

RocksDatabase::~RocksDatabase() {
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
  db_->Close();
}

std::uint64_t RocksDatabase::sum_over_families(const std::string& property) const {
  std::uint64_t sum = 0;
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    std::uint64_t value = 0;
    if (db_->GetIntProperty(family, property, &value)) sum += value;
  }
  return sum;
}

std::uint64_t RocksDatabase::compaction_debt_bytes() const {
  return sum_over_families(rocksdb::DB::Properties::kEstimatePendingCompactionBytes);
}

std::uint64_t RocksDatabase::disk_bytes() const {
  return sum_over_families(rocksdb::DB::Properties::kTotalSstFilesSize) +
         sum_over_families(rocksdb::DB::Properties::kTotalBlobFileSize);
}

}  // namespace pawl::store
