#include "machine/map_fields.h"

#include "machine/io_path.h"
#include "machine/number_fields.h"

namespace pawl::machine {
namespace {

// Only Distributed Maps take objects (B6.7).
bool can_map_over(const asl::MapState& state, json::Node items) {
  return items.is_array() || (items.is_object() && state.mode == asl::MapState::Mode::kDistributed);
}

// JSONata's Items, or the input.
Result<Payload, Failure> jsonata_items(Evaluation& evaluation, const asl::MapState& state) {
  const Work& work = evaluation.work();
  const Payload input(work.strand.input);
  if (!state.items) {
    if (can_map_over(state, input.node())) return input;
    return Err{evaluation_failure(
        work, "Map state input must be an array but was: " + json::print(input.node()), {})};
  }
  if (const auto* jsonata = std::get_if<asl::TemplateJsonata>(&state.items->form)) {
    const json::Node found = TRY(evaluation.jsonata(*jsonata));
    if (can_map_over(state, found)) return Payload(found);
    return Err{evaluation.unexpected_type(*jsonata, "array", found)};
  }
  const json::Node items = TRY(evaluation.instantiate(*state.items, input));
  if (can_map_over(state, items)) return Payload(items);
  return Err{evaluation_failure(
      work, "Map state input must be an array but was: " + json::print(items), "Items")};
}

// A path into the Context Object is named as the path that it is there: with one dollar.
Fault no_array(const Work& work, const std::optional<jsonpath::Query>& items_path) {
  std::string path = "$";
  if (items_path) {
    const bool context = items_path->source == jsonpath::Query::Source::kContext;
    path = context ? items_path->path.text() : items_path->text;
  }
  return runtime_fault(work, "Reference path \"" + path + "\" must point to array.");
}

}  // namespace

Result<Payload, Failure> items_of(Evaluation& evaluation, const asl::MapState& state) {
  const Work& work = evaluation.work();
  if (work.state.query_language == asl::QueryLanguage::kJsonata) {
    return jsonata_items(evaluation, state);
  }
  const Payload input = TRY(effective_input(evaluation));
  Payload items = input;
  if (state.items_path) {
    const json::Node found = TRY(evaluation.select(*state.items_path, input.node()));
    // `$` keeps the document, and with it the text.
    if (state.items_path->text != "$") items = Payload(found);
  }
  if (!can_map_over(state, items.node())) return Err{no_array(work, state.items_path)};
  if (state.items_path) evaluation.note(Stage::kAfterItemsPath, items);
  return items;
}

Result<std::int64_t, Failure> max_concurrency(Evaluation& evaluation, const asl::MapState& state) {
  if (!state.max_concurrency) return 0;
  const std::int64_t value = TRY(integer_of(evaluation, *state.max_concurrency, "MaxConcurrency"));
  if (value >= 0) return value;
  return Err{
      field_failure(evaluation, *state.max_concurrency, "MaxConcurrency cannot be negative.")};
}

}  // namespace pawl::machine
