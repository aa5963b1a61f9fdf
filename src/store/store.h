// The store: an ordered key-value space with fenced, ordered batches (decision D6). Bytes only.
//
// Every key belongs to one shard and begins with it; a batch holds keys of one shard. Batches of a
// shard commit in the order in which they are handed over: n+1 cannot be durable unless n is. A
// committed batch is durable (synced) and only then readable.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"

namespace pawl::store {

using ShardId = std::uint16_t;
inline constexpr ShardId kShardCount = 64;  // fixed when a store is made

// Which of the store's key spaces: they are tuned and compacted apart.
enum class Space : std::uint8_t {
  kState = 0,    // current facts: small rows, overwritten and deleted
  kHistory = 1,  // event records: written once, keys ordered by start time
};

// Keys here are without the shard prefix; the store adds it.
struct Batch {
  struct Row {
    Space space;
    std::string key;
    std::optional<std::string> value;  // empty: delete the key
  };
  struct Range {  // deletes [from, to)
    Space space;
    std::string from;
    std::string to;
  };
  std::vector<Row> rows;              // in order: of two rows of one key the later one holds
  std::vector<Range> deleted_ranges;  // happen before the rows

  void put(Space space, std::string key, std::string value) {
    rows.push_back({space, std::move(key), std::move(value)});
  }
  void erase(Space space, std::string key) {
    rows.push_back({space, std::move(key), std::nullopt});
  }
  bool empty() const { return rows.empty() && deleted_ranges.empty(); }
};

enum class Outcome {
  kCommitted,
  // The shard's memory must be discarded and the shard reopened; nothing is undone in memory.
  kRefused,
  kUnknown,
};

struct StoreError {
  std::string message;
};

struct Entry {
  std::string key;
  std::string value;
};

// Called once, on a thread of the store; must not block. Of one shard: in batch order.
using Committed = std::function<void(Outcome)>;

class Store {
 public:
  virtual ~Store() = default;

  // Takes the batch; `done` after it is durable, or refused. Thread-safe; order is call order.
  virtual void commit(ShardId shard, Batch batch, Committed done) = 0;

  // Waits until all that was handed over before has been told of: who is called back may end then.
  // Gives up where it cannot be: without room for it, or after a failed write. Those are not told.
  virtual void drain() = 0;

  // Reads see synced batches only. Thread-safe.
  virtual std::optional<std::string> get(ShardId shard, Space space,
                                         std::string_view key) const = 0;

  // Entries of [from, to) in key order (or backwards from `to`), until `visit` answers false. An
  // empty `to` is the shard's end. What is visited is one moment of the store.
  enum class Direction { kForward, kBackward };
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual void scan(ShardId shard, Space space, std::string_view from, std::string_view to,
                    Direction direction, const Visit& visit) const = 0;

  // A consistent copy of everything that is synced now, in a new directory; the store stays live.
  virtual Result<void, StoreError> backup(const std::string& directory) = 0;

  // Whether new work may be taken: false below the free-space floor (decision D4).
  virtual bool has_space() const = 0;

  struct Stats {
    std::uint64_t batches = 0;
    std::uint64_t syncs = 0;
    std::uint64_t bytes = 0;
    std::uint64_t disk_bytes = 0;             // of all files that hold live rows
    std::uint64_t compaction_debt_bytes = 0;  // what the background has still to rewrite
    std::uint64_t waiting = 0;                // batches that the committer has not taken yet
    LatencyHistogram::Snapshot writes = {};   // how long a write with its sync took
  };
  virtual Stats stats() const = 0;
};

}  // namespace pawl::store
