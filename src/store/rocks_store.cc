#include "store/rocks_store.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/rng.h"
#include "store/commit_queue.h"
#include "store/data_directory.h"
#include "store/free_space.h"
#include "store/merged_batch.h"
#include "store/rocks_backup.h"
#include "store/rocks_database.h"
#include "store/shard_prefix.h"
#include "store/wal_check.h"

namespace pawl::store {

namespace {

// The default of RocksOptions::fatal.
void end_process(const std::string& message) {
  std::fprintf(stderr, "pawl: %s\n", message.c_str());
  std::fflush(stderr);
  std::_Exit(1);
}

void print_notice(const std::string& message) {
  std::fprintf(stderr, "pawl: %s\n", message.c_str());
}

class RocksStore final : public Store {
 public:
  // `failed` is set before `options.fatal` is called, by whatever thread meets the error.
  RocksStore(DataDirectory directory, const RocksOptions& options,
             std::unique_ptr<RocksDatabase> database,
             std::shared_ptr<const std::atomic<bool>> failed)
      : directory_(std::move(directory)),
        fatal_(options.fatal),
        failed_(std::move(failed)),
        free_space_(options),
        database_(std::move(database)),
        merged_(*database_),
        committer_([this] { run_committer(); }) {}

  ~RocksStore() override {
    queue_.close();
    committer_.join();
  }

  void commit(ShardId shard, Batch batch, Committed done) override {
    ENSURE(shard < kShardCount, shard);
    queue_.put({shard, std::move(batch), std::move(done)});
  }

  void drain() override {
    constexpr std::chrono::milliseconds kLookAgain{50};
    const std::uint64_t handed_over = queue_.put_count();
    while (!queue_.wait_dealt_with(handed_over, kLookAgain)) {
      if (!free_space_.above_reserve()) return;
    }
  }

  std::optional<std::string> get(ShardId shard, Space space, std::string_view key) const override {
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = database_->db().Get(
        rocksdb::ReadOptions(), database_->family(space), ShardPrefix(shard).key(key), &value);
    if (status.ok()) return value.ToString();
    if (!status.IsNotFound()) fail("a read of the store failed", status);
    return std::nullopt;
  }

  void scan(ShardId shard, Space space, std::string_view from, std::string_view to,
            Direction direction, const Visit& visit) const override {
    const std::string first = ShardPrefix(shard).key(from);
    const std::string end =
        to.empty() ? ShardPrefix(shard + 1u).key("") : ShardPrefix(shard).key(to);
    if (end <= first) return;
    const rocksdb::Slice lower = first;
    const rocksdb::Slice upper = end;
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> row(
        database_->db().NewIterator(options, database_->family(space)));
    const bool forward = direction == Direction::kForward;
    for (forward ? row->SeekToFirst() : row->SeekToLast(); row->Valid();
         forward ? row->Next() : row->Prev()) {
      if (!visit(row->key().ToStringView().substr(2), row->value().ToStringView())) return;
    }
    if (!row->status().ok()) fail("a scan of the store failed", row->status());
  }

  Result<void, StoreError> backup(const std::string& directory) override {
    return write_backup(database_->db(), directory_, directory);
  }

  bool has_space() const override { return free_space_.above_floor(); }

  Stats stats() const override {
    return {batches_.load(std::memory_order_relaxed),
            syncs_.load(std::memory_order_relaxed),
            bytes_.load(std::memory_order_relaxed),
            database_->disk_bytes(),
            database_->compaction_debt_bytes(),
            queue_.waiting(),
            writes_.snapshot()};
  }

 private:
  void fail(const std::string& what, const rocksdb::Status& status) const {
    fatal_(what + " (" + directory_.path() + "): " + status.ToString());
  }

  void run_committer() {
    commit_until_closed();
    queue_.end_taking();
  }

  void commit_until_closed() {
    for (;;) {
      std::vector<PendingCommit> commits = queue_.take_all();
      if (commits.empty() || !wait_for_space() || *failed_ || !write(commits)) return;
      for (PendingCommit& commit : commits) {
        if (commit.done) commit.done(Outcome::kCommitted);
        commit.done = nullptr;
      }
    }
  }

  // On a nearly full disk commits wait: nothing is acknowledged, nothing is lost, and work goes on
  // when space returns. False: the store is closed meanwhile.
  bool wait_for_space() {
    constexpr std::chrono::milliseconds kLookAgain{50};
    while (!free_space_.above_reserve()) {
      if (queue_.closed()) return false;
      queue_.wait_closed(kLookAgain);
    }
    return true;
  }

  // One write, one sync. Rows become readable when it returns.
  bool write(const std::vector<PendingCommit>& commits) {
    rocksdb::WriteBatch& merged = merged_.merge(commits);
    if (merged.Count() > 0) {
      rocksdb::WriteOptions options;
      options.sync = true;
      const MonotonicMicros began = monotonic_now();
      const rocksdb::Status status = database_->db().Write(options, &merged);
      writes_.observe(monotonic_now() - began);
      if (!status.ok()) {
        fail("a write to the store failed", status);
        return false;
      }
      syncs_.fetch_add(1, std::memory_order_relaxed);
      bytes_.fetch_add(merged.GetDataSize(), std::memory_order_relaxed);
    }
    batches_.fetch_add(commits.size(), std::memory_order_relaxed);
    return true;
  }

  const DataDirectory directory_;
  const Report fatal_;
  const std::shared_ptr<const std::atomic<bool>> failed_;
  FreeSpace free_space_;
  const std::unique_ptr<RocksDatabase> database_;
  CommitQueue queue_;
  MergedBatch merged_;
  std::atomic<std::uint64_t> batches_ = 0;
  std::atomic<std::uint64_t> syncs_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  LatencyHistogram writes_;
  std::thread committer_;
};

// A new store gets its name `rocks` when it is complete, so that a crash here leaves either none
// or a whole one.
Result<void, StoreError> make_store(const DataDirectory& directory, const RocksOptions& options,
                                    const Tuning& tuning) {
  std::error_code error;
  std::filesystem::remove_all(directory.unfinished_path(), error);
  TRY(RocksDatabase::open(directory.unfinished_path(), options, tuning)).reset();
  StoreMeta meta;
  SystemRng rng;
  meta.store_id = make_uuid(rng);
  TRY(write_file(directory.meta_path(), print_meta(meta)));
  return rename_durably(directory.unfinished_path(), directory.rocks_path());
}

Result<void, StoreError> make_or_check_store(const DataDirectory& directory,
                                             const RocksOptions& options, const Tuning& tuning) {
  const bool has_meta = exists(directory.meta_path());
  const bool has_rocks = exists(directory.rocks_path());
  if (!has_meta && !has_rocks) return make_store(directory, options, tuning);
  if (!has_meta) {
    return Err{StoreError{directory.meta_path() + " is missing beside " + directory.rocks_path()}};
  }
  auto meta = parse_meta(TRY(read_file(directory.meta_path())));
  if (!meta) return Err{StoreError{directory.path() + ": " + meta.error().message}};
  if (has_rocks) return {};
  if (!exists(directory.unfinished_path())) {
    return Err{StoreError{directory.rocks_path() + " is missing beside " + directory.meta_path()}};
  }
  return rename_durably(directory.unfinished_path(), directory.rocks_path());
}

}  // namespace

Result<std::unique_ptr<Store>, StoreError> open_rocks_store(const RocksOptions& options) {
  return open_rocks_store(options, Tuning());
}

Result<std::unique_ptr<Store>, StoreError> open_rocks_store(const RocksOptions& options,
                                                            const Tuning& tuning) {
  const auto failed = std::make_shared<std::atomic<bool>>(false);
  RocksOptions settings = options;
  settings.fatal = [failed, report = options.fatal ? options.fatal : Report(end_process)](
                       const std::string& message) {
    *failed = true;
    report(message);
  };
  if (!settings.notice) settings.notice = print_notice;
  DataDirectory directory = TRY(DataDirectory::open(settings.directory));
  TRY(make_or_check_store(directory, settings, tuning));
  TRY(check_wals(directory.rocks_path(), settings.notice));
  auto database = TRY(RocksDatabase::open(directory.rocks_path(), settings, tuning));
  return std::unique_ptr<Store>(
      std::make_unique<RocksStore>(std::move(directory), settings, std::move(database), failed));
}

}  // namespace pawl::store
