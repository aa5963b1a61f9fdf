// Parallel and Map: states that hold whole workflows.
#include <algorithm>

#include "asl/field_table.h"
#include "asl/query_fields.h"
#include "asl/template.h"
#include "asl/walk.h"

namespace pawl::asl {
namespace {

// What ProcessorConfig holds depends on its Mode.
constexpr FieldRule kProcessorConfigFields[] = {{"Mode"}, {"ExecutionType"}};
constexpr FieldRule kInlineConfigFields[] = {{"Mode"}};

struct ProcessorConfig {
  MapState::Mode mode = MapState::Mode::kInline;
  MachineType execution_type = MachineType::kStandard;
};

// Mode INLINE is the default; ExecutionType goes with DISTRIBUTED, and only with it (B6.7).
ProcessorConfig parse_processor_config(const Walk& walk, const Fields& processor) {
  ProcessorConfig config;
  const json::Node* node = processor.object("ProcessorConfig");
  if (node == nullptr) return config;
  const Place place = processor.place_of("ProcessorConfig");
  const json::Node* mode = node->find("Mode");
  const bool distributed = mode != nullptr && mode->is_string() && mode->string() == "DISTRIBUTED";
  const Fields fields(walk.diagnostics, *node, place,
                      {distributed ? std::span<const FieldRule>(kProcessorConfigFields)
                                   : std::span<const FieldRule>(kInlineConfigFields)});
  fields.one_of("Mode", {"INLINE", "DISTRIBUTED"});
  if (!distributed) return config;

  config.mode = MapState::Mode::kDistributed;
  if (walk.type == MachineType::kExpress) {
    walk.diagnostics.rule(fields.place_of("Mode"),
                          "The field 'Mode' with value 'DISTRIBUTED' is not supported inside "
                          "'EXPRESS' state machines");
  }
  fields.require({"ExecutionType"});
  if (fields.one_of("ExecutionType", {"STANDARD", "EXPRESS"}) == 1) {
    config.execution_type = MachineType::kExpress;
  }
  return config;
}

// ItemProcessor, or under its old name Iterator.
void parse_item_processor(const Walk& walk, const Fields& map, MapState& state) {
  map.exactly_one_of({"ItemProcessor", "Iterator"});
  const std::string_view name = map.has("ItemProcessor") ? "ItemProcessor" : "Iterator";
  const json::Node* node = map.object(name);
  if (node == nullptr) return;
  const Place place = map.place_of(name);
  const Fields fields(walk.diagnostics, *node, place, item_processor_shape());
  fields.string("Comment");
  const ProcessorConfig config = parse_processor_config(walk, fields);
  state.mode = config.mode;
  state.execution_type = config.execution_type;
  // Inline iterations are part of this execution; a Distributed Map's children are executions of
  // their own type, with that type's restrictions.
  Walk inside = walk;
  if (config.mode == MapState::Mode::kDistributed) inside.type = config.execution_type;
  state.item_processor = parse_block(inside, fields);
}

void parse_limits(const Fields& fields, MapState& state) {
  fields.at_most_one_of({"MaxConcurrency", "MaxConcurrencyPath"});
  state.max_concurrency = integer_field(fields, "MaxConcurrency", "MaxConcurrencyPath", {});
  fields.at_most_one_of({"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"});
  state.tolerated_failure_percentage =
      real_field(fields, "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", {0, 100});
  fields.at_most_one_of({"ToleratedFailureCount", "ToleratedFailureCountPath"});
  state.tolerated_failure_count =
      integer_field(fields, "ToleratedFailureCount", "ToleratedFailureCountPath", {});
}

}  // namespace

ParallelState parse_parallel(const Walk& walk, const Fields& fields) {
  ParallelState parallel;
  fields.require({"Branches"});
  parallel.parameters = template_field(
      fields, fields.language() == QueryLanguage::kJsonPath ? "Parameters" : "Arguments");
  const json::Node* branches = fields.filled_array("Branches");
  if (branches == nullptr) return parallel;
  const Place place = fields.place_of("Branches");
  for (std::size_t i = 0; i < branches->size(); ++i) {
    const Place branch_place = place.element(i);
    if (!branches->at(i).is_object()) {
      report_wrong_type(walk.diagnostics, branch_place, "[OBJECT]");
      continue;
    }
    const Fields branch(walk.diagnostics, branches->at(i), branch_place, branch_shape());
    branch.string("Comment");
    parallel.branches.push_back(parse_block(walk, branch));
  }
  return parallel;
}

MapState parse_map(const Walk& walk, const Fields& fields) {
  MapState map;
  map.items_path = reference_path(fields, "ItemsPath");
  map.items = template_field(fields, "Items");
  fields.at_most_one_of({"ItemSelector", "Parameters"});
  map.item_selector =
      template_field(fields, fields.has("ItemSelector") ? "ItemSelector" : "Parameters");
  parse_limits(fields, map);
  map.label = fields.string("Label").value_or("");
  map.item_reader = parse_item_reader(walk, fields);
  map.item_batcher = parse_item_batcher(walk, fields);
  map.result_writer = parse_result_writer(walk, fields);
  parse_item_processor(walk, fields, map);
  return map;
}

}  // namespace pawl::asl
