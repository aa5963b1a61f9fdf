// Search attributes (docs/search.md): values are found when an execution starts and when it ends,
// and their rows are written in the same batch as its list row.
#include <algorithm>
#include <utility>

#include "runtime/shard.h"

namespace pawl::runtime {

// An execution that was open before the declaration gets its input's values at its end. Children of
// Map Runs belong to their parent's values.
void Shard::find_search_values(Cell& cell) {
  if (environment_.search == nullptr || !cell.summary.map_run.empty()) return;
  const auto attributes = environment_.search->of(cell.machine);
  if (!attributes) return;
  using Source = SearchAttribute::Source;
  index_document(*attributes, Source::kInput, cell.execution.input, cell.summary.search);
  if (cell.execution.status != machine::Status::kSucceeded) return;
  index_document(*attributes, Source::kOutput, cell.execution.output, cell.summary.search);
}

// Not of attributes that were removed since: their rows are deleted once.
void Shard::write_search_rows(const Cell& cell) {
  const auto attributes = environment_.search ? environment_.search->of(cell.machine) : nullptr;
  if (!attributes) return;
  for (const SearchEntry& entry : cell.summary.search) {
    const bool declared =
        std::any_of(attributes->begin(), attributes->end(),
                    [&entry](const auto& one) { return one.id == entry.attribute; });
    if (!declared) continue;
    batch_.put(store::Space::kState,
               search_key(cell.machine, entry, cell.summary.start_time, cell.id),
               encode_record(cell.summary.stop_time, {}));
  }
}

// This turn began after the removal was known, so its batch has no such row.
void Shard::drop_search_attribute(std::uint64_t machine, std::uint32_t attribute,
                                  std::function<void()> done) {
  const std::string prefix = search_prefix(machine, attribute);
  const std::uint64_t number = batch_number();
  batch_.deleted_ranges.push_back({store::Space::kState, prefix, after_prefix(prefix)});
  gate_->after(number, [done = std::move(done)](GateOutcome) { done(); });
}

}  // namespace pawl::runtime
