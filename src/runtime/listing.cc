#include "runtime/listing.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "runtime/listing_of_many.h"

namespace pawl::runtime {

namespace {

constexpr std::size_t kChunkMax = 16;
// Of so many owners one page shows few rows each: the first ones are read one at a time.
constexpr std::size_t kOwnersOfWholeChunks = 4;
constexpr std::size_t kRowsMax = 20'000;

// The list rows of one owner in one shard, read a chunk at a time.
class ShardCursor {
 public:
  ShardCursor(const store::Store& store, store::ShardId shard, std::uint64_t machine,
              WallMillis started_from, const std::optional<ListPosition>& after,
              std::size_t chunk_size, Horizon horizon)
      : store_(store),
        shard_(shard),
        horizon_(horizon),
        chunk_size_(chunk_size),
        from_(list_prefix(machine)) {
    to_ = started_from > 0 ? list_key(machine, started_from - 1, {}) : after_prefix(from_);
    if (after) {
      from_ = list_key(machine, after->start, after->id);
      from_.push_back('\0');  // the first key behind it
    }
    if (from_ < to_) fill();
  }

  bool at_end() const { return next_ == chunk_.size(); }
  const ListEntry& front() const { return chunk_[next_]; }
  void pop() {
    if (++next_ == chunk_.size() && !exhausted_) fill();
  }

 private:
  void fill() {
    chunk_.clear();
    next_ = 0;
    exhausted_ = true;
    store_.scan(shard_, store::Space::kState, from_, to_, store::Store::Direction::kForward,
                [this](std::string_view key, std::string_view value) {
                  if (chunk_.size() == chunk_size_) return exhausted_ = false;
                  from_ = std::string(key) + '\0';
                  if (horizon_.hides(closed_second(store::Space::kState, key, value))) return true;
                  const auto position = parse_list_key(key);
                  auto summary = decode_summary(value);
                  if (position && summary) chunk_.push_back({*position, std::move(*summary)});
                  return true;
                });
    chunk_size_ = std::min(chunk_size_ * 4, kChunkMax);
  }

  const store::Store& store_;
  store::ShardId shard_;
  Horizon horizon_;
  std::size_t chunk_size_;
  std::string from_;
  std::string to_;
  std::vector<ListEntry> chunk_;
  std::size_t next_ = 0;
  bool exhausted_ = false;
};

// Newest first; of the same millisecond by id.
bool comes_later(const ListPosition& left, const ListPosition& right) {
  return left.start != right.start ? left.start < right.start : left.id > right.id;
}

}  // namespace

ListPage list_executions(const store::Store& store, const ListRequest& request, Horizon horizon) {
  return list_executions(store, {.arns = {request.machine_arn}}, request, horizon);
}

ListPage list_executions(const store::Store& store, const ListOwners& owners,
                         const ListRequest& request, Horizon horizon) {
  const std::size_t chunk_size = owners.arns.size() > kOwnersOfWholeChunks ? 1 : kChunkMax;
  std::vector<ShardCursor> cursors;
  cursors.reserve(store::kShardCount * owners.arns.size());
  for (const std::string& owner : owners.arns) {
    const std::uint64_t machine = digest_of_machine(owner);
    for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
      // Within a shard, rows of the same millisecond are in id order, as in the merged list.
      cursors.emplace_back(store, shard, machine, owners.started_from, request.after, chunk_size,
                           horizon);
    }
  }
  const auto later = [&cursors](std::size_t left, std::size_t right) {
    return comes_later(cursors[left].front().position, cursors[right].front().position);
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> order(later);
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    if (!cursors[i].at_end()) order.push(i);
  }
  ListPage page;
  std::size_t looked_at = 0;
  std::optional<ListPosition> last;
  while (!order.empty()) {
    if (page.entries.size() == request.limit || looked_at++ == kRowsMax) {
      page.next = last;
      break;
    }
    const std::size_t index = order.top();
    order.pop();
    const ListEntry& entry = cursors[index].front();
    last = entry.position;
    const bool has_status = !request.status || entry.summary.status == *request.status;
    if (has_status && (!request.wanted || request.wanted(entry.summary))) {
      page.entries.push_back(entry);
    }
    cursors[index].pop();
    if (!cursors[index].at_end()) order.push(index);
  }
  return page;
}

StatusCounts count_executions(const store::Store& store, std::string_view owner_arn,
                              WallMillis from, std::uint64_t rows_max, Horizon horizon) {
  const std::uint64_t machine = digest_of_machine(owner_arn);
  const std::string first = list_prefix(machine);
  const std::string last = from > 0 ? list_key(machine, from - 1, {}) : after_prefix(first);
  const std::uint64_t rows_max_of_shard = rows_max / store::kShardCount;
  StatusCounts found;
  for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
    std::uint64_t rows = 0;
    store.scan(shard, store::Space::kState, first, last, store::Store::Direction::kForward,
               [&](std::string_view key, std::string_view row) {
                 if (rows++ == rows_max_of_shard) return found.complete = false;
                 ++found.examined;
                 if (horizon.hides(closed_second(store::Space::kState, key, row))) return true;
                 if (const auto status = decode_status(row)) ++found.counts[*status];
                 return true;
               });
  }
  return found;
}

}  // namespace pawl::runtime
