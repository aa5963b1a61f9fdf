// The rows of log groups in the store (docs/formats/store.md). A group lives in one shard, by its
// id; ids are drawn at random and never used again.
//
// Space kHistory
//   'L' 'e' group8 time8 seq8          -> stream8 ingestion8 message: in the order of time
//   'L' 'i' group8 stream8 time8 seq8  -> (empty) the same, stream by stream
// Space kState
//   'G' group8 name                    -> stream8 creation8: a log stream
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "store/store.h"

namespace pawl::runtime {

using LogGroupId = std::uint64_t;
using LogStreamId = std::uint64_t;

inline store::ShardId shard_of_log_group(LogGroupId group) {
  return static_cast<store::ShardId>(group % store::kShardCount);
}

// Where an event stands in its group; no two events of a group share one.
struct LogPosition {
  WallMillis time = 0;
  std::uint64_t sequence = 0;
  friend auto operator<=>(const LogPosition&, const LogPosition&) = default;
};

std::string log_event_prefix(LogGroupId group);
std::string log_event_key(LogGroupId group, const LogPosition& position);
std::string log_index_prefix(LogGroupId group);
std::string log_index_prefix(LogGroupId group, LogStreamId stream);
std::string log_index_key(LogGroupId group, LogStreamId stream, const LogPosition& position);
// The position at the end of an event's or an index row's key.
std::optional<LogPosition> parse_log_position(std::string_view key);
// Whether a key of the space kHistory is one of a log's.
bool is_log_key(std::string_view key);

std::string log_stream_prefix(LogGroupId group);
std::string log_stream_key(LogGroupId group, std::string_view name);

// How far back each group's events go. Compaction asks it about every row, on any thread, so it
// says nothing before all groups are known.
class LogHorizons {
 public:
  // `retention_ms` 0: for ever.
  void set(LogGroupId group, std::int64_t retention_ms);
  void erase(LogGroupId group);
  // All groups have been set.
  void open() { open_ = true; }

  // Events before this time are as good as gone; 0: none.
  WallMillis begin_of(LogGroupId group, WallMillis now) const;
  // Whether compaction may leave the row out: expired, or of a group that is no more.
  bool expired(std::string_view key, WallMillis now) const;

 private:
  std::atomic<bool> open_{false};
  mutable std::mutex mutex_;
  std::map<LogGroupId, std::int64_t> retentions_;
};

}  // namespace pawl::runtime
