#include "runtime/log_rows.h"

#include "base/bytes.h"

namespace pawl::runtime {

namespace {

constexpr std::size_t kPositionBytes = 16;

std::string prefix(std::string_view type, LogGroupId group) {
  std::string key(type);
  put_big_endian_64(key, group);
  return key;
}

void put_position(std::string& key, const LogPosition& position) {
  put_big_endian_64(key, static_cast<std::uint64_t>(position.time));
  put_big_endian_64(key, position.sequence);
}

}  // namespace

std::string log_event_prefix(LogGroupId group) { return prefix("Le", group); }
std::string log_index_prefix(LogGroupId group) { return prefix("Li", group); }
std::string log_stream_prefix(LogGroupId group) { return prefix("G", group); }

std::string log_index_prefix(LogGroupId group, LogStreamId stream) {
  std::string key = log_index_prefix(group);
  put_big_endian_64(key, stream);
  return key;
}

std::string log_event_key(LogGroupId group, const LogPosition& position) {
  std::string key = log_event_prefix(group);
  put_position(key, position);
  return key;
}

std::string log_index_key(LogGroupId group, LogStreamId stream, const LogPosition& position) {
  std::string key = log_index_prefix(group, stream);
  put_position(key, position);
  return key;
}

std::string log_stream_key(LogGroupId group, std::string_view name) {
  return log_stream_prefix(group).append(name);
}

std::optional<LogPosition> parse_log_position(std::string_view key) {
  if (key.size() < kPositionBytes) return std::nullopt;
  ByteReader in(key.substr(key.size() - kPositionBytes));
  LogPosition position;
  position.time = static_cast<WallMillis>(in.big_endian_64());
  position.sequence = in.big_endian_64();
  return position;
}

// Keys of histories begin with a time, whose first byte is 0 for the next millions of years.
bool is_log_key(std::string_view key) { return key.starts_with('L'); }

void LogHorizons::set(LogGroupId group, std::int64_t retention_ms) {
  const std::lock_guard lock(mutex_);
  retentions_[group] = retention_ms;
}

void LogHorizons::erase(LogGroupId group) {
  const std::lock_guard lock(mutex_);
  retentions_.erase(group);
}

WallMillis LogHorizons::begin_of(LogGroupId group, WallMillis now) const {
  const std::lock_guard lock(mutex_);
  const auto found = retentions_.find(group);
  return found == retentions_.end() || found->second == 0 ? 0 : now - found->second;
}

bool LogHorizons::expired(std::string_view key, WallMillis now) const {
  constexpr std::size_t kTypeBytes = 2;
  const auto position = parse_log_position(key);
  if (!open_ || !position || key.size() < kTypeBytes + 8 + kPositionBytes) return false;
  ByteReader in(key.substr(kTypeBytes));
  const LogGroupId group = in.big_endian_64();
  const std::lock_guard lock(mutex_);
  const auto found = retentions_.find(group);
  if (found == retentions_.end()) return true;
  return found->second != 0 && position->time < now - found->second;
}

}  // namespace pawl::runtime
