// Streams and events of log groups.
#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/rng.h"
#include "runtime/logs.h"
#include "runtime/rows.h"

namespace pawl::runtime {

namespace {

// Streams written lately that are remembered; more than that have been synced long ago.
constexpr std::size_t kStreamsMax = 10'000;

std::string encode(const LogStream& stream) {
  std::string record;
  put_big_endian_64(record, stream.id);
  put_big_endian_64(record, static_cast<std::uint64_t>(stream.creation_time));
  return record;
}

LogStream decode_stream(std::string_view name, std::string_view record) {
  ByteReader in(record);
  LogStream stream{.name = std::string(name)};
  stream.id = in.big_endian_64();
  stream.creation_time = static_cast<WallMillis>(in.big_endian_64());
  return stream;
}

std::string encode_event(LogStreamId stream, WallMillis ingestion, std::string_view message) {
  std::string record;
  record.reserve(16 + message.size());
  put_big_endian_64(record, stream);
  put_big_endian_64(record, static_cast<std::uint64_t>(ingestion));
  return record.append(message);
}

LogEvent decode_event(const LogPosition& position, std::string_view record) {
  ByteReader in(record);
  LogEvent event{};
  event.position = position;
  event.stream = in.big_endian_64();
  event.ingestion_time = static_cast<WallMillis>(in.big_endian_64());
  event.message = in.rest();
  return event;
}

bool committed(store::Outcome outcome) { return outcome == store::Outcome::kCommitted; }

}  // namespace

std::optional<LogStream> Logs::find_stream(const LogGroup& group, std::string_view name) const {
  const auto record = store_.get(shard_of_log_group(group.id), store::Space::kState,
                                 log_stream_key(group.id, name));
  if (!record) return std::nullopt;
  return decode_stream(name, *record);
}

std::vector<LogStream> Logs::list_streams(const LogGroup& group, std::string_view prefix,
                                          std::string_view after, std::size_t limit) const {
  const std::string begin = log_stream_prefix(group.id);
  const std::string all = log_stream_key(group.id, prefix);
  const std::string from =
      after.empty() ? all : std::max(all, log_stream_key(group.id, after).append(1, '\0'));
  std::vector<LogStream> page;
  store_.scan(shard_of_log_group(group.id), store::Space::kState, from, after_prefix(all),
              store::Store::Direction::kForward,
              [&](std::string_view key, std::string_view record) {
                page.push_back(decode_stream(key.substr(begin.size()), record));
                return page.size() < limit;
              });
  return page;
}

// Positions grow over restarts as well: they begin with the time.
std::uint64_t Logs::next_sequence() {
  sequence_ = std::max(sequence_ + 1, static_cast<std::uint64_t>(now()) << 20);
  return sequence_;
}

// The stream, whose row goes into the batch when it is new. Under streams_mutex_.
LogStream Logs::open_stream(const LogGroup& group, const std::string& name, store::Batch& batch) {
  const auto known = streams_.find({group.id, name});
  if (known != streams_.end()) return known->second;
  auto stream = find_stream(group, name);
  if (!stream) {
    stream = LogStream{.name = name, .id = SystemRng().next(), .creation_time = now()};
    batch.put(store::Space::kState, log_stream_key(group.id, name), encode(*stream));
  }
  if (streams_.size() >= kStreamsMax) streams_.clear();
  return streams_.emplace(std::pair{group.id, name}, *stream).first->second;
}

void Logs::create_stream(const LogGroup& group, const std::string& name, Done done) {
  store::Batch batch;
  {
    const std::lock_guard lock(streams_mutex_);
    open_stream(group, name, batch);
  }
  if (batch.empty()) return done(false);
  store_.commit(shard_of_log_group(group.id), std::move(batch),
                [done](store::Outcome outcome) { done(committed(outcome)); });
}

void Logs::delete_stream(const LogGroup& group, const LogStream& stream, Done done) {
  // More than these stay until their retention: without their stream nobody sees them.
  constexpr std::size_t kEventsMax = 100'000;
  store::Batch batch;
  const std::string index = log_index_prefix(group.id, stream.id);
  std::size_t left = kEventsMax;
  store_.scan(shard_of_log_group(group.id), store::Space::kHistory, index, after_prefix(index),
              store::Store::Direction::kForward, [&](std::string_view key, std::string_view) {
                if (const auto position = parse_log_position(key)) {
                  batch.erase(store::Space::kHistory, log_event_key(group.id, *position));
                }
                return --left > 0;
              });
  batch.deleted_ranges.push_back({store::Space::kHistory, index, after_prefix(index)});
  batch.erase(store::Space::kState, log_stream_key(group.id, stream.name));
  {
    const std::lock_guard lock(streams_mutex_);
    streams_.erase({group.id, stream.name});
  }
  store_.commit(shard_of_log_group(group.id), std::move(batch),
                [done](store::Outcome outcome) { done(committed(outcome)); });
}

void Logs::append(const LogGroup& group, const std::string& stream, std::vector<LogLine> lines,
                  Done done) {
  store::Batch batch;
  const WallMillis ingestion = now();
  {
    const std::lock_guard lock(streams_mutex_);
    const LogStreamId id = open_stream(group, stream, batch).id;
    for (const LogLine& line : lines) {
      const LogPosition position{line.time, next_sequence()};
      batch.put(store::Space::kHistory, log_event_key(group.id, position),
                encode_event(id, ingestion, line.message));
      batch.put(store::Space::kHistory, log_index_key(group.id, id, position), {});
    }
  }
  store_.commit(shard_of_log_group(group.id), std::move(batch),
                [done = std::move(done)](store::Outcome outcome) {
                  if (done) done(committed(outcome));
                });
}

void Logs::read(const LogGroup& group, const Query& query,
                const std::function<bool(const LogEvent&)>& visit) const {
  const store::ShardId shard = shard_of_log_group(group.id);
  LogPosition from = query.from;
  from.time = std::max(from.time, horizons_.begin_of(group.id, now()));
  if (!(from < query.to)) return;
  if (!query.stream) {
    store_.scan(shard, store::Space::kHistory, log_event_key(group.id, from),
                log_event_key(group.id, query.to), query.direction,
                [&visit](std::string_view key, std::string_view record) {
                  return visit(decode_event(*parse_log_position(key), record));
                });
    return;
  }
  store_.scan(shard, store::Space::kHistory, log_index_key(group.id, *query.stream, from),
              log_index_key(group.id, *query.stream, query.to), query.direction,
              [&](std::string_view key, std::string_view) {
                const LogPosition position = *parse_log_position(key);
                const auto record =
                    store_.get(shard, store::Space::kHistory, log_event_key(group.id, position));
                return !record || visit(decode_event(position, *record));
              });
}

Logs::Extent Logs::extent(const LogGroup& group, const LogStream& stream) const {
  const LogPosition begin{horizons_.begin_of(group.id, now()), 0};
  const std::string from = log_index_key(group.id, stream.id, begin);
  const std::string to = after_prefix(log_index_prefix(group.id, stream.id));
  Extent extent;
  for (const auto direction :
       {store::Store::Direction::kForward, store::Store::Direction::kBackward}) {
    store_.scan(shard_of_log_group(group.id), store::Space::kHistory, from, to, direction,
                [&](std::string_view key, std::string_view) {
                  (direction == store::Store::Direction::kForward ? extent.first : extent.last) =
                      parse_log_position(key);
                  return false;
                });
  }
  return extent;
}

}  // namespace pawl::runtime
