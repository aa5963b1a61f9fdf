// Log groups, their streams and events: durable, in the order of time, with a retention of each
// group's own (docs/adr/0010). Who writes and who reads meet here; the API of CloudWatch Logs is
// services/logs, execution logs are written by services/states.
//
// Groups are records of the catalog; streams and events are rows of the group's shard. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "runtime/catalog.h"
#include "runtime/log_rows.h"
#include "store/store.h"

namespace pawl::runtime {

struct LogGroupName {
  std::string account;
  std::string region;
  std::string name;
  friend auto operator<=>(const LogGroupName&, const LogGroupName&) = default;

  std::string arn() const;  // without the `:*` at its end
};

struct LogGroup {
  LogGroupName name;
  LogGroupId id = 0;
  WallMillis creation_time = 0;
  std::int64_t retention_days = 0;  // 0: for ever
};

struct LogStream {
  std::string name;
  LogStreamId id = 0;
  WallMillis creation_time = 0;
};

struct LogLine {
  WallMillis time = 0;
  std::string message;
};

struct LogEvent {
  LogPosition position;
  LogStreamId stream = 0;
  WallMillis ingestion_time = 0;
  std::string message;
};

class Logs {
 public:
  // Loads every group; `store`, `catalog`, `clock` and `horizons` outlive this object.
  Logs(store::Store& store, Catalog& catalog, const Clock& clock, LogHorizons& horizons);

  std::optional<LogGroup> find_group(const LogGroupName& name) const;
  // Groups of an account and region with names > `after`, in the order of names.
  std::vector<LogGroup> list_groups(const LogGroupName& after, std::size_t limit) const;

  // `done` runs when the change is durable; false: the group was there, or was not there.
  using Done = std::function<void(bool)>;
  void create_group(const LogGroupName& name, Done done);
  void delete_group(const LogGroupName& name, Done done);
  void set_retention(const LogGroupName& name, std::int64_t days, Done done);

  std::optional<LogStream> find_stream(const LogGroup& group, std::string_view name) const;
  // Streams with names > `after` that begin with `prefix`, in the order of names.
  std::vector<LogStream> list_streams(const LogGroup& group, std::string_view prefix,
                                      std::string_view after, std::size_t limit) const;
  void create_stream(const LogGroup& group, const std::string& name, Done done);
  void delete_stream(const LogGroup& group, const LogStream& stream, Done done);

  // Appends to a stream, which is made when it is not there. `done` may be empty.
  void append(const LogGroup& group, const std::string& stream, std::vector<LogLine> lines,
              Done done);

  // Which events, and in which direction.
  struct Query {
    std::optional<LogStreamId> stream;  // of one stream only
    LogPosition from;                   // the first that may be visited
    LogPosition to;                     // the first that may not
    store::Store::Direction direction = store::Store::Direction::kForward;
  };
  // Visits until `visit` answers false.
  void read(const LogGroup& group, const Query& query,
            const std::function<bool(const LogEvent&)>& visit) const;
  // Positions of a stream's first and last event.
  struct Extent {
    std::optional<LogPosition> first;
    std::optional<LogPosition> last;
  };
  Extent extent(const LogGroup& group, const LogStream& stream) const;

  WallMillis now() const { return clock_.wall_now(); }

 private:
  LogStream open_stream(const LogGroup& group, const std::string& name, store::Batch& batch);
  std::uint64_t next_sequence();
  void update_group(const LogGroupName& name,
                    std::function<std::optional<LogGroup>(std::optional<LogGroup>, bool&)> change,
                    Done done);
  void remember(const LogGroup& group);

  store::Store& store_;
  Catalog& catalog_;
  const Clock& clock_;
  LogHorizons& horizons_;

  mutable std::shared_mutex groups_mutex_;
  std::map<LogGroupName, LogGroup> groups_;
  // Streams that were written lately: their rows may not be readable yet.
  std::mutex streams_mutex_;
  std::map<std::pair<LogGroupId, std::string>, LogStream> streams_;
  std::uint64_t sequence_ = 0;
};

}  // namespace pawl::runtime
