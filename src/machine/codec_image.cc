// State images: the whole Execution (docs/formats/events.md, "Images").
#include <functional>

#include "machine/codec.h"
#include "machine/codec_archive.h"
#include "machine/codec_event_fields.h"
#include "machine/codec_seal.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

constexpr std::uint8_t kImageVersion = 6;

template <class Archive>
void fields(Archive& archive, Of<Archive, OpenTask>& task, Of<Archive, Strand>& strand) {
  archive.number(task.id);
  Trace nothing;
  EventFrame frame{task.id, strand.entered_time, nothing};
  machine::fields(archive, frame, task.scheduled);
  archive.flag(task.started);
  archive.flag(task.submitted);
}

template <class Archive>
void fields(Archive& archive, Of<Archive, OpenMap>& map) {
  archive.value(map.items);
  archive.number(map.length);
  archive.number(map.concurrency);
  archive.number(map.next_index);
  archive.number(map.previous);
  archive.text(map.start_pointer);
}

template <class Archive>
void fields(Archive& archive, Of<Archive, OpenMapRun>& map_run) {
  archive.number(map_run.id);
  archive.text(map_run.arn);
  archive.value(map_run.settings);
  archive.value(map_run.items);
  archive.number(map_run.ended);
  archive.number(map_run.redrive_count);
}

template <class Archive>
void position_fields(Archive& archive, Of<Archive, Strand>& strand) {
  archive.number(strand.parent);
  archive.number(strand.index);
  archive.enumeration(strand.phase);
  archive.number(strand.tail);
  archive.text(strand.pointer);
  archive.text(strand.state_name);
  archive.number(strand.entered);
  archive.number(strand.entered_previous);
  archive.number(strand.entered_time);
  archive.value(strand.input);
  archive.value(strand.data);
}

template <class Archive>
void fault_fields(Archive& archive, Of<Archive, Strand>& strand) {
  machine::fields(archive, strand.fault);
  archive.number(strand.failed_previous);
  archive.flag(strand.fault_heartbeat);
  archive.flag(strand.fault_final);
  archive.number(strand.failed_child);
  archive.flag(strand.iteration_open);
  archive.flag(strand.state_open);
  archive.optional(strand.halt, [&](auto& halt) {
    archive.number(halt.since);
    machine::fields(archive, halt.fault);
    archive.flag(halt.ends_execution);
  });
  archive.list(strand.retries, [&](auto& used) { archive.number(used); });
  archive.number(strand.retry_count);
}

template <class Archive>
void work_fields(Archive& archive, Of<Archive, Strand>& strand) {
  archive.number(strand.due);
  archive.optional(strand.task, [&](auto& task) { fields(archive, task, strand); });
  archive.optional(strand.map, [&](auto& map) { fields(archive, map); });
  archive.optional(strand.map_run, [&](auto& map_run) { fields(archive, map_run); });
  archive.list(strand.children, [&](auto& child) { archive.number(child); });
  archive.list(strand.results, [&](auto& result) {
    archive.optional(result, [&](auto& value) { archive.value(value); });
  });
}

// StateType has no number for "none yet": a strand that has entered no state has none.
void write_strand(Writer& writer, const Strand& strand) {
  position_fields(writer, strand);
  if (strand.entered != 0) writer.enumeration(strand.state_type);
  fault_fields(writer, strand);
  work_fields(writer, strand);
  writer.number(strand.variables.size());
  for (const auto& [name, value] : strand.variables) {
    writer.text(name);
    writer.value(value);
  }
}

void read_strand(Reader& reader, Strand& strand) {
  position_fields(reader, strand);
  if (strand.entered != 0) reader.enumeration(strand.state_type);
  fault_fields(reader, strand);
  work_fields(reader, strand);
  std::size_t variables = 0;
  reader.number(variables);
  for (; variables > 0 && reader.ok(); --variables) {
    std::string name;
    reader.text(name);
    reader.value(strand.variables[std::move(name)]);
  }
}

template <class Archive>
void fields(Archive& archive, Of<Archive, Execution>& execution) {
  archive.enumeration(execution.status);
  archive.number(execution.start_time);
  archive.number(execution.stop_time);
  archive.number(execution.last_time);
  archive.number(execution.last_event);
  archive.number(execution.event_count);
  archive.number(execution.next_strand);
  archive.value(execution.input);
  archive.value(execution.output);
  machine::fields(archive, execution.fault);
  archive.text(execution.role_arn);
  archive.optional(execution.timeout_at, [&](auto& at) { archive.number(at); });
  archive.list(execution.ready, [&](auto& strand) { archive.number(strand); });
  archive.number(execution.redrive_count);
  archive.number(execution.redrive_time);
}

using Strands = std::map<StrandId, Strand>;

void write_strands(Writer& writer, const Strands& strands) {
  writer.number(strands.size());
  for (const auto& [id, strand] : strands) {
    writer.number(id);
    write_strand(writer, strand);
  }
}

void read_strands(Reader& reader, Strands& strands) {
  std::size_t count = 0;
  reader.number(count);
  for (; count > 0 && reader.ok(); --count) {
    StrandId id = 0;
    reader.number(id);
    Strand& strand = strands[id];
    strand.id = id;
    read_strand(reader, strand);
  }
}

bool is_in_map_run(Phase phase) {
  return phase == Phase::kMapStarted || phase == Phase::kMapRun || phase == Phase::kMapRunDone;
}

// The references between strands must hold, or the first step would trip over them.
bool are_sound(const Strands& strands, const Strands& parents) {
  for (const auto& [id, strand] : strands) {
    const bool has_parent = strands.contains(strand.parent) || parents.contains(strand.parent);
    if (id != 0 && !has_parent) return false;
    for (const StrandId child : strand.children) {
      if (child == 0 || !strands.contains(child)) return false;
    }
    if ((strand.phase == Phase::kTask) != strand.task.has_value()) return false;
    if (is_in_map_run(strand.phase) && !strand.map_run) return false;
  }
  return true;
}

bool is_sound(const Execution& execution) {
  if (!are_sound(execution.strands, {})) return false;
  if (!are_sound(execution.halted, execution.strands)) return false;
  for (const StrandId id : execution.ready) {
    if (!execution.strands.contains(id)) return false;
  }
  return true;
}

}  // namespace

std::string encode_image(const Execution& execution) {
  std::string image = open_record(kImageVersion);
  Writer writer(image);
  fields(writer, execution);
  write_strands(writer, execution.strands);
  write_strands(writer, execution.halted);
  seal_record(image);
  return image;
}

Result<Execution, DecodeError> decode_image(std::string_view image) {
  Reader reader(TRY(unseal_record(image, kImageVersion, "state image")));
  Execution execution;
  fields(reader, execution);
  read_strands(reader, execution.strands);
  read_strands(reader, execution.halted);
  if (!reader.ok() || !reader.at_end()) return Err{DecodeError{"state image: malformed"}};
  if (!is_sound(execution)) return Err{DecodeError{"state image: strands do not fit together"}};
  for (const auto& [id, strand] : execution.strands) {
    if (const EventId event = waits_for(strand)) execution.waiting.emplace(event, id);
  }
  return execution;
}

std::uint64_t hash(const Execution& execution) {
  // The image holds every field, in a fixed order.
  return std::hash<std::string>()(encode_image(execution));
}

}  // namespace pawl::machine
