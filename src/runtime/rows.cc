#include "runtime/rows.h"

#include <algorithm>

#include "base/bytes.h"
#include "runtime/log_rows.h"

namespace pawl::runtime {

namespace {

constexpr char kVersion = 1;

std::string key_with(char type, const ExecutionId& id) {
  std::string key(1, type);
  key.append(id.view());
  return key;
}

std::uint32_t second_of(WallMillis time) { return static_cast<std::uint32_t>(time / 1000); }

// closed4 and the version: what rows of executions begin with.
std::string row_head(WallMillis closed) {
  std::string head;
  put_big_endian_32(head, second_of(closed));
  head.push_back(kVersion);
  return head;
}

bool read_head(ByteReader& in) {
  in.big_endian_32();
  return in.byte() == kVersion;
}

void put_names(std::string& out, const ExecutionNames& names) {
  put_bytes(out, names.region);
  put_bytes(out, names.account);
  put_bytes(out, names.machine);
  put_bytes(out, names.execution);
}

ExecutionNames read_names(ByteReader& in) {
  ExecutionNames names;
  names.region = in.bytes();
  names.account = in.bytes();
  names.machine = in.bytes();
  names.execution = in.bytes();
  return names;
}

}  // namespace

Horizon Horizon::at(WallMillis now, std::int64_t retention_ms) {
  if (retention_ms <= 0 || now <= retention_ms) return {};
  return {second_of(now - retention_ms)};
}

std::uint32_t closed_second(store::Space space, std::string_view key, std::string_view value) {
  const bool has_one = space == store::Space::kHistory
                           ? !is_log_key(key)
                           : key.starts_with('x') || key.starts_with('l') || key.starts_with('m') ||
                                 key.starts_with('p') || key.starts_with('s');
  if (!has_one) return 0;
  ByteReader in(value);
  return in.big_endian_32();
}

bool arrives_in_order(store::Space space, std::string_view key) {
  constexpr std::size_t kHistoryKeyBytes = 8 + 16 + 8;
  if (space == store::Space::kHistory) return key.size() == kHistoryKeyBytes;
  return key.starts_with('l');
}

std::string encode_record(WallMillis closed, std::string_view record) {
  std::string row;
  row.reserve(4 + record.size());
  put_big_endian_32(row, second_of(closed));
  return row.append(record);
}

std::string_view record_of(std::string_view row) {
  return row.substr(std::min<std::size_t>(4, row.size()));
}

std::string Summary::own_machine_arn() const {
  const std::string arn = names.machine_arn();
  return arn.substr(0, arn.find('/'));
}
std::string Summary::version_arn() const {
  return names.machine_arn() + ":" + std::to_string(version);
}
std::string Summary::alias_arn() const { return names.machine_arn() + ":" + alias; }

namespace {

// What most executions do not have: tagged, so that a build passes over what it does not know.
// Never renumber.
enum class Extra : std::uint8_t {
  kMachineVersion = 1,
  kAlias = 2,
  kRedriveCount = 3,
  kRedriveTime = 4,
  kRedriveToken = 5,  // time and token; once for each
  kHistoryFull = 6,
  kForked = 7,  // event id and ARN
  kMapRun = 8,
  kMapState = 9,
  kExpress = 10,
  kPause = 11,   // since, by, reason
  kSearch = 12,  // attribute, value; one for each
  kHalt = 13,    // since, state, error
};

void put_extra(std::string& out, Extra tag, std::string_view bytes) {
  out.push_back(static_cast<char>(tag));
  put_bytes(out, bytes);
}

void put_extra(std::string& out, Extra tag, std::uint64_t number) {
  std::string bytes;
  put_varint(bytes, number);
  put_extra(out, tag, bytes);
}

void put_extras(std::string& out, const Summary& summary) {
  if (summary.version != 0) {
    put_extra(out, Extra::kMachineVersion, static_cast<std::uint64_t>(summary.version));
  }
  if (!summary.alias.empty()) put_extra(out, Extra::kAlias, summary.alias);
  if (summary.redrive_count != 0) {
    put_extra(out, Extra::kRedriveCount, static_cast<std::uint64_t>(summary.redrive_count));
    put_extra(out, Extra::kRedriveTime, static_cast<std::uint64_t>(summary.redrive_time));
  }
  for (const Summary::RedriveToken& known : summary.redrive_tokens) {
    std::string bytes;
    put_varint(bytes, static_cast<std::uint64_t>(known.time));
    put_extra(out, Extra::kRedriveToken, bytes + known.token);
  }
  if (!summary.forked_from.empty()) {
    std::string bytes;
    put_varint(bytes, static_cast<std::uint64_t>(summary.forked_event));
    put_extra(out, Extra::kForked, bytes + summary.forked_from);
  }
  if (summary.history_full) put_extra(out, Extra::kHistoryFull, std::string_view());
  if (!summary.map_run.empty()) {
    put_extra(out, Extra::kMapRun, summary.map_run);
    put_extra(out, Extra::kMapState, summary.map_state);
  }
  if (!summary.names.express.empty()) put_extra(out, Extra::kExpress, summary.names.express);
  if (summary.pause) {
    std::string bytes;
    put_varint(bytes, static_cast<std::uint64_t>(summary.pause->since));
    put_bytes(bytes, summary.pause->by);
    put_extra(out, Extra::kPause, bytes + summary.pause->reason);
  }
  if (summary.halt) {
    std::string bytes;
    put_varint(bytes, static_cast<std::uint64_t>(summary.halt->since));
    put_bytes(bytes, summary.halt->state);
    put_extra(out, Extra::kHalt, bytes + summary.halt->error);
  }
  for (const SearchEntry& entry : summary.search) {
    std::string bytes;
    put_varint(bytes, entry.attribute);
    put_extra(out, Extra::kSearch, bytes + encode(entry.value));
  }
}

void read_extras(ByteReader& in, Summary& summary) {
  while (in.ok() && !in.at_end()) {
    const auto tag = static_cast<Extra>(in.byte());
    const std::string_view bytes = in.bytes();
    ByteReader value(bytes);
    switch (tag) {
      case Extra::kMachineVersion:
        summary.version = static_cast<std::int64_t>(value.varint());
        break;
      case Extra::kAlias:
        summary.alias = bytes;
        break;
      case Extra::kRedriveCount:
        summary.redrive_count = static_cast<std::int32_t>(value.varint());
        break;
      case Extra::kRedriveTime:
        summary.redrive_time = static_cast<WallMillis>(value.varint());
        break;
      case Extra::kRedriveToken: {
        const auto time = static_cast<WallMillis>(value.varint());
        summary.redrive_tokens.push_back({time, std::string(value.rest())});
        break;
      }
      case Extra::kForked:
        summary.forked_event = static_cast<machine::EventId>(value.varint());
        summary.forked_from = value.rest();
        break;
      case Extra::kHistoryFull:
        summary.history_full = true;
        break;
      case Extra::kMapRun:
        summary.map_run = bytes;
        break;
      case Extra::kMapState:
        summary.map_state = bytes;
        break;
      case Extra::kExpress:
        summary.names.express = bytes;
        break;
      case Extra::kPause: {
        const auto since = static_cast<WallMillis>(value.varint());
        const std::string by(value.bytes());
        summary.pause = {since, by, std::string(value.rest())};
        break;
      }
      case Extra::kHalt: {
        const auto since = static_cast<WallMillis>(value.varint());
        std::string state(value.bytes());
        summary.halt = {since, std::move(state), std::string(value.rest())};
        break;
      }
      case Extra::kSearch: {
        const auto attribute = static_cast<std::uint32_t>(value.varint());
        auto found = decode_search_value(value.rest());
        if (found) summary.search.push_back({attribute, std::move(*found)});
        break;
      }
    }
  }
}

}  // namespace

std::string encode(const Summary& summary) {
  std::string out = row_head(summary.stop_time);
  out.push_back(static_cast<char>(summary.status));
  put_varint(out, static_cast<std::uint64_t>(summary.start_time));
  put_varint(out, static_cast<std::uint64_t>(summary.stop_time));
  put_varint(out, summary.event_count);
  put_varint(out, summary.last_record);
  put_names(out, summary.names);
  put_bytes(out, summary.revision);
  put_bytes(out, summary.trace_header);
  put_bytes(out, summary.revision_id);
  put_varint(out, static_cast<std::uint64_t>(summary.revision_time));
  put_bytes(out, summary.role_arn);
  put_bytes(out, summary.input_digest);
  put_bytes(out, summary.started_by);
  put_extras(out, summary);
  return out;
}

namespace {

// The head of a summary's row, up to the status.
std::optional<machine::Status> read_status(ByteReader& in) {
  if (!read_head(in)) return std::nullopt;
  const std::uint8_t status = in.byte();
  if (status < 1 || status > static_cast<std::uint8_t>(machine::Status::kAborted)) {
    return std::nullopt;
  }
  return static_cast<machine::Status>(status);
}

}  // namespace

std::optional<machine::Status> decode_status(std::string_view bytes) {
  ByteReader in(bytes);
  return read_status(in);
}

std::optional<std::string_view> decode_name(std::string_view bytes) {
  ByteReader in(bytes);
  if (!read_status(in)) return std::nullopt;
  for (int times_and_counts = 0; times_and_counts < 4; ++times_and_counts) in.varint();
  for (int region_account_machine = 0; region_account_machine < 3; ++region_account_machine) {
    in.bytes();
  }
  const std::string_view name = in.bytes();
  if (!in.ok()) return std::nullopt;
  return name;
}

std::optional<Summary> decode_summary(std::string_view bytes) {
  ByteReader in(bytes);
  const auto status = read_status(in);
  if (!status) return std::nullopt;
  Summary summary;
  summary.status = *status;
  summary.start_time = static_cast<WallMillis>(in.varint());
  summary.stop_time = static_cast<WallMillis>(in.varint());
  summary.event_count = in.varint();
  summary.last_record = in.varint();
  summary.names = read_names(in);
  summary.revision = in.bytes();
  summary.trace_header = in.bytes();
  summary.revision_id = in.bytes();
  summary.revision_time = static_cast<WallMillis>(in.varint());
  summary.role_arn = in.bytes();
  summary.input_digest = in.bytes();
  summary.started_by = in.bytes();
  read_extras(in, summary);
  if (!in.ok()) return std::nullopt;
  return summary;
}

std::string encode(const Pointer& pointer) {
  std::string out = row_head(pointer.closed);
  put_big_endian_64(out, pointer.machine);
  put_varint(out, static_cast<std::uint64_t>(pointer.start_time));
  return out;
}

std::optional<Pointer> decode_pointer(std::string_view bytes) {
  ByteReader in(bytes);
  Pointer pointer;
  pointer.closed = static_cast<WallMillis>(in.big_endian_32()) * 1000;
  if (in.byte() != kVersion) return std::nullopt;
  pointer.machine = in.big_endian_64();
  pointer.start_time = static_cast<WallMillis>(in.varint());
  if (!in.ok()) return std::nullopt;
  return pointer;
}

std::string pointer_key(const ExecutionId& id) { return key_with('x', id); }
std::string image_key(const ExecutionId& id) { return key_with('i', id); }
std::string open_count_key() { return "n"; }

std::string encode(const OpenCount& count) {
  std::string row;
  put_varint(row, static_cast<std::uint64_t>(std::max<std::int64_t>(count.open, 0)));
  if (count.halted > 0) put_varint(row, static_cast<std::uint64_t>(count.halted));
  return row;
}

OpenCount decode_open_count(std::string_view bytes) {
  ByteReader in(bytes);
  OpenCount count;
  count.open = static_cast<std::int64_t>(in.varint());
  if (!in.at_end()) count.halted = static_cast<std::int64_t>(in.varint());
  return count;
}

std::string runnable_key(const ExecutionId& id) { return key_with('r', id); }
std::string quarantine_key(const ExecutionId& id) { return key_with('q', id); }
std::string hold_key(const ExecutionId& id) { return key_with('h', id); }
std::string express_key(const ExecutionId& id) { return key_with('e', id); }
std::string open_tasks_key(const ExecutionId& id) { return key_with('o', id); }

std::string map_run_key(const ExecutionId& map_run) { return key_with('m', map_run); }
std::string open_map_run_key(const ExecutionId& map_run) { return key_with('u', map_run); }
std::string map_runs_prefix(const ExecutionId& parent) { return key_with('p', parent); }
std::string map_runs_key(const ExecutionId& parent, machine::EventId event) {
  std::string key = map_runs_prefix(parent);
  put_big_endian_64(key, static_cast<std::uint64_t>(event));
  return key;
}

std::string list_prefix(std::uint64_t machine) {
  std::string key(1, 'l');
  put_big_endian_64(key, machine);
  return key;
}

std::string list_key(std::uint64_t machine, WallMillis start, const ExecutionId& id) {
  std::string key = list_prefix(machine);
  put_big_endian_64(key, ~static_cast<std::uint64_t>(start));
  key.append(id.view());
  return key;
}

std::optional<ListPosition> parse_list_key(std::string_view key) {
  if (key.size() != 1 + 8 + 8 + 16) return std::nullopt;
  ByteReader in(key.substr(9));
  const auto start = static_cast<WallMillis>(~in.big_endian_64());
  return ListPosition{start, ExecutionId::from_bytes(in.take(16))};
}

std::string expiry_bound(WallMillis stop) {
  std::string key(1, 'z');
  put_big_endian_64(key, static_cast<std::uint64_t>(stop));
  return key;
}

std::string expiry_key(const ExpiryKey& expiry) {
  std::string key = expiry_bound(expiry.stop);
  put_big_endian_64(key, static_cast<std::uint64_t>(expiry.start));
  key.append(expiry.execution.view());
  return key;
}

std::optional<ExpiryKey> parse_expiry_key(std::string_view key) {
  if (key.size() != 1 + 8 + 8 + 16) return std::nullopt;
  ByteReader in(key.substr(1));
  ExpiryKey expiry;
  expiry.stop = static_cast<WallMillis>(in.big_endian_64());
  expiry.start = static_cast<WallMillis>(in.big_endian_64());
  expiry.execution = ExecutionId::from_bytes(in.take(16));
  return expiry;
}

std::string timer_bound(WallMillis due) {
  std::string key(1, 't');
  put_big_endian_64(key, static_cast<std::uint64_t>(due));
  return key;
}

std::string timer_key(const TimerKey& timer) {
  std::string key = timer_bound(timer.due);
  key.append(timer.execution.view());
  key.push_back(static_cast<char>(timer.timer.kind));
  put_big_endian_64(key, static_cast<std::uint64_t>(timer.timer.event));
  return key;
}

std::optional<TimerKey> parse_timer_key(std::string_view key) {
  if (key.size() != 1 + 8 + 16 + 1 + 8) return std::nullopt;
  ByteReader in(key.substr(1));
  TimerKey timer;
  timer.due = static_cast<WallMillis>(in.big_endian_64());
  timer.execution = ExecutionId::from_bytes(in.take(16));
  timer.timer.kind = static_cast<machine::TimerId::Kind>(in.byte());
  timer.timer.event = static_cast<machine::EventId>(in.big_endian_64());
  return timer;
}

std::optional<ExecutionId> parse_id_key(std::string_view key) {
  if (key.size() != 1 + 16) return std::nullopt;
  return ExecutionId::from_bytes(key.substr(1));
}

std::string history_prefix(WallMillis start, const ExecutionId& id) {
  std::string key;
  put_big_endian_64(key, static_cast<std::uint64_t>(start));
  key.append(id.view());
  return key;
}

std::string history_key(WallMillis start, const ExecutionId& id, std::uint64_t first) {
  std::string key = history_prefix(start, id);
  put_big_endian_64(key, first);
  return key;
}

std::optional<HistoryPosition> parse_history_key(std::string_view key) {
  if (key.size() != 8 + 16 + 8) return std::nullopt;
  ByteReader in(key);
  HistoryPosition position;
  position.start = static_cast<WallMillis>(in.big_endian_64());
  position.execution = ExecutionId::from_bytes(in.take(16));
  position.first = in.big_endian_64();
  return position;
}

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == static_cast<char>(0xff)) prefix.pop_back();
  ENSURE(!prefix.empty());
  prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace pawl::runtime
