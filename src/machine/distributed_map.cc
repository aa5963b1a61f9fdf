// Distributed Map: evaluates everything that its Map Run needs; the run itself, and the executions
// that are its children, are the runtime's (docs/adr/0012).
#include "json/number.h"
#include "json/writer.h"
#include "machine/io_path.h"
#include "machine/map_fields.h"
#include "machine/map_run.h"
#include "machine/map_run_settings.h"
#include "machine/number_fields.h"
#include "machine/states.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

std::string text_member(json::Node arguments, std::string_view name) {
  const json::Node* value = arguments.find(name);
  return value != nullptr && value->is_string() ? std::string(value->string()) : std::string();
}

// Parameters or Arguments of an ItemReader or ResultWriter.
Result<json::Node, Failure> evaluated(Evaluation& evaluation,
                                      const std::optional<asl::Template>& arguments) {
  if (!arguments) return evaluation.arena().object({});
  const Payload input = TRY(effective_input(evaluation));
  return evaluation.instantiate(*arguments, input);
}

Result<ReaderSettings, Failure> evaluate(Evaluation& evaluation, const asl::ItemReader& reader) {
  const json::Node arguments = TRY(evaluated(evaluation, reader.arguments));
  ReaderSettings settings{.source = reader.source,
                          .input_type = reader.input_type,
                          .manifest_type = reader.manifest_type,
                          .transformation = reader.transformation,
                          .bucket = text_member(arguments, "Bucket"),
                          .key = text_member(arguments, "Key"),
                          .prefix = text_member(arguments, "Prefix"),
                          .csv_delimiter = reader.csv_delimiter,
                          .csv_headers = reader.csv_headers,
                          .items_max = 0,
                          .items_pointer = reader.items_pointer};
  if (reader.max_items) {
    settings.items_max = TRY(integer_of(evaluation, *reader.max_items, "MaxItems"));
  }
  return settings;
}

Result<WriterSettings, Failure> evaluate(Evaluation& evaluation, const asl::ResultWriter& writer) {
  const json::Node arguments = TRY(evaluated(evaluation, writer.arguments));
  return WriterSettings{.writes = writer.writes,
                        .transformation = writer.transformation,
                        .output_type = writer.output_type,
                        .bucket = text_member(arguments, "Bucket"),
                        .prefix = text_member(arguments, "Prefix")};
}

Result<void, Failure> evaluate_tolerance(Evaluation& evaluation, const asl::MapState& state,
                                         MapRunSettings& settings) {
  if (state.tolerated_failure_count) {
    const asl::NumberField& field = *state.tolerated_failure_count;
    settings.tolerated_failure_count = TRY(integer_of(evaluation, field, "ToleratedFailureCount"));
    settings.has_tolerated_count = true;
    if (settings.tolerated_failure_count < 0) {
      return Err{field_failure(evaluation, field, "ToleratedFailureCount cannot be negative.")};
    }
  }
  if (!state.tolerated_failure_percentage) return {};
  const asl::NumberField& field = *state.tolerated_failure_percentage;
  settings.tolerated_failure_percentage =
      TRY(real_of(evaluation, field, "ToleratedFailurePercentage"));
  if (settings.tolerated_failure_percentage >= 0 && settings.tolerated_failure_percentage <= 100) {
    return {};
  }
  return Err{
      field_failure(evaluation, field, "ToleratedFailurePercentage must be between 0 and 100.")};
}

const Strand* strand_of_map_run(const Execution& execution, EventId map_run) {
  const auto found = execution.waiting.find(map_run);
  if (found == execution.waiting.end()) return nullptr;
  const Strand& strand = strand_at(execution, found->second);
  return strand.phase == Phase::kMapRun ? &strand : nullptr;
}

Fault fault_of(const Failure& failure) {
  if (const auto* fault = std::get_if<Fault>(&failure)) return *fault;
  return std::get<EvaluationFailed>(failure).fault;
}

}  // namespace

Result<BatchSettings, Failure> batch_settings(Evaluation& evaluation,
                                              const asl::ItemBatcher& batcher) {
  BatchSettings settings;
  const auto limit = [&evaluation](const std::optional<asl::NumberField>& field,
                                   std::string_view name) -> Result<std::int64_t, Failure> {
    if (!field) return 0;
    const std::int64_t value = TRY(integer_of(evaluation, *field, name));
    if (value > 0) return value;
    return Err{field_failure(evaluation, *field, std::string(name) + " must be positive.")};
  };
  settings.items_max = TRY(limit(batcher.items_max, "MaxItemsPerBatch"));
  settings.bytes_max = TRY(limit(batcher.bytes_max, "MaxInputBytesPerBatch"));
  if (batcher.batch_input) {
    const Payload input = TRY(effective_input(evaluation));
    settings.input = json::Value::of(TRY(evaluation.instantiate(*batcher.batch_input, input)));
  }
  return settings;
}

Result<std::string, Failure> source_of_items(Evaluation& evaluation, const asl::MapState& state) {
  if (state.mode != asl::MapState::Mode::kDistributed) return std::string();
  if (!state.item_reader) return std::string(kStateData);
  const ReaderSettings settings = TRY(evaluate(evaluation, *state.item_reader));
  const std::string bucket = "S3://" + settings.bucket;
  const bool listing = settings.source == asl::ItemReader::Source::kListing;
  return listing ? bucket : bucket + "/" + settings.key;
}

NextEvent begin_distributed_map(const Work& work, const asl::MapState& state) {
  Evaluation evaluation(work);
  const std::int64_t concurrency = TRY(max_concurrency(evaluation, state));
  if (Inspection* inspection = work.context.inspection) {
    MapRunSettings settings;
    std::optional<Payload> items;
    if (!state.item_reader) {
      items = TRY(items_of(evaluation, state));
    } else {
      TRY(effective_input(evaluation));
      if (const auto& data = inspection->item_reader_data) {
        items = TRY(read_items(evaluation, *state.item_reader, *data));
      }
    }
    if (items) {
      inspection->items = static_cast<std::int64_t>(items->node().size());
      TRY(note_child_inputs(evaluation, state, *items));
    }
    TRY(evaluate_tolerance(evaluation, state, settings));
    inspection->max_concurrency = concurrency;
    if (settings.has_tolerated_count) {
      inspection->tolerated_failure_count = settings.tolerated_failure_count;
    }
    if (state.tolerated_failure_percentage) {
      inspection->tolerated_failure_percentage = settings.tolerated_failure_percentage;
    }
    if (const auto stand_in = mocked_children(work)) return *stand_in;
  }
  // With an ItemReader ItemsPath does not count, even when it leads nowhere.
  if (state.item_reader) return Event::Body(DistributedMapStarted{});
  const Payload items = TRY(items_of(evaluation, state));
  return Event::Body(DistributedMapStarted{
      .items = items.value(), .length = static_cast<std::int64_t>(items.node().size())});
}

NextEvent start_map_run(const Work& work, const asl::MapState& state) {
  if (const OpenMapRun& known = *work.strand.map_run; known.id != 0) {
    return Event::Body(MapRunRedriven{.arn = known.arn, .redrive_count = known.redrive_count + 1});
  }
  Evaluation evaluation(work);
  MapRunSettings settings;
  settings.state_pointer = work.state.pointer;
  settings.execution_type = state.execution_type;
  settings.concurrency = TRY(max_concurrency(evaluation, state));
  TRY(evaluate_tolerance(evaluation, state, settings));
  if (state.item_reader) settings.reader = TRY(evaluate(evaluation, *state.item_reader));
  if (state.item_batcher) settings.batches = TRY(batch_settings(evaluation, *state.item_batcher));
  if (state.result_writer) settings.writer = TRY(evaluate(evaluation, *state.result_writer));
  return Event::Body(
      MapRunStarted{.arn = work.context.map_run_arn(work.state, work.execution.last_event + 1),
                    .settings = to_json(settings)});
}

MapItem item_at(json::Node items, std::int64_t place) {
  const auto index = static_cast<std::size_t>(place);
  if (items.is_array()) return MapItem{.index = place, .value = items.at(index)};
  const json::Member& member = items.member(index);
  return MapItem{.index = place, .value = member.value, .source = {}, .key = member.key.string()};
}

json::Value input_of(const MapItem& item) {
  if (!item.key) return json::Value::of(item.value);
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("Key")
      .string(*item.key)
      .key("Value")
      .node(item.value)
      .end_object();
  return json::Value::trusted(std::move(text));
}

json::Value items_of_map_run(const Execution& execution, EventId map_run) {
  const Strand* strand = strand_of_map_run(execution, map_run);
  return strand == nullptr ? json::Value() : strand->map_run->items;
}

Result<json::Value, Fault> selected_item(const Execution& execution, EventId map_run,
                                         const MapItem& item, const Context& context) {
  const Strand* strand = strand_of_map_run(execution, map_run);
  ENSURE(strand != nullptr, map_run);
  const asl::State* state = context.definition.find(strand->pointer);
  ENSURE(state != nullptr, strand->pointer);
  const auto& map = std::get<asl::MapState>(state->form);
  if (!map.item_selector) return input_of(item);
  SeededRng rng(context.seed);
  const Work work{execution, *strand, *state, context, context.now, rng};
  Evaluation evaluation(work, item);
  const auto selected = [&]() -> Result<json::Value, Failure> {
    const Payload input = TRY(effective_input(evaluation));
    return json::Value::of(TRY(evaluation.instantiate(*map.item_selector, input)));
  }();
  if (selected.ok()) return *selected;
  return Err{fault_of(selected.error())};
}

}  // namespace pawl::machine
