// Many shards' batches as one RocksDB write.
#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <vector>

#include "store/commit_queue.h"
#include "store/rocks_database.h"

namespace pawl::store {

// Within one write the rows go in key order, not in the order in which they came: the memtable's
// skip list finds the place of a key from the last one's, and neighbours share the cache lines on
// the way. Rows of one key keep their order, and a deleted range stays between what came before
// it and after.
class MergedBatch {
 public:
  explicit MergedBatch(const RocksDatabase& database) : database_(database) {}

  // The result is valid until the next call or the end of `commits`.
  rocksdb::WriteBatch& merge(const std::vector<PendingCommit>& commits);

 private:
  struct Place {
    std::uint64_t order;  // space, shard and the key's first bytes: decides most comparisons
    ShardId shard;
    const Batch::Row* row;
    std::size_t number;  // as handed over: of one key the last row must come last
  };
  void add_rows(const PendingCommit& commit);
  void write_sorted_rows();
  void write_row(const Place& place);

  const RocksDatabase& database_;
  rocksdb::WriteBatch batch_;
  std::vector<Place> places_;
};

}  // namespace pawl::store
