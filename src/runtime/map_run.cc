#include "runtime/map_run.h"

#include "base/bytes.h"
#include "json/number.h"
#include "json/writer.h"
#include "runtime/rows.h"

namespace pawl::runtime {

namespace {

constexpr std::uint8_t kVersion = 2;

void put_number(std::string& out, std::int64_t value) { put_signed(out, value); }

void put_counts(std::string& out, const MapRunCounts& counts) {
  put_varint(out, counts.succeeded);
  put_varint(out, counts.failed);
  put_varint(out, counts.timed_out);
  put_varint(out, counts.aborted);
}

MapRunCounts read_counts(ByteReader& in) {
  MapRunCounts counts;
  counts.succeeded = in.varint();
  counts.failed = in.varint();
  counts.timed_out = in.varint();
  counts.aborted = in.varint();
  return counts;
}

void put_text(std::string& out, const std::optional<std::string>& text) {
  out.push_back(text ? 1 : 0);
  if (text) put_bytes(out, *text);
}

std::optional<std::string> read_text(ByteReader& in) {
  if (in.byte() == 0) return std::nullopt;
  return std::string(in.bytes());
}

void put_names(std::string& out, const ExecutionNames& names) {
  for (const std::string* part :
       {&names.region, &names.account, &names.machine, &names.execution, &names.express}) {
    put_bytes(out, *part);
  }
}

ExecutionNames read_names(ByteReader& in) {
  ExecutionNames names;
  for (std::string* part :
       {&names.region, &names.account, &names.machine, &names.execution, &names.express}) {
    *part = in.bytes();
  }
  return names;
}

void put_progress(std::string& out, const MapRunRecord& record) {
  put_bytes(out, record.cursor.position);
  put_number(out, record.cursor.item);
  put_number(out, record.cursor.child);
  out.push_back(record.all_read ? 1 : 0);
  put_number(out, record.items_total);
  put_number(out, record.children_total);
  put_counts(out, record.items);
  put_counts(out, record.children);
  put_varint(out, record.results_written);
  // Numbers of children as distances from the one before.
  put_varint(out, record.open.size());
  std::int64_t last = 0;
  for (const auto& [child, items] : record.open) {
    put_number(out, child - last);
    put_number(out, items);
    last = child;
  }
  put_varint(out, record.ended_ahead.size());
  for (const std::int64_t child : record.ended_ahead) put_number(out, child);
}

void read_progress(ByteReader& in, MapRunRecord& record) {
  record.cursor.position = in.bytes();
  record.cursor.item = in.signed_varint();
  record.cursor.child = in.signed_varint();
  record.all_read = in.byte() != 0;
  record.items_total = in.signed_varint();
  record.children_total = in.signed_varint();
  record.items = read_counts(in);
  record.children = read_counts(in);
  record.results_written = in.varint();
  std::int64_t child = 0;
  for (std::uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    child += in.signed_varint();
    record.open[child] = in.signed_varint();
  }
  for (std::uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    record.ended_ahead.insert(in.signed_varint());
  }
}

void put_redrive(std::string& out, const MapRunRedrive& redrive) {
  put_number(out, redrive.count);
  put_number(out, redrive.time);
  out.push_back(redrive.waits ? 1 : 0);
  put_number(out, redrive.cursor);
  put_number(out, redrive.asked);
  put_number(out, redrive.end);
  for (const MapRunShare* share : {&redrive.pending, &redrive.impossible}) {
    put_varint(out, share->items);
    put_varint(out, share->children);
  }
  put_varint(out, redrive.ahead.size());
  for (const std::int64_t child : redrive.ahead) put_number(out, child);
}

void read_redrive(ByteReader& in, MapRunRedrive& redrive) {
  redrive.count = static_cast<std::int32_t>(in.signed_varint());
  redrive.time = in.signed_varint();
  redrive.waits = in.byte() != 0;
  redrive.cursor = in.signed_varint();
  redrive.asked = in.signed_varint();
  redrive.end = in.signed_varint();
  for (MapRunShare* share : {&redrive.pending, &redrive.impossible}) {
    share->items = in.varint();
    share->children = in.varint();
  }
  for (std::uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    redrive.ahead.insert(in.signed_varint());
  }
}

std::string real_text(double value) {
  json::Arena arena;
  return std::string(arena.real(value).number_text());
}

}  // namespace

void MapRunCounts::add(machine::Status status, std::uint64_t count) {
  switch (status) {
    case machine::Status::kSucceeded:
      succeeded += count;
      break;
    case machine::Status::kTimedOut:
      timed_out += count;
      break;
    case machine::Status::kAborted:
      aborted += count;
      break;
    case machine::Status::kFailed:
    case machine::Status::kNotStarted:
    case machine::Status::kRunning:
      failed += count;
      break;
  }
}

bool MapRunRecord::has_failed() const {
  const std::uint64_t failures = items.failed + items.timed_out;
  if (failures == 0) return false;
  if (tolerated_count && failures > static_cast<std::uint64_t>(*tolerated_count)) return true;
  if (tolerated_percentage <= 0) return !tolerated_count;
  // A share can be told once the whole is known.
  return all_read && static_cast<double>(failures) * 100 >
                         tolerated_percentage * static_cast<double>(items_total);
}

std::string encode(const MapRunRecord& record) {
  std::string out;
  put_big_endian_32(out, static_cast<std::uint32_t>(record.stop_time / 1000));
  out.push_back(static_cast<char>(kVersion));
  put_bytes(out, record.arn);
  put_names(out, record.parent);
  put_number(out, record.event);
  put_number(out, record.start_time);
  put_number(out, record.stop_time);
  out.push_back(static_cast<char>(record.status));
  put_bytes(out, record.settings.text());
  put_number(out, record.concurrency);
  put_number(out, record.tolerated_count.value_or(-1));
  put_bytes(out, real_text(record.tolerated_percentage));
  put_progress(out, record);
  out.push_back(record.ending ? static_cast<char>(*record.ending) : '\0');
  put_text(out, record.fault.error);
  put_text(out, record.fault.cause);
  put_number(out, record.first_event);
  put_redrive(out, record.redrive);
  return out;
}

std::optional<MapRunRecord> decode_map_run(std::string_view row) {
  ByteReader in(row);
  in.big_endian_32();
  const std::uint8_t version = in.byte();
  if (version == 0 || version > kVersion) return std::nullopt;
  MapRunRecord record;
  record.arn = in.bytes();
  record.parent = read_names(in);
  record.event = in.signed_varint();
  record.start_time = in.signed_varint();
  record.stop_time = in.signed_varint();
  const std::uint8_t status = in.byte();
  if (status > static_cast<std::uint8_t>(machine::Status::kAborted)) return std::nullopt;
  record.status = static_cast<machine::Status>(status);
  auto settings = json::Value::parse(std::string(in.bytes()));
  if (!settings.ok()) return std::nullopt;
  record.settings = std::move(settings).value();
  record.concurrency = in.signed_varint();
  const std::int64_t tolerated = in.signed_varint();
  if (tolerated >= 0) record.tolerated_count = tolerated;
  record.tolerated_percentage = json::to_double(in.bytes());
  read_progress(in, record);
  const std::uint8_t ending = in.byte();
  if (ending > static_cast<std::uint8_t>(machine::MapRunEnd::kAborted)) return std::nullopt;
  if (ending != 0) record.ending = static_cast<machine::MapRunEnd>(ending);
  record.fault.error = read_text(in);
  record.fault.cause = read_text(in);
  record.first_event = version == 1 ? record.event : in.signed_varint();
  if (version > 1) read_redrive(in, record.redrive);
  if (!in.ok()) return std::nullopt;
  return record;
}

std::string make_map_run_arn(const ExecutionNames& parent, std::string_view label,
                             std::string_view state_pointer, machine::EventId event) {
  const std::string execution = parent.execution_arn();
  const store::ShardId owner = id_of_execution(execution).shard();
  const std::string machine = parent.machine.substr(0, parent.machine.find('/'));
  std::string prefix = "arn:";
  prefix.append(partition_of(parent.region)).append(":states:").append(parent.region).append(":");
  prefix.append(parent.account).append(":mapRun:").append(machine).append("/");
  // A state without a Label has a name of its own all the same, always the same one.
  prefix.append(label.empty() ? uuid_of(id_of_execution(parent.machine_arn().append(state_pointer)))
                              : std::string(label));
  for (int draw = 0;; ++draw) {
    const std::string seed = execution + "#" + std::to_string(event) + "#" + std::to_string(draw);
    std::string arn = prefix + ":" + uuid_of(id_of_execution(seed));
    if (id_of_execution(arn).shard() == owner) return arn;
  }
}

std::string labelled_machine(std::string_view map_run_arn) {
  const std::size_t end = map_run_arn.rfind(':');
  const std::size_t begin = map_run_arn.rfind(':', end - 1) + 1;
  return std::string(map_run_arn.substr(begin, end - begin));
}

ExecutionNames names_of_child(const MapRunRecord& record, const machine::MapRunSettings& settings,
                              std::int64_t index, std::int32_t generation) {
  const std::string child = record.arn + "/" + std::to_string(index);
  ExecutionNames names{.region = record.parent.region,
                       .account = record.parent.account,
                       .machine = labelled_machine(record.arn),
                       .execution = uuid_of(id_of_execution(child)),
                       .express = {}};
  if (settings.execution_type == asl::MachineType::kExpress) {
    const std::string seed = child + "/express";
    names.express =
        uuid_of(id_of_execution(generation == 0 ? seed : seed + "/" + std::to_string(generation)));
  }
  return names;
}

std::int32_t generation_of_child(const store::Store& store, const MapRunRecord& record,
                                 const machine::MapRunSettings& settings, std::int64_t index) {
  if (settings.execution_type != asl::MachineType::kExpress) return 0;
  for (std::int32_t generation = record.redrive.count; generation > 0; --generation) {
    const ExecutionId id =
        id_of_execution(names_of_child(record, settings, index, generation).execution_arn());
    if (store.get(id.shard(), store::Space::kState, pointer_key(id))) return generation;
  }
  return 0;
}

std::string starter_of_child(const MapRunRecord& record, std::int64_t index, std::int64_t items) {
  return record.arn + "/" + std::to_string(index) + "/" + std::to_string(items);
}

std::int64_t items_of_child(std::string_view started_by) {
  const std::string_view items = started_by.substr(started_by.rfind('/') + 1);
  return json::to_int64(items).value_or(1);
}

}  // namespace pawl::runtime
