#include "runtime/selection.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace pawl::runtime {

namespace {

constexpr std::size_t kRowsMax = 20'000;

// The keys that can match, of each shard. A machine's rows begin with the newest.
struct KeyRange {
  std::string from;
  std::string to;
};

KeyRange range_of(const Selection& selection) {
  if (!selection.owner) return {"l", "m"};
  const std::uint64_t machine = digest_of_machine(*selection.owner);
  KeyRange range{list_prefix(machine), after_prefix(list_prefix(machine))};
  if (selection.started_before) {
    range.from = list_key(machine, std::max<WallMillis>(*selection.started_before, 1) - 1, {});
  }
  if (selection.started_from > 0) range.to = list_key(machine, selection.started_from - 1, {});
  return range;
}

}  // namespace

bool Selection::matches(const Summary& summary) const {
  if (!owner && !summary.map_run.empty()) return false;
  if (!statuses.empty() &&
      std::find(statuses.begin(), statuses.end(), summary.status) == statuses.end()) {
    return false;
  }
  if (summary.start_time < started_from) return false;
  if (started_before && summary.start_time >= *started_before) return false;
  if (paused && !summary.pause) return false;
  if (halted && !summary.halt) return false;
  return summary.names.execution.starts_with(name_prefix);
}

std::string encode(const SelectionCursor& cursor) {
  std::string bytes;
  put_big_endian_16(bytes, cursor.shard);
  return bytes + cursor.key;
}

std::optional<SelectionCursor> decode_selection_cursor(std::string_view bytes) {
  ByteReader in(bytes);
  SelectionCursor cursor;
  cursor.shard = in.big_endian_16();
  cursor.key = in.rest();
  if (!in.ok() || cursor.shard >= store::kShardCount) return std::nullopt;
  return cursor;
}

SelectedPage select_executions(const store::Store& store, const Selection& selection,
                               const SelectionCursor& from, std::size_t matches_max,
                               Horizon horizon) {
  const KeyRange range = range_of(selection);
  SelectedPage page;
  SelectionCursor place{from.shard, std::max(from.key, range.from)};
  for (; place.shard < store::kShardCount && !page.next; ++place.shard, place.key = range.from) {
    store.scan(place.shard, store::Space::kState, place.key, range.to,
               store::Store::Direction::kForward, [&](std::string_view key, std::string_view row) {
                 if (page.matches.size() == matches_max || page.examined == kRowsMax) {
                   page.next = SelectionCursor{place.shard, std::string(key)};
                   return false;
                 }
                 ++page.examined;
                 if (horizon.hides(closed_second(store::Space::kState, key, row))) return true;
                 const auto position = parse_list_key(key);
                 auto summary = position ? decode_summary(row) : std::nullopt;
                 if (summary && selection.matches(*summary)) {
                   page.matches.push_back({position->id, std::move(*summary)});
                 }
                 return true;
               });
  }
  return page;
}

}  // namespace pawl::runtime
