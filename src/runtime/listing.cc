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
constexpr std::size_t kRowsOfFillMin = 16;
constexpr std::size_t kRowsOfFillMax = 4'000;
// As many rows that are passed over by status or name take as long.
constexpr std::size_t kCostOfReading = 9;
constexpr std::size_t kFillsOfPage = 4;  // of each cursor, where none fits

// Whether a row may be wanted, without reading all of it.
bool may_fit(const ListRequest& request, std::string_view row) {
  if (!request.statuses.empty()) {
    const auto status = decode_status(row);
    const auto known = std::find(request.statuses.begin(), request.statuses.end(), status);
    if (!status || known == request.statuses.end()) return false;
  }
  if (request.name_prefix.empty()) return true;
  const auto name = decode_name(row);
  return name && name->starts_with(request.name_prefix);
}

struct KeyRange {
  std::string from;
  std::string to;
};

// What all cursors of one call share.
struct Reading {
  const store::Store& store;
  const ListRequest& request;
  Horizon horizon;
  std::size_t chunk_size;
  std::size_t rows_of_fill;
  std::size_t looked_at = 0;
};

// The list rows of one owner in one shard that may fit, read a chunk at a time. Where many do not,
// a chunk ends with the place up to which there is none, so that no shard is read far ahead of the
// others.
class ShardCursor {
 public:
  struct Row {
    ListPosition position;
    std::optional<Summary> summary;  // nothing: up to here none fits
  };

  ShardCursor(Reading& reading, store::ShardId shard, KeyRange range)
      : reading_(reading),
        shard_(shard),
        chunk_size_(reading.chunk_size),
        range_(std::move(range)) {
    if (range_.from < range_.to) fill();
  }

  bool at_end() const { return next_ == chunk_.size(); }
  // Whether what stands behind the front has yet to be read.
  bool is_at_last() const { return next_ + 1 == chunk_.size() && !exhausted_; }
  Row& front() { return chunk_[next_]; }
  void pop() {
    if (++next_ == chunk_.size() && !exhausted_) fill();
  }

 private:
  void fill() {
    chunk_.clear();
    next_ = 0;
    exhausted_ = true;
    std::size_t rows = 0;
    reading_.store.scan(shard_, store::Space::kState, range_.from, range_.to,
                        store::Store::Direction::kForward,
                        [this, &rows](std::string_view key, std::string_view row) {
                          if (chunk_.size() == chunk_size_) return exhausted_ = false;
                          if (rows == reading_.rows_of_fill) {
                            none_up_to_here();
                            return exhausted_ = false;
                          }
                          ++rows;
                          range_.from.assign(key).push_back('\0');  // the first key behind it
                          take(key, row);
                          return true;
                        });
    reading_.looked_at += rows;
    chunk_size_ = std::min(chunk_size_ * 4, kChunkMax);
  }

  void take(std::string_view key, std::string_view row) {
    if (reading_.horizon.hides(closed_second(store::Space::kState, key, row))) return;
    if (!may_fit(reading_.request, row)) return;
    const auto position = parse_list_key(key);
    auto summary = decode_summary(row);
    reading_.looked_at += kCostOfReading;
    if (position && summary) chunk_.push_back({*position, std::move(summary)});
  }

  void none_up_to_here() {
    const std::string_view last(range_.from.data(), range_.from.size() - 1);
    if (const auto position = parse_list_key(last)) chunk_.push_back({*position, std::nullopt});
  }

  Reading& reading_;
  store::ShardId shard_;
  std::size_t chunk_size_;
  KeyRange range_;
  std::vector<Row> chunk_;
  std::size_t next_ = 0;
  bool exhausted_ = false;
};

KeyRange range_of(const std::string& owner, WallMillis started_from,
                  const std::optional<ListPosition>& after) {
  const std::uint64_t machine = digest_of_machine(owner);
  KeyRange range{list_prefix(machine), after_prefix(list_prefix(machine))};
  if (started_from > 0) range.to = list_key(machine, started_from - 1, {});
  if (after) {
    range.from = list_key(machine, after->start, after->id);
    range.from.push_back('\0');
  }
  return range;
}

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
  const std::size_t count = store::kShardCount * owners.arns.size();
  Reading reading{.store = store,
                  .request = request,
                  .horizon = horizon,
                  .chunk_size = owners.arns.size() > kOwnersOfWholeChunks ? 1 : kChunkMax,
                  .rows_of_fill = std::clamp(
                      request.rows_max / (kFillsOfPage * std::max<std::size_t>(count, 1)),
                      kRowsOfFillMin, kRowsOfFillMax)};
  std::vector<ShardCursor> cursors;
  cursors.reserve(count);
  for (const std::string& owner : owners.arns) {
    const KeyRange range = range_of(owner, owners.started_from, request.after);
    for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
      // Within a shard, rows of the same millisecond are in id order, as in the merged list.
      cursors.emplace_back(reading, shard, range);
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
  std::optional<ListPosition> last;
  while (!order.empty()) {
    if (page.entries.size() == request.limit) {
      page.next = last;
      break;
    }
    const std::size_t index = order.top();
    order.pop();
    ShardCursor::Row& row = cursors[index].front();
    last = row.position;
    if (row.summary && (!request.wanted || request.wanted(*row.summary))) {
      page.entries.push_back({row.position, std::move(*row.summary)});
    }
    // What was read already is shown; only where more would have to be read it is enough.
    const bool needs_more = cursors[index].is_at_last();
    if (needs_more && reading.looked_at >= request.rows_max) {
      page.next = last;
      break;
    }
    cursors[index].pop();
    if (!cursors[index].at_end()) order.push(index);
  }
  return page;
}

StatusCounts count_executions(const store::Store& store, std::string_view owner_arn,
                              WallMillis from, const SelectionCursor& cursor,
                              std::uint64_t rows_max, Horizon horizon) {
  const KeyRange range = range_of(std::string(owner_arn), from, std::nullopt);
  StatusCounts found;
  SelectionCursor place{cursor.shard, std::max(cursor.key, range.from)};
  for (; place.shard < store::kShardCount && !found.next; ++place.shard, place.key = range.from) {
    store.scan(place.shard, store::Space::kState, place.key, range.to,
               store::Store::Direction::kForward, [&](std::string_view key, std::string_view row) {
                 if (found.examined == rows_max) {
                   found.next = SelectionCursor{place.shard, std::string(key)};
                   return false;
                 }
                 ++found.examined;
                 if (horizon.hides(closed_second(store::Space::kState, key, row))) return true;
                 if (const auto status = decode_status(row)) ++found.counts[*status];
                 return true;
               });
  }
  return found;
}

}  // namespace pawl::runtime
