// What TestState shows of the inputs that a Map state would give to its children
// (step-functions.md A4.34).
#include <algorithm>
#include <string>
#include <vector>

#include "json/number.h"
#include "machine/io_path.h"
#include "machine/map_fields.h"
#include "machine/map_run.h"

namespace pawl::machine {
namespace {

// A reference token of a JSON Pointer, its escapes undone (RFC 6901 section 4).
std::string unescaped(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    text += !escape ? token[i] : token[++i] == '1' ? '/' : '~';
  }
  return text;
}

// Where the pointer leads in `node`; nullopt: nowhere.
std::optional<json::Node> pointed_to(json::Node node, std::string_view pointer) {
  while (!pointer.empty()) {
    if (pointer.front() != '/') return std::nullopt;
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string token = unescaped(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
    const auto index = json::to_int64(token);
    const bool element =
        node.is_array() && index && *index >= 0 && static_cast<std::size_t>(*index) < node.size();
    const json::Node* member = node.is_object() ? node.find(token) : nullptr;
    if (!element && member == nullptr) return std::nullopt;
    node = element ? node.at(static_cast<std::size_t>(*index)) : *member;
  }
  return node;
}

Fault reader_failed(std::string cause) { return {"States.ItemReaderFailed", std::move(cause)}; }

std::string array_text(const std::vector<json::Value>& values) {
  std::string text = "[";
  for (const json::Value& value : values) {
    if (text.size() > 1) text += ',';
    text += value.text();
  }
  return text + "]";
}

Result<std::vector<json::Value>, Failure> selected_items(Evaluation& evaluation,
                                                         const asl::MapState& state,
                                                         json::Node items) {
  const std::string source =
      state.item_selector ? TRY(source_of_items(evaluation, state)) : std::string();
  std::vector<json::Value> selected;
  for (std::size_t index = 0; index < items.size(); ++index) {
    MapItem item = item_at(items, static_cast<std::int64_t>(index));
    if (!state.item_selector) {
      selected.push_back(input_of(item));
      continue;
    }
    item.source = source;
    Evaluation of_item(evaluation.work(), item);
    const Payload input = TRY(effective_input(of_item));
    selected.push_back(json::Value::of(TRY(of_item.instantiate(*state.item_selector, input))));
  }
  return selected;
}

// {"BatchInput": ..., "Items": [...]}, as many items in each as its limits allow, at least one.
std::vector<json::Value> batches_of(const std::vector<json::Value>& items,
                                    const BatchSettings& settings) {
  std::string head = "{";
  if (settings.input) head.append("\"BatchInput\":").append(settings.input->text()).append(",");
  head += "\"Items\":[";
  std::vector<json::Value> batches;
  for (std::size_t next = 0; next < items.size();) {
    std::string text = head;
    for (std::int64_t count = 0; next < items.size(); ++count, ++next) {
      const std::size_t bytes = text.size() + items[next].bytes() + (count > 0 ? 3 : 2);
      const bool full =
          (settings.items_max > 0 && count == settings.items_max) ||
          (settings.bytes_max > 0 && static_cast<std::int64_t>(bytes) > settings.bytes_max);
      if (count > 0 && full) break;
      if (count > 0) text += ',';
      text += items[next].text();
    }
    batches.push_back(json::Value::trusted(text + "]}"));
  }
  return batches;
}

}  // namespace

Result<Payload, Failure> read_items(Evaluation& evaluation, const asl::ItemReader& reader,
                                    const json::Value& data) {
  const auto found = pointed_to(data.root(), reader.items_pointer);
  if (!found) {
    return Err{
        reader_failed("The provided ReaderConfig.ItemsPointer does not match any valid path "
                      "in the JSON structure.")};
  }
  if (!found->is_array() && !found->is_object()) {
    return Err{reader_failed("Attempting to map over non-iterable node.")};
  }
  const Payload items(*found);
  if (!reader.items_pointer.empty()) evaluation.note(Stage::kAfterItemsPointer, items);
  return items;
}

Result<void, Failure> note_child_inputs(Evaluation& evaluation, const asl::MapState& state,
                                        const Payload& items) {
  if (!state.item_selector && !state.item_batcher) return {};
  const auto selected = TRY(selected_items(evaluation, state, items.node()));
  if (state.item_selector) {
    evaluation.note(Stage::kAfterItemSelector, Payload(json::Value::trusted(array_text(selected))));
  }
  if (!state.item_batcher) return {};
  const BatchSettings settings = TRY(batch_settings(evaluation, *state.item_batcher));
  const std::vector<json::Value> batches = batches_of(selected, settings);
  evaluation.note(Stage::kAfterItemBatcher, Payload(json::Value::trusted(array_text(batches))));
  return {};
}

}  // namespace pawl::machine
