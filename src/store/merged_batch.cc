#include "store/merged_batch.h"

#include <algorithm>

#include "base/ensure.h"
#include "store/shard_prefix.h"

namespace pawl::store {

namespace {

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

void check(const rocksdb::Status& status) { ENSURE(status.ok(), status.ToString()); }

// As the keys are ordered, as far as eight bytes go: one for the space, one for the shard (there
// are fewer than 256) and six of the key.
std::uint64_t order_of(Space space, ShardId shard, std::string_view key) {
  std::uint64_t order = static_cast<std::uint64_t>(space) << 8 | shard;
  for (std::size_t i = 0; i < 6; ++i) {
    order = order << 8 | (i < key.size() ? static_cast<std::uint8_t>(key[i]) : 0);
  }
  return order;
}
static_assert(kShardCount <= 256);

}  // namespace

rocksdb::WriteBatch& MergedBatch::merge(const std::vector<PendingCommit>& commits) {
  batch_.Clear();
  for (const PendingCommit& commit : commits) {
    if (!commit.batch.deleted_ranges.empty()) write_sorted_rows();
    const ShardPrefix prefix(commit.shard);
    for (const Batch::Range& range : commit.batch.deleted_ranges) {
      const std::string from = prefix.key(range.from);
      const std::string to = prefix.key(range.to);
      ENSURE(!database_.arrives_in_order(range.space, range.from));
      if (from < to) check(batch_.DeleteRange(database_.family(range.space), from, to));
    }
    add_rows(commit);
  }
  write_sorted_rows();
  return batch_;
}

void MergedBatch::add_rows(const PendingCommit& commit) {
  for (const Batch::Row& row : commit.batch.rows) {
    places_.push_back(
        {order_of(row.space, commit.shard, row.key), commit.shard, &row, places_.size()});
  }
}

void MergedBatch::write_sorted_rows() {
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    if (a.order != b.order) return a.order < b.order;
    const int keys = a.row->key.compare(b.row->key);
    return keys != 0 ? keys < 0 : a.number < b.number;
  });
  for (const Place& place : places_) write_row(place);
  places_.clear();
}

void MergedBatch::write_row(const Place& place) {
  const ShardPrefix prefix(place.shard);
  const rocksdb::Slice key_parts[] = {prefix.slice(), slice(place.row->key)};
  const rocksdb::SliceParts key(key_parts, 2);
  rocksdb::ColumnFamilyHandle* family = database_.family(place.row->space);
  if (place.row->value) {
    const rocksdb::Slice value = slice(*place.row->value);
    check(batch_.Put(family, key, rocksdb::SliceParts(&value, 1)));
  } else {
    check(batch_.Delete(family, key));
  }
}

}  // namespace pawl::store
