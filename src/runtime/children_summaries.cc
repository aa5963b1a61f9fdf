#include "runtime/children_summaries.h"

#include <utility>

#include "runtime/shard.h"

namespace pawl::runtime {

namespace {
// Of one shard: rows read at a time, and rows met ahead of their children's turns.
constexpr std::size_t kRowsAtATime = 64;
constexpr std::size_t kMetMax = 512;
}  // namespace

ChildrenSummaries::ChildrenSummaries(const store::Store& store, std::string_view map_run_arn,
                                     Horizon horizon)
    : store_(store),
      horizon_(horizon),
      from_(list_prefix(digest_of_machine(map_run_arn))),
      walks_(store::kShardCount) {
  for (Walk& walk : walks_) walk.to = after_prefix(from_);
}

std::optional<Summary> ChildrenSummaries::of(const ExecutionId& child) {
  const store::ShardId shard = child.shard();
  Walk& walk = walks_[shard];
  auto found = walk.met.find(child);
  while (found == walk.met.end() && !walk.ended && walk.met.size() < kMetMax) {
    go_on(walk, shard);
    found = walk.met.find(child);
  }
  if (found == walk.met.end()) return read_summary(store_, child, horizon_);
  Summary summary = std::move(found->second);
  walk.met.erase(found);
  return summary;
}

// The newest come first in a list, so it is walked backwards.
void ChildrenSummaries::go_on(Walk& walk, store::ShardId shard) const {
  std::size_t left = kRowsAtATime;
  walk.ended = true;
  std::string last;
  store_.scan(shard, store::Space::kState, from_, walk.to, store::Store::Direction::kBackward,
              [&](std::string_view key, std::string_view row) {
                if (left-- == 0) return walk.ended = false;
                last = key;
                if (horizon_.hides(closed_second(store::Space::kState, key, row))) return true;
                const auto position = parse_list_key(key);
                auto summary = decode_summary(row);
                if (position && summary) walk.met.emplace(position->id, std::move(*summary));
                return true;
              });
  if (!last.empty()) walk.to = last;
}

}  // namespace pawl::runtime
